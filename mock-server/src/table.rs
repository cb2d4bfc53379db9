//! The shape of the tables that `cargo xtask generate` fills from the documents: operations, kinds, views and
//! roles. Everything is `static` data, so a controller starts without parsing or building anything.

use crate::generated::roles::Permission;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::schema::{Path, Schema};

/// One API version: its documents' operations and the shape its errors take.
#[derive(Debug)]
pub(crate) struct Version {
    /// Name of the version, such as `v3`.
    pub(crate) name: &'static str,
    /// Shape of every error body of the version.
    pub(crate) errors: ErrorShape,
    /// First path segments that belong to this version, so that an unknown path still gets the right error shape.
    pub(crate) prefixes: &'static [&'static str],
}

/// How a version writes an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorShape {
    /// `{code, external, internal, details[{pointer, detail}]}`
    Code,
    /// `{details: [{error_code, detail, pointer}]}`
    Details,
}

/// One operation of a document.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The document's `operationId`.
    pub(crate) id: &'static str,
    /// The version whose document declares it.
    pub(crate) version: &'static Version,
    /// HTTP method, upper case.
    pub(crate) method: &'static str,
    /// Path template without a trailing slash.
    pub(crate) path: &'static str,
    /// Who may call it.
    pub(crate) access: Access,
    /// What it does.
    pub(crate) behavior: Behavior,
    /// Path, query and header parameters.
    pub(crate) parameters: &'static [Parameter],
    /// Schema of the body, where the operation takes one.
    pub(crate) request: Option<&'static Schema>,
    /// Status of a successful answer.
    pub(crate) success: u16,
    /// How the kind is shown, where the operation speaks of a view of it.
    pub(crate) view: Option<&'static View>,
    /// Form of the answer of a list.
    pub(crate) envelope: Option<&'static Envelope>,
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Access {
    /// Any caller with a good key; the handler looks at who it is.
    Caller,
    /// Callers with the permission.
    Needs {
        /// The permission asked for.
        permission: Permission,
        /// Where it must hold.
        reach: Reach,
        /// Path parameter that, holding the caller's own user id, stands in for the permission.
        own: Option<&'static str>,
    },
}

/// Where a permission must hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach {
    /// In the whole organization.
    Organization,
    /// In the project that the path parameter names, or in the whole organization.
    Project {
        /// Name of the path parameter.
        parameter: &'static str,
        /// Whether the parameter holds the project's id and not its name.
        by_id: bool,
    },
    /// In any project; the answer holds only what the caller may see.
    AnyProject,
}

/// What an operation does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behavior {
    /// A standard verb on a kind.
    Verb(Verb, &'static Kind),
    /// Code of its own, named by the document; the generated table refers to it, so it must exist.
    Handler(fn(&Call<'_>) -> Result<Reply, Refusal>),
}

/// The standard verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// One page of the objects.
    List,
    /// Create or update by name.
    Apply,
    /// Create; a taken name is a conflict.
    Create,
    /// Read one.
    Get,
    /// Replace one that exists.
    Replace,
    /// Remove one.
    Delete,
    /// Read one for its status.
    Status,
    /// Read one for its artifacts.
    Artifacts,
}

/// A declared parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// Name as declared.
    pub(crate) name: &'static str,
    /// Where it stands.
    pub(crate) place: Place,
    /// Whether a request without it is refused.
    pub(crate) required: bool,
    /// What it may hold.
    pub(crate) schema: &'static Schema,
    /// Whether a path parameter holds the object's id and not its name.
    pub(crate) by_id: bool,
}

impl Parameter {
    /// A path parameter that holds a name.
    pub(crate) const fn path(name: &'static str) -> Self {
        Self {
            name,
            place: Place::Path,
            required: true,
            schema: &Schema::Any,
            by_id: false,
        }
    }

    /// A path parameter that holds an id.
    pub(crate) const fn id(name: &'static str) -> Self {
        let mut parameter = Self::path(name);
        parameter.by_id = true;
        parameter
    }

    /// A query parameter.
    pub(crate) const fn query(name: &'static str, required: bool, schema: &'static Schema) -> Self {
        Self {
            name,
            place: Place::Query,
            required,
            schema,
            by_id: false,
        }
    }

    /// A header, whose text is read by the step that it concerns.
    pub(crate) const fn header(name: &'static str, required: bool) -> Self {
        Self {
            name,
            place: Place::Header,
            required,
            schema: &Schema::Any,
            by_id: false,
        }
    }
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// A kind of object that the engine stores.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Name of the kind and of its schema.
    pub(crate) name: &'static str,
    /// `group/version`, the value of `apiVersion`.
    pub(crate) api_version: &'static str,
    /// Whether every object belongs to a project.
    pub(crate) in_project: bool,
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
    /// Whether objects carry `apiVersion` and `kind`.
    pub(crate) self_describing: bool,
    /// Places that only the controller writes, not reaching into lists.
    pub(crate) controlled: &'static [Path],
    /// Places that cannot change once set, not reaching into lists.
    pub(crate) immutable: &'static [Path],
    /// Facts of the organization that the controller writes into every object.
    pub(crate) context: &'static [(Path, Context)],
    /// Names of other objects that an object holds.
    pub(crate) references: &'static [Reference],
    /// What happens to an object as time goes by.
    pub(crate) lifecycle: Option<&'static Lifecycle>,
}

/// A fact of the organization that a field takes its value from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Context {
    /// The organization's id.
    OrganizationId,
    /// The organization's name.
    OrganizationName,
}

/// A field that names another object.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Where it stands; `*` is every item of a list.
    pub(crate) at: Path,
    /// Kind of the object named.
    pub(crate) kind: &'static Kind,
    /// Names that need no object.
    pub(crate) builtin: &'static [&'static str],
}

/// Steps that a new object passes through on the controller's clock.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    /// The steps by time.
    pub(crate) steps: &'static [Step],
    /// What happens instead of a step when a test asked for failure.
    pub(crate) failure: Option<Failure>,
}

/// One step of a lifecycle.
#[derive(Debug)]
pub(crate) struct Step {
    /// Seconds after creation.
    pub(crate) after: u64,
    /// Places and the JSON written there; the string `$now` becomes the time of the step.
    pub(crate) set: &'static [(Path, &'static str)],
}

/// The failure path of a lifecycle.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Index of the step it takes the place of.
    pub(crate) at: usize,
    /// Places and the JSON written there.
    pub(crate) set: &'static [(Path, &'static str)],
}

/// A schema of an older version that shows a kind in another form.
#[derive(Debug)]
pub(crate) struct View {
    /// Fields of the view and where they come from.
    pub(crate) fields: &'static [ViewField],
}

/// One field of a view.
#[derive(Debug)]
pub(crate) struct ViewField {
    /// Where it stands in the view.
    pub(crate) at: Path,
    /// Where its value comes from.
    pub(crate) from: Source,
    /// Whether a client may not write it.
    pub(crate) read_only: bool,
}

/// Where a view's field comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// A place in the kind.
    Kind(Path),
    /// A fact of the organization.
    Context(Context),
}

/// How a list is wrapped, as its schema says: members in the order they are written.
#[derive(Debug)]
pub(crate) struct Envelope {
    /// Name and content of every member.
    pub(crate) members: &'static [(&'static str, Member)],
}

/// Content of a member of a list's envelope.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Member {
    /// A fixed text.
    Text(&'static str),
    /// The objects of the page.
    Items,
    /// How many objects there are on all pages together.
    Count,
    /// An object of count, limit and offset.
    Metadata,
}
