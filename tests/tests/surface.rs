//! The v3 document against the surveyed facts of the public API: every operation is there, and every schema that it
//! takes or gives agrees property by property, but for the differences that a table lists with their reasons.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rafay_spec::Document;
use rafay_tests::{repository, spec};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What was surveyed: bare facts, references by name.
#[derive(Deserialize)]
struct Survey {
    operations: BTreeMap<String, Operation>,
    schemas: Map<String, Value>,
}

/// The schemas that an operation takes and gives; `inline` is one without a name.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Operation {
    body: Option<String>,
    answer: Option<String>,
}

/// The table of what may differ.
#[derive(Deserialize)]
struct Listed {
    renamed: BTreeMap<String, BTreeSet<String>>,
    differences: Vec<Difference>,
    unreached: BTreeSet<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Difference {
    #[serde(rename = "where")]
    place: String,
    what: String,
    surveyed: Value,
    here: Value,
    #[serde(default)]
    why: String,
}

impl Difference {
    /// Whether this line of the table is about a difference that was found.
    fn covers(&self, found: &Self) -> bool {
        let same_place = match self.place.strip_prefix('*') {
            Some(end) => found
                .place
                .strip_suffix(end)
                .is_some_and(|name| name.chars().all(char::is_alphanumeric)),
            None => self.place == found.place,
        };
        same_place
            && (&self.what, &self.surveyed, &self.here)
                == (&found.what, &found.surveyed, &found.here)
    }
}

fn fixture(name: &str) -> String {
    let path = repository().join("tests/fixtures").join(name);
    fs::read_to_string(path).expect("the fixture is there")
}

fn survey() -> Survey {
    serde_json::from_str(&fixture("v3-surface.json")).expect("the survey is as it is read here")
}

fn listed() -> Listed {
    serde_norway::from_str(&fixture("v3-differences.yaml")).expect("every line has its keys")
}

fn document() -> &'static Document {
    spec().document("v3").expect("there is a v3 document")
}

/// The name at the end of a reference, of either side.
fn name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The operation of the document at a surveyed method and path, in the survey's words.
fn operation<'a>(
    document: &'a Value,
    method_and_path: &str,
) -> Option<(Operation, [&'a Value; 2])> {
    let (method, path) = method_and_path.split_once(' ')?;
    let operation = document["paths"].get(path)?.get(method.to_lowercase())?;
    let schema = |holder: &'a Value| {
        let mut media_types = holder["content"].as_object().into_iter().flatten();
        media_types
            .next()
            .map_or(&Value::Null, |(_, media)| &media["schema"])
    };
    let named = |schema: &Value| {
        let inline = (!schema.is_null()).then_some("inline");
        name(schema).or(inline).map(str::to_owned)
    };
    let schemas = [
        schema(&operation["requestBody"]),
        schema(&operation["responses"]["200"]),
    ];
    let [body, answer] = schemas.map(named);
    Some((Operation { body, answer }, schemas))
}

/// Compares the schemas that operations reach, each pair once.
struct Comparison<'a> {
    surveyed: &'a Map<String, Value>,
    here: &'a Map<String, Value>,
    pairs: BTreeSet<(&'a str, &'a str)>,
    open: Vec<(&'a str, &'a str)>,
    found: Vec<Difference>,
}

impl<'a> Comparison<'a> {
    fn of(survey: &'a Survey, document: &'a Value) -> Self {
        let mut comparison = Self {
            surveyed: &survey.schemas,
            here: document["components"]["schemas"]
                .as_object()
                .expect("there are schemas"),
            pairs: BTreeSet::new(),
            open: Vec::new(),
            found: Vec::new(),
        };
        for (method_and_path, surveyed) in &survey.operations {
            let Some((_, [body, answer])) = operation(document, method_and_path) else {
                continue;
            };
            for (surveyed, here) in [(&surveyed.body, body), (&surveyed.answer, answer)] {
                if let (Some(surveyed), Some(here)) = (surveyed, name(here))
                    && survey.schemas.contains_key(surveyed)
                {
                    comparison.pair(surveyed, here);
                }
            }
        }
        while let Some((surveyed, here)) = comparison.open.pop() {
            let (a, b) = (comparison.surveyed.get(surveyed), comparison.here.get(here));
            let (a, b) = (a.expect("surveyed"), b.expect("in the document"));
            comparison.schemas(here, a, b);
        }
        comparison
    }

