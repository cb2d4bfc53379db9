//! Members that are read more generously than they are written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// A required member for which a controller may send `null`: the type's default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A required 64-bit integer, as a number or as text; `null` is zero.
pub(crate) fn int64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    optional_int64(deserializer).map(Option::unwrap_or_default)
}

/// A 64-bit integer, as a number or as text.
pub(crate) fn optional_int64<'de, D>(deserializer: D) -> Result<Option<i64>, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Int64)
}

struct Int64;

impl Visitor<'_> for Int64 {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a 64-bit integer, as a number or as text")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        match i64::try_from(value) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(value), &self)),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        match value.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(E::invalid_value(Unexpected::Str(value), &self)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Page {
        #[serde(default, deserialize_with = "super::int64")]
        count: i64,
        #[serde(default, deserialize_with = "super::optional_int64")]
        limit: Option<i64>,
        #[serde(default, deserialize_with = "super::or_default")]
        items: Vec<String>,
        #[serde(flatten)]
        unknown_fields: serde_json::Map<String, serde_json::Value>,
    }

    fn read(value: serde_json::Value) -> Result<Page, serde_json::Error> {
        serde_json::from_value(value)
    }

    #[test]
    fn numbers_are_read_from_text_and_null_is_absent() {
        let page = read(json!({"count": "12", "limit": "-3", "items": null, "more": 1})).unwrap();
        assert_eq!(
            (page.count, page.limit, page.items.len()),
            (12, Some(-3), 0)
        );
        assert_eq!(page.unknown_fields.len(), 1);
        let page = read(json!({"count": null, "limit": null})).unwrap();
        assert_eq!((page.count, page.limit), (0, None));
        assert_eq!(read(json!({})).unwrap().count, 0);
    }

    #[test]
    fn what_is_no_integer_is_refused_with_what_was_expected() {
        for wrong in [json!("twelve"), json!(u64::MAX), json!(1.5), json!([])] {
            let error = read(json!({"count": wrong})).unwrap_err().to_string();
            assert!(error.contains("64-bit integer"), "{error}");
        }
    }
}
