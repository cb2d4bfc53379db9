//! Reading the fixture's documents into the model.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    Authority, Behavior, Context, Document, From, Of, Page, ParameterFrom, Permission, Scope,
    Template, Translation, Verb, find_kind,
};
use crate::bundle::Bundle;
use crate::source::SourceMap;
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
    insta::assert_snapshot!(ids.join(" "), @"about_get widget_spares_list widgets_apply widgets_card widgets_delete widgets_get widgets_label widgets_list widgets_polish widgets_spin widgets_status");
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
    assert_eq!(statuses, ["200", "401", "403", "404", "429", "default"]);
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
        get.path_parameter("id").unwrap().from,
        Some(ParameterFrom::Place("/metadata/id".to_owned()))
    );
    let old = operation(&spec.documents[0], "widgets_list_old");
    assert_eq!(old.alias_of.as_deref(), Some("widgets_list"));
}

#[test]
fn an_operation_may_act_on_an_object_or_render_it() {
    let spec = mini();
    let behavior = |id: &str| operation(&spec.documents[1], id).behavior.clone();
    let kind = || "Widget".to_owned();
    let action = "polish".to_owned();
    let polish = Behavior::Action {
        kind: kind(),
        action,
    };
    assert_eq!(behavior("widgets_polish"), polish);
    assert_eq!((polish.kind(), polish.verb()), (Some("Widget"), None));
    let template = Template::Text("Widget ${/metadata/name} of ${project}".to_owned());
    let label = Behavior::Render {
        kind: kind(),
        template,
    };
    assert_eq!(behavior("widgets_label"), label);
    assert_eq!((label.kind(), label.verb()), (Some("Widget"), None));
    let template = Template::Json(json!({"title": {"base64": "${/metadata/name}"}}));
    let card = Behavior::Render {
        kind: kind(),
        template,
    };
    assert_eq!(behavior("widgets_card"), card);
    let spin = behavior("widgets_spin");
    assert_eq!((spin.kind(), spin.verb()), (None, None));
    assert_eq!(behavior("widgets_get").verb(), Some(Verb::Get));
}

#[test]
fn a_parameter_says_what_it_is() {
    let spec = mini();
    let list = operation(&spec.documents[1], "widget_spares_list");
    let from = |name: &str| list.path_parameter(name).unwrap().from.clone();
    let parent = ParameterFrom::Place("/spec/widget".to_owned());
    assert_eq!(from("widget"), Some(parent));
    assert_eq!(from("project"), None);
    let pages: Vec<_> = list.parameters.iter().map(|p| p.page.clone()).collect();
    assert_eq!(pages, [Some(Page::Limit), Some(Page::Offset), None, None]);
    let old = operation(&spec.documents[0], "widgets_get");
    assert_eq!(
        old.path_parameter("project").unwrap().from,
        Some(ParameterFrom::ProjectId)
    );
}

#[test]
fn a_kind_knows_its_places() {
    let spec = mini();
    let kind = &spec.documents[1].kinds[1];
    assert_eq!(
        (kind.name.as_str(), kind.plural.as_str()),
        ("Widget", "widgets")
    );
    assert_eq!(kind.identity, super::Identity::default());
    assert_eq!(kind.immutable, ["/metadata/name"]);
    assert_eq!(kind.secrets, ["/spec/seal", "/spec/token"]);
    assert_eq!(kind.hashed, ["/spec/seal"]);
    let initial = kind.initial.as_ref().unwrap();
    assert_eq!(initial.of, Some(super::InitialOf::Roles));
    assert_eq!(initial.body["metadata"]["name"], "$/name");
    // Parts contain parts: each schema is entered once on any way.
    let references: Vec<_> = kind.references.iter().map(|r| r.pointer.as_str()).collect();
    assert_eq!(references, ["/spec/parts/*/widget"]);
    assert!(!kind.references[0].same_project);
    assert_eq!(kind.references[0].builtin, ["nothing"]);
    let kinds: Vec<&str> = kind.references[0].kinds().collect();
    assert_eq!(kinds, ["Widget", "Spare"]);
    let spare = &spec.documents[1].kinds[0];
    assert_eq!(spare.references[0].pointer, "/spec/widget");
    assert!(spare.references[0].owner && spare.references[0].same_project);
    assert!(!kind.references[0].owner);
}

