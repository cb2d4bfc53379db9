//! A copy of the small specification in `fixtures/mini` that a test may change.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    pub(crate) fn of_mini() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mini");
        copy_folder(&fixture, folder.path());
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Replaces the first occurrence of a text, which must be there.
    pub(crate) fn change(&self, file: &str, from: &str, to: &str) {
        let path: PathBuf = self.folder.path().join(file);
        let text = fs::read_to_string(&path).expect("a file of the fixture");
        assert!(text.contains(from), "{file} has no {from:?}");
        fs::write(&path, text.replacen(from, to, 1)).expect("a writable copy");
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a writable copy");
    for entry in fs::read_dir(from).expect("a readable fixture") {
        let entry = entry.expect("a readable fixture");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a readable fixture").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a writable copy");
        }
    }
}
