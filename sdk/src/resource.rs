//! What makes a type an object of the API. The implementations are generated.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// An object of the API: it has metadata with a name, and a collection it lives in.
///
/// Code that is generic over objects needs no more than this:
///
/// ```
/// use rafay_sdk::Resource;
///
/// fn describe<K: Resource>(object: &K) -> String {
///     format!("{} {} ({}/{})", K::KIND, object.name(), K::GROUP, K::VERSION)
/// }
/// ```
pub trait Resource: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The API group, such as `infra.k8smgmt.io`.
    const GROUP: &'static str;
    /// The version within the group, such as `v3`.
    const VERSION: &'static str;
    /// What `kind` says, such as `Cluster`.
    const KIND: &'static str;
    /// The collection's name in paths, such as `clusters`.
    const PLURAL: &'static str;
    /// The collection's path; `{project}` stands for the project's name.
    const COLLECTION: &'static str;
    /// Where objects live: [`ProjectScoped`] or [`OrganizationScoped`].
    type Scope: Scope;
    /// The type of the metadata.
    type Metadata;

    /// The object's name; empty if it has none yet.
    fn name(&self) -> &str;

    /// Gives the object its name.
    fn set_name(&mut self, name: String);

    /// A new object with a name and nothing else.
    ///
    /// ```
    /// use rafay_sdk::{Resource as _, v3::types::Project};
    ///
    /// let project = Project::named("team-a");
    /// assert_eq!(project.metadata.name, "team-a");
    /// ```
    fn named(name: impl Into<String>) -> Self
    where
        Self: Default,
    {
        let mut object = Self::default();
        object.set_name(name.into());
        object
    }

    /// Name, project, labels and whatever else identifies the object.
    fn metadata(&self) -> &Self::Metadata;

    /// The same, for changes.
    fn metadata_mut(&mut self) -> &mut Self::Metadata;
}

/// Where objects live.
pub trait Scope: sealed::Sealed {}

/// Objects of one project: [`Api::project`](crate::Api::project).
#[derive(Clone, Copy, Debug)]
pub enum ProjectScoped {}

/// Objects of the whole organization: [`Api::all`](crate::Api::all).
#[derive(Clone, Copy, Debug)]
pub enum OrganizationScoped {}

impl Scope for ProjectScoped {}
impl Scope for OrganizationScoped {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ProjectScoped {}
    impl Sealed for super::OrganizationScoped {}
}
