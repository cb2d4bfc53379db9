//! Documents to make tables of: projects, accounts and things in the newest version, things as a view in the older one.

use serde_json::{Value, json};

/// The newest version. `lifecycle` is that of things, `extra` is put over the operation that reads a thing.
pub(super) fn newest(lifecycle: Value, extra: Value) -> Value {
    let metadata = || json!({"type": "object", "properties": {"name": {"type": "string"}}});
    let kind = |plural: &str, scope: &str, more: Value| {
        let mut word =
            json!({"group": "g.example", "version": "v3", "plural": plural, "scope": scope});
        put_over(&mut word, more);
        json!({"type": "object", "x-kind": word, "properties": {"metadata": metadata()}})
    };
    let mut thing = kind("things", "project", json!({}));
    thing["x-lifecycle"] = lifecycle;
    let mut part = kind("parts", "project", json!({}));
    part["properties"]["of"] =
        json!({"type": "string", "x-references": {"kind": "Thing", "owner": true}});
    let mut get = json!({
        "operationId": "things_get",
        "x-permission": {"name": "thing.read", "scope": "project"},
        "x-behavior": {"verb": "get", "kind": "Thing"},
        "responses": {"200": answer("Thing"), "404": answer("Problem")},
    });
    put_over(&mut get, extra);
    json!({
        "paths": {"/things/{project}/{name}": {"parameters": path(&["project", "name"]), "get": get}},
        "components": {"schemas": {
            "Problem": {"type": "object", "properties": {"external": {"type": "string"}}},
            "Partner": kind("partners", "partner", json!({"container": "partner"})),
            "Organization": kind("organizations", "partner", json!({"container": "organization"})),
            "Project": kind("projects", "organization", json!({"container": "project"})),
            "User": kind("users", "organization", json!({"authority": "account"})),
            "Thing": thing,
            "Part": part,
        }},
    })
}

/// The older version: `fields` are those of its view of a thing, `extra` is put over the operation that reads one.
pub(super) fn older(fields: Value, extra: Value) -> Value {
    let mut get = json!({
        "operationId": "old_things_get",
        "x-permission": {"name": "thing.read", "scope": "project"},
        "x-behavior": {"verb": "get", "kind": "Thing"},
        "parameters": path(&["project", "name"]),
        "responses": {"200": answer("OldThing"), "404": answer("Problem")},
    });
    put_over(&mut get, extra);
    json!({
        "paths": {"/old/{project}/things/{name}/": {"get": get}},
        "components": {"schemas": {
            "Problem": {"type": "object", "properties": {"details": {"type": "array"}}},
            "OldThing": {"type": "object", "x-view-of": "Thing", "properties": fields},
        }},
    })
}

/// Parameters of a path.
pub(super) fn path(names: &[&str]) -> Value {
    let parameter = |name: &&str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
    names.iter().map(parameter).collect()
}

/// An answer, or a body, of a schema.
pub(super) fn answer(schema: &str) -> Value {
    let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
    json!({"description": "", "content": {"application/json": {"schema": schema}}})
}

fn put_over(value: &mut Value, more: Value) {
    let (Value::Object(entries), Value::Object(more)) = (value, more) else {
        return;
    };
    entries.extend(more);
}
