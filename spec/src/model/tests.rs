//! Reading the fixture's documents into the model.

use std::path::Path;

use serde_json::json;

use super::{Behavior, Document, From, Of, Permission, Scope, Verb, find_kind};
use crate::spec::Spec;

fn mini() -> Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mini");
    Spec::load(&folder).unwrap()
}

fn operation<'a>(document: &'a Document, id: &str) -> &'a super::Operation {
    let mut operations = document.operations.iter();
    operations.find(|operation| operation.id == id).unwrap()
}

#[test]
fn documents_and_operations_are_sorted() {
    let spec = mini();
    let versions: Vec<_> = spec.documents.iter().map(|d| d.version.as_str()).collect();
    assert_eq!(versions, ["v1", "v3"]);
    let ids: Vec<_> = spec.documents[1]
        .operations
        .iter()
        .map(|o| o.id.as_str())
        .collect();
    insta::assert_snapshot!(ids.join(" "), @"about_get widgets_apply widgets_delete widgets_get widgets_list widgets_spin widgets_status");
}

#[test]
fn an_operation_has_what_its_words_say() {
    let spec = mini();
    let list = operation(&spec.documents[1], "widgets_list");
    assert_eq!(
        (list.method.as_str(), list.tag.as_str()),
        ("GET", "Widgets")
    );
    assert_eq!(
        list.path,
        "/apis/mini.example/v3/projects/{project}/widgets"
    );
    assert_eq!(
        list.behavior,
        Behavior::Verb {
            verb: Verb::List,
            kind: "Widget".to_owned()
        }
    );
    let of = Of::Parameter("project".to_owned());
    let name = "widget.read".to_owned();
    let scope = Scope::Project;
    assert_eq!(
        list.permission,
        Permission::Named {
            name,
            scope,
            of,
            self_parameter: None
        }
    );
    let parameters: Vec<_> = list.parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(parameters, ["limit", "offset", "project"]);
    let statuses: Vec<_> = list.responses.iter().map(|r| r.status.as_str()).collect();
    assert_eq!(statuses, ["200", "401", "403", "404", "default"]);
    assert_eq!(list.responses[0].headers, ["X-Total"]);
    let page = json!({"$ref": "#/components/schemas/WidgetList"});
    assert_eq!(
        list.responses[0].content,
        [("application/json".to_owned(), page)]
    );

    let apply = operation(&spec.documents[1], "widgets_apply");
    let request = apply.request.as_ref().unwrap();
    assert!(request.required);
    assert_eq!(request.content_types, ["application/json"]);

    let get = operation(&spec.documents[0], "widgets_get");
    assert_eq!(
        get.path_parameter("id").unwrap().from.as_deref(),
        Some("/metadata/id")
    );
    let old = operation(&spec.documents[0], "widgets_list_old");
    assert_eq!(old.alias_of.as_deref(), Some("widgets_list"));
}

#[test]
fn a_kind_knows_its_places() {
    let spec = mini();
    let kind = &spec.documents[1].kinds[0];
    assert_eq!(
        (kind.name.as_str(), kind.plural.as_str()),
        ("Widget", "widgets")
    );
    assert_eq!(kind.identity, super::Identity::default());
    assert_eq!(kind.immutable, ["/metadata/name"]);
    assert_eq!(kind.secrets, ["/spec/token"]);
    // Parts contain parts: each schema is entered once on any way.
    let references: Vec<_> = kind.references.iter().map(|r| r.pointer.as_str()).collect();
    assert_eq!(references, ["/spec/parts/*/widget"]);
    assert!(!kind.references[0].same_project);
    assert_eq!(kind.references[0].builtin, ["nothing"]);
    let lifecycle = kind.lifecycle.as_ref().unwrap();
    assert_eq!(lifecycle.steps[1].after_seconds, 30);
    assert_eq!(lifecycle.steps[1].set["/status/phase"], "Ready");
    assert_eq!(lifecycle.failure.as_ref().unwrap().at, "ready");
}

#[test]
fn a_view_may_show_a_kind_of_another_document() {
    let spec = mini();
    let view = &spec.documents[0].views[0];
    let kind = find_kind(&spec.documents, "v1", &view.kind).unwrap();
    assert_eq!(kind.document, "v3");
    let shown: Vec<String> = view
        .fields
        .iter()
        .map(|field| {
            let from = match &field.from {
                From::Pointer(pointer) => pointer.clone(),
                From::Organization(property) => format!("organization {property}"),
            };
            format!(
                "{} <- {from}{}",
                field.pointer,
                if field.read_only { " (read only)" } else { "" }
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    /id <- /metadata/id (read only)
    /name <- /metadata/name
    /organization <- organization id (read only)
    /state <- /status/phase (read only)
    "#);
}

#[test]
fn references_are_resolved_in_their_document() {
    let spec = mini();
    let document = &spec.documents[1];
    assert!(document.resolve("#/components/schemas/Widget").is_some());
    assert_eq!(document.resolve("#/components/schemas/Gone"), None);
    assert_eq!(document.resolve("elsewhere"), None);
}

#[test]
fn bare_references_in_a_circle_lead_nowhere() {
    let circle = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}});
    assert!(super::follow(&circle, &circle["a"]).is_null());
}

#[test]
fn a_place_is_found_through_every_form_of_schema() {
    let document = json!({"components": {"schemas": {
        "Node": {"type": "object", "properties": {
            "next": {"$ref": "#/components/schemas/Node"},
            "list": {"type": "array", "items": {"properties": {"a": {}}}},
            "map": {"type": "object", "additionalProperties": {"properties": {"b": {}}}},
            "free": {"type": "object"},
            "either": {"oneOf": [{"properties": {"c": {}}}, {"properties": {"d": {}}}]},
            "itself": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
        }},
        "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
    }}});
    let schema = json!({"$ref": "#/components/schemas/Node"});
    for (pointer, expected) in [
        ("", true),
        ("/next/next/list/0/a", true),
        ("/list/-/a", true),
        ("/list/a", false),
        ("/map/anything/b", true),
        ("/map/anything/c", false),
        ("/free/as/a/bird", true),
        ("/either/d", true),
        ("/either/e", false),
        ("/itself/a", false),
        ("next", false),
    ] {
        assert_eq!(
            super::walk::has_place(&document, &schema, pointer),
            expected,
            "{pointer}"
        );
    }
}
