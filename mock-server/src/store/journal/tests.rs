//! The journal's promises, on disks that wait, fail and lie.

use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use bytes::Bytes;
use http::{Method, Request, Response};
use redb::{Database, ReadableDatabase as _, ReadableTable as _};

use super::layout::{ENTRIES, FILE, FORMAT_KEY, META};
use super::*;
use crate::audit::AuditFinding;
use crate::store::{CommitError, Expect, Store, Transaction, Write};
use crate::{Controller, Options, Role};

/// A disk that takes a batch only when it is told how that goes, and says how many commits were in it.
struct Told {
    asked: Sender<usize>,
    outcome: Receiver<bool>,
}

impl Disk for Told {
    fn write(&mut self, batch: &Batch) -> Result<(), JournalError> {
        let _ = self.asked.send(batch.entries.len());
        match self.outcome.recv() {
            Ok(false) => Err(JournalError::new("no space left")),
            _ => Ok(()),
        }
    }
}

/// The other end of such a disk.
struct Teller {
    asked: Receiver<usize>,
    outcome: Sender<bool>,
}

impl Teller {
    /// Lets the batch go well or not that is to be written now or next; how many entries it has.
    fn tell(&self, outcome: bool) -> usize {
        let entries = self.asked.recv().unwrap();
        self.outcome.send(outcome).unwrap();
        entries
    }
}

fn told() -> (Told, Teller) {
    let ((asked, is_asked), (tell, outcome)) = (channel(), channel());
    (
        Told { asked, outcome },
        Teller {
            asked: is_asked,
            outcome: tell,
        },
    )
}

fn store() -> (Arc<Store>, Teller) {
    let (disk, teller) = told();
    let mut store = Store::new(10);
    store.keep_on(Box::new(disk), Clock::frozen()).unwrap();
    (Arc::new(store), teller)
}

fn key(name: &str) -> Key {
    Key::object("o", "Thing", "p", name)
}

fn put(name: &str) -> Transaction {
    Transaction {
        writes: vec![Write::Put(key(name), Stored::Mark)],
        ..Transaction::default()
    }
}

fn has(store: &Store, name: &str) -> bool {
    store.snapshot().entries.contains_key(&key(name))
}

#[test]
fn writers_that_come_meanwhile_share_the_next_write() {
    let (store, teller) = store();
    let first = store.commit_ahead(put("first")).unwrap().1;
    // The disk has begun with the first, and the others come.
    let entries = teller.asked.recv().unwrap();
    assert_eq!(entries, 1);
    let others: Vec<_> = (0..32)
        .map(|number| store.commit_ahead(put(&number.to_string())).unwrap().1)
        .collect();
    teller.outcome.send(true).unwrap();
    first.wait().unwrap();
    assert_eq!(teller.tell(true), 32);
    for other in others {
        other.wait().unwrap();
    }
    assert!(has(&store, "first") && has(&store, "31"));
}

#[test]
fn readers_do_not_wait_and_see_what_is_on_disk() {
    let (store, teller) = store();
    let on_its_way = store.commit_ahead(put("a")).unwrap().1;
    teller.asked.recv().unwrap();
    assert!(!has(&store, "a"));
    assert!(store.ahead().entries.contains_key(&key("a")));
    teller.outcome.send(true).unwrap();
    on_its_way.wait().unwrap();
    assert!(has(&store, "a"));
}

#[test]
fn what_cannot_be_written_did_not_happen_nor_did_what_was_built_on_it() {
    let (store, teller) = store();
    let lost = store.commit_ahead(put("lost")).unwrap().1;
    teller.asked.recv().unwrap();
    let built_on_it = Transaction {
        expects: vec![Expect::Present(key("lost"))],
        ..put("built")
    };
    let built = store.commit_ahead(built_on_it).unwrap().1;
    teller.outcome.send(false).unwrap();
    assert!(lost.wait().unwrap_err().to_string().contains("no space"));
    built.wait().unwrap_err();
    assert!(store.snapshot().entries.is_empty());
    assert!(store.ahead().entries.is_empty());

    let again = store.commit_ahead(put("again")).unwrap();
    assert_eq!(again.0.revision, 1);
    assert_eq!(teller.tell(true), 1);
    again.1.wait().unwrap();
    assert!(has(&store, "again") && !has(&store, "lost"));
}

#[test]
fn a_conflict_with_what_is_not_published_waits_for_it() {
    let (store, teller) = store();
    let first = store.commit_ahead(put("a")).unwrap().1;
    teller.asked.recv().unwrap();
    let (begun, has_begun) = channel();
    let late = thread::spawn({
        let store = store.clone();
        move || {
            begun.send(()).unwrap();
            let absent = Transaction {
                expects: vec![Expect::Absent(key("a"))],
                ..put("b")
            };
            let refused = store.commit(absent);
            assert!(matches!(refused, Err(CommitError::Conflict)));
            // Whoever looks again now finds what stood in the way.
            assert!(has(&store, "a"));
        }
    });
    has_begun.recv().unwrap();
    teller.outcome.send(true).unwrap();
    first.wait().unwrap();
    late.join().unwrap();
}

