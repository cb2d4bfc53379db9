//! Deploying a workload: which clusters its placement means, and how it stands on each.

use serde_json::{Value, json};

use crate::engine::{Effect, selects};
use crate::generated::kinds::CLUSTER;
use crate::refusal::Refusal;
use crate::store::Object;
use crate::value;

/// The label that means a cluster by its name.
const BY_NAME: &str = "rafay.dev/clusterName";

/// Writes the clusters that the placement means into the status, each with how the workload stands there.
pub(crate) fn deploy_workload(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    let mut clusters = Vec::new();
    for cluster in effect.all(&CLUSTER) {
        let body = cluster.value()?;
        if is_meant(
            &effect.object["spec"]["placement"],
            cluster,
            &body["metadata"]["labels"],
        ) {
            clusters.push(standing(cluster, &body));
        }
    }
    value::set(
        effect.object,
        &["status", "extra", "data", "fields", "clusters"],
        clusters.into(),
    );
    Ok(())
}

fn standing(cluster: &Object, body: &Value) -> Value {
    let ready = body["status"]["commonStatus"]["conditionStatus"] == "StatusOK";
    let (status, reason) = if ready {
        ("Deployed", "the cluster runs what was published")
    } else {
        ("Pending", "the cluster is not ready yet")
    };
    json!({"name": *cluster.name, "status": status, "reason": reason})
}

/// Whether a placement means a cluster: all of its labels, or its selector. One that says nothing means none.
fn is_meant(placement: &Value, cluster: &Object, labels: &Value) -> bool {
    let wanted = placement["labels"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if !wanted.is_empty() {
        return wanted.iter().all(|label| {
            let (key, value) = (&label["key"], &label["value"]);
            match key.as_str() {
                Some(BY_NAME) => value == &*cluster.name,
                Some(key) => labels.get(key) == Some(value),
                None => false,
            }
        });
    }
    let selector = placement["selector"].as_str().unwrap_or_default();
    if let Some(name) = selector.strip_prefix(BY_NAME) {
        return name.trim_start_matches('=') == &*cluster.name;
    }
    !selector.is_empty() && selects(selector, labels)
}
