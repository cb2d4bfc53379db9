//! Console sessions: asking who may log in, logging in with a password, and logging out.
//!
//! Whoever has not got the password learns the same from every refusal, after the same work, and has few tries.

use std::sync::Arc;

use http::HeaderValue;
use serde_json::{Value, json};

use crate::audit;
use crate::engine;
use crate::generated::kinds::{ACCOUNT, LOGIN, TENANT};
use crate::identity::{self, Caller, Organization};
use crate::password::PasswordHash;
use crate::pipeline::{self, Call};
use crate::refusal::{Reason, Refusal};
use crate::reply::{Content, Reply, to_bytes};
use crate::secret::{Plain, short_id};
use crate::session::{self, COOKIE, CSRF_COOKIE, LIFE, Session, Token};
use crate::store::{Expect, Key, Object, Stored, Transaction, Write};
use crate::value;

/// What asking who may log in counts for when there is no such account.
const ASKING: &str = "prelogin";

/// An account that a login names.
struct Account {
    organization: Arc<Organization>,
    key: Key,
    object: Arc<Object>,
}

/// Whether there is an account of that name.
pub(crate) fn session_prelogin(call: &Call<'_>) -> Result<Reply, Refusal> {
    let guesses = call.controller.passwords().guesses();
    let from = pipeline::address(call.parts);
    guesses
        .admit(from, ASKING, call.now)
        .map_err(Refusal::too_many_tries)?;
    let Some(account) = namesakes(call).into_iter().find(|one| is_meant(call, one)) else {
        guesses
            .wrong(from, ASKING, call.now)
            .map_err(Refusal::too_many_tries)?;
        return Err(Refusal::new(
            Reason::NotFound,
            "there is no such account; a user name that does not exist is not found in any organization",
        ));
    };
    let body = json!({"username": *account.object.name, "method": "password"});
    Ok(Reply::json(&body))
}

/// Makes a session for whoever has the password.
pub(crate) fn session_login(call: &Call<'_>) -> Result<Reply, Refusal> {
    let guesses = call.controller.passwords().guesses();
    let from = pipeline::address(call.parts);
    let username = call.body["username"].as_str().unwrap_or_default();
    guesses
        .admit(from, username, call.now)
        .map_err(Refusal::too_many_tries)?;
    // Counted before it is tried, so that many at once are no way around the limit.
    guesses
        .wrong(from, username, call.now)
        .map_err(Refusal::too_many_tries)?;
    let namesakes = namesakes(call);
    let is_shared = namesakes.len() > 1;
    let account = the_one_that_fits(call, namesakes)?;
    if is_shared {
        guesses.not_wrong(from, username);
    } else {
        guesses.right(from, username);
    }
    let body = account.object.value()?;
    let is_for_programs = LOGIN.as_ref().is_some_and(|login| {
        let purpose = body.pointer(login.console_at).and_then(Value::as_str);
        purpose.is_some_and(|purpose| purpose != login.console_is)
    });
    if is_for_programs {
        return Err(Refusal::new(
            Reason::NoConsole,
            "the account is for programs alone and cannot use the console; call the API with a key of it",
        ));
    }
    begin(call, account, &body)
}

/// Accounts of one name whose passwords a login tries at the most.
const MOST_TRIED: usize = 8;

/// The account among those of one name that is meant and whose password was sent. The work depends on how many are
/// meant, which anybody may ask, and not on whose password fits; for none it is that for one.
fn the_one_that_fits(call: &Call<'_>, namesakes: Vec<Account>) -> Result<Account, Refusal> {
    let passwords = call.controller.passwords();
    let sent = call.secrets.first().map(|(_, password)| password.clone());
    let sent = sent.unwrap_or_else(|| Plain::new(""));
    let mut meant: Vec<Account> = namesakes
        .into_iter()
        .filter(|account| is_meant(call, account))
        .collect();
    if meant.is_empty() || meant.len() > MOST_TRIED {
        meant.clear();
        passwords.fits(None, &sent);
    }
    meant.retain(|account| passwords.fits(password(call, account).as_deref(), &sent));
    let others = meant.split_off(meant.len().min(1));
    let Some(account) = meant.pop() else {
        return Err(Refusal::new(
            Reason::LoginRefused,
            "the user name or the password is wrong, or the account has no password, which an administrator can set; \
             where several organizations have an account of this name, name the organization",
        ));
    };
    if others.is_empty() {
        return Ok(account);
    }
    let organizations: Vec<&str> = std::iter::once(&account)
        .chain(&others)
        .map(|one| &*one.organization.name)
        .collect();
    Err(Refusal::new(
        Reason::LoginRefused,
        format!(
            "several organizations have an account of this name and this password; name one of {} as organization",
            organizations.join(", ")
        ),
    ))
}

