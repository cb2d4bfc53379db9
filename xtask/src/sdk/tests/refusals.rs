//! What the generator cannot make is refused with its place and with what to do, never by a panic.

use serde_json::{Value, json};

use super::documents::{refer, with_operation, with_properties, with_schemas};
use super::generate;

/// Checks that `document` is refused at `pointer`, for a reason that has `words` in it.
#[track_caller]
fn refused(document: Value, pointer: &str, words: &str) {
    let error = match generate(document) {
        Ok(_) => panic!("accepted, although at {pointer} it says {words}"),
        Err(error) => error.to_string(),
    };
    assert!(error.starts_with(&format!("v9{pointer}: ")), "{error}");
    assert!(error.contains(words), "{error}");
    assert!(error.contains("; "), "says what to do: {error}");
}

const SPEC: &str = "/components/schemas/Thing/properties/spec";

#[test]
fn schemas_without_a_form() {
    let at = format!("{SPEC}/properties/a");
    for (schema, words) in [
        (json!({"anyOf": [{"type": "string"}]}), "anyOf"),
        (json!({"not": {}}), "not"),
        (
            json!({"allOf": [refer("Error"), refer("Metadata")]}),
            "allOf",
        ),
        (json!({"type": "text"}), "type: text"),
        (
            json!({"$ref": "other.yaml#/schemas/X"}),
            "not a schema component",
        ),
    ] {
        refused(with_properties(json!({"a": schema})), &at, words);
    }
    refused(
        with_properties(json!({"a": refer("Nowhere")})),
        &at,
        "no schema component `Nowhere`",
    );
}

#[test]
fn names_that_collide() {
    let both = json!({"fooBar": {"type": "string"}, "foo_bar": {"type": "string"}});
    refused(
        with_properties(both),
        &format!("{SPEC}/properties/foo_bar"),
        "`fooBar`",
    );

    let own = json!({"unknownFields": {"type": "string"}});
    refused(
        with_properties(own),
        &format!("{SPEC}/properties/unknownFields"),
        "unknown fields",
    );

    let values = json!({"a": {"type": "string", "enum": ["on-off", "onOff"]}});
    refused(
        with_properties(values),
        &format!("{SPEC}/properties/a/enum"),
        "`on-off`",
    );

    let object = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}});
    let twice = with_schemas(
        json!({"type": "object", "properties": {"a": refer("APIKey"), "b": refer("Api_Key")}}),
        json!({"APIKey": object("x"), "Api_Key": object("y")}),
    );
    refused(
        twice,
        "/components/schemas/Api_Key",
        "/components/schemas/APIKey",
    );
}

#[test]
fn unions_that_cannot_be_told() {
    let at = format!("{SPEC}/properties/a/oneOf/1");
    let same = json!({"a": {"oneOf": [refer("Error"), refer("Error")]}});
    refused(with_properties(same), &at, "same type");
    let text = json!({"a": {"oneOf": [{"type": "integer"}, {"type": "number"}]}});
    refused(with_properties(text), &at, "Rust name");
}

#[test]
fn a_schema_of_nothing_but_itself() {
    let circle = with_schemas(
        refer("A"),
        json!({"A": {"type": "array", "items": refer("A")}}),
    );
    refused(circle, "/components/schemas/A", "nothing but itself");
}

#[test]
fn operations_without_a_form() {
    let at = "/paths/~1extra/get";
    let parameter = |value: Value| json!({"parameters": [value]});
    for (extra, below, words) in [
        (json!({"operationId": null}), "", "operationId"),
        (
            json!({"responses": {"default": {"description": ""}}}),
            "/responses",
            "no success",
        ),
        (
            json!({"requestBody": {"content": {"application/yaml": {"schema": {}}}}}),
            "/requestBody/content",
            "application/yaml",
        ),
        (
            json!({"responses": {"200": {"description": "", "content": {"application/json": {}}}}}),
            "/responses/200/content/application~1json",
            "no `schema`",
        ),
        (
            json!({"responses": {
                "200": {"description": ""},
                "202": {"description": "", "content": {"application/json": {"schema": {}}}},
            }}),
            "/responses/202",
            "different bodies",
        ),
        (
            json!({"responses": {"200": {"$ref": "#/components/responses/No"}}}),
            "/responses/200",
            "nowhere",
        ),
        (
            parameter(json!({"name": "c", "in": "cookie", "schema": {}})),
            "/parameters/0",
            "`cookie`",
        ),
        (
            parameter(json!({"name": "h", "in": "header", "required": true, "schema": {}})),
            "/parameters/0",
            "`header`",
        ),
        (
            parameter(json!({"name": "q", "in": "query", "content": {}})),
            "/parameters/0",
            "no `schema`",
        ),
        (
            parameter(json!({"name": "q", "in": "query", "schema": {"type": "object"}})),
            "/parameters/0/schema",
            "plain value",
        ),
        (
            parameter(json!({"name": "q", "in": "query", "style": "deepObject", "schema": {}})),
            "/parameters/0/style",
            "`form`",
        ),
        (
            parameter(json!({"name": "body", "in": "query", "schema": {"type": "string"}})),
            "/parameters/0",
            "`body`",
        ),
        (
            parameter(
                json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}),
            ),
            "",
            "not in the path",
        ),
    ] {
        refused(with_operation(extra), &format!("{at}{below}"), words);
    }
    let mut options = with_operation(json!({}));
    let operation = options["paths"]["/extra"]["get"].take();
    options["paths"]["/extra"] = json!({"options": operation});
    refused(options, "/paths/~1extra/options", "options");

    let mut place = with_operation(json!({}));
    let operation = place["paths"]["/extra"]["get"].take();
    place["paths"]["/extra/{id}"] = json!({"get": operation});
    refused(place, "/paths/~1extra~1{id}/get", "`id` is in the path");
}

#[test]
fn two_error_schemas() {
    let failure = json!({
        "description": "",
        "content": {"application/json": {"schema": refer("Thing")}},
    });
    let extra = json!({"responses": {"200": {"description": ""}, "404": failure}});
    let at = "/paths/~1things~1{project}/delete/responses/401";
    refused(
        with_operation(extra),
        at,
        "/paths/~1extra/get/responses/404",
    );
}

#[test]
fn operations_that_become_one_method() {
    for id in ["things_list", "thingsList"] {
        let at = "/paths/~1things~1{project}/get/operationId";
        refused(
            with_operation(json!({"operationId": id})),
            at,
            &format!("same method as `{id}`"),
        );
    }
}

#[test]
fn a_document_without_an_error_schema() {
    let mut document = with_properties(json!({"a": {"type": "string"}}));
    for method in ["get", "post", "delete"] {
        let responses = &mut document["paths"]["/things/{project}"][method]["responses"];
        responses
            .as_object_mut()
            .unwrap()
            .retain(|code, _| code == "200");
    }
    refused(document, "/paths", "no operation documents a failure");
}

#[test]
fn a_kind_whose_place_and_scope_differ() {
    let mut document = with_properties(json!({"a": {"type": "string"}}));
    document["components"]["schemas"]["Thing"]["x-kind"]["scope"] = json!("organization");
    refused(document, "/components/schemas/Thing", "scope");
}
