//! Views of a thing made up for the purpose: what each sort of field shows, and what becomes of what is written to it.

use serde_json::{Value, json};

use super::{Facts, complete, keep, merge, show, write};
use crate::identity::Organization;
use crate::schema::{Property, Schema};
use crate::table::{Context, Source, Translation, View, ViewField, Words};

static STATE: Translation = Translation {
    at: &["status", "state"],
    words: Words {
        pairs: &[("Ready", "\"DONE\""), ("Broken", "\"BROKEN\"")],
        otherwise: Some("\"BUSY\""),
        first: None,
    },
};

static SIZE: Translation = Translation {
    at: &["spec", "size"],
    words: Words {
        pairs: &[("s", "1"), ("true", "2")],
        otherwise: None,
        first: None,
    },
};

static VIEW: View = View {
    fields: &[
        field(&["id"], Source::Kind(&["metadata", "id"]), true),
        field(&["name"], Source::Kind(&["metadata", "name"]), false),
        field(&["note"], Source::Kind(&["metadata", "description"]), false),
        field(&["state"], Source::Map(&STATE), false),
        field(&["size"], Source::Map(&SIZE), false),
        field(
            &["metro"],
            Source::Annotation("rafay.dev/view.v1.metro"),
            false,
        ),
        field(&["parts"], Source::Each(&["status", "parts"], PARTS), true),
        field(&["form"], Source::Constant("1"), true),
        field(
            &["project", "id"],
            Source::Context(Context::ProjectId),
            true,
        ),
        field(
            &["project", "name"],
            Source::Context(Context::ProjectName),
            true,
        ),
        field(&["owner"], Source::Context(Context::OrganizationId), true),
        field(
            &["ownerName"],
            Source::Context(Context::OrganizationName),
            true,
        ),
    ],
};

static PARTS: &[(&str, Words)] = &[(
    "state",
    Words {
        pairs: &[("Ready", "\"DONE\"")],
        otherwise: None,
        first: Some(("reason", &[("being painted", "\"DOING\"")])),
    },
)];

const fn field(at: &'static [&'static str], from: Source, read_only: bool) -> ViewField {
    ViewField {
        at,
        from,
        read_only,
    }
}

