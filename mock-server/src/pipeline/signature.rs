//! The second half of a request's credentials, where a client sends it: a signature in the manner of the older command
//! line, or a token in place of the secret. Neither is needed, but one that is there must be right.
//!
//! A signature is HMAC-SHA256 under the secret, by the draft for HTTP signatures, over the body's MD5, the date, the
//! host and a number used once. Only a hash of the secret is kept, so a signature can be checked where the secret comes
//! along, as it does with the clients that sign: their key id is the whole key. One beside the access key id alone
//! cannot be, and is refused with that reason; what would be needed to check it could be used to forge it.

use std::collections::HashMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use http::header::{AUTHORIZATION, DATE, HOST};
use http::request::Parts;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use crate::refusal::{Reason, Refusal};
use crate::secret::checksum;

/// How far the date of a signed request may be from the controller's clock.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// What a signature must cover.
const COVERED: [&str; 4] = ["content-md5", "date", "host", "nonce"];
/// Characters of a number used once.
const LONGEST: usize = 128;

/// A signature as the header has it.
#[derive(Debug, PartialEq, Eq)]
struct Signature<'h> {
    key_id: &'h str,
    algorithm: &'h str,
    headers: Vec<&'h str>,
    tag: &'h str,
}

impl<'h> Signature<'h> {
    /// Reads `Signature keyId="…",algorithm="…",headers="…",signature="…"`; none for another scheme.
    fn read(headers: &'h HeaderMap) -> Result<Option<Self>, Refusal> {
        let mut sent = headers.get_all(AUTHORIZATION).iter().filter_map(|value| {
            let (scheme, rest) = value.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("signature").then_some(rest)
        });
        let Some(text) = sent.next() else {
            return Ok(None);
        };
        if sent.next().is_some() {
            return Err(refused("the request carries two signatures; send one"));
        }
        let mut found = HashMap::new();
        for part in text.split(',') {
            let pair = part.split_once('=').and_then(|(name, value)| {
                let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
                Some((name.trim(), value))
            });
            let is_new = pair.is_some_and(|(name, value)| found.insert(name, value).is_none());
            if !is_new {
                return Err(unreadable());
            }
        }
        let get = |name| found.get(name).copied().ok_or_else(unreadable);
        Ok(Some(Self {
            key_id: get("keyId")?,
            algorithm: get("algorithm")?,
            headers: get("headers")?.split(' ').collect(),
            tag: get("signature")?,
        }))
    }
}

pub(super) fn refused(message: impl Into<String>) -> Refusal {
    Refusal::new(Reason::SignatureRefused, message.into())
}

fn unreadable() -> Refusal {
    refused(
        "the Authorization header is no signature of the form Signature keyId=\"…\",algorithm=\"hmac-sha256\",\
         headers=\"content-md5 date host nonce\",signature=\"…\"",
    )
}

/// What is known of the key that came with a request.
pub(super) struct Presented<'k> {
    pub(super) id: &'k str,
    /// The secret, unless a checksum came in its place.
    pub(super) secret: Option<&'k str>,
}

/// Checks the signature of a request whose key is right, and gives its number used once; none where there is no
/// signature. Of a request whose body is not read, everything else is checked.
pub(super) fn verify(
    parts: &Parts,
    body: Option<&[u8]>,
    key: &Presented<'_>,
    now: Timestamp,
) -> Result<Option<String>, Refusal> {
    let headers = &parts.headers;
    let Some(sent) = Signature::read(headers)? else {
        return Ok(None);
    };
    let Presented { id, secret } = *key;
    let Some(secret) = secret else {
        return Err(cannot_be_checked());
    };
    let half = format!("ra2.{id}");
    let whole = format!("{half}.{secret}");
    if ![id, &half, &whole].contains(&sent.key_id) {
        return Err(refused("the signature names another key than the request"));
    }
    if !sent.algorithm.eq_ignore_ascii_case("hmac-sha256") {
        return Err(refused(
            "the signature is not made with hmac-sha256, the only algorithm there is",
        ));
    }
    if let Some(missing) = COVERED.iter().find(|name| !sent.headers.contains(name)) {
        return Err(refused(format!(
            "the signature does not cover {missing}; it must cover {}",
            COVERED.join(", ")
        )));
    }
    let signed = signed_text(parts, &sent.headers)?;
    let Ok(tag) = BASE64_STANDARD.decode(sent.tag) else {
        return Err(refused("the signature is not base64"));
    };
    // Clients without a secret of its own sign with the whole key.
    let fits = [secret, &whole].map(|secret| is_signed_with(secret, &signed, &tag));
    if fits == [false, false] {
        return Err(refused(
            "the signature does not fit the request and the key's secret",
        ));
    }
    if let Some(body) = body
        && one(headers, "content-md5")? != checksum(body)
    {
        return Err(refused(
            "content-md5 is not the MD5 of the body in base64; the body was changed on its way",
        ));
    }
    let date = one(headers, DATE.as_str())?;
    let at = time(date).ok_or_else(|| {
        refused("the date is neither seconds since 1970 nor a date such as HTTP has it")
    })?;
    if now.duration_since(at).abs() > SKEW {
        return Err(refused(format!(
            "the request was signed at {at} and it is {now} here; more than 5 minutes apart are not taken"
        )));
    }
    let nonce = one(headers, "nonce")?;
    if nonce.is_empty() || nonce.len() > LONGEST {
        return Err(refused(format!(
            "the nonce must have from 1 to {LONGEST} characters"
        )));
    }
    Ok(Some(nonce.to_owned()))
}

/// The refusal of a signature beside the access key id alone.
pub(super) fn cannot_be_checked() -> Refusal {
    refused(
        "the controller keeps a hash of the secret and cannot check a signature by it; send the whole key, \
         ra2.<access key id>.<secret>, beside the signature",
    )
}

/// Whether a request is signed.
pub(crate) fn is_there(headers: &HeaderMap) -> bool {
    !matches!(Signature::read(headers), Ok(None))
}

/// The only value of a header.
fn one<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (
        values.next().and_then(|value| value.to_str().ok()),
        values.next(),
    ) {
        (Some(value), None) => Ok(value.trim()),
        _ => Err(refused(format!(
            "the signed header {name} must be there, as text, and once"
        ))),
    }
}

/// The text that is signed: a line for each header.
fn signed_text(parts: &Parts, names: &[&str]) -> Result<String, Refusal> {
    let mut lines = Vec::with_capacity(names.len());
    for name in names {
        let value = match *name {
            "(request-target)" => {
                let target = parts.uri.path_and_query();
                let target = target.map_or("/", |target| target.as_str());
                format!("{} {target}", parts.method.as_str().to_lowercase())
            }
            "host" if !parts.headers.contains_key(HOST) => match parts.uri.authority() {
                Some(authority) => authority.to_string(),
                None => return Err(refused("the signed header host is not there")),
            },
            name => one(&parts.headers, name)?.to_owned(),
        };
        lines.push(format!("{name}: {value}"));
    }
    Ok(lines.join("\n"))
}

fn is_signed_with(secret: &str, text: &str, tag: &[u8]) -> bool {
    // A key of any length will do.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mut mac| {
        mac.update(text.as_bytes());
        mac.verify_slice(tag).is_ok()
    })
}

fn time(date: &str) -> Option<Timestamp> {
    match date.parse() {
        Ok(seconds) => Timestamp::from_second(seconds).ok(),
        Err(_) => Some(rfc2822::parse(date).ok()?.timestamp()),
    }
}

#[cfg(test)]
mod tests;
