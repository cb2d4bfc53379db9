//! The one walk over a body that checks and prepares it.
//!
//! [`Schema::check`] finds every problem and names it by JSON pointer; on the way it drops what a client may not set
//! (`readOnly`), puts a mask in the place of what must not be kept (`x-secret`), fills declared defaults of required
//! properties and notes the fields the document does not know. A body with a problem is thrown away by the caller, so
//! the changes made to it do not matter.

use serde_json::{Map, Value};

use crate::schema::{Object, Property, Schema};
use crate::secret::Plain;

/// One problem in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// JSON pointer into the body, or the name of a parameter or header.
    pub(crate) pointer: String,
    /// What is wrong and what would be right.
    pub(crate) detail: String,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Everything that breaks the document.
    pub(crate) problems: Vec<Problem>,
    /// Pointers to fields the document does not know.
    pub(crate) unknown: Vec<String>,
    /// Secrets of which a hash is to be kept, by the pointer at which they stood.
    pub(crate) secrets: Vec<(String, Plain)>,
}

/// So many problems are named at the most; a body can hold more mistakes than anybody would read.
const MOST: usize = 100;

impl Report {
    /// Notes a problem.
    pub(crate) fn problem(&mut self, pointer: String, detail: impl Into<String>) {
        if self.problems.len() < MOST {
            self.problems.push(Problem {
                pointer,
                detail: detail.into(),
            });
        }
    }
}

/// The way from the root of a body to the value under the walk.
struct Trail<'a> {
    parent: Option<&'a Trail<'a>>,
    token: Token<'a>,
}

enum Token<'a> {
    Root,
    Name(&'a str),
    Index(usize),
}

impl<'a> Trail<'a> {
    fn root() -> Self {
        Self {
            parent: None,
            token: Token::Root,
        }
    }

    fn child(&'a self, token: Token<'a>) -> Trail<'a> {
        Trail {
            parent: Some(self),
            token,
        }
    }

    fn pointer(&self) -> String {
        let mut text = self.parent.map(Trail::pointer).unwrap_or_default();
        match self.token {
            Token::Root => {}
            Token::Name(name) => {
                text.push('/');
                text.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Token::Index(index) => {
                text.push('/');
                text.push_str(&index.to_string());
            }
        }
        text
    }
}

impl Schema {
    /// Checks and prepares a body; see the module's documentation.
    pub(crate) fn check(&'static self, value: &mut Value) -> Report {
        let mut report = Report::default();
        self.walk(value, &Trail::root(), &mut report);
        report
    }

