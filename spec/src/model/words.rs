//! The extension vocabulary as a table: which words exist and what each may stand on.

use crate::grammar::Position;

pub(crate) const PERMISSION: &str = "x-permission";
pub(crate) const BEHAVIOR: &str = "x-behavior";
pub(crate) const ALIAS_OF: &str = "x-alias-of";
pub(crate) const FROM: &str = "x-from";
pub(crate) const PAGE: &str = "x-page";
pub(crate) const KIND: &str = "x-kind";
pub(crate) const VIEW_OF: &str = "x-view-of";
pub(crate) const LIFECYCLE: &str = "x-lifecycle";
pub(crate) const REFERENCES: &str = "x-references";
pub(crate) const IMMUTABLE: &str = "x-immutable";
pub(crate) const SECRET: &str = "x-secret";

/// What a word may stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Operation,
    ComponentSchema,
    /// A property, or a schema that describes the values of one.
    Schema,
    /// The same, or a path parameter.
    SchemaOrParameter,
    Parameter,
}

impl Place {
    pub(crate) fn admits(self, position: Position) -> bool {
        match self {
            Place::Operation => position == Position::Operation,
            Place::ComponentSchema => position == Position::ComponentSchema,
            Place::Schema => position.is_schema(),
            Place::SchemaOrParameter => position.is_schema() || position == Position::Parameter,
            Place::Parameter => position == Position::Parameter,
        }
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Place::Operation => "an operation",
            Place::ComponentSchema => "a schema of its own name",
            Place::Schema => "a property",
            Place::SchemaOrParameter => "a property or a path parameter",
            Place::Parameter => "a query parameter",
        }
    }
}

/// Every word.
pub(crate) const WORDS: [(&str, Place); 11] = [
    (PERMISSION, Place::Operation),
    (BEHAVIOR, Place::Operation),
    (ALIAS_OF, Place::Operation),
    (FROM, Place::SchemaOrParameter),
    (PAGE, Place::Parameter),
    (KIND, Place::ComponentSchema),
    (VIEW_OF, Place::ComponentSchema),
    (LIFECYCLE, Place::ComponentSchema),
    (REFERENCES, Place::Schema),
    (IMMUTABLE, Place::Schema),
    (SECRET, Place::Schema),
];
