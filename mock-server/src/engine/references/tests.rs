//! What holds an object: what it owns goes along, anything else is in the way. The kinds are whichever the documents
//! say so of.

use serde_json::{Value, json};

use super::{Held, MOST_NAMED, check, held_by, targets, update};
use crate::generated::kinds::KINDS;
use crate::refusal::{Reason, Refusal};
use crate::reply::to_bytes;
use crate::store::{Key, Object, Store, Transaction, Write};
use crate::table::{Kind, Reference};
use crate::value;

const ORGANIZATION: &str = "o1";
const PROJECT: &str = "workshop";

/// The kinds whose objects name one of another kind at a place outside of any list.
fn referring() -> impl Iterator<Item = (&'static Kind, &'static Reference)> {
    let references = |kind: &'static Kind| kind.references.iter().map(move |found| (kind, found));
    let all = KINDS.iter().copied().flat_map(references);
    all.filter(|(kind, reference)| {
        let is_plain = kind.in_project && reference.kind.in_project;
        is_plain && kind.name != reference.kind.name && !reference.at.contains(&"*")
    })
}

/// A kind whose objects are owned by others, which may be in use besides.
fn owned() -> (&'static Kind, &'static Reference) {
    let mut all = referring();
    all.find(|(_, found)| found.owner && user_of(found.kind).is_some())
        .expect("the documents have such a kind")
}

/// A kind whose objects use one of a kind without being owned by it.
fn user_of(target: &Kind) -> Option<(&'static Kind, &'static Reference)> {
    referring().find(|(_, found)| found.kind.name == target.name && !found.owner)
}

/// A kind whose objects use what others may own.
fn user() -> (&'static Kind, &'static Reference) {
    user_of(owned().1.kind).expect("as it was chosen")
}

fn key(kind: &Kind, name: &str) -> Key {
    Key::object(ORGANIZATION, kind.name, PROJECT, name)
}

/// Stores an object and the index entries of its references.
fn store(state: &Store, kind: &'static Kind, name: &str, object: &Value) -> Key {
    let key = key(kind, name);
    let mut transaction = Transaction::default();
    let targets: Vec<Vec<Key>> = targets(kind, ORGANIZATION, PROJECT, object)
        .into_iter()
        .filter(|keys| state.snapshot().object(&keys[0]).is_some())
        .collect();
    update(&mut transaction, &key, &[], &targets);
    let stored = Object {
        revision: 0,
        id: name.into(),
        name: name.into(),
        body: to_bytes(object),
        value: None,
    };
    transaction.writes.push(Write::Object(key.clone(), stored));
    state
        .commit(transaction, Vec::new)
        .expect("nobody else writes");
    key
}

/// An object that names another by a reference.
fn naming(reference: &Reference, name: &str) -> Value {
    let mut object = json!({});
    value::set(&mut object, reference.at, name.into());
    object
}

fn holds(state: &Store, kind: &'static Kind, key: &Key) -> Result<Held, Refusal> {
    held_by(&state.snapshot(), ORGANIZATION, kind, key)
}

#[test]
fn what_an_object_owns_goes_along_with_it() {
    let (owned, reference) = owned();
    let state = Store::new(1);
    let target = store(&state, reference.kind, "owner", &json!({}));
    let other = store(&state, reference.kind, "owner-2", &json!({}));
    for name in ["a", "b"] {
        store(&state, owned, name, &naming(reference, "owner"));
    }
    let held = holds(&state, reference.kind, &target).expect("nothing is in the way");
    let names: Vec<&str> = held
        .owned
        .iter()
        .map(|(.., object)| &*object.name)
        .collect();
    assert_eq!(names, ["a", "b"]);
    let (kind, project, key, _) = &held.owned[0];
    assert_eq!((kind.name, project.as_str()), (owned.name, PROJECT));
    assert_eq!(*key, self::key(owned, "a"));
    assert_eq!(held.references, 2);
    let held = holds(&state, reference.kind, &other).expect("nothing is in the way");
    assert!(held.owned.is_empty() && held.references == 0);
}

#[test]
fn what_an_object_does_not_own_is_in_its_way() {
    let (holder, reference) = user();
    let state = Store::new(1);
    let target = store(&state, reference.kind, "used", &json!({}));
    store(&state, holder, "user", &naming(reference, "used"));
    let refusal = holds(&state, reference.kind, &target)
        .err()
        .expect("a refusal");
    assert_eq!(refusal.reason, Reason::InUse);
    let expected = format!("{} \"user\" of project \"workshop\"", holder.name);
    assert!(refusal.message.contains(&expected), "{}", refusal.message);

    for number in 0..MOST_NAMED {
        store(
            &state,
            holder,
            &format!("user-{number}"),
            &naming(reference, "used"),
        );
    }
    let refusal = holds(&state, reference.kind, &target)
        .err()
        .expect("a refusal");
    assert!(refusal.message.contains("1 more"), "{}", refusal.message);
}

#[test]
fn one_that_is_not_owned_is_in_the_way_of_those_that_are() {
    let (owned, owning) = owned();
    let (holder, using) = user();
    let state = Store::new(1);
    let target = store(&state, owning.kind, "owner", &json!({}));
    store(&state, owned, "owned", &naming(owning, "owner"));
    store(&state, holder, "user", &naming(using, "owner"));
    let refusal = holds(&state, owning.kind, &target)
        .err()
        .expect("a refusal");
    assert!(refusal.message.contains("\"user\""), "{}", refusal.message);
    assert!(
        !refusal.message.contains("\"owned\""),
        "{}",
        refusal.message
    );
}

#[test]
fn an_object_does_not_hold_itself() {
    let (holder, reference) = user();
    let mut transaction = Transaction::default();
    let own = key(holder, "a");
    let other = key(reference.kind, "b");
    update(
        &mut transaction,
        &own,
        &[],
        &[vec![own.clone()], vec![other]],
    );
    assert_eq!(transaction.expects.len(), 1);
    assert_eq!(transaction.writes.len(), 1);
}

#[test]
fn a_name_of_nothing_is_refused_and_a_builtin_one_is_not() {
    let (holder, reference) = user();
    let state = Store::new(1);
    let checked = |object: &Value| check(&state.snapshot(), holder, ORGANIZATION, PROJECT, object);
    let refusal = checked(&naming(reference, "nowhere")).expect_err("a refusal");
    assert_eq!(refusal.reason, Reason::UnknownReference);
    assert_eq!(refusal.problems[0].pointer, value::pointer(reference.at));
    assert!(checked(&json!({})).is_ok());
    assert!(checked(&naming(reference, "")).is_ok());
    let all = KINDS
        .iter()
        .flat_map(|kind| kind.references.iter().map(move |found| (*kind, found)));
    let named = all.filter(|(_, found)| !found.builtin.is_empty() && !found.at.contains(&"*"));
    for (kind, reference) in named {
        let object = naming(reference, reference.builtin[0]);
        assert!(check(&state.snapshot(), kind, ORGANIZATION, PROJECT, &object).is_ok());
    }
    store(&state, reference.kind, "somewhere", &json!({}));
    assert!(checked(&naming(reference, "somewhere")).is_ok());
}
