//! Operations: what they do, what their parameters are, and where the fields of a view come from.

use serde_json::{Value, json};

use super::super::operations::generate;
use super::super::text::Error;
use super::documents::{answer, newest, older, path};
use super::{read, refused, says};

/// The table of both documents.
fn made(newest: Value, older: Value) -> Result<String, Error> {
    generate(&[&read("v3", newest), &read("v1", older)])
}

/// The table with the reading of a thing in the newest version written otherwise.
fn with(extra: Value) -> Result<String, Error> {
    let lifecycle = json!({"actions": {"go": {}, "stop": {}}});
    made(newest(lifecycle, extra), older(json!({}), json!({})))
}

/// The table with fields of the view.
fn viewed(fields: Value) -> String {
    made(newest(json!({}), json!({})), older(fields, json!({}))).unwrap()
}

/// The table with the reading of a thing in the older version written otherwise.
fn with_old(extra: Value) -> Result<String, Error> {
    let newest = newest(json!({"actions": {"go": {}}}), json!({}));
    made(newest, older(json!({}), extra))
}

#[test]
fn a_view_says_where_each_field_comes_from() {
    let code = viewed(json!({
        "id": {"readOnly": true, "x-from": "/metadata/id"},
        "project": {"x-from": "$project.id"},
        "metro": {"properties": {"city": {"x-from": "$annotation"}}},
        "version": {"x-from": {"value": "1.0"}},
        "state": {"x-from": {"at": "/status/state", "map": {"Ready": "DONE"}, "otherwise": 0}},
        "parts": {"x-from": {"at": "/spec/parts", "each": {"state": {
            "map": {"Ready": "DONE"}, "first": {"of": "reason", "map": {"wet": "DOING"}},
        }}}},
    }));
    says(
        &code,
        &[
            r#"{ at: &["id"], from: Source::Kind(&["metadata", "id"]), read_only: true }"#,
            r#"{ at: &["project"], from: Source::Context(Context::ProjectId), read_only: false }"#,
            r#"{ at: &["metro", "city"], from: Source::Annotation("rafay.dev/view.v1.metro.city"), read_only: false }"#,
            r#"from: Source::Constant("\"1.0\"")"#,
            r#"at: &["status", "state"]"#,
            r#"pairs: &[("Ready", "\"DONE\"")], otherwise: Some("0"), first: None"#,
            r#"otherwise: None, first: Some(("reason", &[("wet", "\"DOING\"")]))"#,
            r#"Source::Each(&["spec", "parts"], &[("state", "#,
            "view: Some(&V1_OLD_THING_VIEW)",
        ],
    );
}

#[test]
fn an_action_is_told_by_its_place_among_the_flows() {
    let extra =
        |action: &str| json!({"x-behavior": {"verb": "act", "kind": "Thing", "action": action}});
    // Those of creation and of changed places come first.
    says(
        &with(extra("go")).unwrap(),
        &["Behavior::Act(&kinds::THING, 2)"],
    );
    says(
        &with(extra("stop")).unwrap(),
        &["Behavior::Act(&kinds::THING, 3)"],
    );
    let unknown = with(extra("fly"));
    refused(
        unknown,
        "/paths/~1things~1{project}~1{name}/get",
        "`fly`, which is no action",
    );
}

#[test]
fn a_body_of_an_action_that_is_a_view_is_merged_and_any_other_is_not() {
    let act = |body: &str| {
        let mut body = answer(body);
        body["required"] = json!(false);
        let behavior = json!({"verb": "act", "kind": "Thing", "action": "go"});
        json!({"x-behavior": behavior, "requestBody": body})
    };
    let merging = with_old(act("OldThing")).unwrap();
    says(
        &merging,
        &["optional_body: true,", "merges: Some(&V1_OLD_THING_VIEW)"],
    );
    let other = with_old(act("Problem")).unwrap();
    assert!(!other.contains("merges:"), "{other}");
}

#[test]
fn what_is_rendered_keeps_its_template_and_its_type() {
    let text = json!({
        "x-behavior": {"verb": "render", "kind": "Thing", "template": "of ${project}"},
        "responses": {
            "200": {"description": "", "content": {"text/x-shellscript": {"schema": {"type": "string"}}}},
            "404": answer("Problem"),
        },
    });
    let expected =
        r#"Behavior::Render(&kinds::THING, Template::Text("text/x-shellscript", "of ${project}"))"#;
    says(&with(text).unwrap(), &[expected]);
    let body = json!({"x-behavior": {"verb": "render", "kind": "Thing", "body": {"a": ["${id}"]}}});
    let expected = r#"Behavior::Render(&kinds::THING, Template::Json("{\"a\":[\"${id}\"]}"))"#;
    says(&with(body).unwrap(), &[expected]);
    let silent = json!({
        "x-behavior": {"verb": "render", "kind": "Thing", "template": "a"},
        "responses": {"204": {"description": ""}, "404": answer("Problem")},
    });
    refused(
        with(silent),
        "/paths/~1things~1{project}~1{name}/get",
        "declares no content",
    );
}

