//! Reading: one object, or a page of many. An object is served as the bytes it is stored in, unless the operation
//! speaks of a view.

use std::iter;

use bytes::Bytes;
use serde_json::{Value, json};

use super::namespace;
use super::place::{
    check_parents, no_project, object_in_path, only_own, project_exists, project_of, tenant,
};
use super::select::{Page, Wanted};
use super::view;
use crate::pipeline::{Call, precondition};
use crate::refusal::Refusal;
use crate::reply::{Content, Reply};
use crate::store::{Key, Object, State, Stored};
use crate::table::{Access, Envelope, Kind, Member, Page as Role, Reach};

/// One object.
pub(crate) fn get(call: &Call<'_>, kind: &'static Kind) -> Result<Reply, Refusal> {
    let (_, object) = object_in_path(call, kind)?;
    let revision = object.revision;
    let not_modified = precondition(&call.parts.headers, Some(revision), true)?.is_not_modified();
    let mut shown = shown(call, &object.body)?;
    if call.operation.wrapped {
        let mut text = Vec::with_capacity(shown.len() + 2);
        write_items(&mut text, &[shown]);
        shown = text.into();
    }
    Ok(Reply {
        not_modified,
        ..Reply::object(shown, revision)
    })
}

/// The bytes in which an operation shows an object.
pub(crate) fn shown(call: &Call<'_>, body: &Bytes) -> Result<Bytes, Refusal> {
    match call.operation.view {
        None => Ok(body.clone()),
        Some(shape) => view::show(shape, &view::Facts::of(call), body),
    }
}

/// The bytes in which an operation shows several objects, as a bare list.
pub(crate) fn shown_each(call: &Call<'_>, bodies: &[Bytes]) -> Result<Bytes, Refusal> {
    let shown: Vec<Bytes> = bodies
        .iter()
        .map(|body| shown(call, body))
        .collect::<Result<_, _>>()?;
    let mut text = Vec::new();
    write_items(&mut text, &shown);
    Ok(text.into())
}

/// A page of a listing is so long when the caller does not say.
const PAGE: usize = 100;

/// One page of the objects of a kind, by name unless the caller asks for another order.
pub(crate) fn list(call: &Call<'_>, kind: &'static Kind) -> Result<Reply, Refusal> {
    let organization = tenant(call, kind);
    let project = project_of(call, kind);
    if kind.in_project && !project_exists(call.state, &organization.id, project) {
        return Err(no_project(project));
    }
    check_parents(call)?;
    let limit = call.query.number(Role::Limit).unwrap_or(PAGE);
    let offset = call.query.number(Role::Offset).unwrap_or(0);
    let prefix = Key::objects(&organization.id, kind.name, project);
    let wanted = Wanted::of(call, kind);
    let visible = visible_names(call, kind);
    let page = if visible.is_none() && call.confined.is_none() && wanted.is_everything() {
        let count = call
            .state
            .count(&Key::count(&organization.id, kind.name, project));
        let total = usize::try_from(count).unwrap_or(usize::MAX);
        Page {
            objects: slice(call.state, &prefix, total, limit, offset, wanted.reversed()),
            total,
        }
    } else {
        let object = |name: &str| {
            call.state
                .object(&Key::object(&organization.id, kind.name, project, name))
        };
        let all: Vec<&Object> = match (visible, wanted.name()) {
            (Some(names), _) => names.filter_map(object).map(|found| &**found).collect(),
            (None, Some(name)) => object(name).map(|found| &**found).into_iter().collect(),
            (None, None) => call.state.under(&prefix).filter_map(object_of).collect(),
        };
        let all = within_reach(call, kind, all)?;
        wanted.page(all, limit, offset)?
    };
    let items: Vec<Bytes> = page
        .objects
        .iter()
        .map(|object| shown(call, &object.body))
        .collect::<Result<_, _>>()?;
    let at = Position {
        total: page.total,
        limit,
        offset,
        path: call.parts.uri.path(),
    };
    Ok(Reply::new(Content::Json(wrap(
        call.operation.envelope,
        &items,
        &at,
    ))))
}

pub(super) fn object_of<'s>((_, stored): (&'s Key, &'s Stored)) -> Option<&'s Object> {
    match stored {
        Stored::Object(object) => Some(object),
        _ => None,
    }
}

