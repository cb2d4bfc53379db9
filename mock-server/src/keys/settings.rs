//! The settings that say how long keys live: one of the organization, stored beside its objects, and one of each
//! account, which is a field of the account.

use serde::{Deserialize, Serialize};

use super::policy::Policy;
use crate::generated::schemas_v1::API_KEY_SETTINGS;
use crate::store::{Key, Object, State, Stored};

/// An organization's settings for API keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeySettings {
    /// Hours that keys live when nobody says how long; none where the organization sets nothing.
    pub(crate) hours: Option<i64>,
}

/// What is read of a stored account.
#[derive(Default, Deserialize)]
struct Account {
    #[serde(default)]
    spec: Spec,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    #[serde(default)]
    api_key_validity_hours: Option<i64>,
}

/// The settings of an organization.
pub(crate) fn setting_of(state: &State, organization: &str) -> KeySettings {
    match state.entries.get(&Key::key_settings(organization)) {
        Some(Stored::KeySettings(settings)) => KeySettings::clone(settings),
        _ => KeySettings::default(),
    }
}

/// What an account's own setting says.
fn own_setting(account: &Object) -> Option<i64> {
    let account: Account = serde_json::from_slice(&account.body).unwrap_or_default();
    account.spec.api_key_validity_hours
}

/// Hours for a key of which nobody says anything: the document has the number, as the default of a property.
pub(crate) fn fallback_hours() -> i64 {
    let properties = API_KEY_SETTINGS
        .as_object()
        .map_or(&[][..], |object| object.properties);
    let fallback = properties
        .iter()
        .find(|property| property.name == "fallback_hour");
    fallback
        .and_then(|property| property.default?.parse().ok())
        .unwrap_or(i64::from(u16::MAX))
}

impl Policy {
    /// What holds for the keys of an account now.
    pub(crate) fn of(state: &State, organization: &str, account: &Object) -> Self {
        Self {
            organization: setting_of(state, organization).hours,
            user: own_setting(account),
            fallback: fallback_hours(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_says_how_long_a_key_lives_of_which_nobody_says_anything() {
        assert_eq!(fallback_hours(), 8_760);
    }
}
