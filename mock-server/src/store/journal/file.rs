//! The disk of a data directory: one file of an embedded database, in which a batch is one transaction.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use redb::{Database, DatabaseError, StorageError, WriteTransaction};
use serde::Serialize;

use super::codec::encode;
use super::layout::{
    ABOUT_KEY, AUDIT, About, ENTRIES, FILE, FORMAT, FORMAT_KEY, HEADS, HeadRecord, META,
    POSITION_KEY, Position,
};
use super::read::{self, Archive};
use super::{Batch, DataError, Disk, JournalError};
use crate::audit::{self, AuditRecord, AuditReport, Head};
use crate::store::{Key, State};

/// The file of a data directory, opened for writing.
pub(crate) struct FileDisk {
    path: PathBuf,
    /// None after a failure, until it can be opened again. Readers of old audit records share it.
    database: Arc<ArcSwapOption<Database>>,
    /// Written by batches that failed, and so perhaps on disk all the same; put back before anything else is written.
    suspect: Suspect,
}

#[derive(Default)]
struct Suspect {
    keys: BTreeSet<Key>,
    organizations: BTreeSet<Box<str>>,
}

/// A data directory that is open.
pub(crate) struct Opened {
    pub(crate) disk: FileDisk,
    /// What is in it; none for a new one.
    pub(crate) stored: Option<Loaded>,
}

/// What a file holds.
pub(crate) struct Loaded {
    pub(crate) about: About,
    pub(crate) state: State,
    /// The time up to which the controller that wrote it has come.
    pub(crate) time: Timestamp,
}

impl FileDisk {
    /// Opens a data directory for a controller whose trails keep so many records in memory; makes it if there is none.
    pub(crate) fn open(directory: &Path, audit_capacity: usize) -> Result<Opened, DataError> {
        let path = directory.join(FILE);
        make(directory, &path)?;
        let database = open(&path)?;
        let stored = read::load(&path, &database, audit_capacity)?;
        let disk = Self {
            path,
            database: Arc::new(ArcSwapOption::from_pointee(database)),
            suspect: Suspect::default(),
        };
        Ok(Opened { disk, stored })
    }

    /// Writes a state into a file that has none.
    pub(crate) fn begin(
        &mut self,
        about: &About,
        state: &Arc<State>,
        time: Timestamp,
    ) -> Result<(), DataError> {
        let batch = Batch {
            entries: state
                .entries
                .iter()
                .chain(state.uses.iter())
                .map(|(key, stored)| (key.clone(), Some(stored.clone())))
                .collect(),
            records: state.audit.all().cloned().collect(),
            published: Arc::new(State::empty(1)),
            next: state.clone(),
            time,
        };
        let written = self.transact(|transaction| {
            put_meta(transaction, FORMAT_KEY, &FORMAT)?;
            put_meta(transaction, ABOUT_KEY, about)?;
            put(transaction, &batch, &Suspect::default())
        });
        written
            .and_then(|()| Ok(sync_directory(&self.path)?))
            .map_err(|error| DataError::Io {
                path: self.path.clone(),
                source: error.into_io(),
            })
    }

    /// The audit records that are only in the file.
    pub(crate) fn archive(&self) -> Archive {
        Archive::new(self.database.clone())
    }

    /// Notes that a batch may be on disk though it should not.
    pub(super) fn suspect_all_of(&mut self, batch: &Batch) {
        let suspect = &mut self.suspect;
        suspect.keys.extend(batch.entries.keys().cloned());
        let organizations = batch.records.iter().map(AuditRecord::organization);
        suspect.organizations.extend(organizations.map(Box::from));
    }

    fn transact(
        &self,
        write: impl FnOnce(&WriteTransaction) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        let database = if let Some(database) = self.database.load_full() {
            database
        } else {
            let database = Arc::new(builder().open(&self.path)?);
            self.database.store(Some(database.clone()));
            database
        };
        let transaction = database.begin_write()?;
        write(&transaction)?;
        Ok(transaction.commit()?)
    }
}

impl Disk for FileDisk {
    fn write(&mut self, batch: &Batch) -> Result<(), JournalError> {
        // A panic would end the journal's thread, and leave everybody waiting who was to hear from it.
        let written = catch_unwind(AssertUnwindSafe(|| {
            self.transact(|transaction| put(transaction, batch, &self.suspect))
        }));
        let gave_up = |_| Err(redb::Error::Corrupted("the database gave up".to_owned()).into());
        match written.unwrap_or_else(gave_up) {
            Ok(()) => {
                self.suspect = Suspect::default();
                Ok(())
            }
            Err(failed) => {
                // The database takes nothing more after a failure; the next batch opens it again.
                self.database.store(None);
                self.suspect_all_of(batch);
                Err(JournalError::new(&failed.0.to_string()))
            }
        }
    }
}

