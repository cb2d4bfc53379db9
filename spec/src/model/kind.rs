//! What the controller stores: reads `x-kind`.

use serde_json::Value;

use super::lifecycle::{self, Lifecycle};
use super::mark::Mark;
use super::reader::{Fields, Reader};
use super::reference::{self, Reference};
use super::view::{self, ViewField};
use super::walk;
use super::{Scope, words};
use crate::pointer;

/// A schema whose values are objects with an identity.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// The schema's name.
    pub name: String,
    /// The version of the document it is defined in.
    pub document: String,
    /// The API group.
    pub group: String,
    /// The version in the group.
    pub version: String,
    /// Other values of `apiVersion` that clients send and mean the same by.
    pub also_versions: Vec<String>,
    /// The plural, as in paths.
    pub plural: String,
    /// Whether objects live in a partner, an organization or a project.
    pub scope: Scope,
    /// The scope that objects of this kind are, such as `project`.
    pub container: Option<String>,
    /// Where the name of the namespace stands that an object lies in, as a JSON pointer.
    pub namespace: Option<String>,
    /// What objects of this kind have to say about who may do what.
    pub authority: Option<Authority>,
    /// How an account logs in to the console, where it does.
    pub login: Option<Login>,
    /// Where an object carries its identity.
    pub identity: Identity,
    /// Which objects it needs, sorted by place.
    pub references: Vec<Reference>,
    /// Places that cannot be changed once written, sorted; `*` stands for each item.
    pub immutable: Vec<String>,
    /// Places that are written but never shown, sorted; `*` stands for each item.
    pub secrets: Vec<String>,
    /// Those of them that are kept as a hash beside the object, sorted.
    pub hashed: Vec<String>,
    /// What of it a controller starts with.
    pub initial: Option<Initial>,
    /// What it passes through after it was written.
    pub lifecycle: Option<Lifecycle>,
    /// Fields that the controller fills with facts of the organization (`x-from: $organization...`).
    pub context: Vec<ViewField>,
}

/// What an object has to say about who may do what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// It is an account, which callers act for.
    Account,
    /// It gives roles to the accounts that belong to it.
    Group,
    /// It is a role.
    Role,
}

/// Where an account has what a login to the console is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Login {
    /// The place of its password, of which a hash is kept.
    pub password: String,
    /// The place that says what the account is for.
    pub console_at: String,
    /// What stands there where it may use the console.
    pub console_is: String,
    /// The place of the time of its last login.
    pub last: String,
}

/// Objects of a kind that a controller starts with.
#[derive(Clone, Debug, PartialEq)]
pub struct Initial {
    /// Of what there is one object each; none for one object alone.
    pub of: Option<InitialOf>,
    /// The object, with `$` words where values are taken from elsewhere.
    pub body: Value,
}

/// Of what a controller starts with an object each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitialOf {
    /// The organization itself, whose id the object has.
    Organization,
    /// The first account of an organization, whose parts the `$body` words take from the request that makes both.
    Founder,
    /// The built-in roles, whose parts the `$` words name.
    Roles,
}

impl InitialOf {
    /// Every one with its name in the documents.
    pub const ALL: [(&str, InitialOf); 3] = [
        ("organization", InitialOf::Organization),
        ("founder", InitialOf::Founder),
        ("roles", InitialOf::Roles),
    ];
}

impl Authority {
    /// Every authority with its name in the documents.
    pub const ALL: [(&str, Authority); 3] = [
        ("account", Authority::Account),
        ("group", Authority::Group),
        ("role", Authority::Role),
    ];
}

/// Where an object carries its identity, as JSON pointers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name, unique in its scope.
    pub name: String,
    /// The id, unique for good.
    pub id: String,
    /// When it was created.
    pub created: String,
    /// When it was last written.
    pub modified: String,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            name: "/metadata/name".to_owned(),
            id: "/metadata/id".to_owned(),
            created: "/metadata/createdAt".to_owned(),
            modified: "/metadata/modifiedAt".to_owned(),
        }
    }
}

const SCOPES: [(&str, Scope); 3] = [
    ("partner", Scope::Partner),
    ("organization", Scope::Organization),
    ("project", Scope::Project),
];
const CONTAINERS: [(&str, Scope); 4] = [
    ("partner", Scope::Partner),
    ("organization", Scope::Organization),
    ("project", Scope::Project),
    ("namespace", Scope::Namespace),
];

