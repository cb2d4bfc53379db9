//! A document of one or more files, and where its references lead.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::node::Node;
use super::read;
use super::source::{Disk, Files};
use crate::bundle::normalise;
use crate::pointer;

/// How many files one document may have.
const MAX_FILES: usize = 5_000;
/// How many references may follow one another.
const MAX_HOPS: usize = 50;

/// An `OpenAPI` document with the files that it refers to.
#[derive(Debug)]
pub struct Document {
    files: Vec<File>,
    by_path: HashMap<PathBuf, usize>,
    /// Files that could not be had, and why.
    missing: BTreeMap<PathBuf, String>,
    pub(crate) is_3_1: bool,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    root: Node,
}

/// A value and the file it stands in.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) file: usize,
    pub(crate) node: &'a Node,
}

impl<'a> At<'a> {
    pub(crate) fn get(self, key: &str) -> Option<At<'a>> {
        Some(self.with(self.node.get(key)?))
    }

    /// Another value of the same file.
    pub(crate) fn with(self, node: &'a Node) -> At<'a> {
        At {
            file: self.file,
            node,
        }
    }

    pub(crate) fn entries(self) -> impl Iterator<Item = (&'a str, At<'a>)> {
        let entries = self.node.entries().iter();
        entries.map(move |(key, node)| (key.as_ref(), self.with(node)))
    }

    pub(crate) fn items(self) -> impl Iterator<Item = At<'a>> {
        self.node.items().iter().map(move |node| self.with(node))
    }
}

/// Where a chain of references ends.
#[derive(Clone, Copy)]
pub(crate) struct Resolved<'a> {
    pub(crate) at: At<'a>,
    /// The name under which it was referred to; none when it stands where it is used.
    pub(crate) name: Option<&'a str>,
}

/// A reference that leads nowhere.
#[derive(Clone)]
pub(crate) struct Broken<'a> {
    pub(crate) at: At<'a>,
    pub(crate) message: String,
}

impl Document {
    /// Reads a file and the files that it refers to.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::from_files(&Disk, path)
    }

    /// Reads a document that is one text; `name` is the file name that places carry.
    pub fn from_text(text: &str, name: &str) -> Result<Self, Error> {
        struct One<'a>(&'a str, &'a Path);
        impl Files for One<'_> {
            fn read(&self, path: &Path) -> Result<String, Error> {
                if path == self.1 {
                    return Ok(self.0.to_owned());
                }
                Err(Error::Read {
                    path: path.to_owned(),
                    message: "the document is a single text".to_owned(),
                })
            }
        }
        let path = normalise(Path::new(name));
        Self::from_files(&One(text, &path), &path)
    }

    /// Reads a document from any store of files.
    pub(crate) fn from_files(files: &dyn Files, path: &Path) -> Result<Self, Error> {
        let first = normalise(path);
        let root = read::parse(&files.read(&first)?, &first)?;
        let is_3_1 = version(&root, &first)?;
        let mut document = Document {
            files: Vec::new(),
            by_path: HashMap::new(),
            missing: BTreeMap::new(),
            is_3_1,
        };
        // References may lead as far as the folder above, as in a folder of versions, and no further.
        let parent = first.parent().unwrap_or(Path::new(""));
        let home = normalise(&parent.join(".."));
        document.add(first, root);
        let mut next = 0;
        while next < document.files.len() {
            for path in document.neighbours(next) {
                document.fetch(files, &home, path)?;
            }
            next += 1;
        }
        Ok(document)
    }

    fn add(&mut self, path: PathBuf, root: Node) {
        self.by_path.insert(path.clone(), self.files.len());
        self.files.push(File { path, root });
    }

    fn fetch(&mut self, files: &dyn Files, home: &Path, path: PathBuf) -> Result<(), Error> {
        if self.by_path.contains_key(&path) || self.missing.contains_key(&path) {
            return Ok(());
        }
        if self.files.len() >= MAX_FILES {
            return Err(Error::NotOpenApi {
                file: self.files[0].path.clone(),
                message: format!("refers to more than {MAX_FILES} files"),
            });
        }
        if !inside(home, &path) {
            let message = "lies outside the folder above the document".to_owned();
            self.missing.insert(path, message);
            return Ok(());
        }
        // What is not needed may be missing; what is needed and missing is a finding.
        let read = files.read(&path);
        match read.and_then(|text| read::parse(&text, &path)) {
            Ok(root) => self.add(path, root),
            Err(error) => {
                self.missing.insert(path, error.to_string());
            }
        }
        Ok(())
    }

    /// The files that a file refers to.
    fn neighbours(&self, file: usize) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![&self.files[file].root];
        while let Some(node) = open.pop() {
            if let Some(target) = node.text_at("$ref") {
                let (path, _) = split(target);
                if !path.is_empty() && !is_address(path) {
                    found.push(self.relative(file, path));
                }
            }
            open.extend(node.entries().iter().map(|(_, value)| value));
            open.extend(node.items());
        }
        found.sort();
        found.dedup();
        found
    }

    fn relative(&self, file: usize, path: &str) -> PathBuf {
        let folder = self.files[file].path.parent().unwrap_or(Path::new(""));
        normalise(&folder.join(percent_decoded(path)))
    }

    /// The document's first value.
    pub(crate) fn root(&self) -> At<'_> {
        At {
            file: 0,
            node: &self.files[0].root,
        }
    }

    pub(crate) fn path(&self, file: usize) -> &Path {
        &self.files[file].path
    }

    pub(crate) fn file_root(&self, file: usize) -> &Node {
        &self.files[file].root
    }

    pub(crate) fn file_count(&self) -> usize {
        self.files.len()
    }

    /// Follows references until there is none.
    pub(crate) fn resolve<'a>(&'a self, at: At<'a>) -> Result<Resolved<'a>, Broken<'a>> {
        let mut here = at;
        let mut name = None;
        for _ in 0..MAX_HOPS {
            let Some(target) = here.node.text_at("$ref") else {
                return Ok(Resolved { at: here, name });
            };
            let next = self.locate(here.file, target);
            let next = next.map_err(|message| Broken { at: here, message })?;
            name = name.or_else(|| component_name(target));
            here = next;
        }
        let message = format!("more than {MAX_HOPS} references follow one another");
        Err(Broken { at, message })
    }

    /// What one reference in a file leads to, which may be a reference again.
    pub(crate) fn locate<'a>(&'a self, from: usize, target: &str) -> Result<At<'a>, String> {
        let (path, pointer) = split(target);
        let file = if path.is_empty() {
            from
        } else if is_address(path) {
            return Err(format!(
                "`{target}` is an address, and addresses are never fetched"
            ));
        } else {
            let path = self.relative(from, path);
            match (self.by_path.get(&path), self.missing.get(&path)) {
                (Some(file), _) => *file,
                (None, why) => {
                    let why = why.map_or("was not read", String::as_str);
                    return Err(format!("`{target}` leads nowhere: {why}"));
                }
            }
        };
        let node = find(&self.files[file].root, pointer);
        let node = node.ok_or_else(|| format!("`{target}` leads nowhere"))?;
        Ok(At { file, node })
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.files[0].path.display())
    }
}

