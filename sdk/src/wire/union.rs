//! Values that have one of several forms, told apart by the keys they carry.
//!
//! The document's `oneOf` has no discriminator, and its forms overlap. The first form that can be
//! read would swallow the others, so the keys decide; what fits none is kept as plain JSON.

use serde_json::Value;

/// By what a form is recognised.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// An object with these members.
    Object {
        known: &'static [&'static str],
        required: &'static [&'static str],
    },
    /// An object with any members.
    Map,
    Text,
    Number,
    Bool,
    List,
    /// Anything at all.
    Any,
}

impl Form {
    /// How well `value` fits: how many of its keys are known, then how few others there could be.
    /// None where it does not fit at all.
    fn fit(self, value: &Value) -> Option<(usize, isize)> {
        match (self, value) {
            (Self::Object { known, required }, Value::Object(object)) => {
                // Without a required member, reading and writing would add it to the value.
                let whole = required.iter().all(|key| object.contains_key(*key));
                let shared = known
                    .iter()
                    .filter(|key| object.contains_key(**key))
                    .count();
                let unused = isize::try_from(known.len()).map_or(isize::MIN, |known| -known);
                (whole && shared > 0).then_some((shared, unused))
            }
            (Self::Text, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Bool, Value::Bool(_))
            | (Self::List, Value::Array(_)) => Some((1, 0)),
            (Self::Map, Value::Object(_)) | (Self::Any, _) => Some((0, isize::MIN)),
            _ => None,
        }
    }
}

/// The name of the form that fits best; the first of equals.
pub(crate) fn select(forms: &[(&'static str, Form)], value: &Value) -> Option<&'static str> {
    let mut best: Option<(&'static str, (usize, isize))> = None;
    for (name, form) in forms {
        if let Some(fit) = form.fit(value)
            && best.is_none_or(|(_, other)| fit > other)
        {
            best = Some((name, fit));
        }
    }
    best.map(|(name, _)| name)
}

/// Declares a union; see the generated types for its form.
macro_rules! union {
    (
        $(#[$doc:meta])*
        $vis:vis enum $name:ident {
            $(
                $variant:ident($type:ty as $held:ty):
                    $form:ident $({ known: $known:expr, required: $required:expr })?,
            )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        $vis enum $name {
            $(
                #[doc = concat!("A value of the form of `", stringify!($type), "`.")]
                $variant($held),
            )*
            /// A value that fits none of the forms of the document, as it came.
            Other(serde_json::Value),
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const FORMS: &[(&str, $crate::wire::Form)] = &[
                    $((
                        stringify!($variant),
                        $crate::wire::Form::$form $({ known: $known, required: $required })?,
                    ),)*
                ];
                let value = serde_json::Value::deserialize(deserializer)?;
                let chosen = $crate::wire::select(FORMS, &value);
                $(
                    if chosen == Some(stringify!($variant))
                        && let Ok(read) = <$held as serde::Deserialize>::deserialize(&value)
                    {
                        return Ok(Self::$variant(read));
                    }
                )*
                Ok(Self::Other(value))
            }
        }

        /// No value: `null`.
        impl Default for $name {
            fn default() -> Self {
                Self::Other(serde_json::Value::Null)
            }
        }

        $(
            impl From<$type> for $name {
                fn from(value: $type) -> Self {
                    Self::$variant(value.into())
                }
            }
        )*
    };
}

pub(crate) use union;

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    /// A form with the members that the tests use, all optional.
    #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
    struct Git {
        #[serde(default)]
        repository: String,
        #[serde(flatten)]
        rest: Map<String, Value>,
    }

    #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
    struct Helm {
        #[serde(default)]
        chart: String,
        #[serde(flatten)]
        rest: Map<String, Value>,
    }

    union! {
        /// Where an artifact comes from.
        enum Artifact {
            Git(Git as Box<Git>): Object { known: &["repository", "revision", "paths"], required: &["repository"] },
            Helm(Helm as Box<Helm>): Object { known: &["chart", "repository", "revision"], required: &[] },
            Text(String as String): Text,
        }
    }

    fn read(value: &Value) -> Artifact {
        let artifact: Artifact = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(
            serde_json::to_value(&artifact).unwrap(),
            *value,
            "is written as it was read"
        );
        artifact
    }

    #[test]
    fn the_form_that_knows_most_keys_is_chosen() {
        assert!(matches!(
            read(&json!({"repository": "r", "paths": []})),
            Artifact::Git(_)
        ));
        assert!(matches!(
            read(&json!({"chart": "c", "repository": "r", "new": 1})),
            Artifact::Helm(_)
        ));
        assert!(matches!(read(&json!("text")), Artifact::Text(_)));
    }

    #[test]
    fn what_fits_no_form_is_kept() {
        for value in [
            json!({}),
            json!({"new": 1}),
            json!(null),
            json!([1]),
            // A required member is missing, and no other form knows a key.
            json!({"paths": []}),
            // Chosen by its keys, but not readable as such.
            json!({"repository": 7, "paths": []}),
        ] {
            assert!(matches!(read(&value), Artifact::Other(_)), "{value}");
        }
    }
}
