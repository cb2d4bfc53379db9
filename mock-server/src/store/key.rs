//! Keys of the ordered key space. A key is a tag and parts divided by zero bytes; the parts never hold one, so
//! a part cannot reach into the next and every prefix is a range.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// A key; cloning it is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(Arc<[u8]>);

impl Key {
    fn of(tag: u8, parts: &[&[u8]]) -> Self {
        let mut bytes =
            Vec::with_capacity(2 + parts.iter().map(|part| part.len() + 1).sum::<usize>());
        bytes.push(tag);
        for part in parts {
            bytes.extend_from_slice(part);
            bytes.push(0);
        }
        Self(bytes.into())
    }

    /// The key as it stands in a file.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The key that stands in a file.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// An object, by kind, project (empty for an object of the organization) and name. A name with a zero byte
    /// names nothing that can exist; it gets a key of its own that nothing is ever stored under.
    pub(crate) fn object(organization: &str, kind: &str, project: &str, name: &str) -> Self {
        if name.contains('\0') || project.contains('\0') {
            return Self::of(b'!', &[]);
        }
        Self::of(
            b'o',
            &[
                organization.as_bytes(),
                kind.as_bytes(),
                project.as_bytes(),
                name.as_bytes(),
            ],
        )
    }

    /// All objects of a kind in a project.
    pub(crate) fn objects(organization: &str, kind: &str, project: &str) -> Self {
        Self::of(
            b'o',
            &[organization.as_bytes(), kind.as_bytes(), project.as_bytes()],
        )
    }

    /// All objects of a kind in all projects.
    pub(crate) fn everywhere(organization: &str, kind: &str) -> Self {
        Self::of(b'o', &[organization.as_bytes(), kind.as_bytes()])
    }

    /// Prefixes of everything that is stored by the name of an organization: objects with their ids and numbers, what
    /// refers to them, waits for them and wishes them to fail.
    pub(crate) fn all_of(organization: &str) -> [Self; 7] {
        let own = organization.as_bytes();
        let object = [b"o", own].concat();
        [
            Self::of(b'o', &[own]),
            Self::of(b'i', &[own]),
            Self::of(b'n', &[own]),
            Self::of(b'r', &[&object]),
            Self::of(b'w', &[&object]),
            Self::of(b'f', &[&object]),
            Self::of(b's', &[&object]),
        ]
    }

    /// Whether it is the key of an object of a kind.
    pub(crate) fn is_of(&self, kind: &str) -> bool {
        self.0.first() == Some(&b'o')
            && self.0.split(|byte| *byte == 0).nth(1) == Some(kind.as_bytes())
    }

    /// The object of a kind that has an id.
    pub(crate) fn id(organization: &str, kind: &str, id: &str) -> Self {
        Self::of(
            b'i',
            &[organization.as_bytes(), kind.as_bytes(), id.as_bytes()],
        )
    }

    /// How many objects of a kind a project has.
    pub(crate) fn count(organization: &str, kind: &str, project: &str) -> Self {
        Self::of(
            b'n',
            &[organization.as_bytes(), kind.as_bytes(), project.as_bytes()],
        )
    }

    /// All references to an object.
    pub(crate) fn references_to(target: &Key) -> Self {
        Self::of(b'r', &[&target.0])
    }

    /// The reference from one object to another.
    pub(crate) fn reference(target: &Key, source: &Key) -> Self {
        Self::of(b'r', &[&target.0, &source.0])
    }

    /// A credential by its access key id.
    pub(crate) fn credential(id: &str) -> Self {
        Self::of(b'k', &[id.as_bytes()])
    }

    /// Credentials of an account, in the order of their number.
    pub(crate) fn credentials_of(user: &str) -> Self {
        Self::of(b'u', &[user.as_bytes()])
    }

    /// One credential of an account.
    pub(crate) fn credential_of(user: &str, order: u64, id: &str) -> Self {
        Self::of(b'u', &[user.as_bytes(), &hex(order), id.as_bytes()])
    }