/// Words as a sentence.
fn told(words: &Translation) -> String {
    let pairs: Vec<String> = words
        .pairs
        .iter()
        .map(|(stored, shown)| format!("{stored} as {shown}"))
        .collect();
    let otherwise = words.otherwise.clone().unwrap_or_default();
    format!("{}, else {otherwise}", pairs.join(", "))
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
                From::Context(fact) => format!("{fact:?}"),
                From::Annotation => "an annotation".to_owned(),
                From::Map { at, words } => format!("{at}: {}", told(words)),
                From::Each { at, members } => {
                    let members: Vec<String> = members
                        .iter()
                        .map(|(name, words)| format!("{name}: {}", told(words)))
                        .collect();
                    format!("each of {at} with {}", members.join(", "))
                }
                From::Constant(value) => format!("always {value}"),
            };
            format!(
                "{} <- {from}{}",
                field.pointer,
                if field.read_only { " (read only)" } else { "" }
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    /history <- each of /status/conditions with reason: "Made" as "DONE", else null (read only)
    /id <- /metadata/id (read only)
    /name <- /metadata/name
    /organization <- OrganizationId (read only)
    /phase <- /status/phase (read only)
    /project <- ProjectName (read only)
    /revision <- always 1 (read only)
    /state <- /status/phase: "Broken" as "BROKEN", "Ready" as "DONE", else "BUSY"
    /title <- an annotation
    "#);
    let places: Vec<_> = view.fields.iter().map(|field| field.from.place()).collect();
    let phase = Some("/status/phase");
    let (id, name) = (Some("/metadata/id"), Some("/metadata/name"));
    let history = Some("/status/conditions");
    assert_eq!(
        places,
        [history, id, name, None, phase, None, None, phase, None]
    );
}

#[test]
fn another_member_of_an_item_may_decide_what_is_shown() {
    let each = json!({"state": {"map": {"a": "A"}, "first": {"of": "why", "map": {"b": "B"}}}});
    let list = json!({"type": "array", "x-from": {"at": "/status/list", "each": each}});
    let schema = json!({"x-view-of": "Thing", "properties": {"list": list}});
    let document = document_of("Old", &schema);
    assert!(document.problems.is_empty());
    let From::Each { members, .. } = &document.views[0].fields[0].from else {
        panic!("{:?}", document.views[0].fields)
    };
    let first = members[0].1.first.as_ref().unwrap();
    assert_eq!(
        (first.of.as_str(), first.pairs.as_slice()),
        ("why", &[(json!("b"), json!("B"))][..])
    );
}

#[test]
fn a_parameter_of_a_path_may_be_the_id_of_another_object() {
    let id_of = |kind: &str, at: Option<&str>| ParameterFrom::IdOf {
        kind: kind.to_owned(),
        at: at.map(str::to_owned),
    };
    let spec = Spec::load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let v1 = spec.document("v1").unwrap();
    let from = |id: &str, name: &str| {
        let found = operation(v1, id);
        found.path_parameter(name).unwrap().from.clone()
    };
    let tied = Some("/spec/cluster");
    assert_eq!(from("commands_get", "edgeId"), Some(id_of("Cluster", tied)));
    assert!(operation(v1, "commands_get").has_parent());
    assert_eq!(from("group_users_add", "id"), Some(id_of("Group", None)));
    assert!(!operation(v1, "group_users_add").has_parent());
}

/// A document of one schema.
fn document_of(name: &str, schema: &Value) -> Document {
    let bundle = Bundle {
        json: json!({"components": {"schemas": {name: schema}}}),
        sources: SourceMap::default(),
        unused: Vec::new(),
    };
    Document::new("v3", bundle)
}

#[test]
fn a_kind_may_say_who_may_do_what() {
    let kind = |authority: &str| {
        let word = json!({"group": "mini.example", "version": "v3", "plural": "things",
            "scope": "organization", "authority": authority});
        document_of("Thing", &json!({"x-kind": word}))
    };
    for (word, authority) in [
        ("account", Authority::Account),
        ("group", Authority::Group),
        ("role", Authority::Role),
    ] {
        let document = kind(word);
        assert!(document.problems.is_empty());
        assert_eq!(document.kinds[0].authority, Some(authority));
    }
    assert_eq!(kind("king").problems.len(), 1);
}

#[test]
fn every_fact_around_an_object_can_be_shown() {
    for (word, fact) in [
        ("$organization.id", Context::OrganizationId),
        ("$organization.name", Context::OrganizationName),
        ("$project.id", Context::ProjectId),
        ("$project.name", Context::ProjectName),
    ] {
        let property = json!({"type": "string", "x-from": word});
        let schema = json!({"x-view-of": "Thing", "properties": {"fact": property}});
        let document = document_of("Old", &schema);
        assert!(document.problems.is_empty());
        assert_eq!(document.views[0].fields[0].from, From::Context(fact));
    }
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
