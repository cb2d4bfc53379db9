//! Asking a controller for its documents.

use http::StatusCode;
use http::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Deserialize;

use super::{Document, DocumentCheck, ServedDocument, Standing};
use crate::error::{Answer, Kind};
use crate::{Client, DOCUMENTS, Error};

/// Where the mock controller says what it was made from.
const ADDRESS: &str = "/.well-known/rafay-spec";

impl Client {
    /// Asks the controller which documents it serves, and how they stand to those that this SDK was made from: one
    /// answer for each version whose feature is on, the newest first.
    ///
    /// The mock controller says so; a real controller has no such address, and then every standing is
    /// [`Unknown`](Standing::Unknown). It is an error only if the controller cannot be reached, or is too busy to
    /// answer.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), rafay_sdk::Error> {
    /// let client = rafay_sdk::Client::from_env()?;
    /// for check in client.check_documents().await? {
    ///     if check.is_mismatch() {
    ///         eprintln!("{check}");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn check_documents(&self) -> Result<Vec<DocumentCheck>, Error> {
        let served = self.served_documents().await?;
        let check = |sdk: &Document| check(*sdk, served.as_deref());
        Ok(DOCUMENTS.iter().map(check).collect())
    }

    /// What the controller says; nothing where it does not know the question.
    async fn served_documents(&self) -> Result<Option<Vec<ServedDocument>>, Error> {
        let url = Url::parse(&format!("{}{ADDRESS}", self.transport.base()))
            .map_err(|error| Error::request(format!("`{ADDRESS}` is not a path: {error}")))?;
        let mut request = Request::new(Method::GET, url);
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        let reply = self.transport.send(request, true).await;
        let reply = reply.map_err(|error| Error::new(Kind::Transport(error)))?;
        let status = reply.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            let body = String::from_utf8_lossy(reply.body()).into_owned().into();
            let answer = Answer::new(status.as_u16(), reply.headers(), body);
            return Err(Error::new(Kind::Answer(answer)));
        }
        // A console may answer anything that it does not know with its front page.
        let said: Option<Said> = serde_json::from_slice(reply.body()).ok();
        let said = said.filter(|_| status.is_success());
        Ok(said.map(|said| said.documents.into_iter().filter_map(read).collect()))
    }
}

#[derive(Deserialize)]
struct Said {
    documents: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    version: String,
    release: String,
    released: bool,
    sha256: String,
}

/// An entry that has the shape it must have.
fn read(entry: Entry) -> Option<ServedDocument> {
    let Entry {
        version,
        release,
        released,
        sha256,
    } = entry;
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_number = number(&release).is_some();
    (is_hash && is_number).then_some(ServedDocument {
        version,
        release,
        released,
        sha256,
    })
}

/// Three numbers, such as `3.1.0`.
fn number(text: &str) -> Option<[u64; 3]> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let number = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(number)
}

fn check(sdk: Document, served: Option<&[ServedDocument]>) -> DocumentCheck {
    let controller = served
        .unwrap_or_default()
        .iter()
        .find(|it| it.version == sdk.version)
        .cloned();
    let standing = match (&controller, served) {
        (Some(theirs), _) => standing(sdk, theirs),
        (None, Some(_)) => Standing::NotServed,
        (None, None) => Standing::Unknown,
    };
    DocumentCheck {
        sdk,
        controller,
        standing,
    }
}

fn standing(ours: Document, theirs: &ServedDocument) -> Standing {
    use std::cmp::Ordering;
    if ours.sha256.eq_ignore_ascii_case(&theirs.sha256) {
        return Standing::Same;
    }
    let (Some(own), Some(other)) = (number(ours.release), number(&theirs.release)) else {
        return Standing::Different;
    };
    // After the same release comes what is not released yet.
    match other.cmp(&own).then(ours.released.cmp(&theirs.released)) {
        Ordering::Greater => Standing::ControllerNewer,
        Ordering::Less => Standing::ControllerOlder,
        Ordering::Equal => Standing::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(release: &'static str, released: bool) -> Document {
        Document {
            version: "v3",
            release,
            released,
            sha256: "aa",
        }
    }

    fn theirs(release: &str, released: bool) -> ServedDocument {
        ServedDocument {
            version: "v3".to_owned(),
            release: release.to_owned(),
            released,
            sha256: "bb".to_owned(),
        }
    }

    #[test]
    fn newer_is_the_higher_number_and_after_one_number_what_is_not_released() {
        use Standing::{ControllerNewer, ControllerOlder, Different};
        for (own, other, expected) in [
            (("3.9.0", true), ("3.10.0", true), ControllerNewer),
            (("3.9.0", false), ("3.10.0", true), ControllerNewer),
            (("3.1.0", true), ("3.0.9", false), ControllerOlder),
            (("3.1.0", true), ("3.1.0", false), ControllerNewer),
            (("3.1.0", false), ("3.1.0", true), ControllerOlder),
            (("3.1.0", false), ("3.1.0", false), Different),
            (("3.1.0", true), ("3.1.0", true), Different),
        ] {
            let found = standing(ours(own.0, own.1), &theirs(other.0, other.1));
            assert_eq!(found, expected, "{own:?} {other:?}");
        }
        let mut same = theirs("9.9.9", false);
        same.sha256 = "AA".to_owned();
        assert_eq!(standing(ours("3.1.0", true), &same), Standing::Same);
    }

    #[test]
    fn an_entry_without_the_right_shape_counts_for_nothing() {
        let entry = |release: &str, sha256: &str| Entry {
            version: "v3".to_owned(),
            release: release.to_owned(),
            released: true,
            sha256: sha256.to_owned(),
        };
        let hash = "0f".repeat(32);
        assert!(read(entry("3.0.0", &hash)).is_some());
        assert_eq!(read(entry("3.0", &hash)), None);
        assert_eq!(read(entry("3.0.0\u{1b}[2J", &hash)), None);
        assert_eq!(read(entry("3.0.0", "0f")), None);
        assert_eq!(read(entry("3.0.0", &"zz".repeat(32))), None);
    }
}
