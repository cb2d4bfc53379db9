//! Console sessions: who gets one, what it is good for, and when it ends. Passwords are hashed at the least cost here,
//! which the test of the default cost does not.

use std::time::Duration;

use rafay_mock_server::{Options, PasswordCost};
use rafay_tests::fixtures::{PROFILE, PROJECTS};
use rafay_tests::{Answer, Ask, Desk};
use serde_json::{Value, json};

use crate::{ATTACKER, OWNER, pause};

const LOGIN: &str = "/auth/v1/login/";
const LOGOUT: &str = "/auth/v1/logout/";
const PRELOGIN: &str = "/auth/v1/prelogin/";
const USERS: &str = "/auth/v1/users/";
pub(crate) const PASSWORD: &str = "correct horse battery staple";
const LIFE: Duration = Duration::from_hours(12);
/// Wrong passwords for an account from one address, after which no more are tried, and for how long.
const TRIES: usize = 5;
const LOCKED: Duration = Duration::from_mins(15);

pub(crate) fn desk() -> Desk {
    Desk::with(Options {
        password_cost: PasswordCost {
            memory: 8,
            passes: 1,
        },
        ..Desk::options()
    })
}

/// Makes an account with a password and a role, and gives its id.
fn account(desk: &Desk, name: &str, user_type: &str, password: Option<&str>) -> String {
    let mut body = json!({
        "account": {"username": name, "user_type": user_type},
        "roles": [{"role": {"name": "PROJECT_ADMIN"}, "project": {"name": "defaultproject"}}],
    });
    if let Some(password) = password {
        body["account"]["password"] = password.into();
    }
    let made = desk.admin().post(USERS, &body).send().expect(201);
    assert!(!made.text().contains(PASSWORD), "{made}");
    made.text_at("/account/id")
}

fn console(desk: &Desk, name: &str) -> String {
    account(desk, name, "CONSOLE", Some(PASSWORD))
}

fn login<'d>(desk: &'d Desk, name: &str, password: &str) -> Ask<'d> {
    let body = json!({"username": name, "password": password});
    desk.nobody().post(LOGIN, &body)
}

/// The cookies of a session.
pub(crate) struct Cookies {
    pub(crate) rsid: String,
    pub(crate) csrf: String,
}

impl Cookies {
    pub(crate) fn of(answer: &Answer) -> Self {
        let value = |name: &str| {
            let start = format!("{name}=");
            let mut cookies = answer.headers("set-cookie");
            let cookie = cookies.find_map(|cookie| cookie.strip_prefix(&*start));
            cookie.unwrap().split(';').next().unwrap().to_owned()
        };
        Self {
            rsid: value("rsid"),
            csrf: value("csrftoken"),
        }
    }

    fn read<'d>(&self, ask: Ask<'d>) -> Ask<'d> {
        let cookies = format!("csrftoken={}; rsid={}", self.csrf, self.rsid);
        ask.header("Cookie", cookies)
    }

    fn write<'d>(&self, ask: Ask<'d>) -> Ask<'d> {
        self.read(ask).header("X-CSRFToken", &self.csrf)
    }
}

pub(crate) fn session(desk: &Desk, name: &str) -> Cookies {
    Cookies::of(&login(desk, name, PASSWORD).send().expect(200))
}

fn profile(desk: &Desk, cookies: &Cookies) -> u16 {
    cookies.read(desk.nobody().get(PROFILE)).send().status()
}

const REPOSITORIES: &str = "/apis/integrations.k8smgmt.io/v3/projects/defaultproject/repositories";

#[test]
fn a_login_sets_the_cookies_and_says_until_when() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let answer = login(&desk, "dev@example.com", PASSWORD).send().expect(200);
    let cookies: Vec<&str> = answer.headers("set-cookie").collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies[0].starts_with("rsid="), "{cookies:?}");
    assert!(
        cookies[0].ends_with("; Path=/; Max-Age=43200; HttpOnly; Secure"),
        "{cookies:?}"
    );
    assert!(cookies[1].starts_with("csrftoken="), "{cookies:?}");
    assert!(
        cookies[1].ends_with("; Path=/; Max-Age=43200; Secure"),
        "{cookies:?}"
    );
    let end: jiff::Timestamp = answer.text_at("/expires_at").parse().unwrap();
    assert_eq!(end, desk.controller().clock().now() + LIFE);
    let Cookies { rsid, csrf } = Cookies::of(&answer);
    assert!(!answer.text().contains(&rsid) && !answer.text().contains(&csrf));
    let user = desk.admin().get(USERS).send().expect(200);
    let users = user.json()["users"].clone();
    let dev = users
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["account"]["username"] == "dev@example.com");
    assert_eq!(
        dev.unwrap()["account"]["last_login"],
        desk.controller().clock().now().to_string()
    );
}

