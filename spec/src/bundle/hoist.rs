//! The walk that copies values into the bundle and hoists what they refer to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::files::{File, Files, normalise};
use crate::error::Error;
use crate::grammar::Position;
use crate::pointer;
use crate::source::{Location, Parts, Places, SourceMap};

/// Sections of `components` that can be referred to. The others stay where the entry has them.
pub(super) const SECTIONS: [&str; 5] =
    ["examples", "headers", "parameters", "responses", "schemas"];

/// A definition in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: PathBuf,
    pub(super) pointer: String,
}

pub(super) struct Bundler {
    pub(super) entry: PathBuf,
    pub(super) files: Files,
    /// Definitions that made it into the bundle, path items among them.
    pub(super) used: BTreeSet<Place>,
    hoisted: BTreeMap<(&'static str, String), Place>,
    queue: VecDeque<(&'static str, String, Place)>,
}

/// Where the walk stands in the file it reads.
struct Cursor<'a> {
    file: &'a File,
    /// Where the walk started.
    start: &'a str,
    /// The way from there; the pointer is put together only for an error.
    way: Vec<Step<'a>>,
}

enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Cursor<'a> {
    fn new(file: &'a File, start: &'a str) -> Self {
        Self {
            file,
            start,
            way: Vec::new(),
        }
    }

    fn pointer(&self) -> String {
        let mut pointer = self.start.to_owned();
        for step in &self.way {
            match step {
                Step::Key(key) => pointer::push(&mut pointer, key),
                Step::Index(index) => pointer::push(&mut pointer, &index.to_string()),
            }
        }
        pointer
    }

    fn location(&self) -> Location {
        located(self.file, &self.pointer())
    }

    fn reference_error(&self, message: String) -> Error {
        Error::Reference {
            location: self.location(),
            pointer: self.pointer(),
            message,
        }
    }

    fn shape_error(&self, message: &str) -> Error {
        let message = message.to_owned();
        Error::Shape {
            location: self.location(),
            pointer: self.pointer(),
            message,
        }
    }

    /// Runs `step` one key further.
    fn within<T>(&mut self, key: &'a str, step: impl FnOnce(&mut Self) -> T) -> T {
        self.way.push(Step::Key(key));
        let result = step(self);
        self.way.pop();
        result
    }
}

fn located(file: &File, pointer: &str) -> Location {
    let found = file.sources.get(pointer).cloned();
    found.unwrap_or_else(|| Location {
        file: file.path.as_path().into(),
        line: 1,
        column: 1,
    })
}

impl Bundler {
    pub(super) fn new(entry: &Path) -> Self {
        let entry = normalise(entry);
        // `spec/v3/openapi.yaml` may refer to anything in `spec`.
        let version = entry.parent().unwrap_or(Path::new(""));
        let folder = version.parent().unwrap_or(version).to_owned();
        Self {
            files: Files::new(&folder),
            entry,
            used: BTreeSet::new(),
            hoisted: BTreeMap::new(),
            queue: VecDeque::new(),
        }
    }

    /// The document and the places of its values.
    pub(super) fn run(&mut self) -> Result<(Value, SourceMap), Error> {
        let file = self.entry.clone();
        let loaded = self.files.get(&file)?;
        let mut cursor = Cursor::new(&loaded, "");
        let Value::Object(entries) = &loaded.value else {
            return Err(cursor.shape_error("the document must be a mapping"));
        };
        let mut document = Map::new();
        let mut root = places_at(&loaded, "");
        let mut components = (Map::new(), empty(&root));
        for (key, value) in entries {
            cursor.way.push(Step::Key(key));
            match key.as_str() {
                "paths" => {
                    let (copied, places) = self.paths(value, &mut cursor)?;
                    document.insert(key.clone(), copied);
                    root.put(key, Arc::new(places));
                }
                "components" => components = self.entry_components(value, &mut cursor)?,
                _ => {
                    let copied = self.copy(value, &mut cursor, Position::Document.child(key))?;
                    document.insert(key.clone(), copied);
                }
            }
            cursor.way.pop();
        }
        self.hoist_all(&mut components)?;
        document.insert("components".to_owned(), Value::Object(components.0));
        root.put("components", Arc::new(components.1));
        Ok((Value::Object(document), SourceMap::new(Arc::new(root))))
    }

