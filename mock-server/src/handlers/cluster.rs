//! The manifest with which a cluster that is imported registers.

use serde_json::Value;

use crate::engine::object_at;
use crate::generated::kinds::CLUSTER;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::{Content, Reply, from_stored};

/// The media type the document gives it.
const MEDIA_TYPE: &str = "application/x-rafay-yaml";

/// A well-formed manifest for kubectl: the namespace of the agent and the secret it registers with.
pub(crate) fn cluster_bootstrap(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = object_at(call, &CLUSTER)?;
    let body = from_stored(&object.body)?;
    let project = body
        .pointer("/metadata/project")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let namespace = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "rafay-system"},
    });
    let registration = serde_json::json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "cluster-registration", "namespace": "rafay-system"},
        "data": {"clusterId": object.id, "clusterName": object.name, "project": project},
    });
    let text = [namespace, registration]
        .iter()
        .filter_map(|document| serde_saphyr::to_string(document).ok())
        .fold(String::new(), |text, document| text + "---\n" + &document);
    Ok(Reply::new(Content::Text(MEDIA_TYPE, text)))
}
