//! What a generated client does with a request: everything goes through the transport.

use serde::de::DeserializeOwned;

use super::{Transport, body};

/// Sends a generated method's request. `E` is the document's error schema.
pub(crate) async fn exec<E: DeserializeOwned>(
    transport: &Transport,
    request: reqwest::Request,
    idempotent_post: bool,
) -> reqwest::Result<reqwest::Response> {
    let repeatable = idempotent_post || request.method().is_idempotent();
    let mut answer = transport.send(request, repeatable).await?;
    body::normalize::<E>(&mut answer);
    Ok(answer.into())
}

/// Joins one version's generated client to the transport.
macro_rules! version {
    (
        client: $client:ty,
        error: $error:ty,
        idempotent_posts: [$($operation:literal,)*],
    ) => {
        impl progenitor_client::ClientHooks<$crate::transport::Transport> for $client {
            async fn exec(
                &self,
                request: reqwest::Request,
                info: &progenitor_client::OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                const IDEMPOTENT_POSTS: &[&str] = &[$($operation,)*];
                let idempotent = IDEMPOTENT_POSTS.contains(&info.operation_id);
                $crate::transport::exec::<$error>(&self.inner, request, idempotent).await
            }
        }
    };
}

pub(crate) use version;
