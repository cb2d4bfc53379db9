//! Operations: where each is, what it takes and does, and the form of its answer.

use super::{Access, Kind, Parameter, View};
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::{Content, Reply};
use crate::schema::Schema;

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
