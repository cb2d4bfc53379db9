//! The comparison against pairs of documents, each of which names exactly what is to be found.

mod corpus;
mod edges;
mod guard;
mod properties;
mod reports;
