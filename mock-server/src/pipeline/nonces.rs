//! The numbers that signed requests carried lately, so that none is taken twice.
//!
//! They are looked up in memory. With a data directory each is on disk as well, before its request is carried out, for
//! as long as a request of that date is taken: a controller that starts anew knows what was taken before.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::signature::{SKEW, refused};
use crate::refusal::{Reason, Refusal};
use crate::store::{CommitError, Key, State, Store, Stored, Transaction, Write};

/// Numbers that count, by the time at which they were taken.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<HashMap<Nonce, Timestamp>>);

/// An access key id and a number that was used with it.
type Nonce = (Box<str>, Box<str>);

/// Numbers that are remembered at the most; beyond that, signed requests have to wait.
const MOST: usize = 100_000;
/// Numbers that count no more are taken off the disk with the next one, so many at a time.
const SWEPT: usize = 64;

/// Whether a number that was taken at a time counts: its request could be dated as far ahead as behind.
fn counts(taken: Timestamp, now: Timestamp) -> bool {
    now.duration_since(taken).abs() <= LIFE
}

const LIFE: SignedDuration = SignedDuration::from_secs(2 * SKEW.as_secs());

impl Nonces {
    /// Takes a number of a key, which must be new, and has the store keep it where that outlives the process.
    pub(super) fn take(
        &self,
        store: &Store,
        id: &str,
        number: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.note(id, number, now)?;
        if !store.is_kept() {
            return Ok(());
        }
        let state = store.keep();
        let old = state.nonces().take_while(|key| {
            let taken = key.as_nonce().map(|(taken, ..)| taken);
            taken.is_none_or(|taken| taken < now && !counts(taken, now))
        });
        let mut writes: Vec<Write> = old.take(SWEPT).cloned().map(Write::Remove).collect();
        writes.push(Write::Put(Key::nonce(now, id, number), Stored::Mark));
        let transaction = Transaction {
            writes,
            ..Transaction::default()
        };
        store.commit(transaction).map(drop).map_err(not_kept)
    }

    fn note(&self, id: &str, number: &str, now: Timestamp) -> Result<(), Refusal> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= MOST {
            taken.retain(|_, at| counts(*at, now));
        }
        if taken.len() >= MOST {
            return Err(refused(
                "there are too many signed requests to tell a new one from a repeated one; wait, or send the key \
                 without a signature",
            ));
        }
        let entry = (id.into(), number.into());
        match taken.get(&entry) {
            Some(at) if counts(*at, now) => Err(refused(
                "the nonce was used before: the request is a repetition; sign each with a new one",
            )),
            _ => {
                taken.insert(entry, now);
                Ok(())
            }
        }
    }

    /// Knows what a state knows, and nothing else; for a controller that goes on with one, or back to it.
    pub(crate) fn load(&self, state: &State) {
        let known = state.nonces().filter_map(Key::as_nonce);
        let known = known.map(|(taken, id, number)| ((id.into(), number.into()), taken));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known.collect();
    }
}

fn not_kept(error: CommitError) -> Refusal {
    match error {
        CommitError::Conflict => Refusal::new(
            Reason::Contended,
            "others keep writing at the same time; try again",
        ),
        CommitError::NotDurable(error) => Refusal::new(
            Reason::NotDurable,
            format!(
                "the nonce could not be put on disk, so the request was not carried out: {error}; sign it anew when \
                 the disk is well"
            ),
        ),
    }
}
