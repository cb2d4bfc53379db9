//! What becomes of each thing a document can say.

use serde_json::{Value, json};

use super::documents::{refer, with_operation, with_properties, with_schemas};
use super::{file, generate};

/// The declaration of the only property of `spec`, attribute and field.
fn property(schema: Value, required: bool) -> String {
    let required = if required { json!(["a"]) } else { json!([]) };
    let spec = json!({"type": "object", "required": required, "properties": {"a": schema}});
    let types = file(with_schemas(spec, json!({})), "v9/types.rs");
    let (_, after) = types.split_once("pub struct ThingSpec {\n").unwrap();
    let (fields, _) = after.split_once("    /// Members that").unwrap();
    fields.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[test]
fn optional_properties_are_none_when_absent_and_lose_their_default() {
    let attribute = "#[serde(skip_serializing_if = \"Option::is_none\")]";
    for (schema, ty) in [
        (json!({"type": "string", "default": "x"}), "String"),
        (json!({"type": "string", "format": "date-time"}), "String"),
        (
            json!({"type": "string", "format": "byte", "pattern": "^x$"}),
            "String",
        ),
        (
            json!({"type": "string", "format": "password"}),
            "crate::Secret",
        ),
        (json!({"type": "string", "x-secret": true}), "crate::Secret"),
        (json!({"type": "boolean"}), "bool"),
        (
            json!({"type": "integer", "format": "int32", "minimum": 1}),
            "i32",
        ),
        (json!({"type": "number"}), "serde_json::Number"),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            "Vec<String>",
        ),
        (json!({"type": "array"}), "Vec<serde_json::Value>"),
        (
            json!({"type": "object"}),
            "serde_json::Map<String, serde_json::Value>",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            "std::collections::BTreeMap<String, String>",
        ),
        (json!({}), "serde_json::Value"),
        (
            json!({"allOf": [refer("Metadata")], "description": ""}),
            "Metadata",
        ),
        (
            json!({"type": "object", "properties": {"b": {"type": "string"}}}),
            "ThingSpecA",
        ),
        (json!({"type": "string", "enum": ["x"]}), "ThingSpecA"),
        (json!({"oneOf": [refer("Metadata")]}), "ThingSpecA"),
    ] {
        assert_eq!(
            property(schema, false),
            format!("{attribute} pub a: Option<{ty}>,")
        );
    }
    assert_eq!(
        property(json!({"type": "integer"}), false),
        "#[serde(default, deserialize_with = \"crate::wire::optional_int64\", \
         skip_serializing_if = \"Option::is_none\")] pub a: Option<i64>,"
    );
}

#[test]
fn required_properties_may_be_absent_all_the_same() {
    for (schema, expected) in [
        (
            json!({"type": "string"}),
            "#[serde(default)] pub a: String,",
        ),
        (
            json!({"type": "string", "default": "x"}),
            "#[serde(default = \"defaults::thing_spec_a\")] pub a: String,",
        ),
        (
            json!({"type": "number"}),
            "#[serde(default = \"defaults::thing_spec_a\")] pub a: serde_json::Number,",
        ),
        (
            json!({"type": "integer", "format": "int64"}),
            "#[serde(default, deserialize_with = \"crate::wire::int64\")] pub a: i64,",
        ),
        (
            json!({"type": "array", "items": {}}),
            "#[serde(default, deserialize_with = \"crate::wire::or_default\")] \
             pub a: Vec<serde_json::Value>,",
        ),
        (
            refer("Metadata"),
            "#[serde(default, deserialize_with = \"crate::wire::or_default\")] pub a: Metadata,",
        ),
        (
            json!({"type": "string", "nullable": true}),
            "#[serde(default)] pub a: Option<String>,",
        ),
    ] {
        assert_eq!(property(schema, true), expected);
    }
}