#[test]
fn records_that_could_not_be_written_are_written_later() {
    let (disk, teller) = told();
    let controller = Controller::seeded(Options::default());
    let controller = controller.keep_on(Box::new(disk)).unwrap();
    send(&controller, Method::GET, PROJECTS, "");
    let answer = thread::scope(|scope| {
        let write = scope.spawn(|| send(&controller, Method::POST, PROJECTS, PROJECT));
        teller.tell(false);
        write.join().unwrap()
    });
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    assert_eq!(answer.status(), 502, "{body}");
    assert!(
        body.contains("NOT_DURABLE") && body.contains("no space left"),
        "{body}"
    );
    let path = format!("{PROJECTS}/p");
    assert_eq!(send(&controller, Method::GET, &path, "").status(), 404);
    let records = thread::scope(|scope| {
        let audit = scope.spawn(|| controller.audit());
        teller.tell(true);
        audit.join().unwrap()
    });
    let mut told: Vec<_> = records.iter().map(AuditRecord::status).collect();
    // They are of one moment, so their order says nothing.
    told.sort_unstable();
    assert_eq!(told, [200, 404, 502]);
    drop(teller);
}

const PROJECTS: &str = "/apis/system.k8smgmt.io/v3/projects";
const PROJECT: &str = r#"{"apiVersion": "system.k8smgmt.io/v3", "kind": "Project", "metadata": {"name": "p"}, "spec": {}}"#;

fn send(controller: &Controller, method: Method, path: &str, body: &str) -> Response<Bytes> {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("X-API-KEY", controller.key_for(Role::Admin).expose());
    let request = request.header("Content-Type", "application/json");
    controller.handle(
        request
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap(),
    )
}

/// A disk that keeps what it was given to write.
struct Noting(Arc<Mutex<Vec<Batch>>>);

impl Disk for Noting {
    fn write(&mut self, batch: &Batch) -> Result<(), JournalError> {
        self.0.lock().unwrap().push(Batch {
            entries: batch.entries.clone(),
            records: batch.records.clone(),
            published: batch.published.clone(),
            next: batch.next.clone(),
            time: batch.time,
        });
        Ok(())
    }
}

#[test]
fn what_a_failed_write_left_behind_is_put_back() {
    let batches = Arc::new(Mutex::new(Vec::new()));
    let mut store = Store::new(10);
    store
        .keep_on(Box::new(Noting(batches.clone())), Clock::frozen())
        .unwrap();
    for name in ["kept", "lost", "next"] {
        store.commit(put(name)).unwrap();
    }
    let mut batches = batches.lock().unwrap();
    let (first, second) = (batches.remove(0), batches.remove(0));
    let mut third = batches.remove(0);
    // The second was written and reported as failed, so the third was built on the first.
    third.published = second.published.clone();

    let directory = tempfile::tempdir().unwrap();
    let mut disk = FileDisk::open(directory.path(), 10).unwrap().disk;
    disk.write(&first).unwrap();
    disk.write(&second).unwrap();
    disk.suspect_all_of(&second);
    disk.write(&third).unwrap();
    drop(disk);
    let names = entries(directory.path());
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.contains(&key("kept")) && names.contains(&key("next")));
}

fn entries(directory: &Path) -> Vec<Key> {
    let database = Database::open(directory.join(FILE)).unwrap();
    let table = database.begin_read().unwrap().open_table(ENTRIES).unwrap();
    let entries = table.range::<&[u8]>(..).unwrap();
    entries
        .map(|entry| Key::from_bytes(entry.unwrap().0.value()))
        .collect()
}

/// A directory that a controller has used.
fn used() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let controller = Controller::open(Options::default(), directory.path()).unwrap();
    assert_eq!(
        send(&controller, Method::POST, PROJECTS, PROJECT).status(),
        200
    );
    drop(controller);
    directory
}

fn refused(directory: &Path) -> DataError {
    Controller::open(Options::default(), directory).unwrap_err()
}

#[test]
fn a_directory_in_use_is_refused() {
    let directory = used();
    let first = Controller::open(Options::default(), directory.path()).unwrap();
    let refused = refused(directory.path());
    assert!(matches!(refused, DataError::InUse { .. }), "{refused}");
    drop(first);
    Controller::open(Options::default(), directory.path()).unwrap();
}

#[test]
fn a_newer_format_is_refused_and_left_as_it_is() {
    let directory = used();
    let path = directory.path().join(FILE);
    set_meta(&path, FORMAT_KEY, b"2");
    let refused = refused(directory.path());
    let newer = matches!(
        refused,
        DataError::Newer {
            found: 2,
            known: 1,
            ..
        }
    );
    assert!(newer, "{refused}");
    set_meta(&path, FORMAT_KEY, b"1");
    Controller::open(Options::default(), directory.path()).unwrap();
}

