//! Tools from `PyPI` and npm: fetched once, in the version that is named here, into a folder with that version in its
//! name.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A program from a package registry.
pub(super) struct Tool {
    pub(super) package: &'static str,
    /// Exact, so that a new release does not change what passes.
    pub(super) version: &'static str,
    /// Name of the program in the package.
    pub(super) program: &'static str,
    pub(super) from: Registry,
}

/// Where a tool comes from.
pub(super) enum Registry {
    /// `PyPI`, with a file in `xtask/outside` that holds the versions of all it needs, or without.
    Python { pinned: Option<&'static str> },
    /// npm.
    Node,
    /// npm, for code that another program loads: the package as published, without what it says it depends on, beside
    /// the packages that are named here with their versions. The program is a file of the package.
    NodeModule { with: &'static [&'static str] },
}

impl Tool {
    /// Path of the program, which is fetched if it is not there; or what is lacking.
    pub(super) fn path(&self, root: &Path) -> Result<PathBuf, String> {
        let folder = root.join("target/tools").join(self.folder());
        let program = folder.join(match self.from {
            Registry::Python { .. } => format!("bin/{}", self.program),
            Registry::Node => format!("node_modules/.bin/{}", self.program),
            Registry::NodeModule { .. } => {
                format!("node_modules/{}/{}", self.package, self.program)
            }
        });
        if !program.exists() {
            self.install(root, &folder).inspect_err(|_| {
                // A half-made folder would be taken for a whole one next time.
                let _ = std::fs::remove_dir_all(&folder);
            })?;
        }
        Ok(program)
    }

    fn folder(&self) -> String {
        let package = self.package.replace(['@', '/'], "");
        format!("{package}-{}", self.version)
    }

    fn install(&self, root: &Path, folder: &Path) -> Result<(), String> {
        match self.from {
            Registry::Python { pinned } => self.install_python(root, folder, pinned),
            Registry::Node => {
                has_npm()?;
                install_from_npm(folder, &[&self.versioned("@")])
            }
            Registry::NodeModule { with } => {
                has_npm()?;
                install_from_npm(folder, with)?;
                self.unpack_from_npm(folder)
            }
        }
    }

    fn install_python(
        &self,
        root: &Path,
        folder: &Path,
        pinned: Option<&str>,
    ) -> Result<(), String> {
        let needs = "it needs python3 with its venv module";
        succeeds(
            Command::new("python3").args(["-m", "venv"]).arg(folder),
            needs,
        )?;
        let package = self.versioned("==");
        let mut pip = Command::new(folder.join("bin/pip"));
        pip.args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            &package,
        ]);
        if let Some(pinned) = pinned {
            pip.arg("--constraint")
                .arg(root.join("xtask/outside").join(pinned));
        }
        succeeds(
            &mut pip,
            &format!("{package} could not be installed from PyPI"),
        )
    }

    /// Puts the package where node finds it, without installing what it depends on.
    fn unpack_from_npm(&self, folder: &Path) -> Result<(), String> {
        let package = self.versioned("@");
        let otherwise = format!("{package} could not be fetched from npm");
        let packed = Command::new("npm")
            .args(["pack", "--silent", &package])
            .current_dir(folder)
            .output();
        let file = match packed {
            Ok(packed) if packed.status.success() => {
                String::from_utf8_lossy(&packed.stdout).trim().to_owned()
            }
            _ => return Err(otherwise),
        };
        let place = folder.join("node_modules").join(self.package);
        std::fs::create_dir_all(&place).map_err(|error| format!("{otherwise}: {error}"))?;
        succeeds(
            Command::new("tar")
                .args(["--extract", "--gzip", "--strip-components=1", "--file"])
                .arg(folder.join(file))
                .arg("--directory")
                .arg(place),
            "it needs tar",
        )
    }

    fn versioned(&self, separator: &str) -> String {
        format!("{}{separator}{}", self.package, self.version)
    }
}

fn has_npm() -> Result<(), String> {
    succeeds(
        Command::new("npm")
            .arg("--version")
            .stdout(std::process::Stdio::null()),
        "it needs node with npm",
    )
}

fn install_from_npm(folder: &Path, packages: &[&str]) -> Result<(), String> {
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--no-save",
    ])
    .arg("--prefix")
    .arg(folder)
    .args(packages);
    succeeds(
        &mut npm,
        &format!("{} could not be installed from npm", packages.join(", ")),
    )
}

fn succeeds(command: &mut Command, otherwise: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(otherwise.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_cannot_be_fetched_says_what_it_lacks_and_leaves_nothing_behind() {
        let root = tempfile::tempdir().unwrap();
        let tool = Tool {
            package: "@rafay-xtask/no such package",
            version: "0",
            program: "none",
            from: Registry::Node,
        };
        let lacking = tool.path(root.path()).unwrap_err();
        assert!(lacking.contains("npm"), "{lacking}");
        assert!(
            !root
                .path()
                .join("target/tools")
                .join(tool.folder())
                .exists()
        );
    }
}