#[test]
fn objects_that_hold_themselves_are_boxed_there() {
    let node = json!({
        "type": "object",
        "properties": {"next": refer("Node"), "all": {"type": "array", "items": refer("Node")}},
    });
    let types = file(
        with_schemas(refer("Node"), json!({"Node": node})),
        "v9/types.rs",
    );
    assert!(types.contains("pub next: Option<Box<Node>>,"), "{types}");
    assert!(types.contains("pub all: Option<Vec<Node>>,"), "{types}");
}

#[test]
fn enumerations_and_unions_are_tables() {
    let object = |required: Value| json!({"type": "object", "required": required, "properties": {"b": {}, "a": {}}});
    let types = file(
        with_schemas(
            json!({"type": "object", "properties": {
                "mode": {"type": "string", "enum": ["on-off", "Unknown", "1st"], "description": "How."},
                "config": {"oneOf": [refer("RawConfig"), refer("ThingSpecConfig_v2"), {"type": "string"}]},
            }}),
            json!({"RawConfig": object(json!(["a"])), "ThingSpecConfig_v2": object(json!([]))}),
        ),
        "v9/types.rs",
    );
    for expected in [
        "    /// How.\n    pub enum ThingSpecMode {\n        OnOff = \"on-off\",\n        \
         UnknownValue = \"Unknown\",\n        X1st = \"1st\",\n    }\n",
        "        Raw(RawConfig as Box<RawConfig>): Object { known: &[\"a\", \"b\"], required: &[\"a\"] },\n",
        "        V2(ThingSpecConfigV2 as Box<ThingSpecConfigV2>): Object \
         { known: &[\"a\", \"b\"], required: &[] },\n",
        "        Text(String as String): Text,\n",
    ] {
        assert!(types.contains(expected), "{expected}\nis not in\n{types}");
    }
}

#[test]
fn prose_cannot_break_the_documentation() {
    let text = "Ends */ here, [link] to <b>, see https://x.y/z.\n\n    indented\n```\nfenced `code [0]`\n```";
    let types = file(
        with_properties(json!({"a": {"type": "string", "description": text}})),
        "v9/types.rs",
    );
    let expected = "    /// Ends */ here, \\[link\\] to \\<b\\>, see <https://x.y/z>.\n    ///\n    \
                    /// indented\n    /// fenced `code [0]`\n";
    assert!(types.contains(expected), "{types}");
    let mut document = with_properties(json!({"a": {}}));
    document["paths"]["/things/{project}"]["get"]["description"] = json!(text);
    let client = file(document, "v9/client.rs");
    assert!(
        client.contains("/// Ends */ here, \\[link\\] to \\<b\\>"),
        "{client}"
    );
}

/// The code without white space, which depends on how long a line is.
fn plain(code: &str) -> String {
    code.split_whitespace().collect()
}

#[test]
fn every_failure_is_the_error_schema_and_every_success_is_read_by_the_sdk() {
    let client = file(with_properties(json!({"a": {}})), "v9/client.rs");
    for expected in [
        "ResponseValue<::std::vec::Vec<crate::v9::types::Thing>>",
        "Error<crate::v9::types::Error>",
        "self.send(\"things_list\",",
        "self.send(\"things_apply\",",
        "self.send_for_nothing(\"things_delete\",",
        "crate::transport::decode(self.answer(operation_id, request).await?).await",
        "Ok(ResponseValue::empty(self.answer(operation_id, request).await?))",
        "200..=299 => Ok(response),",
        "400..=599 =>",
        "Err(Error::ErrorResponse(crate::transport::decode(response).await?))",
    ] {
        assert!(
            plain(&client).contains(&plain(expected)),
            "{expected}\nis not in\n{client}"
        );
    }
    for unexpected in ["from_response", "pub fn new", "pub mod types"] {
        assert!(
            !client.contains(unexpected),
            "{unexpected}\nis in\n{client}"
        );
    }
}

