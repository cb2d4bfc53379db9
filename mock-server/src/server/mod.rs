//! The controller behind HTTP/1.1: sockets, limits and timeouts, and nothing of what an answer says.
//!
//! A [`Server`] owns one thread with its own runtime, so that it answers while the test that started it
//! blocks, and so that stopping it is one join after which the port is free and no task is left.
//! One request goes `listener` -> `security` -> `connection` -> `service` -> [`Controller::handle`](crate::Controller::handle).

mod body;
mod connection;
#[cfg(feature = "swagger-ui")]
mod docs;
mod listener;
mod log;
mod made_from;
mod peer;
mod security;
mod service;
mod thread;

pub(crate) use log::RequestLog;
pub use peer::Peer;
pub(crate) use security::Security;
pub(crate) use service::Service;
pub(crate) use thread::Server;
