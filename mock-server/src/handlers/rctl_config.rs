//! The configuration file of the command line, with a key made for it.

use http::Method;
use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use serde_json::{Value, json};

use super::apikey::{make, owner};
use crate::generated::kinds::CONTAINER;
use crate::keys::{self, Asked};
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::store::{Key, State, Stored};

/// The name of a key that was made for a file.
const NAME: &str = "rctl config";
/// The host of a request that names none.
const HOSTLESS: &str = "localhost";

/// Makes a key for the caller, or for the account in the path, and gives it as a file of the command line.
pub(crate) fn rctl_config(call: &Call<'_>) -> Result<Reply, Refusal> {
    if call.parts.method == Method::HEAD {
        // Its answer has no body, so the key would be lost.
        return Err(Refusal::new(
            Reason::MethodNotAllowed,
            "HEAD would make a key that nobody gets to see; use GET",
        ));
    }
    let id = match call.parameters.get("accountId") {
        "" => call.caller.user_id(),
        other => other,
    };
    let owner = owner(call, id)?;
    let asked = Asked {
        never: false,
        hours: call
            .query
            .named("validity_hour")
            .and_then(|hours| hours.parse().ok()),
    };
    let (key, credential) = make(call, &owner, NAME, asked)?;
    let endpoint = endpoint(call.parts);
    let mut file = json!({
        "profile": "prod",
        "skip_server_cert_check": "false",
        "rest_endpoint": endpoint,
        "ops_endpoint": endpoint,
        "api_key": key.expose(),
        "api_secret": key.secret(),
        "project_id": default_project(call.state, &call.caller.organization().id),
    });
    if let Some(end) = credential.expires_at {
        file["expires_at"] = end.to_string().into();
    }
    call.commit(keys::store(call.state, credential))?;
    Ok(Reply::json(&file).recorded())
}

/// Where the caller reached the controller: a host alone means HTTPS.
fn endpoint(parts: &Parts) -> String {
    let sent = parts
        .headers
        .get(HOST)
        .and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let authority = sent.as_ref().or(parts.uri.authority());
    let host = authority.map_or(HOSTLESS, |authority| {
        let text = authority.as_str();
        // A name before an @ has no place in the file.
        text.rsplit('@').next().unwrap_or(text)
    });
    if parts.uri.scheme_str() == Some("https") {
        host.to_owned()
    } else {
        format!("http://{host}")
    }
}

/// The id of the project that every organization begins with.
fn default_project(state: &State, organization: &str) -> String {
    let projects = Key::everywhere(organization, CONTAINER.name);
    let default = state.under(&projects).find_map(|(_, stored)| {
        let Stored::Object(project) = stored else {
            return None;
        };
        let value = project.value().ok()?;
        (value["spec"]["default"] == Value::Bool(true)).then(|| project.id.to_string())
    });
    default.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint_of(uri: &str, host: Option<&str>) -> String {
        let request = http::Request::get(uri);
        let request = match host {
            Some(host) => request.header(HOST, host),
            None => request,
        };
        endpoint(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn the_file_names_where_the_controller_was_reached() {
        for (uri, host, wanted) in [
            ("/x", Some("127.0.0.1:8080"), "http://127.0.0.1:8080"),
            ("/x", Some("[::1]:80"), "http://[::1]:80"),
            ("/x", None, "http://localhost"),
            ("/x", Some("not a host"), "http://localhost"),
            ("/x", Some("me@host"), "http://host"),
            ("https://console.example.com/x", None, "console.example.com"),
        ] {
            assert_eq!(endpoint_of(uri, host), wanted, "{uri} {host:?}");
        }
    }
}