#[test]
fn conditional_headers_and_aliases_are_left_out_and_text_comes_as_text() {
    let text = json!({
        "parameters": [
            {"name": "If-Match", "in": "header", "schema": {"type": "string"}},
            {"name": "order", "in": "query", "schema": {"type": "string", "enum": ["ASC", "DESC"]}},
        ],
        "responses": {"200": {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    });
    let client = file(with_operation(text), "v9/client.rs");
    assert!(
        client.contains("order: Option<&'a crate::v9::types::ExtraGetOrder>"),
        "{client}"
    );
    assert!(
        client.contains("Result<ResponseValue<String>, Error<crate::v9::types::Error>>"),
        "{client}"
    );
    assert!(!client.contains("if_match"), "{client}");

    let alias = json!({"x-alias-of": "things_list"});
    assert!(!file(with_operation(alias), "v9/client.rs").contains("extra_get"));
}

#[test]
fn kinds_become_resources_and_applies_are_known_to_be_repeatable() {
    let document = || with_properties(json!({"a": {}}));
    let resources = file(document(), "v9/resources.rs");
    for expected in [
        "impl crate::Resource for types::Thing {",
        "const COLLECTION: &'static str = \"/things/{project}\";",
        "type Scope = crate::ProjectScoped;",
    ] {
        assert!(
            resources.contains(expected),
            "{expected}\nis not in\n{resources}"
        );
    }
    let module = file(document(), "v9/mod.rs");
    assert!(
        module.contains("idempotent_posts: [\n        \"things_apply\",\n    ],"),
        "{module}"
    );
}

#[test]
fn a_kind_is_found_at_its_own_path_though_it_also_stands_under_a_parent() {
    let mut document = with_properties(json!({"a": {}}));
    let mut list = document["paths"]["/things/{project}"]["get"].clone();
    list["operationId"] = json!("all_things_list");
    let parent =
        json!({"name": "box", "in": "path", "required": true, "schema": {"type": "string"}});
    list["parameters"].as_array_mut().unwrap().push(parent);
    document["paths"]["/boxes/{project}/{box}/things"] = json!({"get": list});
    let resources = file(document, "v9/resources.rs");
    let expected = "const COLLECTION: &'static str = \"/things/{project}\";";
    assert!(resources.contains(expected), "{resources}");
}

#[test]
fn a_conflict_that_is_a_text_leaves_the_errors_as_they_are() {
    let text = json!({"text/plain": {"schema": {"type": "string"}}});
    let extra = json!({"responses": {
        "200": {"description": ""},
        "409": {"description": "", "content": text},
    }});
    let client = file(with_operation(extra), "v9/client.rs");
    let method = "Result<ResponseValue<()>, Error<crate::v9::types::Error>>";
    assert!(plain(&client).contains(&plain(method)), "{client}");
}

#[test]
fn each_version_says_which_document_it_was_made_from() {
    let document = with_properties(json!({}));
    let stamp = rafay_spec::release::Index::default().stamp("v9", &document);
    let text = file(document.clone(), "v9/document.rs");
    for expected in [
        "version: \"v9\",",
        "release: \"9\",",
        // No release of it is known.
        "released: false,",
        &format!("sha256: \"{}\",", stamp.sha256),
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    assert!(file(document, "mod.rs").contains("v9::DOCUMENT,"));
}

#[test]
fn only_what_is_referred_to_is_generated_and_always_in_the_same_order() {
    let document = || {
        with_schemas(
            json!({"type": "object", "properties": {"z": {}, "a": {}}}),
            json!({"Unused": {"type": "object", "properties": {"a": {}}}}),
        )
    };
    let files = generate(document()).unwrap();
    assert_eq!(files, generate(document()).unwrap());
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "mod.rs",
            "v9/client.rs",
            "v9/document.rs",
            "v9/mod.rs",
            "v9/resources.rs",
            "v9/types.rs"
        ]
    );
    assert!(
        files
            .iter()
            .all(|(_, text)| text.starts_with("// @generated by `cargo xtask generate`"))
    );
    assert!(files.iter().all(|(_, text)| !text.contains("Unused")));
}
