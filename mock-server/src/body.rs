//! Bodies as text: JSON and YAML, read within bounds and written.
//!
//! YAML lets a short text stand for an enormous value, by aliases of aliases. The bounds count what is built, not
//! what was sent, so such a body ends in an error while it is still small.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The two forms of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Yaml,
}

impl Form {
    /// The form a media type stands for.
    pub(crate) fn of_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or("").trim();
        let is = |known: &str| essence.eq_ignore_ascii_case(known);
        if is("application/json") {
            Some(Form::Json)
        } else if is("application/yaml")
            || is("application/x-yaml")
            || is("text/yaml")
            || is("text/x-yaml")
        {
            Some(Form::Yaml)
        } else {
            None
        }
    }

    /// Name of the form for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Form::Json => "JSON",
            Form::Yaml => "YAML",
        }
    }
}

/// Values in one YAML body at the most.
const MOST_NODES: usize = 100_000;
/// Bytes of text in one YAML body at the most.
const MOST_TEXT: usize = 8 << 20;

/// Reads a body.
pub(crate) fn parse(form: Form, bytes: &[u8]) -> Result<Value, String> {
    if bytes.is_empty() {
        return Err("it is empty".to_owned());
    }
    match form {
        Form::Json => serde_json::from_slice(bytes).map_err(|error| error.to_string()),
        Form::Yaml => {
            let budget = Budget {
                nodes: Cell::new(MOST_NODES),
                text: Cell::new(MOST_TEXT),
            };
            (&budget)
                .deserialize(serde_norway::Deserializer::from_slice(bytes))
                .map_err(|error| error.to_string())
        }
    }
}

/// Writes JSON text as YAML.
pub(crate) fn to_yaml(json: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(json).ok()?;
    serde_norway::to_string(&value).ok()
}

/// What a body may still build.
struct Budget {
    nodes: Cell<usize>,
    text: Cell<usize>,
}

impl Budget {
    fn spend<E: Error>(&self, text: usize) -> Result<(), E> {
        let left = self
            .nodes
            .get()
            .checked_sub(1)
            .zip(self.text.get().checked_sub(text));
        let Some((nodes, text)) = left else {
            return Err(E::custom("it stands for more values than a body may hold"));
        };
        self.nodes.set(nodes);
        self.text.set(text);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &Budget {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &Budget {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can hold")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.spend(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.spend(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.spend(0)?;
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.spend(0)?;
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number is infinite or none at all"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.spend(value.len())?;
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.spend(0)?;
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.spend(0)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.spend(0)?;
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            self.spend(name.len())?;
            if map.contains_key(&name) {
                return Err(A::Error::custom(format_args!(
                    "the field {name:?} stands twice in one object"
                )));
            }
            let value = entries.next_value_seed(self)?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_json_read_alike() {
        let yaml = parse(Form::Yaml, b"a: 1\nb: [true, x, 1.5, null]\nc: {d: '1'}\n").unwrap();
        let json = parse(
            Form::Json,
            br#"{"a":1,"b":[true,"x",1.5,null],"c":{"d":"1"}}"#,
        )
        .unwrap();
        assert_eq!(yaml, json);
    }

    #[test]
    fn what_has_no_json_value_is_an_error() {
        for bad in [
            "a: .nan",
            "a: !tag {b: c}",
            "a: 1\na: 2",
            "a: [",
            "--- a\n--- b",
            "",
        ] {
            assert!(parse(Form::Yaml, bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(parse(Form::Yaml, b"a: \xff").is_err());
        assert!(parse(Form::Json, b"{\"a\": \"\xff\"}").is_err());
    }

    #[test]
    fn a_bomb_ends_in_an_error() {
        let mut laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let below = vec![format!("*a{}", level - 1); 10].join(",");
            laughs += &format!("a{level}: &a{level} [{below}]\n");
        }
        assert!(parse(Form::Yaml, laughs.as_bytes()).is_err());
        let quadratic = format!(
            "a: &a [{}]\nb: [{}]\n",
            vec!["x"; 5000].join(","),
            vec!["*a"; 5000].join(",")
        );
        assert!(parse(Form::Yaml, quadratic.as_bytes()).is_err());
    }

    #[test]
    fn deep_nesting_ends_in_an_error() {
        for form in [Form::Json, Form::Yaml] {
            let deep = "[".repeat(100_000) + &"]".repeat(100_000);
            assert!(parse(form, deep.as_bytes()).is_err());
        }
    }
}