/// The kinds of a document, sorted by name.
pub(super) fn read_all(reader: &mut Reader<'_>) -> Vec<Kind> {
    let enter = walk::reaching(reader.json, words::REFERENCES);
    let from = walk::reaching(reader.json, words::FROM);
    let immutable = Mark::new(reader, words::IMMUTABLE);
    let secret = Mark::new(reader, words::SECRET);
    let hashed = Mark::hashed(reader);
    let mut kinds = Vec::new();
    for (name, schema) in reader.schemas() {
        let pointer = pointer::join("/components/schemas", name);
        let lifecycle = schema.get(words::LIFECYCLE);
        let Some(word) = schema.get(words::KIND) else {
            if lifecycle.is_some() {
                let at = pointer::join(&pointer, words::LIFECYCLE);
                reader.malformed(&at, "x-lifecycle stands on a schema with x-kind");
            }
            continue;
        };
        let Some(mut kind) = read(reader, &pointer, name, word) else {
            continue;
        };
        kind.references = reference::read_all(reader, schema, &pointer, &enter);
        kind.context = view::fields(reader, schema, &pointer, &from);
        kind.immutable = immutable.places(reader, schema);
        kind.secrets = secret.places(reader, schema);
        kind.hashed = hashed.places(reader, schema);
        kind.lifecycle = lifecycle.and_then(|word| {
            lifecycle::read(reader, &pointer::join(&pointer, words::LIFECYCLE), word)
        });
        kinds.push(kind);
    }
    kinds
}

fn read<'a>(reader: &mut Reader<'a>, pointer: &str, name: &str, word: &'a Value) -> Option<Kind> {
    let at = pointer::join(pointer, words::KIND);
    let allowed = [
        "group",
        "version",
        "also",
        "plural",
        "scope",
        "container",
        "namespace",
        "authority",
        "login",
        "identity",
        "initial",
    ];
    let fields = reader.fields(&at, word, &allowed)?;
    let group = fields.text("group", reader);
    let version = fields.text("version", reader);
    let also_versions = match fields.get("also") {
        None => Vec::new(),
        Some(word) => {
            let texts: Option<Vec<String>> = word.as_array().and_then(|list| {
                list.iter()
                    .map(|text| text.as_str().map(str::to_owned))
                    .collect()
            });
            if texts.is_none() {
                let message = "`also` must be a list of values of apiVersion";
                reader.malformed(&fields.at("also"), message);
            }
            texts.unwrap_or_default()
        }
    };
    let plural = fields.text("plural", reader);
    let scope = fields.choice("scope", &SCOPES, reader);
    let container = fields
        .get("container")
        .and_then(|_| fields.choice("container", &CONTAINERS, reader));
    let authority = fields
        .get("authority")
        .and_then(|_| fields.choice("authority", &Authority::ALL, reader));
    let namespace = fields.optional_text("namespace", reader);
    let login = fields
        .get("login")
        .and_then(|word| login(reader, &fields.at("login"), word));
    let identity = identity(reader, &fields);
    let initial = fields
        .get("initial")
        .and_then(|word| initial(reader, &fields.at("initial"), word));
    Some(Kind {
        name: name.to_owned(),
        document: reader.version.to_owned(),
        group: group?,
        version: version?,
        also_versions,
        plural: plural?,
        scope: scope?,
        container: container.map(|scope| scope.as_str().to_owned()),
        namespace,
        authority,
        login,
        identity,
        references: Vec::new(),
        immutable: Vec::new(),
        secrets: Vec::new(),
        hashed: Vec::new(),
        initial,
        lifecycle: None,
        context: Vec::new(),
    })
}

fn login<'a>(reader: &mut Reader<'a>, pointer: &str, word: &'a Value) -> Option<Login> {
    let fields = reader.fields(pointer, word, &["password", "console", "last"])?;
    let (password, last) = (fields.text("password", reader), fields.text("last", reader));
    let console = fields.require("console", reader)?;
    let console = reader.fields(&fields.at("console"), console, &["at", "is"])?;
    Some(Login {
        password: password?,
        console_at: console.text("at", reader)?,
        console_is: console.text("is", reader)?,
        last: last?,
    })
}

fn initial<'a>(reader: &mut Reader<'a>, pointer: &str, word: &'a Value) -> Option<Initial> {
    let fields = reader.fields(pointer, word, &["of", "body"])?;
    let of = match fields.get("of") {
        None => None,
        Some(_) => Some(fields.choice("of", &InitialOf::ALL, reader)?),
    };
    let body = fields.require("body", reader)?.clone();
    Some(Initial { of, body })
}

fn identity<'a>(reader: &mut Reader<'a>, kind: &Fields<'a>) -> Identity {
    let mut identity = Identity::default();
    let Some(word) = kind.get("identity") else {
        return identity;
    };
    let allowed = ["name", "id", "created", "modified"];
    if let Some(fields) = reader.fields(&kind.at("identity"), word, &allowed) {
        let targets = [
            &mut identity.name,
            &mut identity.id,
            &mut identity.created,
            &mut identity.modified,
        ];
        for (key, target) in allowed.into_iter().zip(targets) {
            if let Some(pointer) = fields.optional_text(key, reader) {
                *target = pointer;
            }
        }
    }
    identity
}

impl Kind {
    /// Where the name of the namespace stands that an object lies in; a namespace lies in itself.
    pub fn namespace_at(&self) -> Option<&str> {
        match self.container.as_deref() {
            Some("namespace") => Some(&self.identity.name),
            _ => self.namespace.as_deref(),
        }
    }
}
