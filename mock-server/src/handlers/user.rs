//! The profile of the caller.

use crate::engine::not_found;
use crate::generated::kinds::USER;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::store::Key;

/// The caller's own account.
pub(crate) fn user_profile(call: &Call<'_>) -> Result<Reply, Refusal> {
    let caller = &call.caller;
    let key = Key::id(&caller.organization().id, USER.name, caller.user_id());
    call.state
        .alias(&key)
        .and_then(|key| call.state.object(key))
        .map(|object| Reply::object(object.body.clone(), object.revision))
        .ok_or_else(|| not_found(&USER, caller.user_id(), ""))
}
