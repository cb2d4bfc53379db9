//! Kinds of objects: where in an object everything stands, and what it has to do with others.

use std::fmt;

use super::Lifecycle;
use crate::schema::{Path, Schema};

/// A kind of object that the engine stores.
pub(crate) struct Kind {
    /// Name of the kind and of its schema.
    pub(crate) name: &'static str,
    /// `group/version`, the value of `apiVersion`.
    pub(crate) api_version: &'static str,
    /// Other values of `apiVersion` that clients send and mean the same by.
    pub(crate) also_versions: &'static [&'static str],
    /// Whether every object belongs to a project.
    pub(crate) in_project: bool,
    /// Whether every object belongs to the partner and not to one of its organizations.
    pub(crate) of_partner: bool,
    /// The schema of an object.
    pub(crate) schema: &'static Schema,
    /// Where the name stands in an object.
    pub(crate) name_at: Path,
    /// Where the id stands.
    pub(crate) id_at: Path,
    /// Where the time of creation stands.
    pub(crate) created_at: Path,
    /// Where the time of the last change stands.
    pub(crate) modified_at: Path,
    /// Where the name of the project stands, if objects of the kind carry it.
    pub(crate) project_at: Option<Path>,
    /// Where the name of the namespace stands that an object lies in; a namespace lies in itself.
    pub(crate) namespace_at: Option<Path>,
    /// Whether objects carry `apiVersion` and `kind`.
    pub(crate) self_describing: bool,
    /// Places that only the controller writes, not reaching into lists.
    pub(crate) controlled: &'static [Path],
    /// Places that cannot change once set, not reaching into lists.
    pub(crate) immutable: &'static [Path],
    /// Secrets of which a hash is kept beside the object, not reaching into lists.
    pub(crate) hashed: &'static [Path],
    /// Facts of the organization that the controller writes into every object.
    pub(crate) context: &'static [(Path, Context)],
    /// Names of other objects that an object holds.
    pub(crate) references: &'static [Reference],
    /// What happens to an object as time goes by.
    pub(crate) lifecycle: Option<&'static Lifecycle>,
    /// What an object has to say about who may do what.
    pub(crate) authority: Option<Authority>,
    /// What of it a controller starts with.
    pub(crate) initial: Option<Initial>,
}

/// Objects of a kind that a controller starts with.
#[derive(Debug)]
pub(crate) struct Initial {
    /// Of what there is one object each; none for one object alone.
    pub(crate) of: Option<InitialOf>,
    /// The JSON of the object, with the words of `engine::fill`.
    pub(crate) body: &'static str,
}

/// Of what a controller starts with an object each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InitialOf {
    /// The organization itself, whose id the object has.
    Organization,
    /// The first account of an organization, whose parts come from the request that makes both.
    Founder,
    /// The built-in roles, whose parts the words name.
    Roles,
}

/// By its name: kinds refer to one another in circles.
impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Kind").field(&self.name).finish()
    }
}

impl Kind {
    /// Whether its objects decide who may do what.
    pub(crate) fn decides_access(&self) -> bool {
        self.authority.is_some() || self.of_partner
    }
}

/// What an object has to say about who may do what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authority {
    /// It is an account.
    Account,
    /// It gives roles to its accounts.
    Group,
    /// It is a role.
    Role,
}

/// A fact of the organization that a field takes its value from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Context {
    /// The organization's id.
    OrganizationId,
    /// The organization's name.
    OrganizationName,
    /// The project's id.
    ProjectId,
    /// The project's name.
    ProjectName,
    /// The id of the organization's partner.
    PartnerId,
    /// The name of the organization's partner.
    PartnerName,
}

/// A field that names another object.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Where it stands; `*` is every item of a list.
    pub(crate) at: Path,
    /// Kind of the object named.
    pub(crate) kind: &'static Kind,
    /// Further kinds, an object of which may be meant instead.
    pub(crate) or: &'static [&'static Kind],
    /// Names that need no object.
    pub(crate) builtin: &'static [&'static str],
    /// Whether the object named owns this one, which goes when its owner goes.
    pub(crate) owner: bool,
    /// Where the name of the project stands that the object named is in, if it need not be that of this one; `*` is
    /// the item in which the name stands.
    pub(crate) project_at: Option<Path>,
}