#[test]
fn a_session_reads_on_every_version_and_writes_with_the_other_token_alone() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let cookies = session(&desk, "dev@example.com");
    let project = desk.admin().get(PROJECTS).send().expect(200);
    let id = project.text_at("/items/0/metadata/id");
    for path in [
        PROFILE.to_owned(),
        format!("/v2/config/project/{id}/workload"),
        REPOSITORIES.to_owned(),
    ] {
        cookies.read(desk.nobody().get(&path)).send().expect(200);
    }
    let apikey = format!("/auth/v1/users/{}/apikey/", {
        let profile = cookies.read(desk.nobody().get(PROFILE)).send().expect(200);
        profile.text_at("/account/id")
    });
    let request = || {
        desk.nobody()
            .post(&apikey, &json!({"name": "made in the console"}))
    };
    let other = session(&desk, "dev@example.com");
    for wrong in [
        cookies.read(request()),
        cookies.read(request()).header("X-CSRFToken", ""),
        cookies.read(request()).header("X-CSRFToken", &other.csrf),
        cookies.read(request()).header("X-CSRFToken", &cookies.rsid),
        cookies
            .read(request())
            .header("X-CSRFToken", &cookies.csrf[1..]),
        cookies.write(request()).header("X-CSRFToken", &other.csrf),
    ] {
        assert_eq!(wrong.send().expect(403).code(), "CSRF_MISSING");
    }
    let made = cookies.write(request()).send().expect(200);
    desk.caller(made.text_at("/key"))
        .get(PROFILE)
        .send()
        .expect(200);
    // The cookie with the token need not come along, as some clients leave it out.
    let alone = request().header("Cookie", format!("rsid={}", cookies.rsid));
    alone
        .header("X-CSRFToken", &cookies.csrf)
        .send()
        .expect(200);
}

#[test]
fn a_session_may_what_the_account_may_at_each_request() {
    let desk = desk();
    let id = console(&desk, "dev@example.com");
    let cookies = session(&desk, "dev@example.com");
    let users = || cookies.read(desk.nobody().get(USERS)).send().status();
    assert_eq!(users(), 403);
    let body = json!({
        "account": {"username": "dev@example.com", "user_type": "CONSOLE", "password": "********"},
        "roles": [{"role": {"name": "ADMIN"}}],
    });
    desk.admin()
        .put(&format!("{USERS}{id}/"), &body)
        .send()
        .expect(200);
    assert_eq!(users(), 200);
}

#[test]
fn a_session_ends_after_twelve_hours_whatever_is_done_with_it() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let cookies = session(&desk, "dev@example.com");
    for _ in 0..11 {
        desk.controller().clock().advance(Duration::from_hours(1));
        assert_eq!(profile(&desk, &cookies), 200);
    }
    desk.controller().clock().advance(Duration::from_hours(1));
    let over = cookies.read(desk.nobody().get(PROFILE)).send().expect(401);
    assert_eq!(over.code(), "SESSION_OVER");
}

#[test]
fn logging_out_ends_one_session_and_takes_its_cookies() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let (one, other) = (
        session(&desk, "dev@example.com"),
        session(&desk, "dev@example.com"),
    );
    let empty = || desk.nobody().ask("POST", LOGOUT);
    one.read(empty()).send().expect(403);
    let answer = one.write(empty()).send().expect(204);
    assert!(
        answer
            .headers("set-cookie")
            .all(|cookie| cookie.contains("=; ") && cookie.contains("Max-Age=0"))
    );
    assert_eq!([profile(&desk, &one), profile(&desk, &other)], [401, 200]);
    one.write(empty()).send().expect(401);
    desk.admin().ask("POST", LOGOUT).send().expect(204);
    desk.admin().get(PROFILE).send().expect(200);
    desk.nobody().ask("POST", LOGOUT).send().expect(401);
}

