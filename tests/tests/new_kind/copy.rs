//! A copy of the repository beside the test's build output: the documents, and of the crates what is written by hand.
//! It is kept from one run to the next and only brought up to date, so that building it again takes little time.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rafay_tests::repository;

/// The crate that stands in the copy beside the SDK and the mock.
const MANIFEST: &str = r#"[package]
name = "probe"
version.workspace = true
edition.workspace = true
publish = false

[lib]
path = "probe.rs"
doctest = false

[dependencies]
bytes.workspace = true
http.workspace = true
rafay-mock-server.workspace = true
rafay-sdk = { path = "../sdk", default-features = false, features = ["v3"] }
serde_json.workspace = true
tokio = { workspace = true, features = ["macros", "rt"] }
"#;

/// The crates that are copied, but for what is generated in them.
const CRATES: [&str; 2] = ["sdk", "mock-server"];

/// The copy. No other test process works on it as long as this lives.
pub(crate) struct Copy {
    root: PathBuf,
    target: PathBuf,
    _lock: File,
}

impl Copy {
    /// A copy of the repository as it is, without anything generated.
    pub(crate) fn of_the_repository() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-kind");
        fs::create_dir_all(&folder).unwrap();
        let lock = File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let copy = Self {
            root: folder.join("repository"),
            target: folder.join("target"),
            _lock: lock,
        };
        copy.update();
        copy
    }

    fn update(&self) {
        let repository = repository();
        let from = |path: &str| repository.join(path);
        let to = |path: &str| self.root.join(path);
        for name in CRATES {
            let source = format!("{name}/src");
            sync(&from(&source), &to(&source));
            for file in ["Cargo.toml", "README.md"] {
                let file = format!("{name}/{file}");
                write(&to(&file), &fs::read(from(&file)).unwrap());
            }
        }
        sync(&from("spec"), &to("spec"));
        let workspace = fs::read_to_string(from("Cargo.toml")).unwrap();
        let members = workspace
            .lines()
            .find(|line| line.starts_with("members = "))
            .unwrap();
        let workspace = workspace.replace(members, r#"members = ["mock-server", "probe", "sdk"]"#);
        write(&to("Cargo.toml"), workspace.as_bytes());
        write(&to("Cargo.lock"), &fs::read(from("Cargo.lock")).unwrap());
        write(&to("probe/Cargo.toml"), MANIFEST.as_bytes());
        write(&to("probe/probe.rs"), include_str!("probe.rs").as_bytes());
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Changes a file of the copy.
    pub(crate) fn edit(&self, file: impl AsRef<Path>, change: impl FnOnce(&str) -> String) {
        let path = self.root.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, change(&text)).unwrap();
    }

    /// Builds the crates of the copy and runs the probe's tests.
    pub(crate) fn test(&self) -> Output {
        Command::new(env!("CARGO"))
            .args(["test", "--quiet", "--package", "probe", "--lib"])
            .arg("--target-dir")
            .arg(&self.target)
            .current_dir(&self.root)
            // Nobody debugs what is built here.
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .output()
            .unwrap()
    }
}

/// Makes a folder like another, without touching files that are the same: a new time would have them built again.
fn sync(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        names.insert(entry.file_name());
        let target = to.join(entry.file_name());
        if entry.file_name() == "generated" {
            // The generator looks after what it writes.
        } else if entry.file_type().unwrap().is_dir() {
            sync(&entry.path(), &target);
        } else {
            write(&target, &fs::read(entry.path()).unwrap());
        }
    }
    for entry in fs::read_dir(to).unwrap() {
        let entry = entry.unwrap();
        if names.contains(&entry.file_name()) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            fs::remove_dir_all(entry.path()).unwrap();
        } else {
            fs::remove_file(entry.path()).unwrap();
        }
    }
}

fn write(path: &Path, content: &[u8]) {
    if fs::read(path).is_ok_and(|present| present == content) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
