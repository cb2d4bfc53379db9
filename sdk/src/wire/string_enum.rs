//! Enumerated texts: a value the document does not list is kept, not refused.

/// Declares an enumeration of texts; see the generated types for its form.
macro_rules! string_enum {
    (
        $(#[$doc:meta])*
        $vis:vis enum $name:ident {
            $($variant:ident = $text:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $variant,
            )*
            /// A value that the document does not list, as it came.
            Unknown(String),
        }

        impl $name {
            /// The value as it is written in JSON.
            $vis fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Unknown(text.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        /// None of the listed values: an empty text.
        impl Default for $name {
            fn default() -> Self {
                Self::Unknown(String::new())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

pub(crate) use string_enum;

#[cfg(test)]
mod tests {
    use serde_json::json;

    string_enum! {
        /// What to do about drift.
        enum Action {
            Notify = "Notify",
            BlockAndNotify = "block-and-notify",
            UnknownValue = "Unknown",
        }
    }

    #[test]
    fn listed_and_unlisted_values_come_back_as_they_were() {
        for (text, value) in [
            ("Notify", Action::Notify),
            ("block-and-notify", Action::BlockAndNotify),
            ("Unknown", Action::UnknownValue),
            ("notify", Action::Unknown("notify".into())),
            ("", Action::default()),
        ] {
            let read: Action = serde_json::from_value(json!(text)).unwrap();
            assert_eq!(read, value);
            assert_eq!(serde_json::to_value(&read).unwrap(), json!(text));
            assert_eq!(read.to_string(), text);
        }
        assert!(serde_json::from_value::<Action>(json!(1)).is_err());
    }
}
