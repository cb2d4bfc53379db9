//! The configuration file of the command line: a key like any other, in a file that clients load.

use rafay_mock_server::{MockController, Role};
use rafay_sdk::{Api, Client, v3::types::Project};
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROFILE};
use serde_json::json;

use crate::{HOUR, entry, hours, set_organization};

const CONFIG: &str = "/auth/v1/cli/config/";

fn config_of(id: &str) -> String {
    format!("{}cli/config/", fixtures::user_path(id))
}

#[test]
fn a_file_carries_a_new_key_of_whoever_asked() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "cli@example.com", &[]);
    let user = desk.caller(key);
    let file = user
        .get(CONFIG)
        .header("Host", "127.0.0.1:9")
        .send()
        .expect(200);
    for (name, wanted) in [
        ("profile", "prod"),
        ("skip_server_cert_check", "false"),
        ("rest_endpoint", "http://127.0.0.1:9"),
        ("ops_endpoint", "http://127.0.0.1:9"),
    ] {
        assert_eq!(file.text_at(&format!("/{name}")), wanted);
    }
    let project = desk
        .admin()
        .get("/auth/v1/projects/?name=defaultproject")
        .send();
    assert_eq!(
        file.text_at("/project_id"),
        project.text_at("/results/0/id")
    );
    let whole = file.text_at("/api_key");
    assert!(whole.ends_with(&format!(".{}", file.text_at("/api_secret"))));
    assert_eq!(desk.caller(&*whole).id(), id);
    let keys = user.get(&fixtures::keys(&id)).send().expect(200).json();
    let listed = &keys[1];
    assert_eq!(
        (&listed["name"], &listed["created_by"]),
        (&json!("rctl config"), &json!("cli@example.com"))
    );
    assert_eq!(hours(&desk, &file), Some(8_760));
    // Each file has a key of its own, and it is revoked like one.
    let other = user.get(CONFIG).send().expect(200).text_at("/api_key");
    assert_ne!(other, whole);
    let path = fixtures::key_path(listed["id"].as_str().unwrap());
    user.delete(&path).send().expect(200);
    desk.refuse(desk.caller(whole).get(PROFILE), 401);
    desk.caller(other).get(PROFILE).send().expect(200);
}

#[test]
fn files_obey_the_settings_like_keys() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "cli@example.com", &[]);
    let user = desk.caller(key);
    set_organization(&desk, Some(24));
    let file = user.get(CONFIG).send().expect(200);
    assert_eq!(hours(&desk, &file), Some(24));
    let short = user
        .get(&format!("{CONFIG}?validity_hour=1"))
        .send()
        .expect(200);
    assert_eq!(hours(&desk, &short), Some(1));
    desk.refuse(user.get(&format!("{CONFIG}?validity_hour=25")), 403);
    for bad in ["0", "-1", "1.5", "876001", "x", "99999999999999999999"] {
        desk.refuse(user.get(&format!("{CONFIG}?validity_hour={bad}")), 400);
    }
    let admin = desk.admin();
    let long = admin
        .get(&format!("{}?validity_hour=9999", config_of(&id)))
        .send();
    assert_eq!(hours(&desk, &long.expect(200)), Some(9_999));
    // It ends like a key, and says so.
    desk.controller().clock().advance(24 * HOUR);
    let answer = desk.refuse(desk.caller(file.text_at("/api_key")).get(PROFILE), 401);
    assert_eq!(answer.code(), "KEY_EXPIRED");
}

#[test]
fn an_administrator_makes_a_file_for_a_user_and_nobody_else_does() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "cli@example.com", &[]);
    let file = desk.admin().get(&config_of(&id)).send().expect(200);
    let user = desk.caller(file.text_at("/api_key"));
    assert_eq!(user.id(), id);
    let keys = desk
        .admin()
        .get(&fixtures::keys(&id))
        .send()
        .expect(200)
        .json();
    let made = entry(&desk.admin(), &id, keys[1]["id"].as_str().unwrap());
    assert_eq!(made["created_by"], "admin@example.com");
    desk.caller(key).get(&config_of(&id)).send().expect(200);
    desk.refuse(desk.role(Role::ProjectAdmin).get(&config_of(&id)), 403);
    desk.refuse(
        desk.role(Role::AdministratorReadOnly).get(&config_of(&id)),
        403,
    );
    desk.refuse(desk.admin().get(&config_of("zzzzzzz")), 404);
}

#[test]
fn asking_for_the_head_of_a_file_makes_no_key() {
    let desk = Desk::new();
    let admin = desk.admin();
    let keys = || {
        admin
            .get(&fixtures::keys(&admin.id()))
            .send()
            .expect(200)
            .json()
    };
    let before = keys().as_array().unwrap().len();
    let (parts, ()) = http::Request::head(CONFIG)
        .header("X-API-KEY", admin.key())
        .body(())
        .unwrap()
        .into_parts();
    let request = http::Request::from_parts(parts, bytes::Bytes::new());
    assert_eq!(desk.controller().handle(request).status(), 405);
    assert_eq!(keys().as_array().unwrap().len(), before);
}

#[tokio::test]
async fn the_sdk_loads_a_file_and_calls_with_it_until_it_ends() {
    let mock = MockController::start().await.unwrap();
    let admin = Client::new(mock.url(), mock.key_for(Role::Admin).expose()).unwrap();
    let file = admin.v1().rctl_config_get(None).await.unwrap().into_inner();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    std::fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();
    let client = Client::from_rctl_config(&path).unwrap();
    let projects: Api<Project> = Api::all(client);
    projects.get("defaultproject").await.unwrap();
    mock.clock().advance(8_760 * HOUR);
    let refused = projects.get("defaultproject").await.unwrap_err();
    assert!(refused.to_string().contains("expired"), "{refused}");
}
