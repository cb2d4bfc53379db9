//! Mends what can be mended without a decision, by edits of the text where it stands: comments, order
//! and spacing stay.
//!
//! Edits are made in rounds until none is left, because one mend can make room for another (a schema
//! that only an unused one used). A round whose result does not load, or breaks a rule more often than
//! before, is undone edit by edit; so what is written always loads and nothing gets worse, and mending
//! twice is mending once.

mod edit;
mod mends;
mod spans;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::any::lint_any;
use super::judge::{LintError, Target, judge};
use super::remark::Remark;
use super::rules;
use crate::bundle::normalise;
use crate::diff::document::Document;
use crate::diff::source::{Disk, Files, first_file};
use crate::diff::{Error, Policy};
use edit::Edit;

/// More rounds than any document needs; each makes at least one edit.
const MAX_ROUNDS: usize = 100;

/// A file as it was and as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The file.
    pub path: PathBuf,
    /// Its text before.
    pub old: String,
    /// Its text after.
    pub new: String,
}

impl Mended {
    /// What changes, as a unified diff.
    pub fn diff(&self) -> String {
        let path = self.path.display().to_string();
        similar::TextDiff::from_lines(&self.old, &self.new)
            .unified_diff()
            .header(&path, &path)
            .to_string()
    }
}

/// Mends what a person names, which must be files of the working tree: gives the files that change, and
/// writes none.
pub fn fix(target: &Target, policy: &Policy) -> Result<Vec<Mended>, LintError> {
    let mut all: Vec<Mended> = Vec::new();
    for one in target.versions()? {
        let own = match &one {
            Target::Document(_) => None,
            ours => Some(judge(ours, Path::new(""), policy)?),
        };
        for name in one.documents()? {
            let path = working_file(&name)?;
            for mended in fix_one(&path, own.as_deref(), policy)? {
                // What several versions share is mended for the first of them.
                if all.iter().all(|known| known.path != mended.path) {
                    all.push(mended);
                }
            }
        }
    }
    Ok(all)
}

/// The first file of a document that can be written.
fn working_file(name: &str) -> Result<PathBuf, LintError> {
    let path = first_file(Path::new(name));
    if path.is_file() {
        return Ok(normalise(&path));
    }
    Err(LintError::Document(Error::Source {
        what: name.to_owned(),
        message: "only files of the working tree can be mended".to_owned(),
    }))
}

/// Mends one document. `own` are the findings of the rules of our own, in documents of ours; they are
/// mended once, before the rest.
fn fix_one(path: &Path, own: Option<&[Remark]>, policy: &Policy) -> Result<Vec<Mended>, LintError> {
    let mut tree = Tree::default();
    let mut refused: BTreeSet<String> = BTreeSet::new();
    let edits = mends::own(own.unwrap_or_default(), &mut tree.reader())?;
    tree.take(edits, path, policy, &mut refused)?;
    // Ids of ours have a form of their own, which method and path do not give.
    let wanted = |remark: &Remark| own.is_none() || remark.rule.id != rules::MISSING_OPERATION_ID;
    for _ in 0..MAX_ROUNDS {
        let mut remarks = tree.judge(path, policy)?;
        remarks.retain(wanted);
        let edits = mends::any(&remarks, path, &mut tree.reader())?;
        if !tree.take(edits, path, policy, &mut refused)? {
            break;
        }
    }
    Ok(tree.mended())
}

/// The working tree with the files that have changed.
#[derive(Default)]
struct Tree {
    old: BTreeMap<PathBuf, String>,
    new: BTreeMap<PathBuf, String>,
}

impl Files for Tree {
    fn read(&self, path: &Path) -> Result<String, Error> {
        match self.new.get(path) {
            Some(text) => Ok(text.clone()),
            None => Disk.read(path),
        }
    }
}

impl Tree {
    fn judge(&self, path: &Path, policy: &Policy) -> Result<Vec<Remark>, LintError> {
        Ok(lint_any(&Document::from_files(self, path)?, policy))
    }

    fn reader(&self) -> impl FnMut(&Path) -> Result<String, LintError> + use<> {
        let new = self.new.clone();
        move |path| match new.get(path) {
            Some(text) => Ok(text.clone()),
            None => Ok(Disk.read(path)?),
        }
    }

    /// Makes edits, all at once or those that do no harm; tells whether there was one.
    fn take(
        &mut self,
        edits: Vec<Edit>,
        path: &Path,
        policy: &Policy,
        refused: &mut BTreeSet<String>,
    ) -> Result<bool, LintError> {
        let edits: Vec<Edit> = edits
            .into_iter()
            .filter(|edit| !refused.contains(&edit.name()))
            .collect();
        if edits.is_empty() {
            return Ok(false);
        }
        let before = counts(&self.judge(path, policy)?);
        let saved = self.new.clone();
        if self.make(&edits).is_ok() && self.is_fine(path, policy, &before) {
            return Ok(true);
        }
        self.new = saved;
        // Edits move what stands behind them, so one is made, and the rest is found again.
        for edit in &edits {
            let saved = self.new.clone();
            if self.make(std::slice::from_ref(edit)).is_ok() && self.is_fine(path, policy, &before)
            {
                return Ok(true);
            }
            self.new = saved;
            refused.insert(edit.name());
        }
        Ok(false)
    }

    fn make(&mut self, edits: &[Edit]) -> Result<(), LintError> {
        let mut files: BTreeMap<&Path, Vec<&Edit>> = BTreeMap::new();
        for edit in edits {
            files.entry(&edit.file).or_default().push(edit);
        }
        for (path, edits) in files {
            let text = self.read(path)?;
            let new = edit::apply(&text, &edits);
            self.old.entry(path.to_owned()).or_insert(text);
            self.new.insert(path.to_owned(), new);
        }
        Ok(())
    }

    /// Whether the document loads and breaks no rule more often than before.
    fn is_fine(&self, path: &Path, policy: &Policy, before: &BTreeMap<&str, usize>) -> bool {
        self.judge(path, policy).is_ok_and(|remarks| {
            let after = counts(&remarks);
            let mut after = after.iter();
            after.all(|(rule, count)| before.get(rule).is_some_and(|before| count <= before))
        })
    }

    fn mended(self) -> Vec<Mended> {
        let Tree { mut old, new } = self;
        let files = new.into_iter().filter_map(|(path, new)| {
            let old = old.remove(&path)?;
            (old != new).then_some(Mended { path, old, new })
        });
        files.collect()
    }
}

fn counts(remarks: &[Remark]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for remark in remarks {
        *counts.entry(remark.rule.id).or_default() += 1;
    }
    counts
}
