//! Deploying a workload: which clusters its placement means, and how it stands on each.

use serde_json::{Value, json};

use crate::engine::{Effect, selects};
use crate::generated::kinds::{CLUSTER, WORKLOAD};
use crate::refusal::Refusal;
use crate::value;

/// The label that means a cluster by its name.
pub(crate) const BY_NAME: &str = "rafay.dev/clusterName";

/// A cluster as a placement looks at it.
struct Cluster {
    name: String,
    labels: Value,
    ready: bool,
}

impl Cluster {
    fn of(body: &Value) -> Self {
        Self {
            name: body["metadata"]["name"].as_str().unwrap_or_default().into(),
            labels: body["metadata"]["labels"].clone(),
            ready: body["status"]["commonStatus"]["conditionStatus"] == "StatusOK",
        }
    }
}

/// Writes the clusters that the placement means into the status, each with how the workload stands there, and takes the
/// condition back where there is a cluster to wait for, or none at all.
pub(crate) fn deploy_workload(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    let clusters = clusters(effect)?;
    tell(effect.object, &clusters);
    Ok(())
}

/// Writes the clusters that the placement means into the status, each as one that refused.
pub(crate) fn refuse_workload(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    let clusters = clusters(effect)?;
    let placement = &effect.object["spec"]["placement"];
    let meant = clusters
        .iter()
        .filter(|cluster| is_meant(placement, cluster));
    let told = meant
        .map(|cluster| {
            let reason = "the cluster refused the workload";
            json!({"name": cluster.name, "status": "Failed", "reason": reason})
        })
        .collect();
    set_clusters(effect.object, told);
    Ok(())
}

/// Takes the workloads that wait for clusters to the one that has become ready. Those on their way, withdrawn or failed
/// are left alone, and so are those that wait for none.
pub(crate) fn cluster_ready(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    let mut clusters = clusters(effect)?;
    let own = Cluster::of(effect.object);
    clusters.retain(|cluster| cluster.name != own.name);
    clusters.push(own);
    clusters.sort_by(|one, other| one.name.cmp(&other.name));
    for workload in effect.all(&WORKLOAD) {
        let mut body = Value::clone(&*workload.value()?);
        let waits = body["status"]["conditionStatus"] == "StatusSubmitted";
        if !waits || effect.is_under_way(&WORKLOAD, &workload.name) {
            continue;
        }
        let before = body.clone();
        value::set(&mut body, &["status", "conditionStatus"], "StatusOK".into());
        value::set(&mut body, &["status", "reason"], DEPLOYED.into());
        tell(&mut body, &clusters);
        if body != before {
            let now = effect.now.to_string();
            value::set(&mut body, &["status", "lastUpdated", "values"], now.into());
            effect.change(&WORKLOAD, workload, body);
        }
    }
    Ok(())
}

/// What the document says of a workload that is on all of its clusters.
const DEPLOYED: &str = "deployed to all clusters";

fn clusters(effect: &Effect<'_>) -> Result<Vec<Cluster>, Refusal> {
    let all = effect.all(&CLUSTER).into_iter();
    all.map(|cluster| Ok(Cluster::of(&*cluster.value()?)))
        .collect()
}

/// Writes into a workload where it is; one that is not on all of its clusters has the condition of one that waits.
fn tell(workload: &mut Value, clusters: &[Cluster]) {
    let placement = &workload["spec"]["placement"];
    let meant: Vec<&Cluster> = clusters
        .iter()
        .filter(|cluster| is_meant(placement, cluster))
        .collect();
    let waiting = meant.iter().filter(|cluster| !cluster.ready).count();
    let reason = if meant.is_empty() {
        Some("waiting for a cluster that fits the placement; there is none".to_owned())
    } else if waiting > 0 {
        Some(format!(
            "waiting for {waiting} of {} clusters to be ready",
            meant.len()
        ))
    } else {
        None
    };
    set_clusters(workload, meant.into_iter().map(standing).collect());
    if let Some(reason) = reason {
        let submitted = "StatusSubmitted".into();
        value::set(workload, &["status", "conditionStatus"], submitted);
        value::set(workload, &["status", "reason"], reason.into());
    }
}

fn set_clusters(workload: &mut Value, clusters: Vec<Value>) {
    let place = ["status", "extra", "data", "fields", "clusters"];
    value::set(workload, &place, clusters.into());
}

fn standing(cluster: &Cluster) -> Value {
    let (status, reason) = if cluster.ready {
        ("Deployed", "the cluster runs what was published")
    } else {
        ("Pending", "the cluster is not ready yet")
    };
    json!({"name": cluster.name, "status": status, "reason": reason})
}

/// Whether a placement means a cluster: all of its labels, or its selector. One that says nothing means none.
fn is_meant(placement: &Value, cluster: &Cluster) -> bool {
    let wanted = placement["labels"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if !wanted.is_empty() {
        return wanted.iter().all(|label| {
            let (key, value) = (&label["key"], &label["value"]);
            match key.as_str() {
                Some(BY_NAME) => *value == cluster.name,
                Some(key) => cluster.labels.get(key) == Some(value),
                None => false,
            }
        });
    }
    let selector = placement["selector"].as_str().unwrap_or_default();
    if let Some(name) = selector.strip_prefix(BY_NAME) {
        return name.trim_start_matches('=') == cluster.name;
    }
    !selector.is_empty() && selects(selector, &cluster.labels)
}
