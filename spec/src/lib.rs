//! Reads the `OpenAPI` documents of the controller's public API: many small YAML files in, one
//! checked, typed model out.
//!
//! The documents are the only place where the API is described, so this crate stands below
//! everything that is generated from them:
//!
//! - [`load`] turns one YAML file into JSON and remembers where each value was written;
//! - [`bundle`] joins the files of one version into one self-contained document;
//! - [`model`] reads operations, kinds, views and the extension words into types;
//! - [`roles`] reads the built-in roles and their permissions;
//! - [`spec`] does all of that for a whole folder;
//! - [`lint`] judges what was read;
//! - [`diff`] compares two documents, ours or anybody's, and says whom the difference breaks;
//! - [`release`] freezes documents under a number that fits what has changed;
//! - [`changelog`] tells people what has changed.

pub mod bundle;
pub mod changelog;
pub mod diff;
pub mod error;
mod finding;
mod grammar;
pub mod lint;
pub mod load;
pub mod model;
mod pointer;
pub mod release;
pub mod roles;
mod scalar;
mod source;
pub mod spec;

pub use bundle::{Bundle, to_canonical_json};
pub use error::Error;
pub use finding::Finding;
pub use load::{Location, SourceMap};
pub use model::{
    Behavior, Document, Failure, Flow, From, Identity, Kind, Lifecycle, Of, Operation, Parameter,
    ParameterFrom, ParameterIn, Permission, Reference, RequestBody, Response, Scope, Step,
    Template, Verb, View, ViewField,
};
pub use roles::{PermissionDef, Role, Roles};
pub use spec::Spec;
