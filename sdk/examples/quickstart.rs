//! A first walk through the SDK: a project, a blueprint and an imported cluster in it.
//!
//! ```text
//! cargo run -p rafay-sdk --example quickstart
//! ```

use std::error::Error as _;
use std::process::ExitCode;

use rafay_sdk::v3::types::{
    Blueprint, Cluster, ClusterBlueprint, ClusterSpec, ImportedClusterConfig, Project,
};
use rafay_sdk::{Api, Client, ConfigError, Error, Resource as _};

/// Where the mock controller listens unless it is told otherwise.
const ENDPOINT: &str = "http://127.0.0.1:8080";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let endpoint = std::env::var("RCTL_REST_ENDPOINT").unwrap_or_else(|_| ENDPOINT.to_owned());
    match Box::pin(run(&endpoint)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            explain(&endpoint, &error);
            ExitCode::FAILURE
        }
    }
}

async fn run(endpoint: &str) -> Result<(), Error> {
    let key = std::env::var("RCTL_API_KEY").map_err(|_| ConfigError::MissingVariable {
        name: "RCTL_API_KEY",
        holds: "an API key of the controller",
    })?;
    let client = Client::new(endpoint, key)?;
    println!("controller  {endpoint}");

    let projects: Api<Project> = Api::all(client.clone());
    let project = projects.apply(&Project::named("quickstart")).await?;
    println!("project     {} is there", project.name());

    let blueprints: Api<Blueprint> = Api::project(client.clone(), project.name());
    let blueprint = blueprints
        .apply(&Blueprint::named("quickstart-blueprint"))
        .await?;
    println!("blueprint   {} is there", blueprint.name());

    let clusters: Api<Cluster> = Api::project(client.clone(), project.name());
    let mut wanted = Cluster::named("quickstart-cluster");
    wanted.spec = Some(ClusterSpec {
        type_: Some("imported".into()),
        blueprint_config: Some(ClusterBlueprint {
            name: Some(blueprint.name().to_owned()),
            ..Default::default()
        }),
        config: Some(
            ImportedClusterConfig {
                kubernetes_provider: "OTHER".into(),
                provision_environment: Some("CLOUD".into()),
                ..Default::default()
            }
            .into(),
        ),
        ..Default::default()
    });
    let created = clusters.apply(&wanted).await?;
    println!(
        "cluster     {} is registered, status: {}",
        created.name(),
        status(&created)
    );

    // Changed only if nobody else changed it in between.
    let mut read = clusters.get_with_etag(created.name()).await?;
    read.object
        .metadata
        .labels
        .get_or_insert_default()
        .insert("env".into(), "trial".into());
    let changed = match &read.etag {
        Some(etag) => {
            clusters
                .apply_if(&read.object, &etag.clone().into())
                .await?
        }
        None => clusters.apply(&read.object).await?,
    };
    println!(
        "cluster     {} has labels {:?}",
        changed.name(),
        changed.metadata.labels
    );

    for cluster in clusters.list_all().await? {
        println!(
            "listed      {}, status: {}",
            cluster.name(),
            status(&cluster)
        );
    }
    // Layer 1: every operation of the document is a method.
    let manifest = client
        .v3()
        .clusters_bootstrap(project.name(), created.name())
        .await?;
    println!(
        "manifest    {} lines for kubectl apply",
        manifest.lines().count()
    );
    Ok(())
}

/// How far a cluster has come, in a few words.
fn status(cluster: &Cluster) -> String {
    let status = cluster.status.as_ref();
    let provision = status.and_then(|status| status.provision_status.clone());
    let condition = status.and_then(|status| status.common_status.as_ref()?.reason.clone());
    match (provision, condition) {
        (Some(provision), Some(reason)) => format!("{provision} ({reason})"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => "none yet".to_owned(),
    }
}

/// Says what went wrong, and what to start or to set.
fn explain(endpoint: &str, error: &Error) {
    eprintln!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
    if error.is_connect() {
        eprintln!("nothing listens at {endpoint}. Start the mock controller in another terminal:");
        eprintln!("  cargo run -p rafay-mock-server -- serve");
        eprintln!("or set RCTL_REST_ENDPOINT to the address of a controller.");
    } else if error.is_unauthorized() || error.is_config() {
        eprintln!("set RCTL_API_KEY to a key of the controller at {endpoint};");
        eprintln!("the mock prints one when it starts: cargo run -p rafay-mock-server -- serve");
    } else if error.is_forbidden() {
        eprintln!("the key's roles must allow it to write projects, blueprints and clusters.");
    }
}
