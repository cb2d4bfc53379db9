//! What is read is written back the same, whatever a controller makes of the document.

use rafay_sdk::v3::types::{Cluster, ClusterConfig, ClusterList, DriftSpec, DriftSpecAction};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) -> Value {
    let read: T = serde_json::from_value(value.clone()).unwrap();
    serde_json::to_value(read).unwrap()
}

/// Reads `value` as a `T` and checks that it is written back as it was.
fn faithful<T: DeserializeOwned + Serialize>(value: &Value) -> T {
    assert_eq!(round_trip::<T>(value), *value);
    serde_json::from_value(value.clone()).unwrap()
}

/// A cluster with the given `spec.config`.
fn config(value: &Value) -> ClusterConfig {
    let cluster: Cluster = faithful(&json!({"metadata": {"name": "c"}, "spec": {"config": value}}));
    cluster.spec.unwrap().config.unwrap()
}

#[test]
fn every_form_of_a_union_is_recognised() {
    let raw = config(&json!({"raw": "eyJhIjogMX0="}));
    assert!(matches!(raw, ClusterConfig::Raw(_)));
    let aks = config(&json!({
        "apiVersion": "rafay.io/v1alpha1",
        "kind": "Cluster",
        "metadata": {"name": "c"},
        "spec": {"cloudprovider": "azure"},
    }));
    assert!(matches!(aks, ClusterConfig::Aks(_)));
    for extra in [
        json!({}),
        json!({"location": "home", "invented": {"later": [1]}}),
    ] {
        let mut value = json!({"kubernetesProvider": "OTHER", "provisionEnvironment": "CLOUD"});
        value
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        assert!(matches!(config(&value), ClusterConfig::Imported(_)));
    }
}

#[test]
fn what_fits_no_form_of_a_union_is_kept() {
    for value in [
        json!({}),
        json!({"invented": 1}),
        json!("text"),
        json!([1]),
        json!(7),
    ] {
        assert!(matches!(config(&value), ClusterConfig::Other(kept) if kept == value));
    }
}

#[test]
fn unlisted_values_of_an_enumeration_are_kept() {
    let drift: DriftSpec = faithful(&json!({"enabled": true, "action": "Deny"}));
    assert_eq!(drift.action, Some(DriftSpecAction::Deny));
    let drift: DriftSpec = faithful(&json!({"enabled": true, "action": "Applaud"}));
    assert_eq!(
        drift.action,
        Some(DriftSpecAction::Unknown("Applaud".into()))
    );
}

#[test]
fn unknown_fields_are_kept_at_every_depth() {
    faithful::<Cluster>(&json!({
        "metadata": {"name": "c", "annotations": {}, "uid": 18_446_744_073_709_551_615_u64},
        "spec": {"drift": {"enabled": false, "since": 1.5}, "sharing": {"projects": [{"name": "*", "n": null}]}},
        "status": {"conditions": [{"type": "New", "weight": -1}], "extra": {"more": {}}},
        "extra": {"unknown_fields": 1},
        "unknown_fields": [],
    }));
}

#[test]
fn empty_and_absent_are_told_apart_and_null_is_absent() {
    faithful::<Cluster>(&json!({"metadata": {"name": "c"}, "spec": {}}));
    faithful::<Cluster>(&json!({"metadata": {"name": "c", "labels": {}}}));
    faithful::<Cluster>(&json!({"metadata": {"name": "c"}, "status": {"conditions": []}}));
    assert_eq!(
        round_trip::<Cluster>(&json!({
            "metadata": {"name": "c", "labels": null},
            "spec": null,
            "status": {"conditions": null},
        })),
        json!({"metadata": {"name": "c"}, "status": {}})
    );
}

#[test]
fn what_a_controller_leaves_out_does_not_fail() {
    assert_eq!(
        round_trip::<Cluster>(&json!({})),
        json!({"metadata": {"name": ""}})
    );
    assert_eq!(
        round_trip::<Cluster>(&json!({"metadata": null})),
        json!({"metadata": {"name": ""}})
    );
    assert_eq!(
        round_trip::<DriftSpec>(&json!({"action": "Deny"})),
        json!({"action": "Deny", "enabled": false})
    );
}

#[test]
fn long_integers_are_read_from_text() {
    let list: ClusterList = serde_json::from_value(json!({
        "items": [],
        "metadata": {"count": "9007199254740993", "limit": 10, "offset": null},
    }))
    .unwrap();
    assert_eq!(list.metadata.count, 9_007_199_254_740_993);
    assert_eq!((list.metadata.limit, list.metadata.offset), (10, 0));
}

#[test]
fn secrets_are_written_but_not_shown() {
    let value = json!({
        "metadata": {"name": "c"},
        "spec": {"proxyConfig": {"enabled": true, "proxyAuth": "user:hush"}},
    });
    let cluster: Cluster = faithful(&value);
    assert!(!format!("{cluster:?}").contains("hush"));
}
