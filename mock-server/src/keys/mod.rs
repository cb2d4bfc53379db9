//! API keys beyond one request: how long they may live, who is told before they end, when they were last used, and
//! when what is over is taken away. All of it by the controller's clock, and all of it entries of the store.

mod entries;
mod policy;
mod settings;
mod timers;
mod uses;

pub(crate) use entries::{entries_of, facts, removal, store};
pub(crate) use policy::{Asked, Policy};
pub(crate) use settings::{KeySettings, fallback_hours, setting_of};
pub(crate) use timers::{KeyDue, expiring_since, ring};
pub(crate) use uses::{LastUse, Uses};