    fn pair(&mut self, surveyed: &'a str, here: &'a str) {
        if self.pairs.insert((surveyed, here)) {
            self.open.push((surveyed, here));
        }
    }

    fn differ(&mut self, place: &str, what: &str, surveyed: Value, here: Value) {
        if surveyed != here {
            self.found.push(Difference {
                place: place.to_owned(),
                what: what.to_owned(),
                surveyed,
                here,
                why: String::new(),
            });
        }
    }

    fn schemas(&mut self, place: &str, surveyed: &'a Value, here: &'a Value) {
        let (surveyed, here) = (lone(surveyed), lone(here));
        if let (Some(a), Some(b)) = (name(surveyed), name(here)) {
            return self.pair(a, b);
        }
        let a = resolved(self.surveyed, surveyed);
        let b = resolved(self.here, here);
        for word in [
            "type", "format", "default", "pattern", "minimum", "maximum", "nullable",
        ] {
            self.differ(place, word, a[word].clone(), b[word].clone());
        }
        let read_only = |schema: &Value| json!(schema["readOnly"] == true);
        self.differ(place, "readOnly", read_only(a), read_only(b));
        for word in ["enum", "required"] {
            self.differ(place, word, sorted(&a[word]), sorted(&b[word]));
        }
        self.properties(place, a, b);
        for (word, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
            match (&a[word], &b[word]) {
                (a @ Value::Object(_), b @ Value::Object(_)) => {
                    self.schemas(&format!("{place}{mark}"), a, b);
                }
                (a, b) => self.differ(place, word, a.clone(), b.clone()),
            }
        }
        let forms = |schema: &'a Value| schema["oneOf"].as_array().filter(|all| all.len() > 1);
        match (forms(a), forms(b)) {
            (Some(a), Some(b)) if a.len() == b.len() => {
                for (index, (a, b)) in a.iter().zip(b).enumerate() {
                    self.schemas(&format!("{place}|{index}"), a, b);
                }
            }
            (a, b) => {
                let names = |forms: Option<&Vec<Value>>| {
                    forms.map_or(Value::Null, |all| all.iter().map(name).collect())
                };
                self.differ(place, "oneOf", names(a), names(b));
            }
        }
    }

    fn properties(&mut self, place: &str, a: &'a Value, b: &'a Value) {
        let mut surveyed = properties(a);
        if b["oneOf"].is_null() {
            // Forms that the document has made one: all their properties are to be there.
            let forms = a["oneOf"].as_array().into_iter().flatten();
            for form in forms {
                surveyed.extend(properties(resolved(self.surveyed, form)));
            }
        }
        let here = properties(b);
        let names: BTreeSet<&str> = surveyed.keys().chain(here.keys()).copied().collect();
        for property in names {
            let at = format!("{place}.{property}");
            match (surveyed.get(property), here.get(property)) {
                (Some(a), Some(b)) => self.schemas(&at, a, b),
                (a, b) => {
                    let word = |side: Option<_>| side.map_or(Value::Null, |_| json!("present"));
                    self.differ(&at, "property", word(a), word(b));
                }
            }
        }
    }
}

/// The schema that a lone `allOf` or `oneOf` stands for: neither leaves a choice.
fn lone(schema: &Value) -> &Value {
    let words = ["allOf", "oneOf"].into_iter();
    let mut parts = words.filter_map(|word| schema[word].as_array());
    match parts.next().map(Vec::as_slice) {
        Some([only]) if schema.get("properties").is_none() => lone(only),
        _ => schema,
    }
}

fn resolved<'a>(schemas: &'a Map<String, Value>, schema: &'a Value) -> &'a Value {
    let schema = lone(schema);
    match name(schema) {
        Some(name) => resolved(
            schemas,
            schemas.get(name).expect("a reference leads somewhere"),
        ),
        None => schema,
    }
}

fn properties(schema: &Value) -> BTreeMap<&str, &Value> {
    let all = schema["properties"].as_object().into_iter().flatten();
    all.map(|(name, property)| (name.as_str(), property))
        .collect()
}

fn sorted(list: &Value) -> Value {
    let mut all = list.as_array().cloned().unwrap_or_default();
    all.sort_by_key(Value::to_string);
    all.into()
}

