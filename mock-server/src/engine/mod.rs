//! The engine: the standard verbs on any kind, by the generated tables alone. Each reads one snapshot; each that
//! writes commits one transaction, its audit record included.

mod act;
mod fill;
mod lifecycle;
mod namespace;
mod place;
mod prepare;
mod read;
mod references;
mod remove;
mod render;
mod secrets;
mod select;
mod tenancy;
mod view;
mod write;

pub(crate) use act::{act, start};
pub(crate) use lifecycle::{Effect, run_due};
pub(crate) use place::{find, not_found, object_of_id};
pub(crate) use prepare::seed;
pub(crate) use read::{Position, get, list, shown, shown_each, wrap_page};
pub(crate) use remove::{delete, remove_each};
pub(crate) use render::render;
pub(crate) use secrets::{first as first_secret, is_secret};
pub(crate) use select::selects;
pub(crate) use tenancy::{
    Founded, default_project, found, foundation, initial_organization, organization,
};
pub(crate) use write::{Wish, identity_problems, name_in, write, write_each};
