//! API keys: making them, telling their parts, and comparing a secret with its stored hash.

use std::fmt;

use subtle::ConstantTimeEq;

/// A whole API key, `ra2.<access key id>.<secret>`: 40 and 64 hexadecimal digits. Anybody who has it is its
/// owner to the controller, so its `Debug` hides the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    whole: String,
}

/// The literal first part of a key.
const PREFIX: &str = "ra2";
const ID_BYTES: usize = 20;
const SECRET_BYTES: usize = 32;

impl ApiKey {
    /// Makes a key that nobody can guess, from the system's random numbers.
    pub(crate) fn generate() -> Self {
        Self {
            whole: format!(
                "{PREFIX}.{}.{}",
                random_hex::<ID_BYTES>(),
                random_hex::<SECRET_BYTES>()
            ),
        }
    }

    /// The whole key, to be sent in a header. Keep it out of logs.
    pub fn expose(&self) -> &str {
        &self.whole
    }

    /// The access key id, the part that may be shown.
    pub fn id(&self) -> &str {
        self.parts().0
    }

    pub(crate) fn secret(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        split(&self.whole).unwrap_or_default()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({PREFIX}.{}.<secret>)", self.id())
    }
}

/// Access key id and secret of a key as a header has it; none for a text that is no key.
pub(crate) fn split(key: &str) -> Option<(&str, &str)> {
    let (prefix, rest) = key.split_once('.')?;
    let (id, secret) = rest.split_once('.')?;
    let hex = |text: &str, bytes: usize| {
        text.len() == 2 * bytes && text.bytes().all(|b| b.is_ascii_hexdigit())
    };
    (prefix == PREFIX && hex(id, ID_BYTES) && hex(secret, SECRET_BYTES)).then_some((id, secret))
}

/// The hash under which a secret is kept. The secret is 256 random bits, so one round of a fast hash is as good
/// as many of a slow one.
#[derive(Clone, Copy)]
pub(crate) struct SecretHash([u8; 32]);

impl SecretHash {
    pub(crate) fn of(secret: &str) -> Self {
        Self(blake3::hash(secret.as_bytes()).into())
    }

    /// Whether a secret is the right one, in a time that does not depend on where it differs.
    pub(crate) fn fits(&self, secret: &str) -> bool {
        self.0.ct_eq(&Self::of(secret).0).into()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash")
    }
}

/// A secret on its way from a request to its hash.
#[derive(Clone)]
pub(crate) struct Plain(String);

impl Plain {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain")
    }
}

/// The hash of a secret that people choose: with a salt, so that two objects with one secret do not show it.
#[derive(Clone, Copy)]
pub(crate) struct SaltedHash {
    salt: [u8; 32],
    hash: [u8; 32],
}

impl SaltedHash {
    pub(crate) fn of(secret: &Plain) -> Self {
        let salt = random_bytes();
        Self {
            salt,
            hash: Self::hashed(&salt, &secret.0),
        }
    }

    /// Whether a secret is the right one, in a time that does not depend on where it differs.
    pub(crate) fn fits(&self, secret: &Plain) -> bool {
        self.hash.ct_eq(&Self::hashed(&self.salt, &secret.0)).into()
    }

    /// The hash of no secret, for as much work as one that is there takes.
    pub(crate) const fn nobody() -> Self {
        Self {
            salt: [0; 32],
            hash: [0; 32],
        }
    }

    fn hashed(salt: &[u8; 32], secret: &str) -> [u8; 32] {
        blake3::keyed_hash(salt, secret.as_bytes()).into()
    }
}

impl fmt::Debug for SaltedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SaltedHash")
    }
}

fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without random numbers no key is safe and nothing sensible can be done.
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    bytes
}

fn random_hex<const N: usize>() -> String {
    random_bytes::<N>()
        .iter()
        .fold(String::with_capacity(2 * N), |mut text, byte| {
            text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
            text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
            text
        })
}

/// An id in the controller's style: seven lower-case letters and digits.
pub(crate) fn short_id() -> String {
    const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
    random_bytes::<7>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte & 31)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_form_and_hides_its_secret() {
        let key = ApiKey::generate();
        let (id, secret) = split(key.expose()).unwrap();
        assert_eq!((id.len(), secret.len()), (40, 64));
        assert!(!format!("{key:?}").contains(secret));
        assert_ne!(key, ApiKey::generate());
    }

    #[test]
    fn only_the_right_secret_fits() {
        let key = ApiKey::generate();
        let hash = SecretHash::of(key.secret());
        assert!(hash.fits(key.secret()));
        assert!(!hash.fits(ApiKey::generate().secret()));
        assert!(!format!("{hash:?}").contains(key.secret()));
    }

    #[test]
    fn one_secret_has_another_hash_each_time_and_fits_both() {
        let secret = Plain::new("correct horse");
        let (one, other) = (SaltedHash::of(&secret), SaltedHash::of(&secret));
        assert_ne!(one.hash, other.hash);
        assert!(one.fits(&secret) && other.fits(&secret));
        assert!(!one.fits(&Plain::new("correct horsf")));
        assert!(!format!("{secret:?}{one:?}").contains("horse"));
    }

    #[test]
    fn what_is_no_key_is_told() {
        let id = "a".repeat(40);
        let secret = "b".repeat(64);
        assert!(split(&format!("ra2.{id}.{secret}")).is_some());
        for bad in [
            "",
            "ra2",
            "ra2..",
            &format!("ra1.{id}.{secret}"),
            &format!("ra2.{id}.{secret}0"),
        ] {
            assert!(split(bad).is_none(), "{bad}");
        }
    }
}
