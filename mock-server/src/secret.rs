//! API keys: making them, telling their parts, and comparing a secret with its stored hash.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest as _, Md5};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq;

use crate::hex;

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

    /// The hash under which its secret is kept.
    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(self.secret())
    }

    /// The hash of what some clients send in the secret's place.
    pub(crate) fn token_hash(&self) -> SecretHash {
        SecretHash::of(&checksum(self.secret().as_bytes()))
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

/// What older clients make of a text to be compared: MD5, in base64. It says nothing of a secret of 256 random bits.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(Md5::digest(bytes))
}

/// The access key id of `ra2.<access key id>`, the half of a key that may be shown.
pub(crate) fn half(key: &str) -> Option<&str> {
    let id = key.strip_prefix(PREFIX)?.strip_prefix('.')?;
    is_hex(id, ID_BYTES).then_some(id)
}

fn is_hex(text: &str, bytes: usize) -> bool {
    text.len() == 2 * bytes && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Access key id and secret of a key as a header has it; none for a text that is no key.
pub(crate) fn split(key: &str) -> Option<(&str, &str)> {
    let (prefix, rest) = key.split_once('.')?;
    let (id, secret) = rest.split_once('.')?;
    let fits = prefix == PREFIX && is_hex(id, ID_BYTES) && is_hex(secret, SECRET_BYTES);
    fits.then_some((id, secret))
}

/// The hash under which a secret is kept. The secret is 256 random bits, so one round of a fast hash is as good
/// as many of a slow one.
#[derive(Clone, Copy)]
pub(crate) struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of no secret, for as much work with a key that is not there as with one that is.
    pub(crate) const NOBODY: Self = Self([0; 32]);

    pub(crate) fn of(secret: &str) -> Self {
        #[cfg(test)]
        tally::count();
        Self(blake3::hash(secret.as_bytes()).into())
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash in 64 hexadecimal digits.
    pub(crate) fn digits(&self) -> String {
        hex::text(&self.0)
    }

    /// Whether a secret is the right one, in a time that does not depend on where it differs.
    pub(crate) fn fits(&self, secret: &str) -> bool {
        self.0.ct_eq(&Self::of(secret).0).into()
    }
}

impl Serialize for SecretHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::text(&self.0))
    }
}

impl<'de> Deserialize<'de> for SecretHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("a secret's hash has 64 hexadecimal digits");
        hex::bytes(&text).map(Self).ok_or_else(wrong)
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

    pub(crate) fn expose(&self) -> &str {
        &self.0
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

impl Serialize for SaltedHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [hex::text(&self.salt), hex::text(&self.hash)].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SaltedHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [salt, hash] = <[Cow<'de, str>; 2]>::deserialize(deserializer)?;
        let wrong =
            || serde::de::Error::custom("a salt and a hash have 64 hexadecimal digits each");
        Ok(Self {
            salt: hex::bytes(&salt).ok_or_else(wrong)?,
            hash: hex::bytes(&hash).ok_or_else(wrong)?,
        })
    }
}

impl fmt::Debug for SaltedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SaltedHash")
    }
}

pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without random numbers no key is safe and nothing sensible can be done.
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    bytes
}

/// A number that nobody else has, to tell processes apart.
pub(crate) fn random_number() -> u64 {
    u64::from_be_bytes(random_bytes())
}

pub(crate) fn random_hex<const N: usize>() -> String {
    hex::text(&random_bytes::<N>())
}

/// An id in the controller's style: seven lower-case letters and digits.
pub(crate) fn short_id() -> String {
    const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
    random_bytes::<7>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte & 31)]))
        .collect()
}

/// How often a thread hashed a secret: the work by which a right guess could be told from a wrong one.
#[cfg(test)]
pub(crate) mod tally {
    use std::cell::Cell;

    thread_local!(static HASHES: Cell<usize> = const { Cell::new(0) });

    pub(crate) fn count() {
        HASHES.set(HASHES.get() + 1);
    }

    /// The hashes that something takes.
    pub(crate) fn during(work: impl FnOnce()) -> usize {
        let before = HASHES.get();
        work();
        HASHES.get() - before
    }
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
