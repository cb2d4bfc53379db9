//! What each kind of the controller is for: one file a kind, each telling how somebody who runs clusters uses it.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod addons;
mod agents;
mod backup;
mod blueprints;
mod catalogs;
mod cluster_downloads;
mod cluster_metrics;
mod cluster_templates;
mod clusters;
mod commands;
mod conversions;
mod gateways;
mod groups;
mod infra_provisioners;
mod metros;
mod namespaces;
mod organizations;
mod owners;
mod pipelines;
mod pod_identities;
mod references;
mod repositories;
mod roles;
mod time;
mod triggers;
mod users;
mod webhooks;
mod workloads;
mod world;