/// Puts a batch in a transaction, behind what takes the traces of failed ones away.
fn put(transaction: &WriteTransaction, batch: &Batch, suspect: &Suspect) -> Result<(), Failed> {
    {
        let mut entries = transaction.open_table(ENTRIES)?;
        let doubtful = suspect
            .keys
            .iter()
            .filter(|key| !batch.entries.contains_key(*key));
        let doubtful = doubtful.map(|key| (key, batch.published.stored(key)));
        let wanted = batch
            .entries
            .iter()
            .map(|(key, stored)| (key, stored.as_ref()));
        for (key, stored) in doubtful.chain(wanted) {
            match stored {
                Some(stored) => {
                    entries.insert(
                        key.as_bytes(),
                        &*encode(key, stored).map_err(io::Error::from)?,
                    )?;
                }
                None => {
                    entries.remove(key.as_bytes())?;
                }
            }
        }
        let mut audit = transaction.open_table(AUDIT)?;
        let mut heads = transaction.open_table(HEADS)?;
        let mut touched: BTreeSet<&str> = BTreeSet::new();
        for organization in &suspect.organizations {
            let mut number = batch.published.audit.head(organization).number + 1;
            while audit.remove((&**organization, number))?.is_some() {
                number += 1;
            }
            touched.insert(organization);
        }
        for record in &batch.records {
            let organization = record.organization();
            audit.insert((organization, record.number()), &*audit::encode(record))?;
            touched.insert(organization);
        }
        for organization in touched {
            let head = HeadRecord::from(batch.next.audit.head(organization));
            heads.insert(organization, &*json(&head)?)?;
        }
    }
    let position = Position {
        revision: batch.next.revision,
        identity_revision: batch.next.identity_revision,
        time: batch.time.as_millisecond(),
    };
    put_meta(transaction, POSITION_KEY, &position)
}

fn put_meta(
    transaction: &WriteTransaction,
    key: &str,
    value: &impl Serialize,
) -> Result<(), Failed> {
    let mut meta = transaction.open_table(META)?;
    meta.insert(key, &*json(value)?)?;
    Ok(())
}

fn json(value: &impl Serialize) -> io::Result<Vec<u8>> {
    Ok(serde_json::to_vec(value)?)
}

/// Checks the audit trails of a data directory that no server uses. What a record of an organization is known to be
/// from elsewhere may be said.
pub(crate) fn verify(
    directory: &Path,
    expected: Option<&(String, Head)>,
) -> Result<AuditReport, DataError> {
    let path = directory.join(FILE);
    if !path.exists() {
        return Err(DataError::NotThere { path });
    }
    let database = open(&path)?;
    read::verify(&path, &database, expected)
}

/// Every page is looked at when a file is opened: one that was altered is refused rather than trusted.
fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_check_integrity_on_open(true);
    // The state is in memory; the file's pages need not be as well.
    builder.set_cache_size(16 << 20);
    builder
}

fn open(path: &Path) -> Result<Database, DataError> {
    let opened = read::guarded(path, || builder().create(path))?;
    opened.map_err(|error| {
        let path = path.to_owned();
        match error {
            DatabaseError::DatabaseAlreadyOpen => DataError::InUse { path },
            DatabaseError::Storage(StorageError::Io(source)) if !read::is_damage(&source) => {
                DataError::Io { path, source }
            }
            other => DataError::Damaged {
                path,
                detail: other.to_string(),
            },
        }
    })
}

/// Makes the directory and an empty file, for the owner alone: hashes of secrets and all objects are in it.
fn make(directory: &Path, path: &Path) -> Result<(), DataError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| DataError::Io { path, source }
    };
    let mut directories = fs::DirBuilder::new();
    directories.recursive(true);
    let mut files = OpenOptions::new();
    files.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        directories.mode(0o700);
        files.mode(0o600);
    }
    directories.create(directory).map_err(failed(directory))?;
    match files.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

/// Has the directory itself on disk, so that the file's name is there after a power cut, too.
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) if cfg!(unix) => File::open(directory)?.sync_all(),
        _ => Ok(()),
    }
}

/// Why a transaction was not written.
#[derive(Debug)]
struct Failed(redb::Error);

impl Failed {
    fn into_io(self) -> io::Error {
        match self.0 {
            redb::Error::Io(error) => error,
            other => io::Error::other(other),
        }
    }
}

impl<E: Into<redb::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}
