//! Reading: one object, or a page of many. An object is served as the bytes it is stored in, unless the operation
//! speaks of a view.

use bytes::Bytes;

use super::{missing, no_project, object_in_path, project_exists, project_of, view};
use crate::identity::Organization;
use crate::pipeline::{Call, precondition};
use crate::refusal::Refusal;
use crate::reply::{Content, Reply};
use crate::store::{Key, Object, State, Stored};
use crate::table::{Access, Envelope, Kind, Member, Operation, Reach};

/// One object.
pub(crate) fn get(call: &Call<'_>, kind: &'static Kind) -> Result<Reply, Refusal> {
    let (_, object) = object_in_path(call, kind)?;
    let revision = object.revision;
    let not_modified = precondition(&call.parts.headers, Some(revision), true)?.is_not_modified();
    Ok(Reply {
        not_modified,
        ..Reply::object(
            shown(call.operation, call.caller.organization(), &object.body)?,
            revision,
        )
    })
}

/// The bytes in which an operation shows an object.
pub(super) fn shown(
    operation: &Operation,
    organization: &Organization,
    body: &Bytes,
) -> Result<Bytes, Refusal> {
    match operation.view {
        None => Ok(body.clone()),
        Some(shape) => view::show(shape, organization, body),
    }
}

/// A page of a listing is so long when the caller does not say.
const PAGE: usize = 100;

/// One page of the objects of a kind, by name.
pub(crate) fn list(call: &Call<'_>, kind: &'static Kind) -> Result<Reply, Refusal> {
    let organization = call.caller.organization();
    let project = project_of(call, kind);
    if kind.in_project && !project_exists(call.state, &organization.id, project) {
        return Err(if project.is_empty() {
            missing(call, kind, project)
        } else {
            no_project(project)
        });
    }
    let limit = call.query.number("limit").unwrap_or(PAGE);
    let offset = call.query.number("offset").unwrap_or(0);
    let prefix = Key::objects(&organization.id, kind.name, project);
    let all = call.state.under(&prefix).filter_map(object_of);
    let mut page = Page::new(limit, offset);
    if let Some(names) = visible_names(call) {
        let objects = names.filter_map(|name| {
            call.state
                .object(&Key::object(&organization.id, kind.name, "", name))
        });
        page.fill(
            objects
                .map(|object| &**object)
                .filter(|object| wanted(call, object)),
        );
    } else if let Some(name) = call.query.text("name") {
        let object = call
            .state
            .object(&Key::object(&organization.id, kind.name, project, name));
        page.fill(
            object
                .map(|object| &**object)
                .into_iter()
                .filter(|object| wanted(call, object)),
        );
    } else if call.query.text("q").is_some() {
        page.fill(all.filter(|object| wanted(call, object)));
    } else {
        let count = call
            .state
            .count(&Key::count(&organization.id, kind.name, project));
        page.total = usize::try_from(count).unwrap_or(usize::MAX);
        page.objects = slice(call.state, &prefix, page.total, limit, offset);
    }
    let items: Vec<Bytes> = page
        .objects
        .iter()
        .map(|object| shown(call.operation, organization, &object.body))
        .collect::<Result<_, _>>()?;
    let envelope = call.operation.envelope;
    Ok(Reply::new(Content::Json(wrap(
        envelope, &items, page.total, limit, offset,
    ))))
}

fn object_of<'s>((_, stored): (&'s Key, &'s Stored)) -> Option<&'s Object> {
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
) -> Vec<&'s Object> {
    let mut objects = Vec::with_capacity(limit.min(total.saturating_sub(offset)));
    let behind = total.saturating_sub(offset.saturating_add(limit));
    if offset <= behind {
        objects.extend(
            state
                .under(prefix)
                .filter_map(object_of)
                .skip(offset)
                .take(limit),
        );
    } else if offset < total {
        let length = total - offset - behind;
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

/// The names a caller may see who may not see all; none for a caller who may.
fn visible_names<'c>(call: &'c Call<'_>) -> Option<impl Iterator<Item = &'c str>> {
    match call.operation.access {
        Access::Needs {
            permission,
            reach: Reach::AnyProject,
            ..
        } if !call.caller.may_everywhere(permission) => Some(call.caller.projects_with(permission)),
        _ => None,
    }
}

/// Whether an object passes the filters of the query.
fn wanted(call: &Call<'_>, object: &Object) -> bool {
    let named = call
        .query
        .text("name")
        .is_none_or(|name| *object.name == *name);
    let found = call
        .query
        .text("q")
        .is_none_or(|part| object.name.to_lowercase().contains(&part.to_lowercase()));
    named && found
}

/// The objects of one page and the number of all.
struct Page<'s> {
    objects: Vec<&'s Object>,
    total: usize,
    limit: usize,
    offset: usize,
}

impl<'s> Page<'s> {
    fn new(limit: usize, offset: usize) -> Self {
        Self {
            objects: Vec::new(),
            total: 0,
            limit,
            offset,
        }
    }

    /// Counts all and keeps those of the page.
    fn fill(&mut self, all: impl Iterator<Item = &'s Object>) {
        for object in all {
            if self.total >= self.offset && self.objects.len() < self.limit {
                self.objects.push(object);
            }
            self.total += 1;
        }
    }
}

/// Writes a page in the envelope of the operation; the objects are copied as they are, not parsed.
fn wrap(
    envelope: Option<&Envelope>,
    items: &[Bytes],
    total: usize,
    limit: usize,
    offset: usize,
) -> Bytes {
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
            Member::Text(fixed) => {
                text.push(b'"');
                text.extend_from_slice(fixed.as_bytes());
                text.push(b'"');
            }
            Member::Count => text.extend_from_slice(total.to_string().as_bytes()),
            Member::Metadata => text.extend_from_slice(
                format!("{{\"count\":{total},\"limit\":{limit},\"offset\":{offset}}}").as_bytes(),
            ),
            Member::Items => write_items(&mut text, items),
        }
    }
    text.push(b'}');
    text.into()
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
