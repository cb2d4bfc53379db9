//! Against reality: our document, and the one that a controller serves, written by others.

use std::fs;
use std::process::Command;

use rafay_spec::diff::{Comparison, Document, Options, Severity, diff};

const OURS: &str = "openapi: 3.0.3
info: {title: Ours, version: 1.0.0}
security: [{ApiKeyAuth: []}]
paths:
  /widgets:
    get:
      operationId: widgets_list
      tags: [Widgets]
      x-permission: {name: widget.read, scope: project}
      x-behavior: {verb: list, kind: Widget}
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/WidgetList'}}}}
        '429': {description: d}
  /widgets/{name}:
    get:
      operationId: widgets_get
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Widget'}}}}
    delete:
      operationId: widgets_delete
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: d}}
  /widgetss:
    get:
      operationId: widgetss_list
      deprecated: true
      x-alias-of: widgets_list
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/WidgetList'}}}}
  /retired:
    get:
      operationId: retired_get
      deprecated: true
      x-sunset: '2020-01-01'
      responses: {'200': {description: d}}
components:
  securitySchemes:
    ApiKeyAuth: {type: apiKey, in: header, name: X-API-KEY}
  schemas:
    WidgetList:
      type: object
      required: [items]
      properties: {items: {type: array, items: {$ref: '#/components/schemas/Widget'}}}
    Widget:
      type: object
      required: [name, status]
      properties: {name: {type: string}, status: {$ref: '#/components/schemas/Status'}}
    Status:
      type: object
      required: [state]
      properties: {state: {type: string}, since: {type: string}}
";

/// All that ours uses and more, with other names and no words of ours.
const SERVED: &str = r##"{
  "openapi": "3.0.1",
  "info": {"title": "Controller", "version": "2.7"},
  "servers": [{"url": "https://console.example.com"}],
  "security": [{"Key": []}],
  "paths": {
    "/gadgets": {"post": {"responses": {"200": {"description": ""}}}},
    "/retired": {"get": {"responses": {"200": {"description": ""}}}},
    "/widgets": {
      "get": {
        "operationId": "ListWidgets",
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/List"}}}}}
      },
      "post": {"responses": {"200": {"description": ""}}}
    },
    "/widgets/{id}": {
      "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
      "get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}},
      "delete": {"responses": {"204": {"description": ""}}}
    }
  },
  "components": {
    "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "x-api-key"}},
    "schemas": {
      "List": {
        "type": "object",
        "required": ["items", "metadata"],
        "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}, "metadata": {"type": "object"}}
      },
      "Thing": {
        "type": "object",
        "required": ["name", "status"],
        "properties": {"name": {"type": "string"}, "colour": {"type": "string"}, "status": {"$ref": "#/components/schemas/State"}}
      },
      "State": {
        "type": "object",
        "required": ["state"],
        "properties": {"state": {"type": "string"}, "since": {"type": "string"}, "by": {"type": "string"}}
      }
    }
  }
}"##;

fn missed(served: &str) -> Comparison {
    let ours = Document::from_text(OURS, "ours.yaml").unwrap();
    let served = Document::from_text(served, "served.json").unwrap();
    let mut options = Options::default();
    options.policy.today = rafay_spec::diff::Date::parse("2026-01-01");
    options.subset = true;
    diff(&ours, &served, &options).unwrap()
}

fn changed(from: &str, to: &str) -> Comparison {
    assert!(SERVED.contains(from), "{from}");
    missed(&SERVED.replacen(from, to, 1))
}

#[test]
fn what_a_controller_has_besides_is_fine() {
    let findings = missed(SERVED).findings;
    let told: Vec<_> = findings
        .iter()
        .map(|it| (it.rule.id, &it.message))
        .collect();
    assert_eq!(told, []);
}

#[test]
fn an_operation_that_is_not_served_is_named() {
    let delete = r#",
      "delete": {"responses": {"204": {"description": ""}}}"#;
    let comparison = changed(delete, "");
    let [finding] = comparison.findings.as_slice() else {
        panic!("{:?}", comparison.findings);
    };
    assert_eq!(finding.rule.id, "operation-removed");
    assert_eq!(finding.operations, ["DELETE /widgets/{name}"]);
    // A whole path too, though its end was announced: the SDK has the method all the same.
    let retired = r#"    "/retired": {"get": {"responses": {"200": {"description": ""}}}},
"#;
    let comparison = changed(retired, "");
    let [finding] = comparison.findings.as_slice() else {
        panic!("{:?}", comparison.findings);
    };
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.operations, ["GET /retired"]);
}

#[test]
fn a_field_that_the_sdk_needs_is_named_with_its_schema_and_all_it_reaches() {
    let comparison = changed(
        r#""required": ["state"],
        "properties": {"state": {"type": "string"}, "#,
        r#""properties": {"#,
    );
    let [finding] = comparison.findings.as_slice() else {
        panic!("{:?}", comparison.findings);
    };
    assert_eq!(finding.rule.id, "required-property-removed");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.subject().as_deref(), Some("Status.state"));
    assert_eq!(finding.operations, ["GET /widgets", "GET /widgets/{name}"]);
    // One that may be missing is no failure, but worth knowing.
    let comparison = changed(r#" "since": {"type": "string"},"#, "");
    assert_eq!(
        comparison.findings[0].subject().as_deref(),
        Some("Status.since")
    );
    assert_eq!(comparison.findings[0].severity, Severity::Warning);
}

#[test]
fn the_command_tells_it_by_operation_and_schema() {
    let folder = tempfile::tempdir().unwrap();
    let served = SERVED.replacen(
        r#"{"state": {"type": "string"}"#,
        r#"{"state": {"type": "integer"}"#,
        1,
    );
    assert_ne!(served, SERVED);
    fs::write(folder.path().join("ours.yaml"), OURS).unwrap();
    for (text, code) in [(SERVED, 0), (&served, 1)] {
        fs::write(folder.path().join("served.json"), text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
        let command = command.current_dir(folder.path());
        let output = command
            .args(["diff", "--subset", "ours.yaml", "served.json"])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        if code == 1 {
            assert!(
                said.contains("error[type-changed]: `Status.state`"),
                "{said}"
            );
            assert!(said.contains("GET /widgets, GET /widgets/{name}"), "{said}");
            assert!(said.contains("served.json:"), "{said}");
        }
    }
}
