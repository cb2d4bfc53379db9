//! Reading a data directory's file: all of it at the start, its audit records whenever they are asked for.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use redb::{Database, ReadTransaction, ReadableDatabase as _, TableError};
use serde::de::DeserializeOwned;

use super::DataError;
use super::codec::Decoder;
use super::file::Loaded;
use super::layout::{
    ABOUT_KEY, AUDIT, ENTRIES, FORMAT, FORMAT_KEY, HEADS, HeadRecord, META, POSITION_KEY, Position,
};
use crate::audit::{AuditRecord, AuditReport, Head, Verifier, decode};
use crate::store::{Key, State};

/// Why a file cannot be read.
enum Unread {
    Database(redb::Error),
    Wrong(String),
    Newer(u64),
}

impl<E: Into<redb::Error>> From<E> for Unread {
    fn from(error: E) -> Self {
        Unread::Database(error.into())
    }
}

/// Runs what reads a file. A page that was altered behind the database's back may make it panic, which here means no
/// more than that the file is damaged.
pub(super) fn guarded<T>(path: &Path, read: impl FnOnce() -> T) -> Result<T, DataError> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| DataError::Damaged {
        path: path.to_owned(),
        detail: "the database cannot make sense of it".to_owned(),
    })
}

/// Whether an error of the system's kind says that the content is wrong.
pub(super) fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

fn told<T>(path: &Path, outcome: Result<T, Unread>) -> Result<T, DataError> {
    outcome.map_err(|error| {
        let path = path.to_owned();
        match error {
            Unread::Newer(found) => DataError::Newer {
                path,
                found,
                known: FORMAT,
            },
            Unread::Wrong(detail) => DataError::Damaged { path, detail },
            Unread::Database(redb::Error::Io(source)) if !is_damage(&source) => {
                DataError::Io { path, source }
            }
            Unread::Database(error) => DataError::Damaged {
                path,
                detail: error.to_string(),
            },
        }
    })
}

/// Everything in a file; none for one in which nothing was ever written.
pub(super) fn load(
    path: &Path,
    database: &Database,
    audit_capacity: usize,
) -> Result<Option<Loaded>, DataError> {
    let loaded = guarded(path, || load_all(database, audit_capacity))?;
    told(path, loaded)
}

fn load_all(database: &Database, audit_capacity: usize) -> Result<Option<Loaded>, Unread> {
    let transaction = database.begin_read()?;
    if !has_format(&transaction)? {
        return match transaction.list_tables()?.next() {
            // Made, and not filled before the process was stopped.
            None => Ok(None),
            Some(_) => Err(Unread::Wrong("another program wrote it".to_owned())),
        };
    }
    let mut state = State::empty(audit_capacity);
    let position: Position = meta(&transaction, POSITION_KEY)?;
    state.revision = position.revision;
    state.identity_revision = position.identity_revision;
    let mut decoder = Decoder::default();
    for entry in transaction.open_table(ENTRIES)?.range::<&[u8]>(..)? {
        let (key, value) = entry?;
        let key = Key::from_bytes(key.value());
        let stored = decoder.decode(&key, value.value()).map_err(Unread::Wrong)?;
        state.map_of_mut(&key).insert(key, stored);
    }
    state.next_due = state.first_due();
    load_audit(&transaction, &mut state)?;
    Ok(Some(Loaded {
        about: meta(&transaction, ABOUT_KEY)?,
        state,
        time: Timestamp::from_millisecond(position.time)
            .map_err(|error| Unread::Wrong(error.to_string()))?,
    }))
}

/// The newest records of every trail.
fn load_audit(transaction: &ReadTransaction, state: &mut State) -> Result<(), Unread> {
    let audit = transaction.open_table(AUDIT)?;
    for (organization, head) in trails(transaction)? {
        let organization = organization.as_str();
        // Going on from a wrong end would write over records that are there.
        let head = head.unwrap_or_default();
        if audit
            .range((organization, head.number + 1)..=(organization, u64::MAX))?
            .next()
            .is_some()
        {
            return Err(Unread::Wrong(format!(
                "the audit trail of {organization:?} does not end where the file says; `audit verify` tells more"
            )));
        }
        let first = head
            .number
            .saturating_sub(state.audit.capacity() as u64 - 1);
        for entry in audit.range((organization, first)..=(organization, head.number))? {
            let (key, value) = entry?;
            let record = decode(value.value()).ok_or_else(|| {
                let number = key.value().1;
                Unread::Wrong(format!(
                    "record {number} of the audit trail of {organization:?} cannot be read; \
                     `audit verify` tells more"
                ))
            })?;
            state.audit.load(record);
        }
        // Records that were cut off stay missing: the chain goes on behind them.
        state.audit.set_head(organization, head);
    }
    Ok(())
}

