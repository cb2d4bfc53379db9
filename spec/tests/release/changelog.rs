//! What people are told: of two documents, and of all releases.

use crate::repository::Repository;

#[test]
fn breaks_come_first_then_kinds_with_what_is_new_in_sentences() {
    let repository = Repository::released();
    let widgets = "      operationId: widgets_list\n      tags: [Widgets]\n      x-behavior: {verb: list, kind: Widget}\n";
    repository.change(
        "spec/v1/kinds.yaml",
        "      operationId: widgets_list\n",
        widgets,
    );
    repository.release(None).unwrap();
    repository.break_the_wire();
    repository.add_property("size");
    repository.add_property("colour");
    let post = "    get:\n      deprecated: true\n      x-sunset: '2028-01-01'\n";
    repository.change("spec/v1/kinds.yaml", "    get:\n", post);
    let more = "  gadgets:\n    get: {summary: List gadgets., tags: [Gadgets], responses: {'200': {description: d}}}\n    put: {responses: {'200': {description: d}}}\nschemas:\n";
    repository.change("spec/v1/kinds.yaml", "schemas:\n", more);
    let path = "paths:\n  /gadgets: {$ref: 'kinds.yaml#/paths/gadgets'}\n";
    repository.change("spec/v1/openapi.yaml", "paths:\n", path);

    let (code, said) = repository.command(&["changelog", "released:v1", "spec/v1"]);
    assert_eq!(code, Some(0), "{said}");
    insta::assert_snapshot!(said, @"
    Breaks
      - Widget: `GET /widgets`: parameter `q` must be given now. Breaks old clients and code that uses the SDK.

    Gadgets
      - `GET /gadgets` is new: List gadgets.

    Widget
      - `Widget` has the new fields `colour`, `size`.
      - `GET /widgets`: deprecated until 2028-01-01.

    gadgets
      - `PUT /gadgets` is new.
    ");
    let markdown = [
        "changelog",
        "released:v1",
        "spec/v1",
        "--format",
        "markdown",
    ];
    let (_, said) = repository.command(&markdown);
    assert!(
        said.starts_with("**Breaks**\n\n- Widget: `GET /widgets`: "),
        "{said}"
    );
    // Between two releases, and where nothing has changed.
    let (_, said) = repository.command(&["changelog", "released:v1@1.0.0", "released:v1@1.1.0"]);
    assert!(said.starts_with("Widget\n"), "{said}");
    let (_, said) = repository.command(&["changelog", "released:v1", "released:v1"]);
    assert_eq!(said, "Nothing that anybody could notice.\n");
    assert_eq!(repository.command(&["changelog", "released:v1"]).0, Some(2));
}

#[test]
fn the_history_has_what_is_not_released_and_every_release() {
    let repository = Repository::released();
    let spec = repository.path("spec");
    let history = |repository: &Repository| {
        let entry = repository.path("spec/v1/openapi.yaml");
        let json = rafay_spec::bundle::bundle(&entry).unwrap().json;
        let text = rafay_spec::to_canonical_json(&json);
        rafay_spec::changelog::history(&spec, &[("v1", &text)]).unwrap()
    };
    let first = history(&repository);
    assert!(
        first.ends_with("## v1\n\n### 1.0.0, 2027-01-31\n\nThe first release: 1 operation.\n"),
        "{first}"
    );
    repository.add_property("size");
    let new = "- `Widget` has the new field `size`.\n";
    let text = history(&repository);
    assert!(text.contains("### Not released yet\n"), "{text}");
    assert!(text.contains(new), "{text}");
    repository.release(None).unwrap();
    let text = history(&repository);
    assert!(text.contains("### 1.1.0, 2027-01-31\n"), "{text}");
    assert!(
        text.contains(new) && !text.contains("Not released"),
        "{text}"
    );

    repository.change("spec/v1/kinds.yaml", "description: d", "description: e");
    let text = history(&repository);
    assert!(
        text.contains("### Not released yet\n\nTexts and examples only.\n"),
        "{text}"
    );

    // A break that somebody answered for says so, before and after its release.
    repository.break_the_wire();
    let Err(rafay_spec::release::Error::Breaks { findings, .. }) = repository.plan(None) else {
        panic!("it breaks");
    };
    repository.approve(findings.trim().rsplit(' ').next().unwrap());
    assert!(history(&repository).contains("; approved: r (b).\n"));
    repository.release(None).unwrap();
    assert!(history(&repository).contains("; approved: r (b).\n"));

    // Roles are part of what is promised.
    repository.change(
        "spec/roles.yaml",
        "permissions: [a.read]}",
        "permissions: []}",
    );
    let text = history(&repository);
    assert!(text.contains("role `A` no longer has `a.read`"), "{text}");
}
