//! The shape of the tables that `cargo xtask generate` fills from the documents: operations, kinds, views and
//! roles. Everything is `static` data, so a controller starts without parsing or building anything.

use crate::engine::Effect;
use crate::generated::roles::Permission;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::{Content, Reply};
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
    /// `{code, message, details[{pointer, detail}]}`
    Status,
}

/// One operation of a document.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of the document, and they combine freely"
)]
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
    /// The view of the kind that an action's body has; it is written into the object first.
    pub(crate) merges: Option<&'static View>,
    /// Form of the answer of a list; none for a bare array.
    pub(crate) envelope: Option<&'static Envelope>,
    /// Whether a success has a body.
    pub(crate) answers: bool,
    /// Whether one object is answered as a list of one.
    pub(crate) wrapped: bool,
    /// Whether a conflict is answered as a plain text, as one family of paths does.
    pub(crate) text_conflict: bool,
    /// Whether the body may be left out.
    pub(crate) optional_body: bool,
}

impl Operation {
    /// Whether it is about many objects, so that a parameter of its path names none of them.
    pub(crate) fn is_about_many(&self) -> bool {
        matches!(
            self.behavior,
            Behavior::Verb(Verb::List | Verb::Apply | Verb::Create, _)
        )
    }

    /// The kind that it is about; for one about no stored kind, the first part of its `operationId`.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.behavior {
            Behavior::Verb(_, kind) | Behavior::Act(kind, _) | Behavior::Render(kind, _) => {
                kind.name
            }
            Behavior::Handler(_) => self.id.split('_').next().unwrap_or_default(),
        }
    }

    /// What most operations are like; the table says of each what differs.
    pub(crate) const USUAL: Operation = Operation {
        id: "",
        version: &Version {
            name: "",
            errors: ErrorShape::Code,
            prefixes: &[],
        },
        method: "GET",
        path: "",
        access: Access::Caller,
        behavior: Behavior::Handler(nothing),
        parameters: &[],
        request: None,
        success: 200,
        view: None,
        merges: None,
        envelope: None,
        answers: true,
        wrapped: false,
        text_conflict: false,
        optional_body: false,
    };
}