/// Stores the session and tells the client.
fn begin(call: &Call<'_>, account: Account, body: &Value) -> Result<Reply, Refusal> {
    let end = call.now.checked_add(LIFE).unwrap_or(call.now);
    let session = Arc::new(Session {
        id: short_id().into(),
        organization: account.organization.clone(),
        user_id: account.object.id.as_ref().into(),
        username: account.object.name.as_ref().into(),
        created_at: call.now,
        expires_at: end,
    });
    let caller = identity::of_session(call.state, &session)
        .ok_or_else(|| Refusal::new(Reason::Internal, "the account cannot be read"))?;
    let caller = pipeline::in_good_standing(Arc::new(caller)).map_err(|denied| denied.refusal)?;
    let token = Token::generate();
    let mut changed = body.clone();
    if let Some(login) = &LOGIN {
        value::set(&mut changed, login.last, call.now.to_string().into());
    }
    let mut writes = session::begin(call.state, &token, session.clone());
    writes.push(Write::Object(
        account.key.clone(),
        Object {
            revision: 0,
            id: account.object.id.clone(),
            name: account.object.name.clone(),
            body: to_bytes(&changed),
            value: None,
        },
    ));
    // Nobody changed the account, its password included, since it was read.
    let seen = Expect::Revision(account.key, Some(account.object.revision));
    let shown = shown(&session);
    let transaction = Transaction {
        expects: vec![seen],
        writes,
        changes: Some(audit::changes(None, &shown)),
        ..Transaction::default()
    };
    commit_as(call, &caller, transaction)?;
    let life = LIFE.as_secs();
    Ok(Reply {
        cookies: cookies(token.expose(), &token.csrf(), life),
        unknown: call.unknown.clone(),
        ..Reply::json(&shown).recorded()
    })
}

fn shown(session: &Session) -> Value {
    json!({
        "id": *session.id,
        "username": *session.username,
        "organization": *session.organization.name,
        "created_at": session.created_at.to_string(),
        "expires_at": session.expires_at.to_string(),
    })
}

/// Ends the session of the caller, who may have none.
pub(crate) fn session_logout(call: &Call<'_>) -> Result<Reply, Refusal> {
    let token = pipeline::session_token(&call.parts.headers)?.and_then(Token::read);
    let reply = Reply {
        cookies: cookies("", "", 0),
        ..Reply::new(Content::None)
    };
    let (Some(session), Some(token)) = (call.caller.session(), token) else {
        return Ok(reply);
    };
    let transaction = Transaction {
        expects: vec![Expect::Present(token.key())],
        writes: session::end(&token, session).into(),
        changes: Some(audit::removed(&shown(session))),
        ..Transaction::default()
    };
    call.commit(transaction)?;
    Ok(reply.recorded())
}

/// Commits what a login writes, on record as the doing of whoever logs in.
fn commit_as(call: &Call<'_>, caller: &Caller, transaction: Transaction) -> Result<(), Refusal> {
    let event = audit::Event {
        organization: caller.organization().clone(),
        actor: caller.actor(),
        ..call.event()
    };
    call.commit_as(event, transaction).map(drop)
}

/// All accounts of the name in the body, each in another organization.
fn namesakes(call: &Call<'_>) -> Vec<Account> {
    let username = call.body["username"].as_str().unwrap_or_default();
    let found = organizations(call).filter_map(|organization| {
        let key = Key::object(&organization.id, ACCOUNT.name, "", username);
        let object = call.state.object(&key)?.clone();
        Some(Account {
            organization,
            key,
            object,
        })
    });
    found.collect()
}

/// Whether an account is in the organization that the body names, by name or id; in any where it names none.
fn is_meant(call: &Call<'_>, account: &Account) -> bool {
    let named = call.body["organization"].as_str().unwrap_or_default();
    let organization = &account.organization;
    named.is_empty() || *named == *organization.name || *named == *organization.id
}

/// All organizations: the one the controller began with, the partner, and the rest by name.
fn organizations(call: &Call<'_>) -> impl Iterator<Item = Arc<Organization>> {
    let first = call.caller.organization();
    let partner = first.home();
    let prefix = Key::objects(&partner.id, TENANT.name, "");
    let others: Vec<Arc<Organization>> = call
        .state
        .under(&prefix)
        .filter_map(|(_, stored)| match stored {
            Stored::Object(object) if object.id != first.id => {
                Some(engine::organization(&object.id, &object.name, partner))
            }
            _ => None,
        })
        .collect();
    [first.clone(), partner.clone()].into_iter().chain(others)
}

