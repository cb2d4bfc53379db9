//! Console sessions: what a login makes and a cookie proves. Of the token in the cookie only a hash is kept, which is
//! also the place where the session stands, so that finding it compares nothing.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::identity::Organization;
use crate::schema::Path;
use crate::secret::{SecretHash, random_hex};
use crate::store::{Key, State, Stored, Write};

/// How long a session lives, whatever is done with it.
pub(crate) const LIFE: SignedDuration = SignedDuration::from_hours(12);
/// The cookie with the session's token, for the browser alone.
pub(crate) const COOKIE: &str = "rsid";
/// The cookie with the token that a page sends back in a header.
pub(crate) const CSRF_COOKIE: &str = "csrftoken";
/// So many sessions an account has at the most; the oldest give way.
const MOST: usize = 20;
const TOKEN_BYTES: usize = 32;

/// Where an account has what a login is about.
#[derive(Debug)]
pub(crate) struct Login {
    /// Pointer of its password, of which a hash is kept.
    pub(crate) password: &'static str,
    /// Pointer of what the account is for.
    pub(crate) console_at: &'static str,
    /// What stands there where it may use the console; one that says nothing may as well.
    pub(crate) console_is: &'static str,
    /// Place of the time of its last login.
    pub(crate) last: Path,
}

/// A session as it is kept.
#[derive(Debug)]
pub(crate) struct Session {
    /// The id by which the audit trail knows it.
    pub(crate) id: Box<str>,
    pub(crate) organization: Arc<Organization>,
    pub(crate) user_id: Arc<str>,
    pub(crate) username: Arc<str>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// The token of a session, as the cookie has it.
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn generate() -> Self {
        Self(random_hex::<TOKEN_BYTES>())
    }

    /// The token in a cookie's value; none for a text that is no token.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 2 * TOKEN_BYTES && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Where its session is stored.
    pub(crate) fn key(&self) -> Key {
        Key::session(&SecretHash::of(&self.0).digits())
    }

    /// The token against requests that other sites have a browser send. It follows from this one, and not the other
    /// way round.
    pub(crate) fn csrf(&self) -> String {
        let hash = blake3::derive_key("rafay-mock-server 2026 csrf token", self.0.as_bytes());
        SecretHash::from_bytes(hash).digits()
    }
}

/// The writes that store a new session of an account, and end those that are over or too many.
pub(crate) fn begin(state: &State, token: &Token, session: Arc<Session>) -> Vec<Write> {
    let now = session.created_at;
    let key = token.key();
    let others: Vec<(&Key, &Key, Timestamp)> = listed(state, &session.user_id)
        .map(|(listed, key, session)| (listed, key, session.map_or(now, |known| known.expires_at)))
        .collect();
    let too_many = (others.len() + 1).saturating_sub(MOST);
    let mut writes = Vec::new();
    for (number, (listed, key, end)) in others.into_iter().enumerate() {
        if end <= now || number < too_many {
            writes.push(Write::Remove(listed.clone()));
            writes.push(Write::Remove(key.clone()));
        }
    }
    let listed = Key::session_of(&session.user_id, now, &session.id);
    writes.push(Write::Put(listed, Stored::Alias(key.clone())));
    writes.push(Write::Put(key, Stored::Session(session)));
    writes
}

/// The writes that end one session.
pub(crate) fn end(token: &Token, session: &Session) -> [Write; 2] {
    let listed = Key::session_of(&session.user_id, session.created_at, &session.id);
    [Write::Remove(token.key()), Write::Remove(listed)]
}

/// The writes that end all sessions of an account.
pub(crate) fn end_all(state: &State, user_id: &str) -> Vec<Write> {
    listed(state, user_id)
        .flat_map(|(listed, key, _)| [listed.clone(), key.clone()])
        .map(Write::Remove)
        .collect()
}

/// The sessions of an account, oldest first: where each is listed and where it stands.
fn listed<'s>(
    state: &'s State,
    user_id: &str,
) -> impl Iterator<Item = (&'s Key, &'s Key, Option<&'s Session>)> {
    let prefix = Key::sessions_of(user_id);
    state
        .under_reversed(&prefix)
        .filter_map(|(listed, stored)| match stored {
            Stored::Alias(key) => Some((listed, key, state.session(key).map(|known| &**known))),
            _ => None,
        })
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is_one() {
        let token = Token::generate();
        assert!(Token::read(token.expose()).is_some());
        assert_ne!(token.expose(), Token::generate().expose());
        for wrong in [
            "",
            "abc",
            &"g".repeat(64),
            &"A".repeat(64),
            &"a".repeat(63),
            &"a".repeat(65),
        ] {
            assert!(Token::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn neither_what_is_stored_nor_the_other_token_tells_it() {
        let token = Token::generate();
        let (stored, csrf) = (format!("{:?}", token.key()), token.csrf());
        assert!(!stored.contains(token.expose()) && !stored.contains(&csrf));
        assert_ne!(csrf, token.expose());
        assert_eq!(csrf.len(), 64);
        assert_eq!(csrf, Token::read(token.expose()).unwrap().csrf());
    }
}
