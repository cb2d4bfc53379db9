//! Handlers: operations whose behaviour the standard verbs cannot say. The documents name them, and the generated
//! table refers to them by that name, so one that is missing does not compile and one too many is dead code.

mod apikey;
mod kubeconfig;
mod user;
mod webhook;

pub(crate) use apikey::{apikey_create, apikey_delete, apikey_list, store_key};
pub(crate) use kubeconfig::user_kubeconfig;
pub(crate) use user::user_profile;
pub(crate) use webhook::trigger_webhook;