#[test]
fn another_password_or_the_end_of_the_account_ends_its_sessions() {
    let desk = desk();
    let id = console(&desk, "dev@example.com");
    let path = format!("{USERS}{id}/");
    let change = |password: &str| {
        let body = json!({
            "account": {"username": "dev@example.com", "user_type": "CONSOLE", "password": password},
            "roles": [],
        });
        desk.admin().put(&path, &body).send().expect(200);
    };
    let cookies = session(&desk, "dev@example.com");
    change("********");
    change(PASSWORD);
    assert_eq!(
        profile(&desk, &cookies),
        200,
        "the mask and the same password change nothing"
    );
    change("another one");
    assert_eq!(profile(&desk, &cookies), 401);
    login(&desk, "dev@example.com", PASSWORD).send().expect(401);
    let answer = login(&desk, "dev@example.com", "another one")
        .send()
        .expect(200);
    let cookies = Cookies::of(&answer);
    assert_eq!(profile(&desk, &cookies), 200);
    let without =
        json!({"account": {"username": "dev@example.com", "user_type": "CONSOLE"}, "roles": []});
    desk.admin().put(&path, &without).send().expect(200);
    assert_eq!(
        profile(&desk, &cookies),
        401,
        "a password that is taken away"
    );
    login(&desk, "dev@example.com", "another one")
        .send()
        .expect(401);

    console(&desk, "gone@example.com");
    let cookies = session(&desk, "gone@example.com");
    let user = "/apis/system.k8smgmt.io/v3/users/gone@example.com";
    desk.admin().delete(user).send().expect(200);
    assert_eq!(profile(&desk, &cookies), 401);
    console(&desk, "gone@example.com");
    assert_eq!(
        profile(&desk, &cookies),
        401,
        "a new account of the old name"
    );
}

#[test]
fn who_has_not_got_the_password_learns_nothing_of_the_account() {
    let desk = desk();
    console(&desk, "dev@example.com");
    account(&desk, "robot@example.com", "PROGRAMMATIC", Some(PASSWORD));
    account(&desk, "silent@example.com", "CONSOLE", None);
    let refused: Vec<Value> = ["dev", "robot", "silent", "nobody"]
        .map(|name| {
            let ask = login(&desk, &format!("{name}@example.com"), "wrong");
            desk.refuse(ask, 401).json()
        })
        .into();
    assert!(
        refused.windows(2).all(|pair| pair[0] == pair[1]),
        "{refused:?}"
    );
    let empty = login(&desk, "silent@example.com", "").send().expect(401);
    assert_eq!(empty.json(), refused[0]);
    let machine = login(&desk, "robot@example.com", PASSWORD)
        .send()
        .expect(403);
    assert_eq!(machine.code(), "NO_CONSOLE");
    assert!(machine.message().contains("programs"), "{machine}");
    let elsewhere =
        json!({"username": "dev@example.com", "password": PASSWORD, "organization": "other"});
    desk.nobody().post(LOGIN, &elsewhere).send().expect(401);
    let here = json!({"username": "dev@example.com", "password": PASSWORD, "organization": "example", "usertype": "internal"});
    desk.nobody().post(LOGIN, &here).send().expect(200);
}

#[test]
fn wrong_passwords_lock_the_account_for_the_address_and_for_no_other() {
    let desk = desk();
    console(&desk, "dev@example.com");
    console(&desk, "other@example.com");
    for _ in 0..TRIES {
        login(&desk, "dev@example.com", "wrong")
            .from(ATTACKER)
            .send()
            .expect(401);
    }
    let locked = login(&desk, "dev@example.com", PASSWORD)
        .from(ATTACKER)
        .send()
        .expect(429);
    assert_eq!(pause(&locked), LOCKED);
    login(&desk, "dev@example.com", PASSWORD)
        .from(OWNER)
        .send()
        .expect(200);
    login(&desk, "other@example.com", PASSWORD)
        .from(ATTACKER)
        .send()
        .expect(200);
    desk.controller()
        .clock()
        .advance(LOCKED.saturating_sub(Duration::from_secs(1)));
    login(&desk, "dev@example.com", PASSWORD)
        .from(ATTACKER)
        .send()
        .expect(429);
    desk.controller().clock().advance(Duration::from_secs(1));
    login(&desk, "dev@example.com", PASSWORD)
        .from(ATTACKER)
        .send()
        .expect(200);
}

#[test]
fn a_right_password_gives_all_tries_back() {
    let desk = desk();
    console(&desk, "dev@example.com");
    for _ in 0..10 {
        for _ in 1..TRIES {
            login(&desk, "dev@example.com", "wrong")
                .from(OWNER)
                .send()
                .expect(401);
        }
        login(&desk, "dev@example.com", PASSWORD)
            .from(OWNER)
            .send()
            .expect(200);
        desk.controller().clock().advance(LOCKED);
    }
}

