//! Who is at the other end of a connection.

use std::net::SocketAddr;

/// The address a request came from, among the request's extensions; a request that came over no connection has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);
