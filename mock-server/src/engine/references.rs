//! References: what an object names must be there, and what is named may not be deleted under it. An object also
//! refers to the project it is in, so a project that holds something cannot go.

use std::sync::Arc;

use serde_json::Value;

use crate::check::Problem;
use crate::generated::kinds::{CONTAINER, KINDS};
use crate::generated::roles::Role;
use crate::refusal::{Reason, Refusal};
use crate::schema::Path;
use crate::store::{Expect, Key, Object, State, Stored, Transaction, Write};
use crate::table::{InitialOf, Kind};
use crate::value;

/// The objects that an object refers to, its project included. A name that objects of several kinds may bear is a
/// set of keys, one of which must be there.
pub(super) fn targets(
    kind: &Kind,
    organization: &str,
    project: &str,
    object: &Value,
) -> Vec<Vec<Key>> {
    let mut targets = Vec::new();
    if kind.in_project {
        targets.push(vec![Key::object(organization, CONTAINER.name, "", project)]);
    }
    each(kind, organization, project, object, &mut |found| {
        targets.push(found.keys);
    });
    targets.sort();
    targets.dedup();
    targets
}

/// A reference as it stands in an object.
struct Found<'a> {
    /// The kind it goes to, first of all.
    kind: &'static Kind,
    /// The keys of the objects it may mean.
    keys: Vec<Key>,
    name: &'a str,
    /// The project that the object must be in, if its kind has any; empty where none is said.
    project: &'a str,
    at: Path,
    /// Indices of the lists on the way.
    indices: &'a [usize],
}

/// Whether a name is that of a built-in role that every organization has as an object of a kind, so that it need not be
/// looked up or held.
fn is_everywhere(kind: &Kind, name: &str) -> bool {
    let initial = kind.initial.as_ref();
    initial.is_some_and(|initial| initial.of == Some(InitialOf::Roles))
        && Role::from_name(name).is_some_and(|role| !role.is_of_partner())
}

/// Calls back with every reference of an object.
fn each(
    kind: &Kind,
    organization: &str,
    project: &str,
    object: &Value,
    found: &mut impl FnMut(Found<'_>),
) {
    for reference in kind.references {
        value::each_text(object, reference.at, &mut |name, indices| {
            let project = reference.project_at.map_or(project, |at| {
                value::text_at(object, at, indices).unwrap_or_default()
            });
            let key = |kind: &Kind, name: &str| {
                let project = if kind.in_project { project } else { "" };
                Key::object(organization, kind.name, project, name)
            };
            let needs_none = name.is_empty()
                || reference.builtin.contains(&name)
                || is_everywhere(reference.kind, name);
            if !needs_none {
                let others = reference.or.iter().map(|other| key(other, name));
                found(Found {
                    kind: reference.kind,
                    keys: std::iter::once(key(reference.kind, name))
                        .chain(others)
                        .collect(),
                    name,
                    project,
                    at: reference.at,
                    indices,
                });
            }
        });
    }
}

/// Refuses an object that names what is not there, with every such name and what to do.
pub(super) fn check(
    state: &State,
    kind: &Kind,
    organization: &str,
    project: &str,
    object: &Value,
) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    each(kind, organization, project, object, &mut |found| {
        if found.keys.iter().any(|key| state.object(key).is_some()) {
            return;
        }
        let place = match found.project {
            _ if !found.kind.in_project => String::new(),
            "" => " outside of a project, and none is named here".to_owned(),
            project => format!(" in project {project:?}"),
        };
        problems.push(Problem {
            pointer: value::pointer_of(found.at, found.indices),
            detail: format!(
                "names the {} {:?}, which does not exist{place}; create it first or name another",
                found.kind.name, found.name
            ),
        });
    });
    match problems.first() {
        None => Ok(()),
        Some(first) => {
            let message = format!(
                "the body names what is not there: {} {}",
                first.pointer, first.detail
            );
            Err(Refusal::with(Reason::UnknownReference, message, problems))
        }
    }
}

