//! The profile of the caller.

use crate::engine::{not_found, shown};
use crate::generated::kinds::ACCOUNT;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::{Content, Reply};
use crate::store::Key;

/// The caller's own account.
pub(crate) fn user_profile(call: &Call<'_>) -> Result<Reply, Refusal> {
    let caller = &call.caller;
    let key = Key::id(&caller.belongs_to().id, ACCOUNT.name, caller.user_id());
    call.state
        .alias(&key)
        .and_then(|key| call.state.object(key))
        .ok_or_else(|| not_found(ACCOUNT, caller.user_id(), ""))
        .and_then(|object| Ok(Reply::new(Content::Json(shown(call, &object.body)?))))
}
