//! The comfortable way to v3's objects: one handle for one kind in one place.

mod call;
mod list;
mod read;
mod tag;
mod write;

use std::fmt;
use std::marker::PhantomData;

use crate::{Client, OrganizationScoped, ProjectScoped, Resource};

pub use list::{ListParams, Page};
pub use tag::{ETag, Precondition, Tagged};

/// The objects of one kind, in one project or in the organization.
///
/// ```no_run
/// use rafay_sdk::v3::types::{Cluster, Project};
/// use rafay_sdk::{Api, Client};
///
/// # async fn example() -> Result<(), rafay_sdk::Error> {
/// let client = Client::from_env()?;
/// let projects: Api<Project> = Api::all(client.clone());
/// let clusters: Api<Cluster> = Api::project(client, "defaultproject");
/// if let Some(cluster) = clusters.get_opt("edge-1").await? {
///     println!("{:?}", cluster.status);
/// }
/// # drop(projects);
/// # Ok(())
/// # }
/// ```
///
/// A kind that lives in projects cannot be asked for without one:
///
/// ```compile_fail
/// # fn example(client: rafay_sdk::Client) {
/// let clusters: rafay_sdk::Api<rafay_sdk::v3::types::Cluster> = rafay_sdk::Api::all(client);
/// # }
/// ```
pub struct Api<K> {
    client: Client,
    project: Option<String>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Resource<Scope = OrganizationScoped>> Api<K> {
    /// The objects of the organization that the key belongs to.
    pub fn all(client: Client) -> Self {
        Self {
            client,
            project: None,
            kind: PhantomData,
        }
    }
}

impl<K: Resource<Scope = ProjectScoped>> Api<K> {
    /// The objects of the project called `project`.
    pub fn project(client: Client, project: impl Into<String>) -> Self {
        Self {
            client,
            project: Some(project.into()),
            kind: PhantomData,
        }
    }
}

impl<K> Clone for Api<K> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            project: self.project.clone(),
            kind: PhantomData,
        }
    }
}

impl<K: Resource> fmt::Debug for Api<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("kind", &K::KIND)
            .field("project", &self.project)
            .field("client", &self.client)
            .finish()
    }
}