/// Stands in [`Operation::USUAL`] for the behaviour that every row of the table says.
#[expect(clippy::unnecessary_wraps, reason = "it has the form of every handler")]
fn nothing(_: &Call<'_>) -> Result<Reply, Refusal> {
    Ok(Reply::new(Content::None))
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Access {
    /// Anybody, with a key or without; the handler looks at what it was sent.
    Public,
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

impl Access {
    /// A permission in the whole organization.
    pub(crate) const fn organization(permission: Permission) -> Self {
        Self::of(permission, Reach::Organization)
    }

    /// A permission in the partner with all its organizations.
    pub(crate) const fn partner(permission: Permission) -> Self {
        Self::of(permission, Reach::Partner)
    }

    /// A permission in any project.
    pub(crate) const fn any_project(permission: Permission) -> Self {
        Self::of(permission, Reach::AnyProject)
    }

    /// A permission in the project whose name stands in a path parameter.
    pub(crate) const fn project(permission: Permission, parameter: &'static str) -> Self {
        let by_id = false;
        Self::of(permission, Reach::Project { parameter, by_id })
    }

    /// A permission in the project whose id stands in a path parameter.
    pub(crate) const fn project_id(permission: Permission, parameter: &'static str) -> Self {
        let by_id = true;
        Self::of(permission, Reach::Project { parameter, by_id })
    }

    const fn of(permission: Permission, reach: Reach) -> Self {
        let own = None;
        Self::Needs {
            permission,
            reach,
            own,
        }
    }

    /// The same, and a caller whose own user id stands in a path parameter needs no permission.
    pub(crate) const fn or_own(self, parameter: &'static str) -> Self {
        match self {
            Self::Needs {
                permission, reach, ..
            } => Self::Needs {
                permission,
                reach,
                own: Some(parameter),
            },
            other => other,
        }
    }
}

/// Where a permission must hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach {
    /// In the partner, with all its organizations.
    Partner,
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
    /// The flow of this index in the kind's lifecycle, started on one object.
    Act(&'static Kind, usize),
    /// An answer made from one object.
    Render(&'static Kind, Template),
    /// Code of its own, named by the document; the generated table refers to it, so it must exist.
    Handler(fn(&Call<'_>) -> Result<Reply, Refusal>),
}

/// What an answer is made by; `${...}` in texts stands for a place of the object.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Template {
    /// A text of a media type.
    Text(&'static str, &'static str),
    /// JSON, in which an object with `base64` alone becomes the base64 of its text.
    Json(&'static str),
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
    /// What the value of a path parameter is.
    pub(crate) means: Means,
    /// What a list does with a query parameter.
    pub(crate) page: Option<Page>,
}

/// What the value of a path parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// A name, or whatever a handler takes it for.
    Name,
    /// The object's id.
    Id,
    /// The object's name, or its id where nothing has the name.
    NameOrId,
    /// The id of the project that the operation works in.
    ProjectId,
    /// The id of the organization that the operation works in.
    OrganizationId,
    /// The value at a place of the object, which ties it to a parent.
    Place(Path),
    /// The id of an object of the kind by this name, in the same project where kinds are in one; and the place that has
    /// the name of that object, which ties to it as a parent.
    IdOf(&'static str, Option<Path>),
}

/// What a list does with a query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// How many objects a page holds.
    Limit,
    /// How many objects come before the page.
    Offset,
    /// `ASC` or `DESC`.
    Order,
    /// By what the objects are sorted.
    OrderBy,
    /// A part of the name.
    Search,
    /// The name.
    Name,
    /// Labels that objects must have.
    Selector,
    /// What must stand at this place of an object, in the form in which the operation shows it.
    Place(Path),
}

impl Parameter {
    const fn new(
        name: &'static str,
        place: Place,
        required: bool,
        schema: &'static Schema,
    ) -> Self {
        Self {
            name,
            place,
            required,
            schema,
            means: Means::Name,
            page: None,
        }
    }

    /// A path parameter.
    pub(crate) const fn path(name: &'static str, means: Means) -> Self {
        let mut parameter = Self::new(name, Place::Path, true, &Schema::Any);
        parameter.means = means;
        parameter
    }

    /// A query parameter.
    pub(crate) const fn query(name: &'static str, required: bool, schema: &'static Schema) -> Self {
        Self::new(name, Place::Query, required, schema)
    }

    /// A query parameter that a list goes by.
    pub(crate) const fn page(name: &'static str, page: Page, schema: &'static Schema) -> Self {
        let mut parameter = Self::new(name, Place::Query, false, schema);
        parameter.page = Some(page);
        parameter
    }

    /// A header, whose text is read by the step that it concerns.
    pub(crate) const fn header(name: &'static str, required: bool) -> Self {
        Self::new(name, Place::Header, required, &Schema::Any)
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
    /// The built-in roles, whose parts the words name.
    Roles,
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
}

/// What an object does as the controller's clock passes.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    /// The flows: first the one that starts when the object is made, then that of changed places, then the actions.
    pub(crate) flows: &'static [Flow],
    /// Places whose change starts the second flow.
    pub(crate) changed: &'static [Path],
    /// What is made again and again.
    pub(crate) schedule: Option<Schedule>,
}

/// Steps by time, and how they go wrong.
#[derive(Debug)]
pub(crate) struct Flow {
    /// Name, for messages and for code that starts it.
    pub(crate) name: &'static str,
    /// Places and the JSON values one of which must stand there; `null` for nothing.
    pub(crate) when: &'static [(Path, &'static [&'static str])],
    /// The steps by time.
    pub(crate) steps: &'static [Step],
    /// What happens instead of a step when a test asked for failure.
    pub(crate) failure: Option<Failure>,
}

/// One step of a flow.
#[derive(Debug)]
pub(crate) struct Step {
    /// Name, for code that comes back to it.
    pub(crate) name: &'static str,
    /// When it comes, counted from the start of the flow.
    pub(crate) after: After,
    /// Places and the JSON written there, with the words of `engine::fill`.
    pub(crate) set: Sets,
    /// An object it makes.
    pub(crate) spawn: Option<Spawn>,
    /// Another object it writes: kind, name and places.
    pub(crate) also: Option<(&'static Kind, &'static str, Sets)>,
    /// Whether the object goes.
    pub(crate) remove: bool,
    /// Code of its own, named by the document.
    pub(crate) effect: Option<EffectCode>,
}

/// The code of a step that the document names.
pub(crate) type EffectCode = fn(&mut Effect<'_>) -> Result<(), Refusal>;

/// Places and the JSON written there.
pub(crate) type Sets = &'static [(Path, &'static str)];

/// How long after the start of its flow a step comes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum After {
    /// So many seconds.
    Seconds(u64),
    /// The duration that stands at a place of the object.
    Place(Path),
}

/// An object to be made in the same project.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spawn {
    /// Its kind.
    pub(crate) kind: &'static Kind,
    /// Its JSON, with the words of `engine::fill`.
    pub(crate) body: &'static str,
}

/// Objects made by a cron expression.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// Where the expression stands.
    pub(crate) cron: Path,
    /// The place that, being true, suspends it.
    pub(crate) unless: Option<Path>,
    /// What is made.
    pub(crate) spawn: Spawn,
}

/// The failure path of a flow.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Index of the step it takes the place of.
    pub(crate) at: usize,
    /// Places and the JSON written there.
    pub(crate) set: Sets,
    /// Code of its own, named by the document.
    pub(crate) effect: Option<EffectCode>,
}

impl Step {
    /// A step that sets places and does nothing else.
    pub(crate) const fn new(name: &'static str, after: After, set: Sets) -> Self {
        Self {
            name,
            after,
            set,
            spawn: None,
            also: None,
            remove: false,
            effect: None,
        }
    }
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
    /// A fact that is not stored with the object.
    Context(Context),
    /// An annotation of the object that holds the value as JSON text; the name is the annotation's key.
    Annotation(&'static str),
    /// A place in the kind, in other words.
    Map(&'static Translation),
    /// A list in the kind, with members of its items in other words; never written.
    Each(Path, &'static [(&'static str, Words)]),
    /// Always this JSON.
    Constant(&'static str),
}

/// A place and what a view shows for the values there.
#[derive(Debug)]
pub(crate) struct Translation {
    /// Where the stored value stands.
    pub(crate) at: Path,
    /// What is shown for it.
    pub(crate) words: Words,
}

/// Stored values and what a view shows for them.
#[derive(Debug)]
pub(crate) struct Words {
    /// Stored text and the JSON shown for it.
    pub(crate) pairs: &'static [(&'static str, &'static str)],
    /// JSON shown for anything else.
    pub(crate) otherwise: Option<&'static str>,
    /// Of an item: another member that is looked at before, its texts and the JSON shown for each.
    pub(crate) first: Option<(&'static str, &'static [(&'static str, &'static str)])>,
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
    /// Where the next page is, or null.
    Next,
    /// Where the page before is, or null.
    Previous,
}