/// The objects of a page, reached from the nearer end: a page costs as much as there is between it and that end.
fn slice<'s>(
    state: &'s State,
    prefix: &'s Key,
    total: usize,
    limit: usize,
    offset: usize,
    reversed: bool,
) -> Vec<&'s Object> {
    let behind = total.saturating_sub(offset.saturating_add(limit));
    let length = total.saturating_sub(offset).min(limit);
    if reversed {
        // The page in the order by name, told from the other end.
        let mut objects = slice(state, prefix, total, length, behind, false);
        objects.reverse();
        return objects;
    }
    let mut objects = Vec::with_capacity(length);
    if offset <= behind {
        objects.extend(
            state
                .under(prefix)
                .filter_map(object_of)
                .skip(offset)
                .take(limit),
        );
    } else if offset < total {
        objects.extend(
            state
                .under_reversed(prefix)
                .filter_map(object_of)
                .skip(behind)
                .take(length),
        );
        objects.reverse();
    }
    objects
}

/// The objects that lie where the caller may see them.
fn within_reach<'s>(
    call: &Call<'_>,
    kind: &Kind,
    mut objects: Vec<&'s Object>,
) -> Result<Vec<&'s Object>, Refusal> {
    let Some(permission) = call.confined else {
        return Ok(objects);
    };
    // Which of the roles it is stands in the record even where there is nothing to show.
    let role = call.caller.role_in(permission, &call.project, "");
    call.subject.is_allowed_by(role);
    let mut problem = None;
    objects.retain(|object| {
        namespace::admits(call, kind, object).unwrap_or_else(|refusal| {
            problem = Some(refusal);
            false
        })
    });
    problem.map_or(Ok(objects), Err)
}

/// The names a caller may see who may not see all; none for a caller who may.
fn visible_names<'c>(
    call: &'c Call<'_>,
    kind: &'static Kind,
) -> Option<Box<dyn Iterator<Item = &'c str> + 'c>> {
    if let Some(own) = only_own(call, kind) {
        return Some(Box::new(iter::once(own)));
    }
    if let Some(names) = namespace::names(call, kind) {
        return Some(Box::new(names));
    }
    match call.operation.access {
        Access::Needs {
            permission,
            reach: Reach::AnyProject,
            ..
        } if !call.caller.may_everywhere(permission) => Some(Box::new(
            call.caller.projects_around(permission).into_iter(),
        )),
        _ => None,
    }
}

/// Where a page stands among all.
pub(crate) struct Position<'p> {
    pub(crate) total: usize,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) path: &'p str,
}

/// A page of what is no kind, in v1's envelope.
pub(crate) fn wrap_page(results: &[Value], at: &Position<'_>) -> Value {
    json!({
        "count": at.total,
        "next": at.next(),
        "previous": at.previous(),
        "results": results,
    })
}

impl Position<'_> {
    fn next(&self) -> Option<String> {
        let next = self.offset.saturating_add(self.limit);
        (next < self.total).then(|| format!("{}?limit={}&offset={next}", self.path, self.limit))
    }

    fn previous(&self) -> Option<String> {
        let previous = self.offset.saturating_sub(self.limit);
        (self.offset > 0).then(|| format!("{}?limit={}&offset={previous}", self.path, self.limit))
    }
}

/// The items in the envelope that the document declares; without one, a bare array.
fn wrap(envelope: Option<&Envelope>, items: &[Bytes], at: &Position<'_>) -> Bytes {
    let length: usize = items.iter().map(|item| item.len() + 1).sum();
    let mut text = Vec::with_capacity(length + 256);
    let Some(envelope) = envelope else {
        write_items(&mut text, items);
        return text.into();
    };
    text.push(b'{');
    for (index, (name, member)) in envelope.members.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        // Names and fixed texts come from the documents: words, which need no escapes in JSON.
        text.push(b'"');
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b"\":");
        match member {
            Member::Text(fixed) => write_text(&mut text, Some(fixed)),
            Member::Count => text.extend_from_slice(at.total.to_string().as_bytes()),
            Member::Metadata => text.extend_from_slice(
                format!(
                    "{{\"count\":{},\"limit\":{},\"offset\":{}}}",
                    at.total, at.limit, at.offset
                )
                .as_bytes(),
            ),
            Member::Items => write_items(&mut text, items),
            Member::Next => write_text(&mut text, at.next().as_deref()),
            Member::Previous => write_text(&mut text, at.previous().as_deref()),
        }
    }
    text.push(b'}');
    text.into()
}

fn write_text(text: &mut Vec<u8>, value: Option<&str>) {
    match value {
        None => text.extend_from_slice(b"null"),
        // What stands here is a word of the document or a path that a URI held: no character needs an escape.
        Some(value) => {
            text.push(b'"');
            text.extend_from_slice(value.as_bytes());
            text.push(b'"');
        }
    }
}

fn write_items(text: &mut Vec<u8>, items: &[Bytes]) {
    text.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        text.extend_from_slice(item);
    }
    text.push(b']');
}
