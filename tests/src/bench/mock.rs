//! The mock under test as a process of its own: the in-process harness with a number of objects, started by the
//! benchmark with a hidden command.

use std::path::PathBuf;

use bytes::Bytes;
use http::Request;
use rafay_mock_server::{Controller, MockController, Role};
use serde::{Deserialize, Serialize};

use crate::child::{self, Failure, Listening};
use crate::script::{self, CLUSTERS};

/// What the server starts with, on its standard input as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Seeding {
    pub(crate) threads: usize,
    /// Objects to be read.
    pub(crate) objects: usize,
    /// Objects to be changed, one for each connection.
    pub(crate) own: usize,
    /// Directory that keeps the objects; none for a mock in memory alone.
    pub(crate) data_dir: Option<PathBuf>,
}

/// Seeds a mock and serves it until standard input ends.
pub(crate) fn serve() -> Result<(), Failure> {
    let seeding: Seeding = child::instructions()?;
    // The mock has threads of its own; this runtime only starts it.
    child::runtime(1)?.block_on(async {
        let mut builder = MockController::builder().threads(seeding.threads);
        if let Some(directory) = &seeding.data_dir {
            builder = builder.data_dir(directory);
        }
        let mock = builder
            .start()
            .await
            .map_err(|error| Failure::Seed(error.to_string()))?;
        let key = mock.key_for(Role::Admin);
        let names = (0..seeding.objects).map(script::seeded);
        for name in names.chain((0..seeding.own).map(script::own)) {
            apply(mock.controller(), key.expose(), &name)?;
        }
        child::announce(&Listening {
            address: mock.address(),
            key: key.expose().to_owned(),
        })?;
        std::future::pending().await
    })
}

/// Applies an object as a client would, but without a socket.
fn apply(controller: &Controller, key: &str, name: &str) -> Result<(), Failure> {
    let request = Request::post(CLUSTERS)
        .header("x-api-key", key)
        .header("content-type", "application/json")
        .body(Bytes::from(script::cluster(name, "00000000")))
        .map_err(|error| Failure::Seed(error.to_string()))?;
    let response = controller.handle(request);
    if response.status().is_success() && !response.headers().contains_key("warning") {
        return Ok(());
    }
    Err(Failure::Seed(format!(
        "{name} was answered with {response:?}"
    )))
}
