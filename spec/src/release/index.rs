//! The list of releases, and the files it speaks of.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::error::Error;
use super::number::Number;
use crate::diff::{Approval, Date};

/// The folder of releases, in the folder of the versions.
pub const FOLDER: &str = "released";

const FILE: &str = "index.json";

/// A document that was released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The version's name, such as `v3`.
    pub version: String,
    /// The number, which is the document's `info.version`.
    pub number: Number,
    /// The day of the release.
    pub date: Date,
    /// SHA-256 of the bundle, in hexadecimal.
    pub sha256: String,
    /// The same of the roles, where there were any.
    pub roles: Option<String>,
    /// The breaks that somebody answered for.
    pub approved: Vec<Approval>,
}

impl Entry {
    /// The frozen bundle, from the folder of releases.
    pub fn file(&self) -> PathBuf {
        Path::new(&self.version).join(format!("{}.json", self.number))
    }

    /// The frozen roles, from the folder of releases.
    pub fn roles_file(&self) -> Option<PathBuf> {
        let name = format!("{}.roles.yaml", self.number);
        let path = Path::new(&self.version).join(name);
        self.roles.as_ref().map(|_| path)
    }
}

/// Every release: by version, and in each the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The releases.
    pub entries: Vec<Entry>,
}

impl Index {
    /// The file, from the folder of the versions.
    pub fn path(spec_dir: &Path) -> PathBuf {
        spec_dir.join(FOLDER).join(FILE)
    }

    /// Reads the index beside the versions; without the file there is no release yet.
    pub fn load(spec_dir: &Path) -> Result<Self, Error> {
        Self::load_from(&spec_dir.join(FOLDER))
    }

    /// The same for a folder of releases that may be called otherwise.
    pub fn load_from(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(Error::File { path, source }),
        }
    }

    /// Reads the text of an index; `path` is the name that errors carry.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let wrong = |message: String| Error::Index {
            path: path.to_owned(),
            message,
        };
        let value: Value = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let list = value["releases"].as_array();
        let list = list.ok_or_else(|| wrong("the list `releases` is missing".to_owned()))?;
        let mut index = Self::default();
        for (at, value) in list.iter().enumerate() {
            let entry = entry(value)
                .ok_or_else(|| wrong(format!("release {} of the list is incomplete", at + 1)))?;
            if let Some(before) = index.last(&entry.version)
                && before.number >= entry.number
            {
                let (version, number) = (&entry.version, entry.number);
                return Err(wrong(format!(
                    "{version}: {number} does not come after {}",
                    before.number
                )));
            }
            index.entries.push(entry);
        }
        Ok(index)
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let list: Vec<Value> = self.entries.iter().map(value).collect();
        crate::to_canonical_json(&json!({ "releases": list }))
    }

    /// The releases of a version, the oldest first.
    pub fn of<'a>(&'a self, version: &str) -> impl DoubleEndedIterator<Item = &'a Entry> {
        let entries = self.entries.iter();
        entries.filter(move |entry| entry.version == version)
    }

    /// The last release of a version.
    pub fn last<'a>(&'a self, version: &str) -> Option<&'a Entry> {
        self.of(version).next_back()
    }

    /// A release by its number.
    pub fn get<'a>(&'a self, version: &str, number: Number) -> Option<&'a Entry> {
        self.of(version).find(|entry| entry.number == number)
    }

    /// What a document says of itself where something is made from it.
    pub fn stamp(&self, version: &str, document: &Value) -> Stamp {
        let sha256 = digest(&crate::to_canonical_json(document));
        let number = document["info"]["version"].as_str().unwrap_or_default();
        let entry = Number::parse(number).and_then(|number| self.get(version, number));
        Stamp {
            version: version.to_owned(),
            release: number.to_owned(),
            released: entry.is_some_and(|entry| entry.sha256 == sha256),
            sha256,
        }
    }

    /// Adds a release in its place.
    pub(super) fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.entries
            .sort_by(|a, b| (&a.version, a.number).cmp(&(&b.version, b.number)));
    }
}

/// Which document something was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The version's name, such as `v3`.
    pub version: String,
    /// The document's `info.version`: its release, or the last one before it.
    pub release: String,
    /// Whether it is that release, and not what comes after it.
    pub released: bool,
    /// SHA-256 of its bundle, in hexadecimal.
    pub sha256: String,
}

/// SHA-256 of a text, in hexadecimal, as `sha256sum` prints it.
pub fn digest(text: &str) -> String {
    let bytes = Sha256::digest(text.as_bytes());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn entry(value: &Value) -> Option<Entry> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let version = text("version")?;
    // It becomes part of a path, and never a way out of the folder.
    let is_name = !version.is_empty() && !version.starts_with('.');
    if !is_name || version.contains(['/', '\\']) {
        return None;
    }
    let approved = match &value["approved"] {
        Value::Null => Vec::new(),
        list => list
            .as_array()?
            .iter()
            .map(approval)
            .collect::<Option<_>>()?,
    };
    Some(Entry {
        version,
        number: Number::parse(value["release"].as_str()?)?,
        date: Date::parse(value["date"].as_str()?)?,
        sha256: text("sha256")?,
        roles: text("roles-sha256"),
        approved,
    })
}

fn approval(value: &Value) -> Option<Approval> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Some(Approval {
        fingerprint: text("fingerprint")?,
        reason: text("reason")?,
        by: text("by")?,
        // What was released is released: its approvals do not end.
        until: None,
    })
}

fn value(entry: &Entry) -> Value {
    let mut value = Map::new();
    let mut set = |key: &str, text: &str| value.insert(key.to_owned(), text.into());
    set("version", &entry.version);
    set("release", &entry.number.to_string());
    set("date", &entry.date.to_string());
    set("sha256", &entry.sha256);
    if let Some(roles) = &entry.roles {
        set("roles-sha256", roles);
    }
    if !entry.approved.is_empty() {
        let approved = entry.approved.iter().map(
            |approval| json!({"fingerprint": approval.fingerprint, "reason": approval.reason, "by": approval.by}),
        );
        value.insert("approved".to_owned(), approved.collect());
    }
    Value::Object(value)
}
