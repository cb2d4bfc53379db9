//! What the audit trail keeps of a request: gathered on the way through the steps, as far as it comes.

use std::cell::OnceCell;
use std::sync::Arc;

use http::request::Parts;
use jiff::Timestamp;

use super::authorize::shows_projects;
use super::route::Parameters;
use crate::audit::{Actor, Event, Method, Origin, What};
use crate::identity::{Caller, Organization};
use crate::mask::Masked;
use crate::table::{Access, Operation, Place};

/// Who asks, and for what.
#[derive(Clone)]
pub(crate) struct Subject {
    pub(crate) organization: Arc<Organization>,
    pub(crate) actor: Option<Actor>,
    /// The role that lets the caller do it. Among roles of namespaces, the object tells which it is.
    role: OnceCell<Arc<str>>,
    pub(crate) what: What,
    /// Name of the object, or the id that the path has for it.
    pub(crate) name: Box<str>,
    /// Name of the project; empty outside of any.
    pub(crate) project: Box<str>,
}

impl Subject {
    /// Nobody yet, in the controller's own organization.
    pub(crate) fn new(organization: Arc<Organization>, what: What) -> Self {
        Self {
            organization,
            actor: None,
            role: OnceCell::new(),
            what,
            name: "".into(),
            project: "".into(),
        }
    }

    /// Says who the caller is.
    pub(crate) fn is_asked_by(&mut self, caller: &Caller) {
        self.organization = caller.organization().clone();
        self.actor = caller.actor();
    }

    /// Says which project it is about, and by which of its roles the caller may do it.
    pub(crate) fn is_allowed(&mut self, caller: &Caller, operation: &Operation, project: &str) {
        self.project = shorten(project);
        if let Access::Needs { permission, .. } = operation.access {
            let around = || {
                let shown = shows_projects(operation);
                caller.role_in(permission, project, "").filter(|_| shown)
            };
            self.is_allowed_by(caller.role_with(permission, project).or_else(around));
        }
    }

    /// Says by which of its roles the caller may do it. The first one found is on record.
    pub(crate) fn is_allowed_by(&self, role: Option<&Arc<str>>) {
        if let Some(role) = role {
            let _ = self.role.set(role.clone());
        }
    }

    /// Says what the path names: the object is the last of its parameters.
    pub(crate) fn is_named_by(&mut self, operation: &Operation, parameters: &Parameters<'_>) {
        let mut in_path = operation.parameters.iter();
        if let Some(last) = in_path.rfind(|parameter| parameter.place == Place::Path)
            && !operation.is_about_many()
        {
            self.name = shorten(&Masked(parameters.get(last.name)).text());
        }
    }

    /// The record of the request.
    pub(crate) fn event(
        self,
        parts: &Parts,
        origin: Origin,
        time: Timestamp,
        status: u16,
        reason: Option<&str>,
    ) -> Event {
        Event {
            time,
            organization: self.organization,
            actor: self.actor,
            role: self.role.into_inner(),
            what: self.what,
            method: Method::of(&parts.method),
            target: shorten(&Masked(parts.uri.path()).text()),
            name: self.name,
            project: self.project,
            origin,
            status,
            reason: reason.map(shorten),
            changes: None,
        }
    }
}

/// A record takes little room whatever a client sent.
fn shorten(text: &str) -> Box<str> {
    const MOST: usize = 512;
    text[..text.floor_char_boundary(MOST)].into()
}
