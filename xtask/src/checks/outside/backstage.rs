//! Rafay's plug-in for Backstage, a client that nobody here wrote: its published code creates clusters, namespaces,
//! workloads and environments on the built server.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use super::super::verdict::Verdict;
use super::served::{self, Caller, Served};
use super::tools::{Registry, Tool};

/// Of what it depends on, only the HTTP client that it sends with. The rest is Backstage, hundreds of packages that
/// call the plug-in and not the controller; the script stands in for the two functions of it that are used.
const PLUGIN: Tool = Tool {
    package: "@rafaysystems/backstage-plugin-rafay-backend",
    version: "0.1.17",
    program: "dist/index.cjs.js",
    from: Registry::NodeModule {
        with: &["axios@1.21.1"],
    },
};

const SCRIPT: &str = "xtask/outside/backstage.cjs";

/// Has it do everything it can.
pub(super) fn run(root: &Path) -> Verdict {
    let plugin = match PLUGIN.path(root) {
        Ok(plugin) => plugin,
        Err(reason) => return Verdict::LeftOut(reason),
    };
    match drive(root, &plugin) {
        Ok(verdict) => verdict,
        Err(error) => {
            println!("{error}");
            Verdict::Failed
        }
    }
}

fn drive(root: &Path, plugin: &Path) -> Result<Verdict, served::Error> {
    let Some(server) = served::build(root) else {
        return Ok(Verdict::Failed);
    };
    let folder = root.join("target/backstage");
    fs::create_dir_all(&folder)?;
    let mock = Served::start(&server, &folder.join("requests.log"))?;
    mock.seed(&served::document(&root.join("spec/v3/openapi.json"))?)?;
    let status: io::Result<_> = Command::new("node")
        .arg(root.join(SCRIPT))
        .arg(plugin)
        .args([mock.url(), mock.key(Caller::Admin)?])
        .current_dir(root)
        .status();
    Ok(Verdict::of(&status))
}
