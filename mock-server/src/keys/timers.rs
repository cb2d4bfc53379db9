//! What a key waits for: a mail a week before its end, another a day before, and its removal when it has been over for
//! 90 days. Each is an entry of the store keyed by its time, and is taken out in the transaction that carries it out.
//!
//! A clock that jumps is no reason to write what is no longer true: of several mails that have become due, the one
//! nearest to the end is sent, and none at all about a key that is over.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::entries;
use crate::audit::{Event, What};
use crate::identity::Credential;
use crate::outbox;
use crate::store::{Expect, Key, State, Transaction, Write};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A key is taken away once it has been over for longer than this.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// The clock's smallest step.
const MOMENT: SignedDuration = SignedDuration::from_millis(1);

/// Something a key waits for, at the time in the entry's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyDue {
    /// Access key id of the key.
    pub(crate) access_id: Arc<str>,
    pub(crate) step: KeyStep,
}

/// What is done then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyStep {
    /// A mail a week before the end.
    Week,
    /// A mail a day before the end.
    Day,
    /// The removal of a key that has long been over.
    Removal,
}

/// When each step of a key is due. A mail that would have to be sent when the key is made is none.
fn schedule(credential: &Credential) -> impl Iterator<Item = (Timestamp, KeyStep)> {
    let steps = credential.expires_at.map(|end| {
        let before = |ahead: SignedDuration| {
            let at = end.checked_sub(ahead).ok()?;
            (at > credential.created_at).then_some(at)
        };
        [
            (before(WEEK), KeyStep::Week),
            (before(DAY), KeyStep::Day),
            // None for a key that ends so late that the clock stops before.
            (end.checked_add(KEPT + MOMENT).ok(), KeyStep::Removal),
        ]
    });
    let steps = steps.into_iter().flatten();
    steps.filter_map(|(at, step)| Some((at?, step)))
}

/// The entries of a key, each under its time.
pub(super) fn of(credential: &Credential) -> impl Iterator<Item = (Key, KeyDue)> {
    let key = Key::credential(&credential.access_id);
    let access_id = credential.access_id.clone();
    schedule(credential).map(move |(at, step)| {
        let access_id = access_id.clone();
        (
            Key::due(at, &key, step as usize),
            KeyDue { access_id, step },
        )
    })
}

/// Since when a key counts as about to end: from the first mail about it.
pub(crate) fn expiring_since(credential: &Credential) -> Option<Timestamp> {
    schedule(credential)
        .find(|(_, step)| *step != KeyStep::Removal)
        .map(|(at, _)| at)
}

/// The transaction that carries out what a key waited for.
pub(crate) fn ring(state: &State, entry: &Key, due: &KeyDue, now: Timestamp) -> Transaction {
    let mut transaction = Transaction {
        expects: vec![Expect::Present(entry.clone())],
        writes: vec![Write::Remove(entry.clone())],
        ..Transaction::default()
    };
    let Some(credential) = state.credential(&Key::credential(&due.access_id)) else {
        return transaction;
    };
    let Some(end) = credential.expires_at else {
        return transaction;
    };
    match due.step {
        KeyStep::Removal => {
            transaction.join(entries::removal(state, credential));
            let changes = transaction.changes.take();
            transaction.event = Some(Event {
                changes,
                ..removed(credential, now)
            });
        }
        // The mail of the last day says the same and more.
        KeyStep::Week if now >= end - DAY => {}
        KeyStep::Week | KeyStep::Day if now >= end => {}
        KeyStep::Week | KeyStep::Day => {
            transaction.join(outbox::post(state, notice(credential, end, now)));
        }
    }
    transaction
}

/// The record of a removal that nobody asked for.
fn removed(credential: &Credential, now: Timestamp) -> Event {
    Event {
        name: (*credential.id).into(),
        ..Event::of_the_system(
            now,
            credential.organization.clone(),
            What::named("v1", "apikeys_delete"),
            &format!("/auth/v1/apikeys/{}/", credential.id),
        )
    }
}

fn notice(credential: &Credential, end: Timestamp, now: Timestamp) -> outbox::Draft {
    let name = outbox::one_line(&credential.name);
    let left = end.duration_since(now);
    let left = match left.as_hours() {
        0 => "less than an hour".to_owned(),
        hours @ 1..48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    };
    let (id, access_id) = (&credential.id, &credential.access_id);
    outbox::Draft {
        to: credential.username.to_string(),
        subject: format!("The API key {name} expires in {left}"),
        body: format!(
            "The API key {name} of {owner} expires at {end}, in {left}.\n\n\
             Name:           {name}\n\
             Id:             {id}\n\
             Access key id:  ra2.{access_id}\n\n\
             From then on it is refused. Make a new key before that, or ask an administrator of {organization} \
             for one that lives longer. A key that is no longer needed can be left to expire.\n",
            owner = credential.username,
            organization = outbox::one_line(&credential.organization.name),
        ),
        time: now,
    }
}
