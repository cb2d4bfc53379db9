//! The errors of the generated layer become the SDK's, so that `?` does it.

use serde::Serialize;

use super::{Answer, Error, Kind};
use crate::transport::DecodeFailure;

/// For the errors of every generated method, of any version.
impl<E: Serialize> From<progenitor_client::Error<E>> for Error {
    fn from(error: progenitor_client::Error<E>) -> Self {
        use progenitor_client::Error as Generated;
        Self::new(match error {
            Generated::ErrorResponse(response) => {
                let body = serde_json::to_value(&*response).unwrap_or_default();
                Kind::Answer(Answer::new(
                    response.status().as_u16(),
                    response.headers(),
                    body,
                ))
            }
            Generated::UnexpectedResponse(response) => {
                let status = response.status().as_u16();
                match response.extensions().get::<DecodeFailure>() {
                    Some(DecodeFailure(source)) => Kind::Decode {
                        status: Some(status),
                        source: source.clone(),
                    },
                    None => Kind::Answer(unexpected(status, response.headers())),
                }
            }
            Generated::InvalidResponsePayload(_, source) => Kind::Decode {
                status: None,
                source: source.into(),
            },
            Generated::CommunicationError(error)
            | Generated::InvalidUpgrade(error)
            | Generated::ResponseBodyError(error) => Kind::Transport(error),
            Generated::InvalidRequest(message) | Generated::Custom(message) => {
                Kind::Request(message)
            }
        })
    }
}

/// An answer that is neither success nor error, such as a redirection. It is not followed: the key
/// would go along to wherever it leads.
pub(crate) fn unexpected(status: u16, headers: &http::HeaderMap) -> Answer {
    let target = headers
        .get(http::header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let message = match target {
        Some(target) => format!("it points to {target}, which is not followed"),
        None => String::new(),
    };
    Answer::new(
        status,
        headers,
        serde_json::json!({ super::UNPARSED: message }),
    )
}
