//! Parameters of operations, and what their values mean.

use crate::schema::{Path, Schema};

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
