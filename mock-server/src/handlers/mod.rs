//! Handlers: operations whose behaviour the standard verbs cannot say. The documents name them, and the generated
//! table refers to them by that name, so one that is missing does not compile and one too many is dead code.

mod apikey;
mod apikey_settings;
mod audit;
mod cluster_metrics;
mod group_users;
mod kubeconfig;
mod organization;
mod pod_identities;
mod rctl_config;
mod session;
mod user;
mod webhook;

pub(crate) use apikey::{apikey_create, apikey_delete, apikey_list, apikey_list_all};
pub(crate) use apikey_settings::{apikey_settings_get, apikey_settings_replace};
pub(crate) use audit::{
    audit_events, audit_export_csv, audit_export_csv_of, audit_export_json, audit_export_json_of,
    audit_list, audit_list_of, audit_list_own, audit_trails,
};
pub(crate) use cluster_metrics::cluster_metrics;
pub(crate) use group_users::{group_users, group_users_add, group_users_remove};
pub(crate) use kubeconfig::user_kubeconfig;
pub(crate) use organization::{organization_create, organization_signup};
pub(crate) use pod_identities::{
    pod_identities_create, pod_identities_delete, pod_identities_replace,
};
pub(crate) use rctl_config::rctl_config;
pub(crate) use session::{session_login, session_logout, session_prelogin};
pub(crate) use user::user_profile;
pub(crate) use webhook::trigger_webhook;
