//! Paths without secrets. A key belongs in a header, but somebody will paste one into a path, and the log, the audit
//! trail and error messages are read by more people than the key was given to.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

/// What a whole key starts with; its second dot stands before the secret.
const KEY_PREFIX: &str = "ra2.";

/// A path in which every segment that looks like a whole API key is cut behind the key's id.
pub(crate) struct Masked<'a>(pub(crate) &'a str);

impl<'a> Masked<'a> {
    /// The path itself where nothing has to be masked, which is the rule.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        if !self.0.contains('%') && !self.0.contains(KEY_PREFIX) {
            return Cow::Borrowed(self.0);
        }
        Cow::Owned(self.to_string())
    }
}

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.split('/').enumerate() {
            if index > 0 {
                f.write_str("/")?;
            }
            let decoded = percent_decode_str(segment).decode_utf8_lossy();
            match decoded.find(KEY_PREFIX) {
                None => f.write_str(segment)?,
                Some(start) => {
                    let (before, key) = decoded.split_at(start);
                    let id = key[KEY_PREFIX.len()..]
                        .split('.')
                        .next()
                        .unwrap_or_default();
                    // Decoded text may hold a line break, hence escaped.
                    write!(
                        f,
                        "{}{KEY_PREFIX}{}.***",
                        before.escape_debug(),
                        id.escape_debug()
                    )?;
                }
            }
        }
        Ok(())
    }
}

/// A text in which everything that looks like a whole API key is cut behind the key's id: messages repeat what a
/// client sent, and go to the audit trail, too.
pub(crate) fn without_keys(text: &str) -> Cow<'_, str> {
    let is_key = |letter: char| letter.is_ascii_alphanumeric();
    let mut safe = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(KEY_PREFIX) {
        let (before, key) = rest.split_at(start + KEY_PREFIX.len());
        safe += before;
        let id = &key[..key.find(|letter| !is_key(letter)).unwrap_or(key.len())];
        safe += id;
        rest = &key[id.len()..];
        if let Some(secret) = rest
            .strip_prefix('.')
            .filter(|secret| secret.starts_with(is_key))
        {
            safe += ".***";
            let end = secret.find(|letter| !is_key(letter) && letter != '.');
            rest = &secret[end.unwrap_or(secret.len())..];
        }
    }
    if safe.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(safe + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_stay_as_they_are() {
        for path in ["/", "/apis/x/v3/projects/a%20b", "*", "", "/a//b/"] {
            assert_eq!(Masked(path).to_string(), path);
        }
    }

    #[test]
    fn keys_in_a_path_lose_their_secret() {
        for (path, safe) in [
            ("/keys/ra2.abc.secret/", "/keys/ra2.abc.***/"),
            ("/keys/ra2%2Eabc%2Esecret", "/keys/ra2.abc.***"),
            (
                "/keys/xra2.abc%0Adef.secret.more/a",
                "/keys/xra2.abc\\ndef.***/a",
            ),
            ("/keys/ra2.", "/keys/ra2..***"),
        ] {
            assert_eq!(Masked(path).to_string(), safe);
        }
    }

    #[test]
    fn keys_in_a_text_lose_their_secret() {
        for (text, safe) in [
            (
                "API key \"ra2.ab.cd\" not found",
                "API key \"ra2.ab.***\" not found",
            ),
            ("ra2.a.b,ra2.c.d", "ra2.a.***,ra2.c.***"),
            ("the API key ra2.ab expired", "the API key ra2.ab expired"),
            ("ra2.ab.", "ra2.ab."),
            ("ra2..b", "ra2..***"),
            ("ra2.ra2.a.b x", "ra2.ra2.*** x"),
            (
                "of the form ra2.<id>.<secret>",
                "of the form ra2.<id>.<secret>",
            ),
            ("nothing", "nothing"),
        ] {
            assert_eq!(without_keys(text), safe);
        }
    }
}