fn set_meta(path: &Path, key: &str, value: &[u8]) {
    let database = Database::open(path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(META)
        .unwrap()
        .insert(key, value)
        .unwrap();
    transaction.commit().unwrap();
}

#[test]
fn a_file_of_another_kind_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(FILE);
    for content in [b"not a database".to_vec(), vec![0xff; 100_000]] {
        fs::write(&path, &content).unwrap();
        let refused = refused(directory.path());
        assert!(matches!(refused, DataError::Damaged { .. }), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_damaged_value_is_refused() {
    let directory = used();
    let database = Database::open(directory.path().join(FILE)).unwrap();
    let transaction = database.begin_write().unwrap();
    {
        let mut table = transaction.open_table(ENTRIES).unwrap();
        let (key, mut value) = {
            let (key, value) = table.first().unwrap().unwrap();
            (key.value().to_vec(), value.value().to_vec())
        };
        *value.last_mut().unwrap() ^= 1;
        table.insert(&*key, &*value).unwrap();
    }
    transaction.commit().unwrap();
    drop(database);
    let refused = refused(directory.path());
    assert!(refused.to_string().contains("check sum"), "{refused}");
}

/// Wherever the file is damaged, it is refused or read as it was written: nothing is made up, and nothing panics.
#[test]
fn a_damaged_file_is_refused_or_whole() {
    let directory = used();
    let path = directory.path().join(FILE);
    let content = fs::read(&path).unwrap();
    let mut refusals = 0;
    for part in 0..40 {
        let mut damaged = content.clone();
        let start = content.len() * part / 40;
        for byte in &mut damaged[start..(start + 64).min(content.len())] {
            *byte ^= 0x55;
        }
        fs::write(&path, &damaged).unwrap();
        match Controller::open(Options::default(), directory.path()) {
            Err(error) => {
                assert!(
                    matches!(error, DataError::Damaged { .. }),
                    "{part}: {error}"
                );
                refusals += 1;
            }
            Ok(controller) => {
                let project = format!("{PROJECTS}/p");
                assert_eq!(
                    send(&controller, Method::GET, &project, "").status(),
                    200,
                    "{part}"
                );
            }
        }
    }
    assert!(refusals > 0);
}

#[test]
fn a_directory_that_cannot_be_made_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = refused(&file.join("data"));
    assert!(matches!(refused, DataError::Io { .. }), "{refused}");
    let nowhere = Controller::verify_audit(&file, None).unwrap_err();
    assert!(matches!(nowhere, DataError::NotThere { .. }), "{nowhere}");
}

#[test]
fn a_start_that_was_cut_short_begins_anew() {
    let directory = tempfile::tempdir().unwrap();
    drop(FileDisk::open(directory.path(), 10).unwrap());
    let controller = Controller::open(Options::default(), directory.path()).unwrap();
    assert!(controller.is_new());
}

#[test]
fn an_altered_trail_in_a_file_is_named() {
    let directory = used();
    let whole = Controller::verify_audit(directory.path(), None).unwrap();
    assert!(whole.is_intact());
    let trail = &whole.trails[0];
    let wrong = Some((&*trail.organization, 1, [0; 32]));
    let anew = Controller::verify_audit(directory.path(), wrong).unwrap();
    let finding = AuditFinding::NotAsExpected { number: 1 };
    assert_eq!(anew.trails[0].findings, [finding]);

    let database = Database::open(directory.path().join(FILE)).unwrap();
    let transaction = database.begin_write().unwrap();
    let last = (&*trail.organization, trail.records);
    transaction
        .open_table(super::layout::AUDIT)
        .unwrap()
        .remove(last)
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let cut = Controller::verify_audit(directory.path(), None).unwrap();
    assert!(!cut.is_intact());

    // A server goes on behind the gap and does not close it.
    let controller = Controller::open(Options::default(), directory.path()).unwrap();
    send(&controller, Method::GET, PROJECTS, "");
    drop(controller);
    let later = Controller::verify_audit(directory.path(), None).unwrap();
    let missing = AuditFinding::Missing {
        number: trail.records,
    };
    assert!(later.trails[0].findings.contains(&missing), "{later:?}");
}

/// With durable reads nobody is answered whose record is not on disk; it is written when that goes again.
#[test]
fn a_read_whose_record_cannot_be_written_is_answered_with_502() {
    let (disk, teller) = told();
    let options = Options {
        durable_reads: true,
        ..Options::default()
    };
    let controller = Controller::seeded(options).keep_on(Box::new(disk)).unwrap();
    let key = controller.key_for(Role::Admin).expose().to_owned();
    let get = |outcome: bool| {
        thread::scope(|scope| {
            let answer = scope.spawn(|| {
                let request = Request::get("/auth/v1/users/-/profile").header("X-API-KEY", &key);
                controller.handle(request.body(Bytes::new()).unwrap())
            });
            assert_eq!(teller.tell(outcome), 0, "a record and nothing else");
            answer.join().unwrap()
        })
    };
    let refused = get(false);
    assert_eq!(refused.status(), 502);
    let told = String::from_utf8_lossy(refused.body());
    assert!(
        told.contains("NOT_DURABLE") && told.contains("no space left"),
        "{told}"
    );
    assert!(refused.headers().contains_key("x-request-id"));
    assert_eq!(get(true).status(), 200);
    assert_eq!(controller.audit().len(), 2);
}
