//! The environment's word on which controller and which key, in the variables that the vendor's
//! own command line reads.

use super::ClientBuilder;
use crate::ConfigError;

/// Reads the variables through `get`.
pub(super) fn read(
    get: impl Fn(&'static str) -> Option<String>,
) -> Result<ClientBuilder, ConfigError> {
    let require = |name, holds| match get(name) {
        Some(value) if !value.trim().is_empty() => Ok(value),
        _ => Err(ConfigError::MissingVariable { name, holds }),
    };
    Ok(ClientBuilder::default()
        .endpoint(require(
            "RCTL_REST_ENDPOINT",
            "the address of the controller",
        )?)
        .api_key(require("RCTL_API_KEY", "the API key, `ra2.<id>.<secret>`")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        for (endpoint, key, missing) in [
            (None, Some("k"), "RCTL_REST_ENDPOINT"),
            (Some(" "), Some("k"), "RCTL_REST_ENDPOINT"),
            (Some("host"), None, "RCTL_API_KEY"),
            (Some("host"), Some(""), "RCTL_API_KEY"),
        ] {
            let get = |name| {
                let value = if name == "RCTL_API_KEY" {
                    key
                } else {
                    endpoint
                };
                value.map(str::to_owned)
            };
            let error = read(get).unwrap_err();
            assert!(matches!(error, ConfigError::MissingVariable { name, .. } if name == missing));
            assert!(error.to_string().contains(missing));
        }
        assert!(read(|_| Some("http://localhost".to_owned())).is_ok());
    }
}
