//! The kinds of request that are measured, each with what it must reach against the bare server.

use serde::Serialize;

use crate::script::{PAGE, Script};

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Work {
    /// An authenticated read of one object by name.
    Get,
    /// The first page of a list.
    List,
    /// The last page of the list, which must cost what the first costs.
    LastPage,
    /// An apply that changes an object.
    Apply,
}

impl Work {
    pub(crate) const ALL: [Work; 4] = [Work::Get, Work::List, Work::LastPage, Work::Apply];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Work::Get => "GET of one object",
            Work::List => "list of 20",
            Work::LastPage => "list of 20, last page",
            Work::Apply => "validated apply of 1 KB",
        }
    }

    /// The part of the bare server's requests per second that the mock must reach.
    pub(crate) fn budget(self) -> f64 {
        match self {
            Work::Get => 0.80,
            Work::List | Work::LastPage => 0.60,
            Work::Apply => 0.50,
        }
    }

    /// What each of the connections sends, to a mock with so many objects beside the connections' own.
    pub(crate) fn scripts(self, key: &str, objects: usize, connections: usize) -> Vec<Script> {
        let last = (objects + connections).saturating_sub(PAGE);
        (0..connections)
            .map(|connection| match self {
                Work::Get => Script::get(key, objects, connection),
                Work::List => Script::list(key, 0),
                Work::LastPage => Script::list(key, last),
                Work::Apply => Script::apply(key, connection),
            })
            .collect()
    }
}
