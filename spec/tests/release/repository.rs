//! A repository with one version in two files, which a test changes and releases.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use rafay_spec::diff::{Date, open};
use rafay_spec::release::{Error, Number, Plan, Request, plan};

const FIRST: &str = "openapi: 3.0.3
info: {title: Widgets, version: 1.0.0} # the number of the release
paths:
  /widgets: {$ref: 'kinds.yaml#/paths/widgets'}
";
const KINDS: &str = "paths:
  widgets:
    get:
      operationId: widgets_list
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/schemas/Widget'}}}}
schemas:
  Widget:
    type: object
    required: [name]
    properties:
      name: {type: string}
";
const ROLES: &str = "permissions: [{name: a.read, description: d}]
roles: [{name: A, scope: project, description: d, permissions: [a.read]}]
";

pub(crate) struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// A repository whose branch `work` stands where `main` stands.
    pub(crate) fn new() -> Self {
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(repository.path("spec/v1")).unwrap();
        repository.write("spec/v1/openapi.yaml", FIRST);
        repository.write("spec/v1/kinds.yaml", KINDS);
        repository.write("spec/roles.yaml", ROLES);
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit();
        repository.git(&["checkout", "--quiet", "-b", "work"]);
        repository
    }

    /// One whose first release is on `main`.
    pub(crate) fn released() -> Self {
        let repository = Self::new();
        repository.release(None).unwrap();
        repository.commit();
        repository.merge();
        repository
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap();
    }

    /// Replaces a text, which must be there.
    pub(crate) fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// A property more, which breaks nobody.
    pub(crate) fn add_property(&self, name: &str) {
        let more = format!("    properties:\n      {name}: {{type: string}}\n");
        self.change("spec/v1/kinds.yaml", "    properties:\n", &more);
    }

    /// A parameter that must be there from now on, which breaks old clients.
    pub(crate) fn break_the_wire(&self) {
        self.change(
            "spec/v1/kinds.yaml",
            "in: query,",
            "in: query, required: true,",
        );
    }

    pub(crate) fn approve(&self, print: &str) {
        let text = format!("# Why.\napprovals: [{{fingerprint: '{print}', reason: r, by: b}}]\n");
        self.write("spec/approvals.yaml", &text);
    }

    pub(crate) fn plan(&self, number: Option<&str>) -> Result<Plan, Error> {
        plan(&Request {
            spec_dir: &self.path("spec"),
            version: "v1",
            number: number.map(|number| Number::parse(number).unwrap()),
            date: Date::parse("2027-01-31").unwrap(),
            approvals: &self.path("spec/approvals.yaml"),
        })
    }

    /// Releases, and gives the number.
    pub(crate) fn release(&self, number: Option<&str>) -> Result<String, Error> {
        let plan = self.plan(number)?;
        plan.write()?;
        let name = format!("released:v1@{}", plan.entry.number);
        let released = open(&name, &self.path("spec/released")).unwrap();
        assert_eq!(
            released.info_version(),
            Some(plan.entry.number.to_string().as_str())
        );
        Ok(plan.entry.number.to_string())
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@t.example"];
        let mut command = Command::new("git");
        let command = command.current_dir(self.folder.path()).args(identity);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message", "m"]);
    }

    /// Brings `main` to where `work` is.
    pub(crate) fn merge(&self) {
        self.git(&["branch", "--force", "main", "work"]);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
        let command = command.current_dir(self.folder.path()).args(arguments);
        command.output().unwrap()
    }

    /// The exit code and all that is said.
    pub(crate) fn command(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run(arguments);
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    }

    pub(crate) fn guard(&self) -> (Option<i32>, String) {
        self.command(&["guard"])
    }
}
