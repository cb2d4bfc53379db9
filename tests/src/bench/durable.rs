//! The apply that is on disk before it is answered, by one client and by many. A client alone waits for the disk each
//! time; many share its waits.

use std::path::Path;

use serde::Serialize;

use crate::child::{Failure, Server};
use crate::mock::Seeding;
use crate::rows::{self, Row};
use crate::work::Work;
use crate::{Error, Plan};

/// What the mock reaches with so many clients, against the bare server, which keeps nothing.
#[derive(Debug, Serialize)]
pub(crate) struct Durable {
    pub(crate) clients: usize,
    #[serde(flatten)]
    pub(crate) row: Row,
}

/// The numbers of clients.
const CLIENTS: [usize; 2] = [1, 32];
/// The part of the bare server's requests per second that the mock must reach with the most clients.
pub(crate) const BUDGET: f64 = 0.25;
/// Objects beside those that are changed.
const OBJECTS: usize = 10;

/// Measures on the disk that a folder is on.
pub(crate) async fn measure(plan: &Plan, folder: &Path) -> Result<Vec<Durable>, Error> {
    let mut measured = Vec::new();
    for clients in CLIENTS {
        eprintln!("durable apply by {clients} client(s) ...");
        let directory = tempfile::tempdir_in(folder).map_err(Failure::Io)?;
        let seeding = Seeding {
            threads: plan.threads,
            objects: OBJECTS,
            own: clients,
            data_dir: Some(directory.path().to_owned()),
        };
        let mock = Server::of_this_program("serve-mock", &seeding).await?;
        let row = rows::row(plan, &mock, Work::Apply, OBJECTS, clients).await?;
        measured.push(Durable { clients, row });
    }
    Ok(measured)
}