#[test]
fn a_path_parameter_is_a_name_an_id_either_or_a_place() {
    let meant = |from: Value| {
        let mut parameters = path(&["project", "name"]);
        parameters[0]["x-from"] = json!("$project.id");
        parameters[1]["x-from"] = from;
        with_old(json!({"parameters": parameters})).unwrap()
    };
    for (from, expected) in [
        (json!("/metadata/name"), "Means::Name)"),
        (json!("/metadata/id"), "Means::Id)"),
        (json!("$name-or-id"), "Means::NameOrId)"),
        (json!("/spec/owner"), r#"Means::Place(&["spec", "owner"]))"#),
    ] {
        let code = meant(from);
        let name = format!("Parameter::path(\"name\", {expected}");
        says(
            &code,
            &[
                &name,
                r#"Parameter::path("project", Means::ProjectId)"#,
                "Access::project_id(",
            ],
        );
    }
}

#[test]
fn a_list_knows_its_paging_and_its_envelope() {
    let query =
        |name: &str, page: &str| json!({"name": name, "in": "query", "x-page": page, "schema": {}});
    let mut parameters = path(&["project", "name"]).as_array().unwrap().clone();
    for (name, page) in [
        ("options.limit", "limit"),
        ("skip", "offset"),
        ("sort", "order-by"),
        ("q", "search"),
        ("labels", "selector"),
    ] {
        parameters.push(query(name, page));
    }
    let page = json!({
        "type": "object",
        "properties": {
            "count": {"type": "integer"},
            "next": {"type": "string"},
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/OldThing"}},
        },
    });
    let list = |schema: &str| {
        json!({
            "x-behavior": {"verb": "list", "kind": "Thing"},
            "parameters": parameters,
            "responses": {"200": answer(schema), "404": answer("Problem")},
        })
    };
    let with_page = |page: &Value| {
        let mut document = older(json!({}), list("Page"));
        document["components"]["schemas"]["Page"] = page.clone();
        made(newest(json!({}), json!({})), document)
    };
    says(
        &with_page(&page).unwrap(),
        &[
            r#"Parameter::page("options.limit", Page::Limit, "#,
            r#"Parameter::page("skip", Page::Offset, "#,
            r#"Parameter::page("sort", Page::OrderBy, "#,
            r#"Parameter::page("q", Page::Search, "#,
            r#"Parameter::page("labels", Page::Selector, "#,
            r#"members: &[("count", Member::Count), ("next", Member::Next), ("results", Member::Items)]"#,
        ],
    );
    let mut odd = page;
    odd["properties"]["weather"] = json!({"type": "object"});
    refused(
        with_page(&odd),
        "/paths/~1old~1{project}~1things~1{name}~1/get",
        "member weather",
    );
}

#[test]
fn an_answer_may_be_an_array_of_the_one_and_a_conflict_a_text() {
    let items = json!({"type": "array", "items": {"$ref": "#/components/schemas/OldThing"}});
    let conflict =
        json!({"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}});
    let extra = json!({"responses": {
        "200": {"description": "", "content": {"application/json": {"schema": items}}},
        "404": answer("Problem"),
        "409": conflict,
    }});
    let expected = [
        "wrapped: true,",
        "text_conflict: true,",
        "view: Some(&V1_OLD_THING_VIEW)",
    ];
    says(&with_old(extra).unwrap(), &expected);
    let usual = with_old(json!({})).unwrap();
    assert!(
        !usual.contains("wrapped:") && !usual.contains("text_conflict:"),
        "{usual}"
    );
}

#[test]
fn what_is_shown_is_the_kind_or_a_view_of_it() {
    let extra = json!({"responses": {"200": answer("Problem"), "404": answer("Problem")}});
    let at = "/paths/~1old~1{project}~1things~1{name}~1/get";
    refused(
        with_old(extra),
        at,
        "neither the kind Thing nor a view of it",
    );
}

#[test]
fn one_path_does_not_stand_in_two_documents() {
    let mut again = older(json!({}), json!({}));
    let item = again["paths"]["/old/{project}/things/{name}/"].take();
    again["paths"] = json!({"/things/{project}/{name}/": item});
    let result = made(newest(json!({}), json!({})), again);
    refused(result, "/paths", "stands in two documents");
}
