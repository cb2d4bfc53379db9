//! The shape of the tables that `cargo xtask generate` fills from the documents: operations, kinds, views and
//! roles. Everything is `static` data, so a controller starts without parsing or building anything.

mod access;
mod kind;
mod lifecycle;
mod operation;
mod parameter;
mod view;

pub(crate) use access::{Access, Reach};
pub(crate) use kind::{Authority, Context, Initial, InitialOf, Kind, Reference};
pub(crate) use lifecycle::{
    After, EffectCode, Failure, Flow, Lifecycle, Schedule, Sets, Spawn, Step,
};
pub(crate) use operation::{
    Behavior, Envelope, ErrorShape, Member, Operation, Template, Verb, Version,
};
pub(crate) use parameter::{Means, Page, Parameter, Place};
pub(crate) use view::{Source, Translation, View, ViewField, Words};
