//! Accounts of one name in several organizations: a login without an organization means the one whose password fits.

use rafay_mock_server::Role;
use rafay_tests::{Answer, Desk};
use serde_json::json;

use crate::ATTACKER;
use crate::sessions::desk;

const NAME: &str = "dev@shared.example";

/// Makes an organization whose first account has the name, and gives its id.
fn organization(desk: &Desk, name: &str, password: &str) -> String {
    let body = json!({"username": NAME, "organization_name": name, "password": password});
    let partner = desk.caller(desk.controller().key_for(Role::PartnerAdmin).expose());
    let made = partner.post("/auth/v1/signup/organization/", &body);
    made.send().expect(201).text_at("/organization_id")
}

fn login(desk: &Desk, password: &str, organization: Option<&str>) -> Answer {
    let mut body = json!({"username": NAME, "password": password});
    if let Some(organization) = organization {
        body["organization"] = organization.into();
    }
    let ask = desk.nobody().post("/auth/v1/login/", &body);
    ask.from(ATTACKER).send()
}

#[test]
fn the_password_says_which_of_several_accounts_of_a_name_is_meant() {
    let desk = desk();
    organization(&desk, "acme", "first of the two");
    let globex = organization(&desk, "globex", "second of the two");
    for (password, own, other) in [
        ("first of the two", "acme", "globex"),
        ("second of the two", "globex", "acme"),
    ] {
        let any = login(&desk, password, None).expect(200);
        assert_eq!(any.text_at("/organization"), own);
        assert_eq!(
            login(&desk, password, Some(own))
                .expect(200)
                .text_at("/organization"),
            own
        );
        assert_eq!(
            login(&desk, password, Some(other)).expect(401).code(),
            "LOGIN_REFUSED"
        );
    }
    login(&desk, "second of the two", Some(&globex)).expect(200);
}

#[test]
fn a_password_that_fits_several_is_refused_until_the_organization_is_named() {
    let desk = desk();
    organization(&desk, "acme", "the same for both");
    organization(&desk, "globex", "the same for both");
    let refused = login(&desk, "the same for both", None).expect(401);
    assert_eq!(refused.code(), "LOGIN_REFUSED");
    assert!(
        refused
            .message()
            .contains("name one of acme, globex as organization"),
        "{refused}"
    );
    assert_eq!(refused.headers("set-cookie").count(), 0);
    for name in ["acme", "globex"] {
        let session = login(&desk, "the same for both", Some(name)).expect(200);
        assert_eq!(session.text_at("/organization"), name);
    }
    // Without the password nothing tells that there are such accounts.
    let wrong = login(&desk, "none of them", None).expect(401);
    let nobody = json!({"username": "nobody@shared.example", "password": "none of them"});
    let nobody = desk
        .nobody()
        .post("/auth/v1/login/", &nobody)
        .send()
        .expect(401);
    assert_eq!(wrong.message(), nobody.message());
}

#[test]
fn too_many_accounts_of_a_name_are_told_apart_by_the_organization_alone() {
    let desk = desk();
    for number in 0..9 {
        organization(
            &desk,
            &format!("o{number}"),
            &format!("password number {number}"),
        );
    }
    let refused = login(&desk, "password number 3", None).expect(401);
    assert!(
        refused.message().contains("name the organization"),
        "{refused}"
    );
    login(&desk, "password number 3", Some("o3")).expect(200);
}

/// Whoever has an account of the same name elsewhere gets no further tries at this one.
#[test]
fn a_right_password_of_one_account_forgives_no_wrong_one_of_another() {
    let desk = desk();
    organization(&desk, "acme", "of the victim");
    organization(&desk, "evil", "of the attacker");
    for _ in 0..4 {
        login(&desk, "guess", Some("acme")).expect(401);
        login(&desk, "of the attacker", Some("evil")).expect(200);
    }
    login(&desk, "guess", None).expect(401);
    for organization in [None, Some("acme"), Some("evil")] {
        login(&desk, "of the victim", organization).expect(429);
    }
}