    fn walk(&'static self, value: &mut Value, at: &Trail<'_>, report: &mut Report) {
        match (self, &mut *value) {
            (Schema::Any, _)
            | (Schema::Nullable(_), Value::Null)
            | (Schema::Number, Value::Number(_))
            | (Schema::Boolean, Value::Bool(_)) => {}
            (Schema::Nullable(inner), _) => inner.walk(value, at, report),
            (Schema::Text(rules), Value::String(text)) => {
                if let Some(detail) = rules.problem(text) {
                    report.problem(at.pointer(), detail);
                }
            }
            (Schema::Integer { minimum, maximum }, Value::Number(number)) => {
                match number.as_i64() {
                    Some(whole) if (*minimum..=*maximum).contains(&whole) => {}
                    Some(whole) => report.problem(
                        at.pointer(),
                        format!("is {whole}; it must be from {minimum} to {maximum}"),
                    ),
                    None => report.problem(
                        at.pointer(),
                        format!("is {number}; it must be a whole number"),
                    ),
                }
            }
            (Schema::List(items), Value::Array(list)) => {
                for (index, item) in list.iter_mut().enumerate() {
                    items.walk(item, &at.child(Token::Index(index)), report);
                }
            }
            (Schema::Map(values), Value::Object(map)) => {
                for (name, item) in map.iter_mut() {
                    values.walk(item, &at.child(Token::Name(name)), report);
                }
            }
            (Schema::Object(object), Value::Object(_)) => object.walk(value, at, report),
            (Schema::OneOf(variants), _) => walk_one_of(variants, value, at, report),
            (wanted, found) => report.problem(
                at.pointer(),
                format!("is {}; it must be {}", name_of(found), wanted.name()),
            ),
        }
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Exactly one variant must fit. Variants of objects tell themselves apart by the fields they require, so the ones
/// whose required fields are all there are the candidates: with one, its problems are the answer; with none, those of
/// the variant that knows most of the fields.
fn walk_one_of(
    variants: &[&'static Schema],
    value: &mut Value,
    at: &Trail<'_>,
    report: &mut Report,
) {
    let mut candidates = variants
        .iter()
        .filter(|variant| variant.has_required(value) && !variant.shuts_out(value));
    match (candidates.next(), candidates.next()) {
        (Some(only), None) => only.walk(value, at, report),
        (Some(_), Some(_)) => report.problem(
            at.pointer(),
            "fits more than one of the forms allowed here; send the fields of one",
        ),
        (None, _) => {
            report.problem(
                at.pointer(),
                "fits none of the forms allowed here; the nearest one lacks what follows",
            );
            let nearest = variants
                .iter()
                .rev()
                .max_by_key(|variant| variant.known_fields(value));
            if let Some(nearest) = nearest {
                nearest.walk(value, at, report);
            }
        }
    }
}

impl Schema {
    /// Whether a value is of the schema's type and, as an object, has all fields the schema requires.
    fn has_required(&self, value: &Value) -> bool {
        match (self.as_object(), value) {
            (Some(object), Value::Object(map)) => object
                .properties
                .iter()
                .all(|property| !property.required || map.contains_key(property.name)),
            (Some(_), _) => false,
            (None, value) => self.name() == name_of(value),
        }
    }

    /// Whether a value is an object with a field that the schema does not allow.
    fn shuts_out(&self, value: &Value) -> bool {
        match (self.as_object(), value) {
            (Some(object), Value::Object(map)) if object.closed => map.keys().any(|name| {
                let mut properties = object.properties.iter();
                properties.all(|property| property.name != name)
            }),
            _ => false,
        }
    }

    fn known_fields(&self, value: &Value) -> usize {
        match (self.as_object(), value.as_object()) {
            (Some(object), Some(map)) => object
                .properties
                .iter()
                .filter(|property| map.contains_key(property.name))
                .count(),
            _ => 0,
        }
    }
}

impl Object {
    fn walk(&'static self, value: &mut Value, at: &Trail<'_>, report: &mut Report) {
        let Value::Object(map) = value else { return };
        let mut known = 0;
        for property in self.properties {
            // Clients in Go write null for what they left empty: it says nothing, so it counts as left out.
            if map.get(property.name).is_some_and(Value::is_null) && !property.schema.takes_null() {
                map.remove(property.name);
            }
            let Some(item) = map.get_mut(property.name) else {
                let has_default = property.default.is_some() && !property.controller_writes();
                if property.required || has_default {
                    fill(property, map, at, report);
                    known += usize::from(map.contains_key(property.name));
                }
                continue;
            };
            if property.controller_writes() {
                map.remove(property.name);
                continue;
            }
            known += 1;
            if property.secret {
                check_secret(property, item, at, report);
                if let (true, Value::String(text)) = (property.hashed, &*item)
                    && text != MASK
                {
                    let pointer = at.child(Token::Name(property.name)).pointer();
                    report.secrets.push((pointer, Plain::new(text)));
                }
                mask(item);
                continue;
            }
            property
                .schema
                .walk(item, &at.child(Token::Name(property.name)), report);
        }
        if known < map.len() {
            for name in map.keys() {
                if self.properties.iter().all(|property| property.name != name) {
                    let pointer = at.child(Token::Name(name)).pointer();
                    if self.closed {
                        report.problem(pointer, "is not a field of this object");
                    } else {
                        report.unknown.push(pointer);
                    }
                }
            }
        }
    }
}

/// Checks a secret like any other value, and says nothing of what it is.
fn check_secret(
    property: &'static Property,
    item: &mut Value,
    at: &Trail<'_>,
    report: &mut Report,
) {
    let mut own = Report::default();
    property.schema.walk(item, at, &mut own);
    if !own.problems.is_empty() {
        report.problem(
            at.child(Token::Name(property.name)).pointer(),
            format!("is not what it must be, {}", property.schema.name()),
        );
    }
}

/// What stands in the place of a secret, which is never kept.
pub(crate) const MASK: &str = "********";

fn mask(item: &mut Value) {
    match item {
        Value::Array(list) => list.iter_mut().for_each(mask),
        Value::Object(map) => map.values_mut().for_each(mask),
        other => *other = MASK.into(),
    }
}

/// Gives a property that was left out its default, or notes that it is missing.
fn fill(property: &Property, map: &mut Map<String, Value>, at: &Trail<'_>, report: &mut Report) {
    match property
        .default
        .and_then(|json| serde_json::from_str(json).ok())
    {
        Some(default) => {
            map.insert(property.name.to_owned(), default);
        }
        None => report.problem(
            at.child(Token::Name(property.name)).pointer(),
            format!("is missing; it must be {}", property.schema.name()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::Text;

    static WIDGET: Schema = Schema::object(&[
        Property::new("kind", &Schema::TEXT)
            .required()
            .default("\"Widget\""),
        Property::new("name", &Schema::TEXT).required(),
        Property::new("parts", &Schema::List(&Schema::INT32)),
        Property::new("password", &Schema::TEXT).secret(),
        Property::new(
            "size",
            &Schema::Integer {
                minimum: 1,
                maximum: 9,
            },
        ),
        Property::new("state", &Schema::one_of_texts(&["on", "off"])).read_only(),
        Property::new("way", &Schema::OneOf(&[&RAW, &MADE])),
    ]);
    static RAW: Schema = Schema::object(&[Property::new("raw", &Schema::TEXT).required()]);
    static MADE: Schema = Schema::object(&[Property::new("by", &Schema::TEXT).required()]);

    fn pointers(body: Value) -> Vec<String> {
        let mut body = body;
        WIDGET
            .check(&mut body)
            .problems
            .into_iter()
            .map(|problem| problem.pointer)
            .collect()
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let body = json!({"parts": [1, "x", 2.5], "size": 10, "way": {"raw": 1}});
        assert_eq!(
            pointers(body),
            ["/name", "/parts/1", "/parts/2", "/size", "/way/raw"]
        );
    }

    #[test]
    fn a_secret_is_checked_and_not_repeated() {
        let report = WIDGET.check(&mut json!({"name": "a", "password": ["hunter2"]}));
        assert_eq!(report.problems[0].pointer, "/password");
        assert!(!format!("{report:?}").contains("hunter2"));
    }

    #[test]
    fn what_the_controller_writes_is_dropped_secrets_are_masked_and_defaults_filled() {
        let mut body =
            json!({"name": "a", "state": "nonsense", "password": "p", "parts": null, "more": 1});
        let report = WIDGET.check(&mut body);
        assert_eq!(
            body,
            json!({"kind": "Widget", "name": "a", "password": MASK, "more": 1})
        );
        assert_eq!(
            (report.problems.len(), report.unknown),
            (0, vec!["/more".to_owned()])
        );
    }

    #[test]
    fn exactly_one_form_must_fit() {
        assert_eq!(
            pointers(json!({"name": "a", "way": {"raw": "x"}})),
            Vec::<String>::new()
        );
        assert_eq!(
            pointers(json!({"name": "a", "way": {"raw": "x", "by": "y"}})),
            ["/way"]
        );
        assert_eq!(
            pointers(json!({"name": "a", "way": {}})),
            ["/way", "/way/raw"]
        );
    }

    #[test]
    fn a_closed_form_is_no_candidate_for_a_value_with_other_fields() {
        static PLAIN: Schema = Schema::Object(Object {
            properties: &[Property::new("path", &Schema::TEXT).required()],
            closed: true,
            read_only: false,
        });
        static GIT: Schema = Schema::object(&[
            Property::new("path", &Schema::TEXT).required(),
            Property::new("repository", &Schema::TEXT).required(),
        ]);
        static EITHER: Schema = Schema::OneOf(&[&PLAIN, &GIT]);
        for good in [
            json!({"path": "a"}),
            json!({"path": "a", "repository": "r"}),
        ] {
            assert_eq!(EITHER.check(&mut good.clone()).problems, [], "{good}");
        }
        let report = EITHER.check(&mut json!({"path": "a", "repositry": "r"}));
        assert!(!report.problems.is_empty());
    }

    #[test]
    fn only_the_bounds_that_there_are_are_told() {
        let told = |min, max| {
            let text = Text {
                min,
                max,
                ..Text::ANY
            };
            text.problem("").unwrap_or_default()
        };
        assert_eq!(
            told(1, usize::MAX),
            "has 0 characters; it must have at least 1"
        );
        assert_eq!(told(1, 9), "has 0 characters; it must have from 1 to 9");
        let short = Text {
            max: 1,
            ..Text::ANY
        };
        assert_eq!(
            short.problem("ab").unwrap(),
            "has 2 characters; it must have at most 1"
        );
    }

    #[test]
    fn pointers_escape_and_problems_are_bounded() {
        static MAP: Schema = Schema::Map(&Schema::Boolean);
        static LIST: Schema = Schema::List(&Schema::TEXT);
        let report = MAP.check(&mut json!({"a/b~c": 1}));
        assert_eq!(report.problems[0].pointer, "/a~1b~0c");
        assert_eq!(LIST.check(&mut json!(vec![0; 1000])).problems.len(), MOST);
    }
}
