//! Bodies as text: JSON and YAML, read within bounds and written.
//!
//! YAML lets a short text stand for an enormous value, by aliases of aliases, and lets a line nest a million deep. The
//! bounds count what is built while it is read, so such a body ends in an error while it is still small.

use serde_json::Value;
use serde_saphyr::{Options, budget, options};

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

/// Reads a body.
pub(crate) fn parse(form: Form, bytes: &[u8]) -> Result<Value, String> {
    if bytes.is_empty() {
        return Err("it is empty".to_owned());
    }
    match form {
        Form::Json => serde_json::from_slice(bytes).map_err(|error| error.to_string()),
        Form::Yaml => {
            serde_saphyr::from_slice_with_options(bytes, yaml()).map_err(|error| error.to_string())
        }
    }
}

/// Levels of YAML at the most: three times what any document has, and little enough for the stack of any thread.
const MOST_DEEP: usize = 48;

/// YAML 1.2 and nothing that JSON cannot say: `yes` is text, a tag is refused, a field stands once.
fn yaml() -> Options {
    options! {
        budget: budget! {
            max_depth: MOST_DEEP,
            max_nodes: 100_000,
            max_total_scalar_bytes: 8 << 20,
        },
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// Writes JSON text as YAML.
pub(crate) fn to_yaml(json: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(json).ok()?;
    serde_saphyr::to_string(&value).ok()
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
    fn deep_nesting_ends_in_an_error_at_once() {
        for opening in ["[", "{a: ", "- ", "? "] {
            let deep = opening.repeat(250_000);
            assert!(parse(Form::Yaml, deep.as_bytes()).is_err(), "{opening}");
        }
        assert!(parse(Form::Json, "[".repeat(1_000_000).as_bytes()).is_err());
    }

    #[test]
    fn what_is_written_as_yaml_reads_back_alike() {
        let json = br##"{"a":"yes","b":"012","c":"1e3","d":"null","e":"- x","f":"a: b","g":"l1\nl2\n","h":[],"i":{},"j":"","k":" x ","l":"#","m":1.5,"n":null,"o":"2026-01-01","p":"~","q":"0x1f","r":"*a","s":".nan","t":"\u0007","u":{"1":"x","yes":[["a"]]}}"##;
        let yaml = to_yaml(json).unwrap();
        let back = parse(Form::Yaml, yaml.as_bytes()).unwrap();
        assert_eq!(
            back,
            serde_json::from_slice::<Value>(json).unwrap(),
            "{yaml}"
        );
    }
}