/// Whether the document is of version 3.1; an error when it is of none that can be judged.
fn version(root: &Node, file: &Path) -> Result<bool, Error> {
    let wrong = |message: String| Error::NotOpenApi {
        file: file.to_owned(),
        message,
    };
    let Some(version) = root.get("openapi") else {
        let message = match root.get("swagger") {
            Some(_) => "Swagger 2.0 is not judged; convert it to OpenAPI 3.0 first",
            None => "no OpenAPI document: `openapi: 3.0.3` is missing at the top",
        };
        return Err(wrong(message.to_owned()));
    };
    let text = version
        .text()
        .map_or_else(|| version.canonical(), str::to_owned);
    let is_3_1 = match text.split('.').collect::<Vec<_>>()[..] {
        ["3", "0", ..] => false,
        ["3", "1", ..] => true,
        _ => {
            let message = format!("OpenAPI {text} is not judged; there are 3.0 and 3.1");
            return Err(wrong(message));
        }
    };
    if let Some(dialect) = root.text_at("jsonSchemaDialect")
        && !dialect.contains("spec.openapis.org/oas/3.1")
        && !dialect.contains("json-schema.org/draft/2020-12")
    {
        return Err(wrong(format!("the schema dialect {dialect} is not judged")));
    }
    if root.get("paths").is_some_and(|paths| !paths.is_map()) {
        return Err(wrong("`paths` must be a mapping".to_owned()));
    }
    Ok(is_3_1)
}

fn inside(home: &Path, path: &Path) -> bool {
    use std::path::Component;
    let rest = path.strip_prefix(home);
    rest.is_ok_and(|rest| rest.components().all(|c| matches!(c, Component::Normal(_))))
}

/// A reference's file and pointer.
fn split(target: &str) -> (&str, &str) {
    target.split_once('#').unwrap_or((target, ""))
}

fn is_address(path: &str) -> bool {
    path.contains("://") || path.starts_with("//")
}

fn find<'a>(root: &'a Node, pointer: &str) -> Option<&'a Node> {
    let pointer = percent_decoded(pointer);
    let mut at = root;
    for segment in pointer::segments(&pointer)? {
        at = match at.get(&segment) {
            Some(node) => node,
            None => at.items().get(segment.parse::<usize>().ok()?)?,
        };
    }
    Some(at)
}

/// What a definition is called where it is referred to: the last part of the reference.
fn component_name(target: &str) -> Option<&str> {
    let (path, pointer) = split(target);
    let last = if pointer.trim_matches('/').is_empty() {
        let file = path.rsplit('/').next()?;
        file.rsplit_once('.').map_or(file, |(stem, _)| stem)
    } else {
        pointer.rsplit('/').next()?
    };
    Some(last).filter(|name| !name.is_empty())
}

fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3);
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
