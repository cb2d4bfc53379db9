//! The file by which an account reaches its clusters with kubectl.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::effects::BY_NAME;
use crate::engine::{not_found, selects};
use crate::generated::kinds::{ACCOUNT, CLUSTER};
use crate::generated::roles::Permission;
use crate::identity;
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::secret::short_id;
use crate::store::{Key, Stored};

/// A kubeconfig with a context for every cluster that the account may see, or that the selector picks of them.
pub(crate) fn user_kubeconfig(call: &Call<'_>) -> Result<Reply, Refusal> {
    let organization = call.caller.organization();
    let user = match call.parameters.get("accountId") {
        "" => call.caller.user_id(),
        other => other,
    };
    let account = if user == call.caller.user_id() {
        call.caller.clone()
    } else {
        let found = identity::account(call.state, organization, user);
        Arc::new(found.ok_or_else(|| not_found(ACCOUNT, user, ""))?)
    };
    let username: &str = account.username();
    let selector = call.query.named("opts.selector").unwrap_or_default();
    let namespace = call.query.named("namespace").unwrap_or("default");
    let (mut clusters, mut contexts) = (Vec::new(), Vec::new());
    for (_, stored) in call
        .state
        .under(&Key::everywhere(&organization.id, CLUSTER.name))
    {
        let Stored::Object(cluster) = stored else {
            continue;
        };
        let body = cluster.value()?;
        let project = body["metadata"]["project"].as_str().unwrap_or_default();
        if !account.may_in(project, Permission::ClusterRead)
            || !picks(selector, &cluster.name, &body)
        {
            continue;
        }
        let server = format!("https://{}.kubeapi.example.com", cluster.id);
        clusters.push(json!({"name": *cluster.name, "cluster": {"server": server}}));
        contexts.push(json!({
            "name": *cluster.name,
            "context": {"cluster": *cluster.name, "user": username, "namespace": namespace},
        }));
    }
    let file = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": clusters,
        "contexts": contexts,
        "current-context": contexts.first().map_or("", |context| context["name"].as_str().unwrap_or_default()),
        // The mock has no clusters to reach, so nothing ever takes this token.
        "users": [{"name": username, "user": {"token": short_id()}}],
    });
    let text = serde_saphyr::to_string(&file).map_err(|error| {
        Refusal::new(
            Reason::Internal,
            format!("the file cannot be written: {error}"),
        )
    })?;
    Ok(Reply::json(&json!({"data": BASE64_STANDARD.encode(text)})))
}

fn picks(selector: &str, name: &str, cluster: &Value) -> bool {
    match selector.strip_prefix(BY_NAME) {
        Some(rest) => rest.trim_start_matches('=') == name,
        None => selects(selector, &cluster["metadata"]["labels"]),
    }
}
