//! Bundling as a whole, on small folders of files.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::{bundle, to_canonical_json};

const ENTRY: &str = "
openapi: 3.0.3
paths:
  /a: {$ref: 'kinds/a.yaml#/paths/a'}
";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join("spec/v1").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn error(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let error = bundle(&folder.path().join("spec/v1/openapi.yaml"))
        .unwrap_err()
        .to_string();
    error.replace(&format!("{}/spec/", folder.path().display()), "")
}

const A: &str = "
paths:
  a:
    get:
      parameters:
        - $ref: '../common.yaml#/parameters/name'
      responses:
        '200':
          content:
            application/json:
              schema: {$ref: '#/schemas/Tree'}
              example: {$ref: kept}
schemas:
  Tree:
    properties:
      children: {type: array, items: {$ref: '#/schemas/Tree'}}
      $ref: {type: string}
";

const COMMON: &str = "
parameters:
  name: {name: name, in: path}
  other: {name: other, in: path}
";

#[test]
fn references_are_hoisted_and_places_follow() {
    let folder = folder(&[
        ("openapi.yaml", ENTRY),
        ("kinds/a.yaml", A),
        ("common.yaml", COMMON),
    ]);
    let bundled = bundle(&folder.path().join("spec/v1/openapi.yaml")).unwrap();
    insta::assert_snapshot!(to_canonical_json(&bundled.json), @r##"
    {
      "components": {
        "parameters": {
          "name": {
            "in": "path",
            "name": "name"
          }
        },
        "schemas": {
          "Tree": {
            "properties": {
              "$ref": {
                "type": "string"
              },
              "children": {
                "items": {
                  "$ref": "#/components/schemas/Tree"
                },
                "type": "array"
              }
            }
          }
        }
      },
      "openapi": "3.0.3",
      "paths": {
        "/a": {
          "get": {
            "parameters": [
              {
                "$ref": "#/components/parameters/name"
              }
            ],
            "responses": {
              "200": {
                "content": {
                  "application/json": {
                    "example": {
                      "$ref": "kept"
                    },
                    "schema": {
                      "$ref": "#/components/schemas/Tree"
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    "##);
    let place = |pointer: &str| {
        let location = bundled.sources.get(pointer).unwrap();
        let file = location.file.strip_prefix(folder.path()).unwrap();
        format!("{}:{}", file.display(), location.line)
    };
    assert_eq!(place("/paths/~1a"), "spec/v1/openapi.yaml:4");
    assert_eq!(place("/paths/~1a/get/responses"), "spec/v1/kinds/a.yaml:7");
    assert_eq!(
        place("/components/schemas/Tree/properties/children"),
        "spec/v1/kinds/a.yaml:16"
    );
    assert_eq!(
        place("/components/parameters/name"),
        "spec/v1/common.yaml:3"
    );
    let unused: Vec<_> = bundled
        .unused
        .iter()
        .map(|unused| unused.pointer.as_str())
        .collect();
    assert_eq!(unused, ["/parameters/other"]);
}

#[test]
fn an_example_is_hoisted_as_it_is() {
    let a = "
paths:
  a:
    post:
      requestBody:
        content:
          application/json:
            examples:
              first: {$ref: '#/examples/First'}
              second: {$ref: '../common.yaml#/examples/Second'}
examples:
  First: {value: {$ref: '#/schemas/Gone', list: [1]}}
";
    let common = "examples: {Second: {value: text}, Third: {value: text}}";
    let folder = folder(&[
        ("openapi.yaml", ENTRY),
        ("kinds/a.yaml", a),
        ("common.yaml", common),
    ]);
    let bundled = bundle(&folder.path().join("spec/v1/openapi.yaml")).unwrap();
    // What an example shows is data, whatever it looks like.
    let first = json!({"value": {"$ref": "#/schemas/Gone", "list": [1]}});
    assert_eq!(
        bundled.json["components"],
        json!({"examples": {"First": first, "Second": {"value": "text"}}})
    );
    let body = "/paths/~1a/post/requestBody/content/application~1json/examples";
    assert_eq!(
        bundled.json.pointer(body),
        Some(&json!({
            "first": {"$ref": "#/components/examples/First"},
            "second": {"$ref": "#/components/examples/Second"},
        }))
    );
    let unused: Vec<_> = bundled
        .unused
        .iter()
        .map(|unused| &unused.pointer)
        .collect();
    assert_eq!(unused, ["/examples/Third"]);
}

#[test]
fn a_file_that_nothing_refers_to_is_unused() {
    let folder = folder(&[("openapi.yaml", "paths: {}"), ("kinds/a.yaml", A)]);
    let bundled = bundle(&folder.path().join("spec/v1/openapi.yaml")).unwrap();
    assert_eq!(bundled.unused.len(), 1);
    assert_eq!(
        &*bundled.unused[0].location.file,
        folder.path().join("spec/v1/kinds/a.yaml")
    );
}

#[test]
fn references_that_cannot_be_followed_are_errors_with_their_place() {
    let with = |reference: &str| {
        let a = format!("paths:\n  a:\n    get: {{schema: {{$ref: '{reference}'}}}}\n");
        error(&[("openapi.yaml", ENTRY), ("kinds/a.yaml", &a)])
    };
    insta::assert_snapshot!(with("#/schemas/Gone"), @"v1/kinds/a.yaml:3:20: `#/schemas/Gone` names nothing in v1/kinds/a.yaml (/paths/a/get/schema/$ref)");
    insta::assert_snapshot!(with("gone.yaml#/schemas/A"), @"v1/kinds/a.yaml:3:20: `gone.yaml#/schemas/A` names a file that is not there: No such file or directory (os error 2) (/paths/a/get/schema/$ref)");
    insta::assert_snapshot!(with("../../../etc.yaml#/schemas/A"), @"v1/kinds/a.yaml:3:20: `../../../etc.yaml#/schemas/A` leads out of the folder of the documents (/paths/a/get/schema/$ref)");
    insta::assert_snapshot!(with("https://example.com/a.yaml#/schemas/A"), @"v1/kinds/a.yaml:3:20: `https://example.com/a.yaml#/schemas/A` leads out of the folder of the documents (/paths/a/get/schema/$ref)");
    insta::assert_snapshot!(with("#/paths/a"), @"v1/kinds/a.yaml:3:20: `/paths/a` is not something to refer to: use #/schemas/, #/parameters/, #/responses/ or #/headers/ and a name (/paths/a/get/schema/$ref)");
}

#[test]
fn path_items_may_not_refer_in_a_circle() {
    let a = "paths:\n  a: {$ref: '#/paths/b'}\n  b: {$ref: '#/paths/a'}\n";
    insta::assert_snapshot!(error(&[("openapi.yaml", ENTRY), ("kinds/a.yaml", a)]), @"v1/kinds/a.yaml:3:3: the path item `/paths/a` refers back to itself (/paths/b)");
}

#[test]
fn two_definitions_of_one_name_are_both_named() {
    let a = "
paths:
  a:
    get: {schema: {$ref: '#/schemas/A'}}
    put: {schema: {$ref: '../common.yaml#/schemas/A'}}
schemas: {A: {type: string}}
";
    let common = "schemas: {A: {type: string}}";
    let files = [
        ("openapi.yaml", ENTRY),
        ("kinds/a.yaml", a),
        ("common.yaml", common),
    ];
    insta::assert_snapshot!(error(&files), @"v1/kinds/a.yaml:5:20: `schemas/A` is defined twice: at v1/kinds/a.yaml:6:11 and at v1/common.yaml:1:11 (/paths/a/put/schema/$ref)");
}

#[test]
fn shapes_that_cannot_be_read_are_errors() {
    insta::assert_snapshot!(error(&[("openapi.yaml", "[]")]), @"v1/openapi.yaml:1:1: the document must be a mapping ()");
    insta::assert_snapshot!(error(&[("openapi.yaml", "paths: []")]), @"v1/openapi.yaml:1:1: paths must be a mapping from path to path item (/paths)");
    insta::assert_snapshot!(error(&[("openapi.yaml", "components: 1")]), @"v1/openapi.yaml:1:1: components must be a mapping (/components)");
    insta::assert_snapshot!(
        error(&[("openapi.yaml", ENTRY), ("kinds/a.yaml", "paths: {a: [1]}")]),
        @"v1/kinds/a.yaml:1:9: a path item must be a mapping (/paths/a)"
    );
}

#[test]
fn a_discriminator_maps_to_hoisted_schemas() {
    let entry = "
paths: {}
components:
  schemas:
    Cat: {type: object}
  securitySchemes:
    key: {type: apiKey, schema: {discriminator: {mapping: {cat: '#/components/schemas/Cat'}}}}
";
    let folder = folder(&[(
        "openapi.yaml",
        &entry.replace("securitySchemes", "responses"),
    )]);
    let bundled = bundle(&folder.path().join("spec/v1/openapi.yaml")).unwrap();
    assert_eq!(bundled.json["components"], json!({}));
    assert_eq!(bundled.unused.len(), 2);
}

#[test]
fn canonical_json_sorts_every_level() {
    let value = json!({"b": [{"d": 1, "c": {}}], "a": []});
    insta::assert_snapshot!(to_canonical_json(&value), @r#"
    {
      "a": [],
      "b": [
        {
          "c": {},
          "d": 1
        }
      ]
    }
    "#);
}

#[test]
fn a_missing_entry_is_an_error_that_names_it() {
    let missing = bundle(Path::new("nowhere/v1/openapi.yaml")).unwrap_err();
    assert!(
        missing
            .to_string()
            .starts_with("cannot read nowhere/v1/openapi.yaml: ")
    );
}
