//! Parameters, and what the value of one in the path is.

use rafay_spec::model::Page;
use rafay_spec::{Document, Kind, Operation, Parameter, ParameterFrom, ParameterIn};

use super::kind_of;
use crate::mock::schemas;
use crate::mock::text::{Error, path};

/// What the value of a path parameter is.
pub(super) enum Meaning {
    Name,
    Id,
    NameOrId,
    ProjectId,
    OrganizationId,
    Place(String),
    IdOf(String, Option<String>),
}

impl Meaning {
    pub(super) fn is_id(&self) -> bool {
        matches!(self, Meaning::Id | Meaning::ProjectId)
    }

    fn written(&self) -> String {
        match self {
            Meaning::Name => "Means::Name".to_owned(),
            Meaning::Id => "Means::Id".to_owned(),
            Meaning::NameOrId => "Means::NameOrId".to_owned(),
            Meaning::ProjectId => "Means::ProjectId".to_owned(),
            Meaning::OrganizationId => "Means::OrganizationId".to_owned(),
            Meaning::Place(place) => format!("Means::Place({})", path(place)),
            Meaning::IdOf(kind, at) => {
                let at = at
                    .as_ref()
                    .map_or("None".to_owned(), |at| format!("Some({})", path(at)));
                format!("Means::IdOf({kind:?}, {at})")
            }
        }
    }
}

pub(super) fn means(kind: Option<&Kind>, parameter: &Parameter) -> Meaning {
    match (&parameter.from, kind) {
        (Some(ParameterFrom::NameOrId), _) => Meaning::NameOrId,
        (Some(ParameterFrom::ProjectId), _) => Meaning::ProjectId,
        (Some(ParameterFrom::OrganizationId), _) => Meaning::OrganizationId,
        (Some(ParameterFrom::IdOf { kind, at }), _) => Meaning::IdOf(kind.clone(), at.clone()),
        (Some(ParameterFrom::Place(place)), Some(kind)) if *place == kind.identity.id => {
            Meaning::Id
        }
        (Some(ParameterFrom::Place(place)), Some(kind)) if *place != kind.identity.name => {
            Meaning::Place(place.clone())
        }
        _ => Meaning::Name,
    }
}

pub(super) fn written_parameter(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
    parameter: &Parameter,
) -> Result<String, Error> {
    let name = format!("{:?}", parameter.name);
    let required = parameter.required;
    let kind = kind_of(documents, document, operation)?;
    Ok(match parameter.location {
        ParameterIn::Path => format!(
            "Parameter::path({name}, {})",
            means(kind, parameter).written()
        ),
        ParameterIn::Header => format!("Parameter::header({name}, {required})"),
        ParameterIn::Query => {
            let schema = schemas::parameter(document, &parameter.schema, &operation.pointer)?;
            match &parameter.page {
                Some(page) => format!("Parameter::page({name}, Page::{}, &{schema})", role(page)),
                None => format!("Parameter::query({name}, {required}, &{schema})"),
            }
        }
    })
}

fn role(page: &Page) -> String {
    match page {
        Page::Place(place) => format!("Place({})", path(place)),
        other => format!("{other:?}"),
    }
}