#[test]
fn asking_who_may_log_in_is_answered_and_slowed() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let ask = |name: &str| {
        let body = json!({"username": name, "organization": "example"});
        desk.nobody().post(PRELOGIN, &body).from(ATTACKER).send()
    };
    for _ in 0..2 * TRIES {
        ask("dev@example.com").expect(200);
    }
    for number in 0..TRIES {
        ask(&format!("user-{number}@example.com")).expect(404);
    }
    ask("dev@example.com").expect(429);
}

#[test]
fn a_key_and_a_session_of_different_users_are_refused() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let cookies = session(&desk, "dev@example.com");
    cookies.read(desk.admin().get(PROFILE)).send().expect(401);
    // Of one user, the key is what counts, and a key needs no other token.
    let id = {
        let profile = cookies.read(desk.nobody().get(PROFILE)).send().expect(200);
        profile.text_at("/account/id")
    };
    let apikey = format!("/auth/v1/users/{id}/apikey/");
    let made = cookies
        .write(desk.nobody().post(&apikey, &json!({"name": "own"})))
        .send()
        .expect(200);
    let own = desk.caller(made.text_at("/key"));
    cookies
        .read(own.post(&apikey, &json!({"name": "more"})))
        .send()
        .expect(200);
    // What is left in a browser of an old session keeps no key from working, and cannot make a wrong one right.
    let stale = Cookies {
        rsid: "0".repeat(64),
        csrf: String::new(),
    };
    stale.read(desk.admin().get(PROFILE)).send().expect(200);
    cookies
        .read(desk.caller(crate::forged(own.key())).get(PROFILE))
        .send()
        .expect(401);
}

#[test]
fn what_is_no_session_is_none() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let (one, other) = (
        session(&desk, "dev@example.com"),
        session(&desk, "dev@example.com"),
    );
    for (cookies, status) in [
        (format!("rsid={}", one.rsid), 200),
        (format!("a=b;rsid={} ; c", one.rsid), 200),
        (format!("rsid={0}; rsid={0}", one.rsid), 200),
        (format!("rsid={}; rsid={}", one.rsid, other.rsid), 401),
        (format!("rsid={}", one.rsid.to_uppercase()), 401),
        (format!("rsid={}", one.csrf), 401),
        (format!("rsid={}", &one.rsid[1..]), 401),
        (format!("xrsid={}", one.rsid), 401),
        (format!("csrftoken={}", one.csrf), 401),
        ("rsid=".to_owned(), 401),
        ("x".repeat(20_000), 401),
    ] {
        let ask = desk.nobody().get(PROFILE).header("Cookie", &cookies);
        assert_eq!(ask.send().status(), status, "{cookies}");
    }
    let two = desk.nobody().get(PROFILE);
    let two = two.header("Cookie", format!("rsid={}", one.rsid));
    two.header("Cookie", format!("rsid={}", other.rsid))
        .send()
        .expect(401);
    desk.nobody()
        .get(PROFILE)
        .header("Cookie", b"rsid=\xff")
        .send()
        .expect(401);
}

#[test]
fn an_account_has_so_many_sessions_and_the_oldest_give_way() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let mut sessions = Vec::new();
    for _ in 0..21 {
        sessions.push(session(&desk, "dev@example.com"));
        desk.controller().clock().advance(Duration::from_secs(1));
    }
    let alive = sessions
        .iter()
        .filter(|cookies| profile(&desk, cookies) == 200)
        .count();
    assert_eq!(alive, 20);
    assert_eq!(profile(&desk, &sessions[0]), 401);
}

#[test]
fn the_audit_trail_tells_a_session_from_a_key() {
    let desk = desk();
    console(&desk, "dev@example.com");
    let answer = login(&desk, "dev@example.com", PASSWORD).send().expect(200);
    let id = format!("session:{}", answer.text_at("/id"));
    profile(&desk, &Cookies::of(&answer));
    desk.admin().get(PROFILE).send().expect(200);
    let records = desk.controller().audit();
    let by: Vec<Option<String>> = records[records.len() - 3..]
        .iter()
        .map(|record| record.actor().map(|actor| actor.key_id.to_string()))
        .collect();
    assert_eq!(by[0], Some(id.clone()), "the login itself");
    assert_eq!(by[1], Some(id));
    assert!(!by[2].as_ref().unwrap().starts_with("session:"));
}
