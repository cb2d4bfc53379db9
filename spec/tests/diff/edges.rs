//! Roles, policies, approvals, places, many files, and documents that are made to hurt.

use std::fs;
use std::time::Instant;

use rafay_spec::diff::{
    Date, Document, Error, FailOn, Options, Policy, Promise, Severity, diff, open,
};
use rafay_spec::roles;

fn text(text: &str) -> Result<Document, Error> {
    Document::from_text(text, "api.yaml")
}

fn operation(words: &str) -> Document {
    text(&format!(
        "openapi: 3.0.3\npaths: {{/a: {{get: {{{words}responses: {{}}}}}}}}"
    ))
    .unwrap()
}

#[test]
fn places_are_those_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    };
    let many = write(
        "api/openapi.yaml",
        "openapi: 3.0.3\npaths:\n  /a:\n    $ref: a.yaml#/item\n",
    );
    write(
        "api/a.yaml",
        "item:\n  get:\n    responses:\n      '200':\n        description: d\n        content:\n          application/json:\n            schema: {$ref: '../shared.yaml#/A'}\n",
    );
    write("shared.yaml", "A:\n  type: string\n");
    let one = "{\"openapi\": \"3.0.3\",\n \"paths\": {\"/a\": {\"get\": {\"responses\": {\"200\": {\"content\": {\"application/json\": {\n   \"schema\": {\"type\": \"integer\"}}}}}}}}}";
    let one = write("one.json", one);
    let (many, one) = (
        Document::open(&many).unwrap(),
        Document::open(&one).unwrap(),
    );
    let comparison = diff(&many, &one, &Options::default()).unwrap();
    let [finding] = &comparison.findings[..] else {
        panic!("{:?}", comparison.findings);
    };
    let place = |place: &Option<rafay_spec::diff::Place>| {
        let place = place.clone().unwrap();
        let file = place
            .file
            .strip_prefix(folder.path())
            .unwrap()
            .display()
            .to_string();
        format!("{file}:{}:{} {}", place.line, place.column, place.pointer)
    };
    assert_eq!(place(&finding.old), "shared.yaml:2:3 /A/type");
    assert_eq!(
        place(&finding.new),
        "one.json:3:15 /paths/~1a/get/responses/200/content/application~1json/schema/type"
    );
    assert_eq!(finding.operations, ["GET /a"]);
}

#[test]
fn files_outside_the_folder_and_addresses_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/openapi.yaml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(folder.path().join("far.yaml"), "A: {type: string}").unwrap();
    let root = "openapi: 3.0.3\npaths: {/a: {get: {responses: {'200': {content: {a/b: {schema: {$ref: '../../far.yaml#/A'}}}}}}}}";
    fs::write(&path, root).unwrap();
    let document = Document::open(&path).unwrap();
    let comparison = diff(&document, &document, &Options::default()).unwrap();
    assert!(
        comparison
            .findings
            .iter()
            .all(|f| f.rule.id == "reference-unresolved")
    );
    assert!(comparison.findings[0].message.contains("outside"));
    for what in [
        "https://a.example/openapi.yaml",
        "released:v9",
        "released:../x",
        "git:HEAD",
        "git:-x:y",
    ] {
        assert!(open(what, folder.path()).is_err(), "{what}");
    }
}

#[test]
fn a_release_is_found_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let release = "{\"openapi\": \"3.0.3\", \"paths\": {}}";
    fs::write(folder.path().join("v3@1.2.0.json"), release).unwrap();
    assert!(open("released:v3@1.2.0", folder.path()).is_ok());
    let error = open("released:v3@1.3.0", folder.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "released:v3@1.3.0: no such release; there are v3@1.2.0"
    );
}

#[test]
fn what_is_no_document_is_told_with_its_place() {
    for (input, expected) in [
        ("openapi: 3.0.3\npaths: [", "api.yaml:3:1: not valid YAML"),
        (
            "a: 1\na: 2",
            "api.yaml:2:1: the key `a` is already given on line 1",
        ),
        ("swagger: '2.0'", "Swagger 2.0 is not judged"),
        ("openapi: 4.0.0", "OpenAPI 4.0.0 is not judged"),
        ("paths: {}", "`openapi: 3.0.3` is missing"),
        (
            "openapi: 3.1.0\njsonSchemaDialect: https://a.example/b",
            "is not judged",
        ),
        ("", "is missing"),
        ("openapi: 3.0.3\npaths: []", "`paths` must be a mapping"),
    ] {
        let error = text(input).unwrap_err().to_string();
        assert!(error.contains(expected), "{input:?}: {error}");
    }
}

