//! New organizations: made by their partner, or signed up by anybody with the partner's token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::engine::{Founded, first_secret, found, initial_organization, not_found};
use crate::generated::kinds::{ACCOUNT, LOGIN, OPERATOR};
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::schema::Schema;
use crate::secret::{Plain, SaltedHash};
use crate::store::Key;

/// What is read of a stored partner.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Partner {
    spec: PartnerSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PartnerSpec {
    settings: Extra,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    fields: Settings,
}

/// The settings of a partner that matter here, under the names that they have on the wire.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Settings {
    signup_enabled: bool,
    #[serde(rename = "ORGANIZATION_APPROVAL")]
    approval: bool,
}

/// An organization that its partner makes; it is approved by that.
pub(crate) fn organization_create(call: &Call<'_>) -> Result<Reply, Refusal> {
    let founded = make(call, true)?;
    answer(call, founded, true)
}

/// An organization that signs up.
pub(crate) fn organization_signup(call: &Call<'_>) -> Result<Reply, Refusal> {
    let settings = invited_by(call)?;
    if !settings.signup_enabled {
        return Err(Refusal::new(
            Reason::Forbidden,
            "the partner takes no sign-ups; ask it for an organization",
        ));
    }
    let same = match (sent(call, "/password"), sent(call, "/repeatPassword")) {
        (Some(one), Some(other)) => SaltedHash::of(one).fits(other),
        _ => false,
    };
    if !same {
        return Err(Refusal::at(
            Reason::Invalid,
            "/repeatPassword",
            "is another text than /password; send the same twice",
        ));
    }
    let approved = !settings.approval;
    let founded = make(call, approved).map_err(|refusal| match refusal.reason {
        Reason::AlreadyExists => Refusal::new(Reason::SignUpTaken, refusal.message),
        _ => refusal,
    })?;
    answer(call, founded, approved)
}

/// A secret that came with the body.
fn sent<'c>(call: &'c Call<'_>, pointer: &str) -> Option<&'c Plain> {
    let mut secrets = call.secrets.iter();
    secrets
        .find(|(at, _)| at == pointer)
        .map(|(_, secret)| secret)
}

/// The settings of the partner whose token the path holds: its id in base64.
fn invited_by(call: &Call<'_>) -> Result<Settings, Refusal> {
    let partner = call.caller.organization().home();
    let token = call.parameters.get("originToken");
    let id = STANDARD.decode(token).ok();
    let key = Key::object(&partner.id, OPERATOR.name, "", &partner.name);
    let object = call
        .state
        .object(&key)
        .filter(|_| id.as_deref() == Some(partner.id.as_bytes()))
        .ok_or_else(|| not_found(OPERATOR, token, " under this token"))?;
    let partner: Partner = serde_json::from_slice(&object.body).unwrap_or_default();
    Ok(partner.spec.settings.fields)
}

/// The organization and its first account, not stored yet.
fn make(call: &Call<'_>, approved: bool) -> Result<Founded, Refusal> {
    let request = known(call.operation.request, &call.body);
    let text = |name: &str| request[name].as_str();
    let partner = call.caller.organization().home();
    let name = text("organization_name").unwrap_or_default();
    let mut organization = initial_organization(partner, name, call.now);
    organization["spec"]["approved"] = approved.into();
    let caller = call.caller.username();
    let mut founded = found(
        call.state,
        partner,
        organization,
        &request,
        caller,
        call.now,
    )?;
    if let (Some(password), Some(login)) = (sent(call, "/password"), &LOGIN) {
        let name = text("username").unwrap_or_default();
        let key = Key::object(&founded.organization.id, ACCOUNT.name, "", name);
        let kept = first_secret(call, ACCOUNT, &key, login.password, password);
        founded.transaction.writes.extend(kept);
    }
    Ok(founded)
}

/// What the document knows of a request, with the values that it has for what was left out, and for what the caller
/// does not decide.
fn known(schema: Option<&Schema>, body: &Value) -> Value {
    let properties = schema
        .and_then(Schema::as_object)
        .map_or(&[][..], |object| object.properties);
    let parts = properties.iter().filter_map(|property| {
        let sent = body
            .get(property.name)
            .filter(|_| !property.controller_writes());
        let told = || serde_json::from_str(property.default?).ok();
        Some((property.name.to_owned(), sent.cloned().or_else(told)?))
    });
    Value::Object(parts.collect())
}

fn answer(call: &Call<'_>, founded: Founded, approved: bool) -> Result<Reply, Refusal> {
    let shown = json!({
        "organization_id": founded.organization.id,
        "organization_name": founded.organization.name,
        "account_id": founded.account,
        "username": call.body["username"],
        "active": true,
        "approved": approved,
    });
    call.commit(founded.transaction)?;
    Ok(Reply {
        unknown: call.unknown.clone(),
        ..Reply::json(&shown).recorded()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_by_their_names_on_the_wire() {
        let stored =
            json!({"spec": {"settings": {"fields": {"ORGANIZATION_APPROVAL": true, "logo": 1}}}});
        let partner: Partner = serde_json::from_value(stored).unwrap();
        let settings = partner.spec.settings.fields;
        assert!(settings.approval && !settings.signup_enabled);
        let nothing: Partner = serde_json::from_value(json!({})).unwrap();
        assert!(!nothing.spec.settings.fields.approval);
    }

    /// The document of sign-up knows no role, and a field that it does not know decides nothing.
    #[test]
    fn who_signs_up_administers_the_organization_whatever_else_the_body_says() {
        let controller = crate::Controller::new(crate::Options::default());
        let partner = controller.nobody().organization().home().id.clone();
        let path = format!("/auth/v1/signup/{}/", STANDARD.encode(partner.as_bytes()));
        let body = json!({
            "username": "ada@acme.example", "organization_name": "acme", "first_name": "Ada",
            "last_name": "Moreau", "password": "secret", "repeatPassword": "secret",
            "role": "PROJECT_READ_ONLY",
        });
        let request = http::Request::post(path).header("Content-Type", "application/json");
        let answer = controller.handle(request.body(body.to_string().into()).unwrap());
        assert_eq!(answer.status(), 200, "{answer:?}");
        let made: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        let organization = made["organization_id"].as_str().unwrap();
        let key = Key::object(organization, ACCOUNT.name, "", "ada@acme.example");
        let state = controller.store().keep();
        let account = state.object(&key).unwrap().value().unwrap();
        assert_eq!(account["spec"]["roles"][0]["role"]["name"], "ADMIN");
    }
}