    /// Everything that is due, earliest first.
    pub(crate) fn all_due() -> Self {
        Self::of(b'd', &[])
    }

    /// A flow that goes on at a time; the object and the flow tell those of one moment apart.
    pub(crate) fn due(at: Timestamp, object: &Key, flow: usize) -> Self {
        let since = u64::try_from(at.as_millisecond()).unwrap_or(0);
        Self::of(b'd', &[&hex(since), &object.0, &hex(flow as u64)])
    }

    /// What a flow of an object waits for.
    pub(crate) fn waiting(object: &Key, flow: usize) -> Self {
        Self::of(b'w', &[&object.0, &hex(flow as u64)])
    }

    /// Everything that the flows of an object wait for.
    pub(crate) fn all_waiting(object: &Key) -> Self {
        Self::of(b'w', &[&object.0])
    }

    /// The time in the key of a due step.
    pub(crate) fn due_time(&self) -> Option<Timestamp> {
        let digits = self.0.strip_prefix(b"d")?.get(..16)?;
        let since = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        Timestamp::from_millisecond(i64::try_from(since).ok()?).ok()
    }

    /// When a key was last used, by its access key id.
    pub(crate) fn last_use(id: &str) -> Self {
        Self::of(b'l', &[id.as_bytes()])
    }

    /// Whether it says when a key was last used, or what it was used with: what changes without anybody having changed
    /// anything.
    pub(crate) fn is_of_a_use(&self) -> bool {
        matches!(self.0.first(), Some(b'l' | b'q'))
    }

    /// The number of a signed request, by the time at which it was taken and the access key id of its key. Neither the
    /// id nor the number, which is a header's text, has a zero byte.
    pub(crate) fn nonce(taken: Timestamp, access_id: &str, number: &str) -> Self {
        let since = u64::try_from(taken.as_millisecond()).unwrap_or(0);
        Self::of(
            b'q',
            &[&hex(since), access_id.as_bytes(), number.as_bytes()],
        )
    }

    /// The numbers of all signed requests that are remembered, oldest first.
    pub(crate) fn all_nonces() -> Self {
        Self::of(b'q', &[])
    }

    /// Time, access key id and number in the key of a signed request's number.
    pub(crate) fn as_nonce(&self) -> Option<(Timestamp, &str, &str)> {
        let mut parts = self.0.strip_prefix(b"q")?.split(|byte| *byte == 0);
        let mut text = || std::str::from_utf8(parts.next()?).ok();
        let (since, access_id, number) = (text()?, text()?, text()?);
        let since = i64::try_from(u64::from_str_radix(since, 16).ok()?).ok()?;
        Some((Timestamp::from_millisecond(since).ok()?, access_id, number))
    }

    /// What an organization sets for its API keys.
    pub(crate) fn key_settings(organization: &str) -> Self {
        Self::of(b'c', &[organization.as_bytes()])
    }

    /// A mail in the outbox, in the order of its number.
    pub(crate) fn mail(number: u64) -> Self {
        Self::of(b'm', &[&hex(number)])
    }

    /// All mails, oldest first.
    pub(crate) fn mails() -> Self {
        Self::of(b'm', &[])
    }

    /// The number in the key of a mail.
    pub(crate) fn mail_number(&self) -> Option<u64> {
        let digits = self.0.strip_prefix(b"m")?.get(..16)?;
        u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }

    /// All API keys of the controller.
    pub(crate) fn all_credentials() -> Self {
        Self::of(b'k', &[])
    }

    /// The wish that an object's lifecycle fail.
    pub(crate) fn fault(object: &Key) -> Self {
        Self::of(b'f', &[&object.0])
    }

    /// The hash of the secret at a place of an object.
    pub(crate) fn secret(object: &Key, pointer: &str) -> Self {
        Self::of(b's', &[&object.0, pointer.as_bytes()])
    }

    /// The hashes of all secrets of an object.
    pub(crate) fn secrets_of(object: &Key) -> Self {
        Self::of(b's', &[&object.0])
    }