/// Whether the file says that it is one of ours; an error for a newer one.
fn has_format(transaction: &ReadTransaction) -> Result<bool, Unread> {
    match transaction.open_table(META) {
        Ok(_) => {}
        Err(TableError::TableDoesNotExist(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    let format: u64 = meta(transaction, FORMAT_KEY)?;
    if format > FORMAT {
        return Err(Unread::Newer(format));
    }
    Ok(true)
}

fn meta<T: DeserializeOwned>(transaction: &ReadTransaction, key: &str) -> Result<T, Unread> {
    let table = transaction.open_table(META)?;
    let value = table
        .get(key)?
        .ok_or_else(|| Unread::Wrong(format!("it does not say its {key}")))?;
    serde_json::from_slice(value.value())
        .map_err(|error| Unread::Wrong(format!("its {key} cannot be read: {error}")))
}

/// The organizations that have an audit trail, and where each ends; none where that cannot be told.
fn trails(transaction: &ReadTransaction) -> Result<BTreeMap<String, Option<Head>>, Unread> {
    let mut trails = BTreeMap::new();
    for entry in transaction.open_table(HEADS)?.range::<&str>(..)? {
        let (organization, value) = entry?;
        let head = serde_json::from_slice::<HeadRecord>(value.value()).ok();
        let head = head.and_then(|record| record.head());
        trails.insert(organization.value().to_owned(), head);
    }
    // Trails whose end is not stated are trails all the same.
    let audit = transaction.open_table(AUDIT)?;
    let mut from = String::new();
    while let Some(entry) = audit.range((from.as_str(), 0)..)?.next() {
        let organization = entry?.0.value().0.to_owned();
        from = format!("{organization}\0");
        trails.entry(organization).or_insert(None);
    }
    Ok(trails)
}

/// Checks all audit trails.
pub(super) fn verify(
    path: &Path,
    database: &Database,
    expected: Option<&(String, Head)>,
) -> Result<AuditReport, DataError> {
    let report = guarded(path, || verify_all(database, expected))?;
    told(path, report)
}

fn verify_all(
    database: &Database,
    expected: Option<&(String, Head)>,
) -> Result<AuditReport, Unread> {
    let transaction = database.begin_read()?;
    if !has_format(&transaction)? {
        return Err(Unread::Wrong("there is no audit trail in it".to_owned()));
    }
    let audit = transaction.open_table(AUDIT)?;
    let mut heads = trails(&transaction)?;
    if let Some((organization, _)) = expected {
        heads.entry(organization.clone()).or_insert(None);
    }
    let mut trails = Vec::new();
    for (organization, head) in &heads {
        let organization = organization.as_str();
        let expected = expected.filter(|(named, _)| named == organization);
        let mut verifier = Verifier::new(organization, expected.map(|(_, head)| head));
        for entry in audit.range((organization, 0)..=(organization, u64::MAX))? {
            let (key, value) = entry?;
            verifier.record(key.value().1, value.value());
        }
        trails.push(verifier.finish(head.unwrap_or_default()));
    }
    Ok(AuditReport { trails })
}

/// The audit records in a file, for those that are no longer in memory.
pub(crate) struct Archive(Arc<ArcSwapOption<Database>>);

impl Archive {
    pub(super) fn new(database: Arc<ArcSwapOption<Database>>) -> Self {
        Self(database)
    }

    /// Shows the records of an organization whose number is below one, newest first, until it has been enough. What
    /// cannot be read is left out; `audit verify` tells of it.
    pub(crate) fn below(
        &self,
        organization: &str,
        number: u64,
        mut show: impl FnMut(AuditRecord) -> bool,
    ) {
        let Some(database) = self.0.load_full() else {
            return;
        };
        let look = || -> Result<(), redb::Error> {
            let transaction = database.begin_read()?;
            let audit = transaction.open_table(AUDIT)?;
            for entry in audit
                .range((organization, 0)..(organization, number))?
                .rev()
            {
                if let Some(record) = decode(entry?.1.value())
                    && !show(record)
                {
                    break;
                }
            }
            Ok(())
        };
        // A file that cannot be read now has nothing to show.
        let _ = catch_unwind(AssertUnwindSafe(look));
    }
}