fn shown(stored: &Value) -> Value {
    let organization = std::sync::Arc::new(Organization {
        id: "o1".into(),
        name: "example".into(),
        partner: None,
    });
    let facts = Facts {
        organization: &organization,
        project: "workshop",
        project_id: Some("p1"),
    };
    let bytes = show(&VIEW, &facts, stored.to_string().as_bytes()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn facts_and_constants_are_shown_of_an_object_that_has_neither() {
    let expected = json!({
        "form": 1, "owner": "o1", "ownerName": "example",
        "project": {"id": "p1", "name": "workshop"},
        "state": "BUSY",
    });
    assert_eq!(shown(&json!({})), expected);
}

#[test]
fn a_stored_value_is_shown_in_the_words_of_the_view() {
    for (stored, expected) in [
        (json!("Ready"), json!("DONE")),
        (json!("Broken"), json!("BROKEN")),
        (json!("Anything"), json!("BUSY")),
    ] {
        let object = json!({"status": {"state": stored}});
        assert_eq!(shown(&object)["state"], expected, "{object}");
    }
    // Without a word for all others, a value is shown as it is.
    for (stored, expected) in [
        (json!("s"), json!(1)),
        (json!("xl"), json!("xl")),
        (json!(true), json!(2)),
    ] {
        let object = json!({"spec": {"size": stored}});
        assert_eq!(shown(&object)["size"], expected, "{object}");
    }
    assert_eq!(shown(&json!({})).get("size"), None);
}

#[test]
fn members_of_a_list_are_shown_in_the_words_of_the_view() {
    let parts = json!([{"state": "Ready", "a": 1}, {"state": "Other"}, {}, "text"]);
    let expected = json!([{"state": "DONE", "a": 1}, {"state": "Other"}, {}, "text"]);
    assert_eq!(
        shown(&json!({"status": {"parts": parts}}))["parts"],
        expected
    );
}

#[test]
fn what_is_written_in_the_words_of_the_view_is_stored_in_those_of_the_kind() {
    let written = |sent: Value| write(&VIEW, &sent, None);
    assert_eq!(
        written(json!({"state": "DONE"})),
        json!({"status": {"state": "Ready"}})
    );
    assert_eq!(written(json!({"size": 1})), json!({"spec": {"size": "s"}}));
    // What the view has no word for is stored as it came.
    assert_eq!(
        written(json!({"size": "xl"})),
        json!({"spec": {"size": "xl"}})
    );
    // What stands for everything else says nothing about which of them it was.
    assert_eq!(written(json!({"state": "BUSY"})), json!({}));
    let ready = json!({"status": {"state": "Ready"}});
    let busy = write(&VIEW, &json!({"state": "BUSY"}), Some(&ready));
    assert_eq!(busy, json!({"status": {}}));
}

#[test]
fn what_the_stored_form_has_no_place_for_is_kept_and_shown_again() {
    let sent = json!({"name": "a", "metro": {"city": "Basel", "at": [7, 47]}});
    let stored = write(&VIEW, &sent, None);
    let text = stored["metadata"]["annotations"]["rafay.dev/view.v1.metro"].as_str();
    let kept: Value = serde_json::from_str(text.unwrap()).unwrap();
    assert_eq!(kept, sent["metro"]);
    assert_eq!(shown(&stored)["metro"], sent["metro"]);
    // An annotation that somebody spoiled shows nothing.
    let spoiled = json!({"metadata": {"annotations": {"rafay.dev/view.v1.metro": "{"}}});
    assert_eq!(shown(&spoiled).get("metro"), None);
}

#[test]
fn a_write_in_the_stored_form_leaves_what_only_views_show() {
    let before = write(&VIEW, &json!({"name": "a", "metro": "Basel"}), None);
    let mut plain = json!({"metadata": {"name": "a"}});
    keep(&before, &mut plain);
    assert_eq!(shown(&plain)["metro"], "Basel");
    // Other annotations are the writer's own: they go when it leaves them out, and its own word counts.
    let mut before = before;
    before["metadata"]["annotations"]["mine"] = json!("old");
    let key = "rafay.dev/view.v1.metro";
    let mut object = json!({"metadata": {"annotations": {key: "\"Bern\""}}});
    keep(&before, &mut object);
    assert_eq!(
        object,
        json!({"metadata": {"annotations": {key: "\"Bern\""}}})
    );
}

#[test]
fn a_write_takes_away_what_was_left_out_and_a_merge_leaves_it() {
    let all = json!({"name": "a", "note": "n", "state": "DONE", "size": 1, "metro": "Basel"});
    let mut stored = write(&VIEW, &all, None);
    stored["spec"]["hidden"] = json!("kept");
    let before = stored.clone();

    merge(&VIEW, &json!({}), &mut stored);
    assert_eq!(stored, before);
    merge(&VIEW, &json!({"note": "new"}), &mut stored);
    let mut expected = before.clone();
    expected["metadata"]["description"] = json!("new");
    assert_eq!(stored, expected);

    let replaced = write(&VIEW, &json!({"name": "a"}), Some(&before));
    let expected = json!({
        "metadata": {"name": "a", "annotations": {}}, "spec": {"hidden": "kept"}, "status": {},
    });
    assert_eq!(replaced, expected);
}

#[test]
fn what_is_only_read_is_never_written() {
    let sent = json!({
        "id": "x", "form": 2, "owner": "x", "ownerName": "x", "parts": [], "project": {"id": "x", "name": "x"},
    });
    assert_eq!(write(&VIEW, &sent, None), json!({}));
    let mut object = json!({"metadata": {"id": "kept"}});
    merge(&VIEW, &sent, &mut object);
    assert_eq!(object, json!({"metadata": {"id": "kept"}}));
    let replaced = write(&VIEW, &json!({"name": "a"}), Some(&object));
    assert_eq!(replaced["metadata"]["id"], "kept");
}

#[test]
fn a_section_that_the_kind_requires_is_there_even_where_the_view_showed_it_empty() {
    static PLACEMENT: Schema = Schema::object(&[Property::new("labels", &Schema::TEXT)]);
    static SPEC: Schema = Schema::object(&[
        Property::new("drift", &PLACEMENT),
        Property::new("name", &Schema::TEXT).required(),
        Property::new("placement", &PLACEMENT).required(),
    ]);
    static KIND: Schema = Schema::object(&[Property::new("spec", &SPEC).required()]);
    let mut object = json!({});
    complete(&KIND, &mut object);
    assert_eq!(object, json!({"spec": {"placement": {}}}));
    let mut object = json!({"spec": {"placement": {"labels": "a"}}});
    complete(&KIND, &mut object);
    assert_eq!(object, json!({"spec": {"placement": {"labels": "a"}}}));
}

#[test]
fn another_member_of_an_item_decides_where_it_has_a_known_value() {
    for (part, state) in [
        (
            json!({"state": "Ready", "reason": "being painted"}),
            "DOING",
        ),
        (json!({"state": "Ready", "reason": "painted"}), "DONE"),
        (json!({"state": "Ready", "reason": 1}), "DONE"),
        (json!({"state": "Ready"}), "DONE"),
        (json!({"state": "Gone", "reason": "lost"}), "Gone"),
        (json!({"reason": "being painted"}), "DOING"),
    ] {
        let told = shown(&json!({"status": {"parts": [part.clone()]}}));
        assert_eq!(told["parts"][0]["state"], state, "{part}");
        assert_eq!(
            told["parts"][0]["reason"],
            part.get("reason").cloned().unwrap_or_default()
        );
    }
}
