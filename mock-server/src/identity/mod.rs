//! Who a caller is: the account behind an API key or a session, and what its roles allow where. A caller acts with
//! the account's present roles; the cache of callers is emptied by the state's identity revision.

mod account;
mod bindings;
mod caller;
mod callers;
mod credential;
mod organization;
mod rights;

pub(crate) use account::{account, of_session};
pub(crate) use caller::Caller;
pub(crate) use callers::Callers;
pub(crate) use credential::{Credential, KEY_ALIAS, keys_of};
pub(crate) use organization::{Organization, Standing};
