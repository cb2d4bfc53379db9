//! Documents that are made to hurt end in an error or in findings, and soon.

use std::time::{Duration, Instant};

use rafay_spec::diff::{Document, Policy};
use rafay_spec::lint::lint_any;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n";

/// The rules that are broken, or the error.
fn judge(text: &str) -> Result<Vec<&'static str>, String> {
    let start = Instant::now();
    let document = Document::from_text(text, "api.yaml").map_err(|error| error.to_string())?;
    let remarks = lint_any(&document, &Policy::default());
    assert!(start.elapsed() < Duration::from_secs(20), "too slow");
    Ok(remarks.iter().map(|remark| remark.rule.id).collect())
}

#[test]
fn depth_and_aliases_end_in_an_error() {
    let deep = format!("{HEAD}x-deep: {}{}", "[".repeat(500), "]".repeat(500));
    let error = judge(&deep).unwrap_err();
    assert!(
        error.contains("deeper") || error.contains("recursion limit"),
        "{error}"
    );

    let mut laughs = format!("{HEAD}x-a0: &a0 [ha, ha]\n");
    for level in 1..40 {
        let before = format!("*a{}", level - 1);
        laughs.push_str(&format!(
            "x-a{level}: &a{level} [{before}, {before}, {before}]\n"
        ));
    }
    assert!(judge(&laughs).unwrap_err().contains("aliases expand"));
    assert!(judge("openapi: 3.0.3\npaths: [").is_err());
    assert!(judge("swagger: '2.0'").unwrap_err().contains("Swagger 2.0"));
    assert!(judge("- a").unwrap_err().contains("no OpenAPI document"));
    assert!(judge("").is_err());
}

#[test]
fn circles_of_references_end() {
    let found = judge(&format!(
        "{HEAD}components:\n  schemas:\n    A: {{$ref: '#/components/schemas/B'}}\n    B: {{$ref: '#/components/schemas/A'}}\n    C: {{allOf: [{{$ref: '#/components/schemas/C'}}]}}\n    D: {{oneOf: [{{$ref: '#/components/schemas/D'}}], example: 1, discriminator: {{propertyName: d}}}}\n  parameters:\n    P: {{$ref: '#/components/parameters/P'}}\n"
    ));
    let mut found = found.unwrap();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "discriminator-property",
            "endless-schema",
            "endless-schema",
            "unresolved-reference",
            "unresolved-reference",
            "unresolved-reference",
        ]
    );
}

#[test]
fn a_path_item_that_refers_to_itself_is_told() {
    let text =
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {/a: {$ref: '#/paths/~1a'}}\n";
    assert_eq!(judge(text).unwrap(), ["unresolved-reference"]);
}

#[test]
fn a_long_chain_of_schemas_is_no_deep_one() {
    let mut text = format!("{HEAD}components:\n  schemas:\n    S0: {{type: string}}\n");
    for index in 1..20_000 {
        let before = index - 1;
        text.push_str(&format!(
            "    S{index}: {{type: object, required: [p], properties: {{p: {{$ref: '#/components/schemas/S{before}'}}}}}}\n"
        ));
    }
    assert_eq!(judge(&text).unwrap(), Vec::<&str>::new());
}

#[test]
fn an_example_that_fits_in_endless_ways_is_given_up() {
    let mut text = format!("{HEAD}components:\n  schemas:\n    S0: {{type: string}}\n");
    for index in 1..60 {
        let r = format!("{{$ref: '#/components/schemas/S{}'}}", index - 1);
        text.push_str(&format!(
            "    S{index}: {{oneOf: [{r}, {r}, {r}], example: 3}}\n"
        ));
    }
    assert!(judge(&text).is_ok());
}

#[test]
fn parts_of_any_other_form_are_told_and_not_walked() {
    for part in [
        "paths: {/a: 3}",
        "paths: {/a: {get: []}}",
        "paths: {/a: {parameters: {a: b}, get: {responses: [], tags: {}, security: {}}}}",
        "paths: {/a: {get: {responses: {'200': text}, parameters: [[[]]], requestBody: 4}}}",
        "paths: {}\ncomponents: []",
        "paths: {}\ncomponents: {schemas: [], parameters: {a: 1}}",
        "paths: {}\ncomponents: {schemas: {A: {type: 1, required: x, enum: {}, properties: [], allOf: {}, items: [], discriminator: 3}}}",
        "paths: {}\nsecurity: [a, [b], {c: {d: e}}]",
        "paths: {}\nservers: [a, {url: 3, variables: []}]",
        "paths: {/a: {$ref: 3}}",
    ] {
        let text = format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\n{part}\n");
        let found = judge(&text).unwrap();
        assert!(found.contains(&"field-type"), "{part}: {found:?}");
    }
}