/// Adds to a transaction what keeps the references of an object right: the index entries, and that their targets
/// are still there when it commits. Where objects of several kinds may be meant, the index has an entry for each: the
/// others need not be there, and one that comes later is held as well.
pub(super) fn update(
    transaction: &mut Transaction,
    source: &Key,
    old: &[Vec<Key>],
    new: &[Vec<Key>],
) {
    let among = |keys: &[Vec<Key>], key: &Key| keys.iter().any(|keys| keys.contains(key));
    for target in old.iter().flatten().filter(|target| !among(new, target)) {
        transaction
            .writes
            .push(Write::Remove(Key::reference(target, source)));
    }
    for targets in new {
        // A reference from an object to itself would keep it from ever being deleted.
        if targets.contains(source) {
            continue;
        }
        transaction.expects.push(match targets.as_slice() {
            [only] => Expect::Present(only.clone()),
            several => Expect::AnyPresent(several.to_vec()),
        });
        for target in targets.iter().filter(|target| !among(old, target)) {
            transaction
                .writes
                .push(Write::Put(Key::reference(target, source), Stored::Mark));
        }
    }
}

/// Holders named in one refusal at the most.
const MOST_NAMED: usize = 20;

/// What refers to an object that is to go.
pub(super) struct Held {
    /// The objects that it owns, which go with it: kind, project, key and object.
    pub(super) owned: Vec<(&'static Kind, String, Key, Arc<Object>)>,
    /// How many references there are.
    pub(super) references: usize,
}

/// What refers to an object. Refuses a delete while something does that the object does not own, with the list of it.
pub(super) fn held_by(
    state: &State,
    organization: &str,
    target_kind: &'static Kind,
    target: &Key,
) -> Result<Held, Refusal> {
    let mut held = Held {
        owned: Vec::new(),
        references: 0,
    };
    let mut holders = Vec::new();
    for (key, _) in state.under(&Key::references_to(target)) {
        held.references += 1;
        let Some((kind, project, name)) = key.referrer() else {
            continue;
        };
        let known = KINDS.iter().find(|known| known.name == kind);
        let source = Key::object(organization, &kind, &project, &name);
        match (known, state.object(&source)) {
            (Some(kind), Some(object))
                if is_owned(kind, target_kind, organization, &project, target, object)? =>
            {
                held.owned.push((kind, project, source, object.clone()));
            }
            _ => holders.push((kind, project, name)),
        }
    }
    if holders.is_empty() {
        return Ok(held);
    }
    let mut named: Vec<String> = holders
        .iter()
        .take(MOST_NAMED)
        .map(|(kind, project, name)| match project.as_str() {
            "" => format!("{kind} {name:?}"),
            project => format!("{kind} {name:?} of project {project:?}"),
        })
        .collect();
    if holders.len() > MOST_NAMED {
        named.push(format!("{} more", holders.len() - MOST_NAMED));
    }
    Err(Refusal::new(
        Reason::InUse,
        format!(
            "it is still in use by {}; delete or change what uses it first",
            named.join(", ")
        ),
    ))
}

/// Whether one of the references by which an object names another makes that one its owner.
fn is_owned(
    kind: &'static Kind,
    owner: &'static Kind,
    organization: &str,
    project: &str,
    target: &Key,
    object: &Object,
) -> Result<bool, Refusal> {
    let mut references = kind
        .references
        .iter()
        .filter(|reference| reference.owner && reference.kind.name == owner.name)
        .peekable();
    if references.peek().is_none() {
        return Ok(false);
    }
    let body = object.value()?;
    let project = if owner.in_project { project } else { "" };
    Ok(references.any(|reference| {
        value::text(&body, reference.at)
            .is_some_and(|name| Key::object(organization, owner.name, project, name) == *target)
    }))
}

#[cfg(test)]
mod tests;
