//! The configuration file of the vendor's own command line: which controller and which key.

use std::path::Path;

use serde::Deserialize;

use super::ClientBuilder;
use crate::{ApiKey, ConfigError, Secret};

/// What is read of the file.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    rest_endpoint: String,
    #[serde(default)]
    api_key: Secret,
    #[serde(default)]
    api_secret: Secret,
    /// A text, as the command line writes it.
    #[serde(default)]
    skip_server_cert_check: String,
}

/// Reads the file at a path.
pub(super) fn read_file(path: &Path) -> Result<ClientBuilder, ConfigError> {
    let wrong = |reason: String| ConfigError::RctlConfig {
        path: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    read(&text).map_err(wrong)
}

fn read(text: &str) -> Result<ClientBuilder, String> {
    let file: File = serde_json::from_str(text).map_err(|error| {
        // The message of a wrong type could show the value, so only the place is told.
        let (line, column) = (error.line(), error.column());
        format!("it is not the JSON of such a file, at line {line}, column {column}")
    })?;
    if file.rest_endpoint.trim().is_empty() {
        return Err("it has no `rest_endpoint`".to_owned());
    }
    if file.skip_server_cert_check.eq_ignore_ascii_case("true") {
        return Err(
            "its `skip_server_cert_check` is true, and certificates are always checked here; give the \
             controller's certificate to `root_certificates` and set it to false"
                .to_owned(),
        );
    }
    Ok(ClientBuilder::default()
        .endpoint(file.rest_endpoint)
        .api_key(key(&file.api_key, &file.api_secret)?))
}

/// The whole key: older files have the access key id and the secret apart.
fn key(key: &Secret, secret: &Secret) -> Result<ApiKey, String> {
    let (id, secret) = (key.expose().trim(), secret.expose().trim());
    if id.is_empty() {
        return Err("it has no `api_key`".to_owned());
    }
    let is_half = id.starts_with("ra2.") && id.matches('.').count() == 1;
    if is_half && !secret.is_empty() {
        return Ok(ApiKey::new(format!("{id}.{secret}")));
    }
    Ok(ApiKey::new(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_halved_keys_come_out_whole() {
        for (id, secret, whole) in [
            ("ra2.a.b", "b", "ra2.a.b"),
            ("ra2.a", "b", "ra2.a.b"),
            ("ra2.a.b", "", "ra2.a.b"),
            ("old", "b", "old"),
        ] {
            let made = key(&Secret::from(id), &Secret::from(secret)).unwrap();
            assert_eq!(made.expose(), whole);
        }
    }

    #[test]
    fn a_file_that_will_not_do_is_refused_without_showing_what_is_in_it() {
        let full = r#"{"rest_endpoint": "http://localhost", "api_key": "ra2.a.hush", "skip_server_cert_check": "false"}"#;
        assert!(read(full).is_ok());
        for (text, told) in [
            ("", "JSON"),
            (r#"{"api_key": ["hush"]}"#, "JSON"),
            (r#"{"api_key": "hush"}"#, "rest_endpoint"),
            (r#"{"rest_endpoint": "host"}"#, "api_key"),
            (&full.replace("\"false\"", "\"true\""), "root_certificates"),
        ] {
            let reason = read(text).unwrap_err();
            assert!(
                reason.contains(told) && !reason.contains("hush"),
                "{reason}"
            );
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read_file(Path::new("/no/such/config.json")).unwrap_err();
        assert!(
            error.to_string().contains("/no/such/config.json"),
            "{error}"
        );
    }
}
