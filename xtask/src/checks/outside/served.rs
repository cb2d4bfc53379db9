//! The server under test: the built binary on a free port, ended when dropped, with an example of every kind stored
//! so that requests of strangers find something.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::http;

/// Why there is no server to test.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("start the server: {0}")]
    Start(#[from] io::Error),
    #[error("the server ended before it said where it listens")]
    Silent,
    #[error("set the server up: {0}")]
    Http(#[from] http::Error),
    #[error("set the server up: {what} was answered with {status}: {body}")]
    Refused {
        what: String,
        status: u16,
        body: Value,
    },
}

/// Builds the server; cargo's messages tell where it is, whatever the target directory.
pub(super) fn build(root: &Path) -> Option<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "rafay-mock-server"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .ok()?;
    let messages = built.stdout.split(|byte| *byte == b'\n');
    let executable = messages
        .filter_map(|line| serde_json::from_slice::<Value>(line).ok())
        .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
    executable.filter(|_| built.status.success())
}

/// A running server.
pub(super) struct Served {
    process: Child,
    address: String,
    admin: String,
    partner: String,
}

/// Whose key the requests are sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// The organization's administrator.
    Admin,
    /// One who may read everything and change nothing.
    Reader,
}

impl Caller {
    pub(super) fn name(self) -> &'static str {
        match self {
            Caller::Admin => "admin",
            Caller::Reader => "read-only",
        }
    }
}

impl Served {
    /// Starts the program. Its request log goes to the file.
    pub(super) fn start(program: &Path, log: &Path) -> Result<Self, Error> {
        let process = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(log)?)
            .spawn()?;
        let mut served = Self {
            address: String::new(),
            admin: String::new(),
            partner: String::new(),
            process,
        };
        let output = served.process.stdout.take().ok_or(Error::Silent)?;
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some(url) = line.strip_prefix("Address:") {
                url.trim()
                    .trim_start_matches("http://")
                    .clone_into(&mut served.address);
            } else if let Some(key) = line.strip_prefix("Partner's key:") {
                key.trim().clone_into(&mut served.partner);
            } else if let Some(key) = line.strip_prefix("Admin's key:") {
                key.trim().clone_into(&mut served.admin);
            }
            if !served.address.is_empty() && !served.admin.is_empty() {
                return Ok(served);
            }
        }
        Err(Error::Silent)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A key for such a caller; a reader is made by the API, as anyone would.
    pub(super) fn key(&self, caller: Caller) -> Result<String, Error> {
        if caller == Caller::Admin {
            return Ok(self.admin.clone());
        }
        let user = json!({
            "account": {"username": "reader@example.com"},
            "roles": [{"role": {"name": "ADMINISTRATOR_READ_ONLY"}}],
        });
        let user = self.post("/auth/v1/users/", &user)?;
        let id = user["account"]["id"].as_str().unwrap_or_default();
        let key = self.post(&format!("/auth/v1/users/{id}/apikey/"), &json!({}))?;
        Ok(key["key"].as_str().unwrap_or_default().to_owned())
    }

    /// What a key and its account go by: the ids of both and the login name.
    pub(super) fn own(&self, key: &str) -> Result<Vec<String>, Error> {
        let get = |path: &str| http::send(&self.address, key, "GET", path, None);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let profile = get("/auth/v1/users/-/profile")?.body;
        let account = text(&profile["account"]["id"]);
        let keys = get(&format!("/auth/v1/users/{account}/apikeys/"))?.body;
        let mut keys = keys.as_array().into_iter().flatten();
        let is_own = |listed: &&Value| {
            let shown = text(&listed["key"]);
            !shown.is_empty() && key.starts_with(&shown)
        };
        let id = keys.find(is_own).map(|listed| text(&listed["id"]));
        let username = text(&profile["account"]["username"]);
        Ok([account, username].into_iter().chain(id).collect())
    }

    /// Whether a key is good.
    pub(super) fn takes(&self, key: &str) -> Result<bool, Error> {
        let answer = http::send(&self.address, key, "GET", "/auth/v1/projects/", None)?;
        Ok(answer.status == 200)
    }

    /// Identifier of the project every organization begins with.
    pub(super) fn default_project(&self) -> Result<String, Error> {
        let path = "/auth/v1/projects/?name=defaultproject";
        let answer = http::send(&self.address, &self.admin, "GET", path, None)?;
        Ok(answer.body["results"][0]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Applies the examples of a document in the default project, those first that others need.
    pub(super) fn seed(&self, document: &Value) -> Result<(), Error> {
        let mut left = examples(document);
        loop {
            let before = left.len();
            let mut refused = None;
            let mut still = Vec::new();
            for example in left {
                let key = if example.is_partners {
                    &self.partner
                } else {
                    &self.admin
                };
                match self.post_as(key, &example.path, &example.body) {
                    Ok(_) => {}
                    Err(Error::Http(error)) => return Err(error.into()),
                    Err(error) => {
                        refused = Some(error);
                        still.push(example);
                    }
                }
            }
            left = still;
            match refused {
                None => return Ok(()),
                Some(error) if left.len() == before => return Err(error),
                Some(_) => {}
            }
        }
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Error> {
        self.post_as(&self.admin, path, body)
    }

    fn post_as(&self, key: &str, path: &str, body: &Value) -> Result<Value, Error> {
        let answer = http::send(&self.address, key, "POST", path, Some(body))?;
        if matches!(answer.status, 200 | 201) {
            return Ok(answer.body);
        }
        Err(Error::Refused {
            what: format!("POST {path}"),
            status: answer.status,
            body: answer.body,
        })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An object to be applied.
struct Example {
    path: String,
    body: Value,
    /// Whether only the partner may.
    is_partners: bool,
}

/// Where objects are applied, and the documents' examples of them.
fn examples(document: &Value) -> Vec<Example> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let apply = &item["post"];
        if apply["x-behavior"]["verb"] != "apply" {
            continue;
        }
        let path = path.replace("{project}", "defaultproject");
        let media = &apply["requestBody"]["content"]["application/json"];
        let named = media["examples"].as_object().into_iter().flatten();
        let values = named
            .map(|(_, example)| &resolved(document, example)["value"])
            .chain(media.get("example"));
        let is_partners = apply["x-permission"]["scope"] == "partner";
        found.extend(values.map(|value| Example {
            path: path.clone(),
            body: value.clone(),
            is_partners,
        }));
    }
    found
}

fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let pointer = value["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    pointer
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(value)
}

/// Reads a document.
pub(super) fn document(path: &Path) -> Result<Value, Error> {
    let text = fs::read(path)?;
    Ok(serde_json::from_slice(&text).map_err(io::Error::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::repository;

    #[test]
    fn there_are_examples_to_apply_and_no_path_has_a_hole() {
        let document = document(&repository().join("spec/v3/openapi.json")).unwrap();
        let examples = examples(&document);
        assert!(examples.len() > 50, "{}", examples.len());
        for Example { path, body, .. } in examples {
            assert!(!path.contains('{'), "{path}");
            assert!(body["metadata"]["name"].is_string(), "{path}: {body}");
        }
    }
}