fn password(call: &Call<'_>, account: &Account) -> Option<Arc<PasswordHash>> {
    let place = LOGIN.as_ref()?.password;
    match call.state.entries.get(&Key::secret(&account.key, place)) {
        Some(Stored::Password(hash)) => Some(hash.clone()),
        _ => None,
    }
}

/// The two cookies of a session; with nothing in them and no life they take those of a client away.
fn cookies(token: &str, csrf: &str, life: i64) -> Vec<HeaderValue> {
    let cookies = [
        format!("{COOKIE}={token}; Path=/; Max-Age={life}; HttpOnly; Secure"),
        format!("{CSRF_COOKIE}={csrf}; Path=/; Max-Age={life}; Secure"),
    ];
    cookies
        .into_iter()
        .filter_map(|cookie| {
            let mut value = HeaderValue::try_from(cookie).ok()?;
            value.set_sensitive(true);
            Some(value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Response};

    use super::*;
    use crate::secret::tally;
    use crate::{Controller, Options, PasswordCost, Role};

    const SECRET: &str = "correct horse battery staple";

    fn controller() -> Arc<Controller> {
        let password_cost = PasswordCost {
            memory: 8,
            passes: 1,
        };
        let controller = Controller::new(Options {
            password_cost,
            ..Options::default()
        });
        for (name, password) in [("dev", Some(SECRET)), ("silent", None)] {
            let mut user = json!({"account": {"username": name}});
            if let Some(password) = password {
                user["account"]["password"] = password.into();
            }
            let key = controller.key_for(Role::Admin);
            let made = post(&controller, "/auth/v1/users/", &user, Some(key.expose()));
            assert_eq!(made.status(), 201);
        }
        controller
    }

    fn post(
        controller: &Controller,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> Response<Bytes> {
        let mut request = Request::post(path).header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("x-api-key", key);
        }
        controller.handle(request.body(body.to_string().into()).unwrap())
    }

    fn login(controller: &Controller, username: &str, password: &str) -> Response<Bytes> {
        let body = json!({"username": username, "password": password});
        post(controller, "/auth/v1/login/", &body, None)
    }

    /// The work, counted in hashes, must not tell an account from none, nor one with a password from one without.
    #[test]
    fn every_wrong_login_costs_one_hash() {
        let controller = controller();
        for username in ["dev", "silent", "nobody"] {
            let hashes = tally::during(|| {
                assert_eq!(login(&controller, username, "wrong").status(), 401);
            });
            assert_eq!(hashes, 1, "{username}");
        }
        let right = tally::during(|| assert_eq!(login(&controller, "dev", SECRET).status(), 200));
        assert_eq!(right, 2, "the password, and the token of the new session");
    }

    /// As many hashes whichever of the accounts of one name the password is of, if any.
    #[test]
    fn a_login_among_namesakes_costs_a_hash_for_each_of_them() {
        let controller = controller();
        let partner = controller.key_for(Role::PartnerAdmin);
        for (organization, password) in [("acme", SECRET), ("globex", "another staple")] {
            let body = json!({"username": "dev@x.example", "organization_name": organization, "password": password});
            let made = post(
                &controller,
                "/auth/v1/signup/organization/",
                &body,
                Some(partner.expose()),
            );
            assert_eq!(made.status(), 201);
        }
        let hashes = |password: &str, wanted: u16| {
            tally::during(|| {
                let status = login(&controller, "dev@x.example", password).status();
                assert_eq!(status, wanted, "{password}");
            })
        };
        assert_eq!(hashes("wrong", 401), 2);
        // The token of the new session is one more.
        assert_eq!(hashes(SECRET, 200), 3);
        assert_eq!(hashes("another staple", 200), 3);
    }

    /// Everything that is stored, as it would be shown or written, and what is in it of secrets.
    #[test]
    fn nothing_that_is_stored_holds_a_secret() {
        let controller = controller();
        let answer = login(&controller, "dev", SECRET);
        let mut secrets = vec![SECRET.to_owned()];
        for cookie in answer.headers().get_all("set-cookie") {
            let (_, value) = cookie.to_str().unwrap().split_once('=').unwrap();
            secrets.push(value.split(';').next().unwrap().to_owned());
        }
        for role in Role::ALL {
            secrets.push(controller.key_for(*role).secret().to_owned());
        }
        let state = controller.store().keep();
        let mut shown = format!("{state:?} {controller:?} {:?}", controller.snapshot());
        for stored in state.entries.values() {
            match stored {
                Stored::Object(object) => shown += &String::from_utf8_lossy(&object.body),
                Stored::Password(hash) => shown += &serde_json::to_string(&**hash).unwrap(),
                _ => {}
            }
        }
        for secret in secrets {
            assert!(secret.len() >= 28 && !shown.contains(&secret), "{secret}");
        }
    }
}
