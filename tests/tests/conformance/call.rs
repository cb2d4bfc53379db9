//! Operations as calls of the SDK, of which only the status counts here: what came with it is judged by its bytes.

use std::fmt::Debug;
use std::pin::Pin;

use rafay_sdk::Client;
use rafay_sdk::v3::{Error, ResponseValue};
use rafay_spec::{Document, Operation};
use rafay_tests::Sample;

use crate::calls;

/// A call under way.
pub(crate) type Called<'a> = Pin<Box<dyn Future<Output = u16> + Send + 'a>>;

/// Calls an operation through the SDK with the values of a sample, and gives the status that the SDK tells.
///
/// # Panics
///
/// If there is no call for the operation, if nothing came back, or if it was not what the SDK expects.
pub(crate) async fn call(
    client: &Client,
    document: &Document,
    operation: &Operation,
    sample: &Sample,
) -> u16 {
    let called = calls::call(client, &document.version, &operation.id, sample);
    let told = || panic!("no call of {} {}", document.version, operation.id);
    called.unwrap_or_else(told).await
}

/// The status of a call.
pub(crate) fn told<'a, T, E: Debug>(
    call: impl Future<Output = Result<ResponseValue<T>, Error<E>>> + Send + 'a,
) -> Called<'a> {
    Box::pin(async move {
        let status = match call.await {
            Ok(answer) => answer.status(),
            Err(error) => error
                .status()
                .unwrap_or_else(|| panic!("the SDK has no status: {error:?}")),
        };
        status.as_u16()
    })
}