#[test]
fn documents_made_to_hurt_end_soon_and_without_a_panic() {
    let start = Instant::now();
    let deep = format!(
        "openapi: 3.0.3\na: {}{}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    assert!(text(&deep).is_err());
    let deep = format!("{{\"openapi\": \"3.0.3\", \"a\": {}", "[".repeat(100_000));
    assert!(Document::from_text(&deep, "a.json").is_err());
    let mut bomb = String::from("openapi: 3.0.3\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    assert!(text(&bomb).unwrap_err().to_string().contains("aliases"));
    // A long chain of references, each schema of which holds the next.
    let count = 20_000;
    let chain = |last: &str| {
        let mut schemas = String::new();
        for index in 0..count {
            let next = index + 1;
            schemas.push_str(&format!("    S{index}: {{type: object, properties: {{n: {{$ref: '#/components/schemas/S{next}'}}}}}}\n"));
        }
        let paths = "paths: {/a: {get: {responses: {'200': {content: {a/b: {schema: {$ref: '#/components/schemas/S0'}}}}}}}}";
        let text = format!(
            "openapi: 3.0.3\n{paths}\ncomponents:\n  schemas:\n{schemas}    S{count}: {{type: {last}}}\n"
        );
        self::text(&text).unwrap()
    };
    let comparison = diff(&chain("string"), &chain("integer"), &Options::default()).unwrap();
    assert_eq!(comparison.findings.len(), 1);
    // An `allOf` that forks at each level.
    let mut schemas = String::new();
    for index in 0..45 {
        let next = index + 1;
        let fork = format!(
            "{{allOf: [{{$ref: '#/components/schemas/F{next}'}}, {{allOf: [{{$ref: '#/components/schemas/F{next}'}}]}}]}}"
        );
        schemas.push_str(&format!("    F{index}: {fork}\n"));
    }
    let paths = "paths: {/a: {get: {responses: {'200': {content: {a/b: {schema: {$ref: '#/components/schemas/F0'}}}}}}}}";
    let forks = |last: &str| {
        let all = format!(
            "openapi: 3.0.3\n{paths}\ncomponents:\n  schemas:\n{schemas}    F45: {{type: {last}}}\n"
        );
        text(&all).unwrap()
    };
    let comparison = diff(&forks("string"), &forks("integer"), &Options::default()).unwrap();
    assert_eq!(comparison.findings.len(), 1);
    // Unions of unions that are alike only in the end.
    let unions = |last: &str| {
        let mut schemas = String::new();
        for index in 0..40 {
            let next = index + 1;
            let branch = |name: &str| {
                format!(
                    "{{type: object, properties: {{{name}: {{$ref: '#/components/schemas/U{next}'}}}}}}"
                )
            };
            let branches = [branch("a"), branch("b"), branch("c")].join(", ");
            schemas.push_str(&format!("    U{index}: {{oneOf: [{branches}]}}\n"));
        }
        let paths = "paths: {/a: {get: {responses: {'200': {content: {a/b: {schema: {$ref: '#/components/schemas/U0'}}}}}}}}";
        let text = format!(
            "openapi: 3.0.3\n{paths}\ncomponents:\n  schemas:\n{schemas}    U40: {{type: {last}}}\n"
        );
        self::text(&text).unwrap()
    };
    let outcome = diff(&unions("string"), &unions("integer"), &Options::default());
    assert!(outcome.is_err() || !outcome.unwrap().findings.is_empty());
    assert!(start.elapsed().as_secs() < 60);
}

#[test]
fn roles_say_who_may_no_longer_do_what_they_could() {
    let roles = |text: &str| roles::parse(text, "roles.yaml".as_ref()).unwrap();
    let permissions = "permissions: [{name: a.read, description: d}, {name: a.write, description: d}, {name: a.run, description: d}]\n";
    let old = roles(&format!(
        "{permissions}roles:\n- {{name: A, scope: project, description: d, permissions: [a.read, a.write]}}\n- {{name: B, scope: project, description: d, permissions: [a.read]}}\n- {{name: C, scope: project, description: d, permissions: []}}"
    ));
    let new = roles(&format!(
        "{permissions}roles:\n- {{name: A, scope: organization, description: d, permissions: [a.read, a.run]}}\n- {{name: B, scope: project, description: d, permissions: [a.read]}}\n- {{name: D, scope: project, description: d, permissions: []}}"
    ));
    let ids = |old_op: &str, new_op: &str, roles: (&roles::Roles, &roles::Roles)| {
        let options = Options {
            roles: Some(roles),
            ..Options::default()
        };
        let (old, new) = (operation(old_op), operation(new_op));
        let findings = diff(&old, &new, &options).unwrap().findings;
        let mut ids: Vec<_> = findings.iter().map(|finding| finding.rule.id).collect();
        ids.sort_unstable();
        ids
    };
    let changed = [
        "role-added",
        "role-gained-permission",
        "role-lost-permission",
        "role-removed",
        "role-scope-changed",
    ];
    assert_eq!(ids("", "", (&old, &new)), changed);
    assert_eq!(ids("", "", (&new, &old)), changed);
    assert_eq!(ids("", "", (&old, &old)), [""; 0]);
    let needs = |name: &str| format!("x-permission: {{name: {name}, scope: project}}, ");
    let (read, write) = (needs("a.read"), needs("a.write"));
    assert_eq!(ids(&read, &write, (&old, &old)), ["permission-tightened"]);
    assert_eq!(ids(&write, &read, (&old, &old)), ["permission-loosened"]);
}

#[test]
fn a_policy_decides_severities_and_refuses_nonsense() {
    let mut policy = Policy::default();
    let file = "policy.yaml".as_ref();
    policy
        .read("grace-days: 90\nstability: alpha\nseverity: {path-removed: warning, path-added: 'off'}", file)
        .unwrap();
    assert_eq!(policy.grace_days, Some(90));
    assert_eq!(policy.severities["path-removed"], Some(Severity::Warning));
    for wrong in [
        "grace: 1",
        "grace-days: soon",
        "severity: {nothing: error}",
        "severity: {unhandled: info}",
        "severity: {path-removed: bad}",
        "stability: high",
    ] {
        assert!(Policy::default().read(wrong, file).is_err(), "{wrong}");
    }
    let empty = text("openapi: 3.0.3\npaths: {}").unwrap();
    let options = Options {
        policy,
        ..Options::default()
    };
    let comparison = diff(&operation(""), &empty, &options).unwrap();
    assert_eq!(comparison.findings[0].severity, Severity::Warning);
    assert!(!comparison.fails(FailOn::Promise(Promise::Behaviour)));
    assert!(comparison.fails(FailOn::Any));
    assert!(
        diff(&empty, &operation(""), &options)
            .unwrap()
            .findings
            .is_empty()
    );
}

#[test]
fn an_approval_takes_one_finding_away_until_it_ends() {
    let (old, new) = (operation(""), text("openapi: 3.0.3\npaths: {}").unwrap());
    let plain = diff(&old, &new, &Options::default()).unwrap();
    let wire = FailOn::Promise(Promise::Wire);
    assert!(plain.fails(wire));
    let print = &plain.findings[0].fingerprint;
    let judged = |approvals: &str, today: &str| {
        let mut options = Options::default();
        options.policy.today = Date::parse(today);
        options
            .policy
            .read_approvals(approvals, "approvals.yaml".as_ref())?;
        diff(&old, &new, &options)
    };
    let approval = format!(
        "approvals: [{{fingerprint: '{print}', reason: nobody calls it, by: ann, until: '2026-02-01'}}]"
    );
    assert!(!judged(&approval, "2026-02-01").unwrap().fails(wire));
    let late = judged(&approval, "2026-02-02").unwrap();
    assert!(late.fails(wire));
    assert!(late.stale_approvals[0].contains("ended on 2026-02-01"));
    let other = approval.replace(print, "0000000000000000");
    let stale = judged(&other, "2026-01-01").unwrap();
    assert!(stale.stale_approvals[0].contains("of no finding"));
    assert!(judged(&approval, "").is_err(), "an end needs a day");
    for wrong in [
        "{}",
        "approvals: [{fingerprint: a, by: b}]",
        "approvals: [{fingerprint: a, by: b, reason: c, until: soon}]",
    ] {
        assert!(judged(wrong, "2026-01-01").is_err(), "{wrong}");
    }
}

#[test]
fn fingerprints_do_not_depend_on_lines() {
    let (old, empty) = (operation(""), text("openapi: 3.0.3\npaths: {}").unwrap());
    let spaced = text("# moved\n\nopenapi: 3.0.3\npaths: {/a: {get: {responses: {}}}}").unwrap();
    let print = |old: &Document| {
        diff(old, &empty, &Options::default()).unwrap().findings[0]
            .fingerprint
            .clone()
    };
    assert_eq!(print(&old), print(&spaced));
}

#[test]
fn a_permission_that_changes_in_its_scope_alone_says_so() {
    let of = |permission: &str| operation(&format!("x-permission: {permission}, "));
    let message = |old: &str, new: &str| {
        let comparison = diff(&of(old), &of(new), &Options::default()).unwrap();
        comparison.findings[0].message.clone()
    };
    assert_eq!(
        message(
            "{name: a.read, scope: project}",
            "{name: a.read, scope: organization}"
        ),
        "the permission was `a.read` (scope project) and is `a.read` (scope organization)"
    );
    assert_eq!(
        message(
            "{name: a.read, scope: project}",
            "{name: a.write, scope: project}"
        ),
        "the permission was `a.read` and is `a.write`"
    );
}

#[test]
fn references_below_an_address_of_their_own_are_refused() {
    let with = |id: &str| {
        text(&format!(
            "openapi: 3.1.0\npaths: {{}}\ncomponents: {{schemas: {{A: {{{id}type: object, properties: {{a: {{$ref: '#/$defs/b'}}}}}}}}}}"
        ))
        .unwrap()
    };
    let (plain, own) = (with(""), with("$id: 'https://a.example/a', "));
    assert!(diff(&plain, &plain, &Options::default()).is_ok());
    let error = diff(&plain, &own, &Options::default()).unwrap_err();
    assert!(error.to_string().contains("has an `$id`"), "{error}");
}