/// What of two lists stands in one alone.
fn unlisted(found: &[Difference], listed: &[Difference]) -> Vec<String> {
    let line = |difference: &Difference| {
        let Difference {
            place,
            what,
            surveyed,
            here,
            ..
        } = difference;
        format!("{place} {what}: surveyed {surveyed}, here {here}")
    };
    let new = found
        .iter()
        .filter(|found| !listed.iter().any(|line| line.covers(found)))
        .map(|difference| format!("not listed: {}", line(difference)));
    let gone = listed
        .iter()
        .filter(|line| !found.iter().any(|found| line.covers(found)))
        .map(|difference| format!("listed and none: {}", line(difference)));
    new.chain(gone).collect()
}

#[test]
fn every_surveyed_operation_is_in_the_document_and_takes_and_gives_the_same() {
    let survey = survey();
    assert_eq!(survey.operations.len(), 247);
    for (method_and_path, surveyed) in &survey.operations {
        let Some((here, _)) = operation(&document().json, method_and_path) else {
            panic!("{method_and_path} is missing");
        };
        assert_eq!(&here, surveyed, "{method_and_path}");
    }
}

#[test]
fn every_surveyed_schema_is_as_surveyed_but_for_the_listed_differences() {
    let (survey, listed) = (survey(), listed());
    let found = Comparison::of(&survey, &document().json).found;
    let problems = unlisted(&found, &listed.differences);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert!(
        listed.differences.iter().all(|line| line.why.len() > 10),
        "each has its reason"
    );
}

#[test]
fn schemas_are_renamed_as_listed_and_all_that_operations_reach_are_compared() {
    let (survey, listed) = (survey(), listed());
    let pairs = Comparison::of(&survey, &document().json).pairs;
    let mut renamed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (surveyed, here) in pairs.iter().filter(|(surveyed, here)| surveyed != here) {
        renamed
            .entry((*surveyed).to_owned())
            .or_default()
            .insert((*here).to_owned());
    }
    assert_eq!(renamed, listed.renamed);
    let reached: BTreeSet<&str> = pairs.iter().map(|(surveyed, _)| *surveyed).collect();
    let unreached: BTreeSet<String> = survey
        .schemas
        .keys()
        .filter(|name| !reached.contains(name.as_str()))
        .cloned()
        .collect();
    assert_eq!(unreached, listed.unreached);
}

#[test]
fn every_change_of_a_schema_is_found() {
    let survey = survey();
    let before = Comparison::of(&survey, &document().json).found.len();
    for (pointer, word, value) in [
        ("/AddonSpec/properties/namespace", "type", json!("integer")),
        ("/AddonSpec/properties", "namespace", Value::Null),
        (
            "/AddonSpec/properties",
            "brandNew",
            json!({"type": "string"}),
        ),
        ("/AddonSpec", "required", json!([])),
        ("/DriftSpec/properties/action", "enum", json!(["Deny"])),
        ("/ListMetadata/properties/count", "format", json!("int32")),
        ("/ListMetadata/properties/count", "readOnly", json!(true)),
        ("/Addon/properties/kind", "default", json!("Agent")),
        (
            "/Metadata/properties/labels/additionalProperties",
            "type",
            json!("boolean"),
        ),
        (
            "/AksNodePool/properties",
            "type",
            json!({"type": "boolean"}),
        ),
    ] {
        let mut changed = document().json.clone();
        let at = format!("/components/schemas{pointer}");
        let place = changed.pointer_mut(&at).and_then(Value::as_object_mut);
        let place = place.unwrap_or_else(|| panic!("there is no {at}"));
        let was = if value.is_null() {
            place.remove(word)
        } else {
            place.insert(word.to_owned(), value.clone())
        };
        assert_ne!(was.as_ref(), Some(&value), "{pointer} {word} is changed");
        let after = Comparison::of(&survey, &changed).found.len();
        assert_ne!(after, before, "{pointer} {word}");
    }
}

#[test]
fn a_difference_that_is_not_listed_and_a_line_that_is_none_are_told() {
    let line = |place: &str, here: bool| Difference {
        place: place.to_owned(),
        what: "readOnly".to_owned(),
        surveyed: json!(false),
        here: json!(here),
        why: String::new(),
    };
    let found = [line("AddonList", true), line("Addon.list", true)];
    assert_eq!(unlisted(&found, &found).len(), 0);
    assert_eq!(unlisted(&found, &[line("*List", true)]).len(), 1);
    assert_eq!(unlisted(&found, &[line("*List", false)]).len(), 3);
    assert_eq!(unlisted(&[], &[line("Addon.list", true)]).len(), 1);
}