    /// Copies what was referred to, and what that refers to, until nothing new comes up.
    fn hoist_all(&mut self, components: &mut (Map<String, Value>, Places)) -> Result<(), Error> {
        let mut sections: BTreeMap<&str, (Map<String, Value>, Places)> = BTreeMap::new();
        while let Some((section, name, place)) = self.queue.pop_front() {
            let loaded = self.files.get(&place.file)?;
            let value = pointer::find(&loaded.value, &place.pointer).unwrap_or(&Value::Null);
            let mut cursor = Cursor::new(&loaded, &place.pointer);
            let position = Position::Components.child(section).child(&name);
            let copied = self.copy(value, &mut cursor, position)?;
            let into = sections
                .entry(section)
                .or_insert_with(|| (Map::new(), empty(&components.1)));
            let places = places_at(&loaded, &place.pointer);
            into.1.put(&name, Arc::new(places));
            into.0.insert(name, copied);
        }
        for (section, (values, places)) in sections {
            components
                .0
                .insert(section.to_owned(), Value::Object(values));
            components.1.put(section, Arc::new(places));
        }
        Ok(())
    }

    /// The entry's own components, without those that are hoisted when something refers to them.
    fn entry_components<'v>(
        &mut self,
        value: &'v Value,
        cursor: &mut Cursor<'v>,
    ) -> Result<(Map<String, Value>, Places), Error> {
        let Value::Object(sections) = value else {
            return Err(cursor.shape_error("components must be a mapping"));
        };
        let mut kept = Map::new();
        for (key, value) in sections {
            if !SECTIONS.contains(&key.as_str()) {
                let position = Position::Components.child(key);
                let copied = cursor.within(key, |cursor| self.copy(value, cursor, position))?;
                kept.insert(key.clone(), copied);
            }
        }
        Ok((kept, places_at(cursor.file, &cursor.pointer())))
    }

    fn paths<'v>(
        &mut self,
        value: &'v Value,
        cursor: &mut Cursor<'v>,
    ) -> Result<(Value, Places), Error> {
        let Value::Object(paths) = value else {
            return Err(cursor.shape_error("paths must be a mapping from path to path item"));
        };
        let mut copied = Map::new();
        let mut places = places_at(cursor.file, &cursor.pointer());
        for (path, item) in paths {
            let (item, parts) = cursor.within(path, |cursor| {
                let (item, inner) = self.path_item(item, cursor, &mut Vec::new())?;
                // A finding about the path itself belongs where the path is written.
                Ok::<_, Error>((
                    item,
                    Places {
                        own: cursor.location(),
                        parts: inner.parts,
                    },
                ))
            })?;
            copied.insert(path.clone(), item);
            places.put(path, Arc::new(parts));
        }
        Ok((Value::Object(copied), places))
    }

    /// A path item, followed through its `$ref`s; `chain` is what was followed so far.
    fn path_item<'v>(
        &mut self,
        item: &'v Value,
        cursor: &mut Cursor<'v>,
        chain: &mut Vec<Place>,
    ) -> Result<(Value, Places), Error> {
        let Some(reference) = item.get("$ref") else {
            let copied = self.copy(item, cursor, Position::PathItem)?;
            return Ok((copied, places_at(cursor.file, &cursor.pointer())));
        };
        if item.as_object().is_some_and(|entries| entries.len() > 1) {
            let message = "a path item is either a `$ref` or written out, not both".to_owned();
            return Err(cursor.reference_error(message));
        }
        let place = self.place(reference, cursor)?;
        if chain.contains(&place) {
            let message = format!("the path item `{}` refers back to itself", place.pointer);
            return Err(cursor.reference_error(message));
        }
        let loaded = self.files.get(&place.file)?;
        let target = pointer::find(&loaded.value, &place.pointer).unwrap_or(&Value::Null);
        let mut inner = Cursor::new(&loaded, &place.pointer);
        if !target.is_object() {
            return Err(inner.shape_error("a path item must be a mapping"));
        }
        self.used.insert(place.clone());
        chain.push(place.clone());
        self.path_item(target, &mut inner, chain)
    }

    fn copy<'v>(
        &mut self,
        value: &'v Value,
        cursor: &mut Cursor<'v>,
        position: Position,
    ) -> Result<Value, Error> {
        match value {
            // Data can hold no reference.
            _ if position == Position::Data => Ok(value.clone()),
            Value::Array(items) => {
                let mut copied = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    cursor.way.push(Step::Index(index));
                    copied.push(self.copy(item, cursor, position.item())?);
                    cursor.way.pop();
                }
                Ok(Value::Array(copied))
            }
            Value::Object(entries) => {
                let mut copied = Map::new();
                for (key, value) in entries {
                    cursor.way.push(Step::Key(key));
                    let value = if key == "$ref" && position.has_keywords() {
                        Value::String(self.hoist(value, cursor)?)
                    } else {
                        self.copy(value, cursor, position.child(key))?
                    };
                    cursor.way.pop();
                    copied.insert(key.clone(), value);
                }
                Ok(Value::Object(copied))
            }
            // A discriminator maps to references without `$ref`, or to bare names.
            Value::String(text) if position == Position::Mapping && text.contains('#') => {
                self.hoist(value, cursor).map(Value::String)
            }
            scalar => Ok(scalar.clone()),
        }
    }

    /// Makes sure that the target of a reference gets hoisted; returns the reference to it.
    fn hoist(&mut self, reference: &Value, cursor: &Cursor<'_>) -> Result<String, Error> {
        let known = reference
            .as_str()
            .and_then(|text| cursor.file.hoisted.borrow().get(text).cloned());
        if let Some(target) = known {
            return Ok(target);
        }
        let place = self.place(reference, cursor)?;
        let Some((section, name)) = component_name(&place.pointer) else {
            let message = format!(
                "`{}` is not something to refer to: use #/schemas/, #/parameters/, #/responses/ \
                 or #/headers/ and a name",
                place.pointer
            );
            return Err(cursor.reference_error(message));
        };
        let key = (section, name);
        let target = format!("#/components/{section}/{}", key.1);
        match self.hoisted.get(&key) {
            None => {
                self.used.insert(place.clone());
                self.queue
                    .push_back((section, key.1.clone(), place.clone()));
                self.hoisted.insert(key, place);
            }
            Some(first) if *first == place => {}
            Some(first) => {
                let first = first.clone();
                return Err(Error::Collision {
                    location: cursor.location(),
                    pointer: cursor.pointer(),
                    name: format!("{section}/{}", key.1),
                    definitions: Box::new([self.defined_at(&first)?, self.defined_at(&place)?]),
                });
            }
        }
        if let Some(text) = reference.as_str() {
            cursor
                .file
                .hoisted
                .borrow_mut()
                .insert(text.to_owned(), target.clone());
        }
        Ok(target)
    }

    /// What a reference names, checked to be there and inside the folder.
    fn place(&mut self, reference: &Value, cursor: &Cursor<'_>) -> Result<Place, Error> {
        let Value::String(reference) = reference else {
            return Err(cursor.reference_error("a `$ref` must be a string".to_owned()));
        };
        let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if path.is_empty() {
            cursor.file.path.clone()
        } else {
            normalise(
                &cursor
                    .file
                    .path
                    .parent()
                    .unwrap_or(Path::new(""))
                    .join(path),
            )
        };
        if path.contains("://") || !self.files.contains(&file) {
            let message = format!("`{reference}` leads out of the folder of the documents");
            return Err(cursor.reference_error(message));
        }
        let loaded = self.files.get(&file).map_err(|error| match error {
            Error::Read { source, .. } => cursor.reference_error(format!(
                "`{reference}` names a file that is not there: {source}"
            )),
            other => other,
        })?;
        if pointer::find(&loaded.value, pointer).is_none() {
            let message = format!("`{reference}` names nothing in {}", file.display());
            return Err(cursor.reference_error(message));
        }
        Ok(Place {
            file,
            pointer: pointer.to_owned(),
        })
    }

    fn defined_at(&mut self, place: &Place) -> Result<Location, Error> {
        let loaded = self.files.get(&place.file)?;
        Ok(located(&loaded, &place.pointer))
    }
}

/// The places of a value and its parts, to be put into a bundle.
fn places_at(file: &File, pointer: &str) -> Places {
    match file.sources.places(pointer) {
        Some(places) => Places::clone(&places),
        // A value from an alias stands where the alias stands.
        None => Places {
            own: located(file, pointer),
            parts: Parts::None,
        },
    }
}

/// A mapping without entries yet, at the place of another.
fn empty(at: &Places) -> Places {
    Places {
        own: at.own.clone(),
        parts: Parts::None,
    }
}

/// `schemas` and `X` of `/schemas/X` or `/components/schemas/X`.
pub(super) fn component_name(pointer: &str) -> Option<(&'static str, String)> {
    let segments = pointer::segments(pointer)?;
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    let ([section, name] | ["components", section, name]) = segments[..] else {
        return None;
    };
    let section = SECTIONS.into_iter().find(|known| *known == section)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (!name.is_empty() && name.chars().all(is_plain)).then(|| (section, name.to_owned()))
}
