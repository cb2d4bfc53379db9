//! Documents to generate from.

use serde_json::{Value, json};

/// A document with one kind, `Thing`, its list, apply and delete, and the given schemas besides,
/// which `Thing` holds in its `spec`.
pub(super) fn with_schemas(spec: Value, schemas: Value) -> Value {
    let parameters =
        json!([{"name": "project", "in": "path", "required": true, "schema": {"type": "string"}}]);
    let error = json!({"description": "", "content": content("Error")});
    let thing = json!({"description": "", "content": content("Thing")});
    let list = json!({"description": "", "content": {"application/json": {"schema": {"type": "array", "items": refer("Thing")}}}});
    let mut all = json!({
        "Error": {"type": "object", "properties": {"message": {"type": "string"}}},
        "Metadata": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "Thing": {
            "type": "object",
            "x-kind": {"group": "g", "version": "v9", "plural": "things", "scope": "project"},
            "properties": {"metadata": refer("Metadata"), "spec": spec},
        },
    });
    all.as_object_mut()
        .unwrap()
        .extend(schemas.as_object().unwrap().clone());
    let permission = json!({"name": "thing.write", "scope": "project"});
    let operation = |id: &str, verb: &str, success: Value| {
        json!({
            "operationId": id,
            "tags": ["Things"],
            "summary": id,
            "x-permission": permission,
            "x-behavior": {"verb": verb, "kind": "Thing"},
            "parameters": parameters,
            "responses": {"200": success, "401": error, "default": error},
        })
    };
    let mut apply = operation("things_apply", "apply", thing);
    apply["requestBody"] = json!({"required": true, "content": content("Thing")});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "9"},
        "paths": {
            "/things/{project}": {
                "get": operation("things_list", "list", list),
                "post": apply,
                "delete": operation("things_delete", "delete", json!({"description": ""})),
            },
        },
        "components": {"schemas": all},
    })
}

/// The same with nothing but `properties` in `spec`.
pub(super) fn with_properties(properties: Value) -> Value {
    with_schemas(
        json!({"type": "object", "properties": properties}),
        json!({}),
    )
}

/// The same with one more operation, a `GET` of `/extra`.
pub(super) fn with_operation(extra: Value) -> Value {
    let mut document = with_properties(json!({"a": {"type": "string"}}));
    let mut operation = json!({
        "operationId": "extra_get",
        "tags": ["Things"],
        "x-permission": "public",
        "x-behavior": {"handler": "extra"},
        "responses": {"200": {"description": ""}},
    });
    operation
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    document["paths"]["/extra"] = json!({"get": operation});
    document
}

pub(super) fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn content(name: &str) -> Value {
    json!({
        "application/json": {"schema": refer(name)},
        "application/yaml": {"schema": refer(name)},
    })
}