    /// A console session, by the hash of its token.
    pub(crate) fn session(hash: &str) -> Self {
        Self::of(b'y', &[hash.as_bytes()])
    }

    /// All console sessions.
    pub(crate) fn all_sessions() -> Self {
        Self::of(b'y', &[])
    }

    /// The console sessions of an account, oldest first.
    pub(crate) fn sessions_of(user: &str) -> Self {
        Self::of(b'z', &[user.as_bytes()])
    }

    /// One console session of an account.
    pub(crate) fn session_of(user: &str, begun: Timestamp, id: &str) -> Self {
        let since = u64::try_from(begun.as_millisecond()).unwrap_or(0);
        Self::of(b'z', &[user.as_bytes(), &hex(since), id.as_bytes()])
    }

    /// The first key behind everything under a prefix.
    pub(crate) fn end(&self) -> Self {
        let mut bytes = self.0.to_vec();
        // A prefix ends with the zero byte of its last part.
        if let Some(last) = bytes.last_mut() {
            *last += 1;
        }
        Self(bytes.into())
    }

    /// Whether the key lies under a prefix.
    pub(crate) fn starts_with(&self, prefix: &Key) -> bool {
        self.0.starts_with(&prefix.0)
    }

    /// Kind, project and name of the object at the end of a reference's key, for messages.
    pub(crate) fn referrer(&self) -> Option<(String, String, String)> {
        let parts: Vec<&[u8]> = self.0.split(|byte| *byte == 0).collect();
        // ... source: tag and organization, kind, project, name, then the two closing zero bytes.
        let [.., kind, project, name, _, _] = parts.as_slice() else {
            return None;
        };
        let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
        Some((text(kind), text(project), text(name)))
    }
}

/// Sixteen digits, so that the order of the texts is that of the numbers.
fn hex(number: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    for (place, digit) in digits.iter_mut().rev().enumerate() {
        *digit = b"0123456789abcdef"[(number >> (4 * place) & 15) as usize];
    }
    digits
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", String::from_utf8_lossy(&self.0).replace('\0', "|"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_reach_into_another_key() {
        let own = Key::object("o", "Cluster", "p", "a");
        assert_ne!(own, Key::object("o", "Cluster", "p\0a", ""));
        assert_ne!(own, Key::object("o", "Cluster", "p", "a\0"));
        assert!(
            !Key::object("o", "Cluster", "pp", "a").starts_with(&Key::objects("o", "Cluster", "p"))
        );
    }

    #[test]
    fn due_keys_sort_by_time_and_give_it_back() {
        let object = Key::object("o", "Cluster", "p", "a");
        let early: Timestamp = "2026-01-01T00:00:00.5Z".parse().unwrap();
        let late: Timestamp = "2026-01-01T00:01:00Z".parse().unwrap();
        assert!(Key::due(early, &object, 9) < Key::due(late, &object, 0));
        assert_eq!(Key::due(early, &object, 9).due_time(), Some(early));
    }

    #[test]
    fn the_number_of_a_signed_request_is_read_from_its_key() {
        let early: Timestamp = "2026-01-01T00:00:00.5Z".parse().unwrap();
        let late: Timestamp = "2026-01-01T00:01:00Z".parse().unwrap();
        let key = Key::nonce(early, "0a", "x y");
        assert_eq!(key.as_nonce(), Some((early, "0a", "x y")));
        assert!(key < Key::nonce(late, "0a", "a") && key.starts_with(&Key::all_nonces()));
        assert!(key.is_of_a_use());
        assert_eq!(Key::last_use("0a").as_nonce(), None);
    }

    #[test]
    fn a_reference_tells_who_refers() {
        let target = Key::object("o", "Blueprint", "p", "b");
        let source = Key::object("o", "Cluster", "p", "c");
        let found = Key::reference(&target, &source).referrer();
        assert_eq!(found, Some(("Cluster".into(), "p".into(), "c".into())));
    }
}
