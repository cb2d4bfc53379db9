//! What the objects of `OpenAPI` 3.0 and 3.1 are made of: fields, their form, and which are needed.

mod tables;

use Kind as K;
use Shape::{List, Object, Referable, Text};

/// An object of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Header,
    Example,
    Link,
    Callback,
    Components,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    Flows,
    Flow,
    Requirement,
    Tag,
}

/// The form of a field's value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Any,
    Text,
    Flag,
    Number,
    /// A whole number that is not negative.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A schema's `type`: a word, and in 3.1 a list of words too.
    Type,
    /// A limit that is a flag in 3.0 and a number in 3.1.
    Exclusive,
    /// A flag or a schema.
    Additional,
    Object(Kind),
    /// An object, or a reference to one.
    Referable(Kind),
    List(&'static Shape),
    Map(&'static Shape),
}

/// One field of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// Whether the object means nothing without it.
    pub(super) needed: bool,
    /// Whether only 3.1 has it.
    pub(super) is_new: bool,
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        needed: false,
        is_new: false,
    }
}

const fn needed(name: &'static str, shape: Shape) -> Field {
    Field {
        needed: true,
        ..field(name, shape)
    }
}

const fn new(name: &'static str, shape: Shape) -> Field {
    Field {
        is_new: true,
        ..field(name, shape)
    }
}

/// The types of a schema.
pub(super) const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

/// The fields that an object of a kind may have; for kinds whose keys are names there are none.
pub(super) fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        K::Document => tables::DOCUMENT,
        K::Info => tables::INFO,
        K::Contact => tables::CONTACT,
        K::License => tables::LICENSE,
        K::Server => tables::SERVER,
        K::ServerVariable => tables::SERVER_VARIABLE,
        K::PathItem => tables::PATH_ITEM,
        K::Operation => tables::OPERATION,
        K::ExternalDocs => tables::EXTERNAL_DOCS,
        K::Parameter => tables::PARAMETER,
        K::Header => tables::HEADER,
        K::RequestBody => tables::REQUEST_BODY,
        K::MediaType => tables::MEDIA_TYPE,
        K::Encoding => tables::ENCODING,
        K::Response => tables::RESPONSE,
        K::Example => tables::EXAMPLE,
        K::Link => tables::LINK,
        K::Components => tables::COMPONENTS,
        K::Discriminator => tables::DISCRIMINATOR,
        K::Xml => tables::XML,
        K::SecurityScheme => tables::SECURITY_SCHEME,
        K::Flows => tables::FLOWS,
        K::Flow => tables::FLOW,
        K::Tag => tables::TAG,
        K::Schema => tables::SCHEMA,
        K::Paths | K::Responses | K::Callback | K::Requirement => &[],
    }
}

/// The form of what stands under the names of an object whose keys are names.
pub(super) fn others(kind: Kind) -> Option<Shape> {
    match kind {
        K::Paths => Some(Object(K::PathItem)),
        K::Callback => Some(Referable(K::PathItem)),
        K::Responses => Some(Referable(K::Response)),
        K::Requirement => Some(List(&Text)),
        _ => None,
    }
}
