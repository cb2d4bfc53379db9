//! The forms of a kind's name: one for each place where it stands.

use heck::{ToKebabCase, ToLowerCamelCase, ToTitleCase};

use super::{Error, Scope};

/// Words that a schema or a plural cannot be called: Rust keeps the first, YAML reads the others as values.
const RESERVED: [&str; 4] = ["self", "null", "true", "false"];

/// A kind's name in all its forms.
#[derive(Debug)]
pub(super) struct Name {
    /// `ClusterMeshRule`, the schema.
    pub(super) kind: String,
    /// `cluster-mesh-rule`, the file.
    pub(super) file: String,
    /// `clustermeshrule`, the permission.
    pub(super) permission: String,
    /// `clustermeshrules`, the path and the operations.
    pub(super) plural: String,
    /// `Cluster Mesh Rule`, the tags.
    pub(super) title: String,
    /// `cluster mesh rule`, in sentences.
    pub(super) one: String,
    /// `cluster mesh rules`, in sentences.
    pub(super) many: String,
}

impl Name {
    /// All forms of `kind`; `plural` when it is not the usual one.
    pub(super) fn new(kind: &str, plural: Option<&str>) -> Result<Self, Error> {
        if !is_pascal_case(kind) {
            return Err(Error::Name(kind.to_owned()));
        }
        let permission = kind.to_lowercase();
        let plural = plural.map_or_else(|| pluralized(&permission), str::to_owned);
        if !is_small_word(&plural) {
            return Err(Error::Plural(plural));
        }
        for word in [&permission, &plural] {
            if is_reserved(word) {
                return Err(Error::Reserved(word.clone()));
            }
        }
        let one = words(kind);
        Ok(Self {
            kind: kind.to_owned(),
            file: file(kind),
            many: many(&one, &plural),
            title: kind.to_title_case(),
            permission,
            plural,
            one,
        })
    }

    /// The name in a sentence with its article: `an observatory`.
    pub(super) fn a(&self) -> String {
        let vowel = self.one.starts_with(['a', 'e', 'i', 'o', 'u']);
        format!("{} {}", if vowel { "an" } else { "a" }, self.one)
    }

    /// The paths of the kind in the order of the document, with what each has of the kind's file.
    pub(super) fn paths(&self, group: &str, scope: Scope) -> [(String, &'static str); 3] {
        let owner = match scope {
            Scope::Project => "projects/{project}/",
            Scope::Organization => "",
        };
        let collection = format!("/apis/{group}/v3/{owner}{}", self.plural);
        let item = format!("{collection}/{{name}}");
        let status = format!("{item}/status");
        [
            (collection, "collection"),
            (item, "item"),
            (status, "status"),
        ]
    }
}

/// The group in full.
pub(super) fn group(asked: Option<&str>, scope: Scope) -> Result<String, Error> {
    let group = asked.unwrap_or(match scope {
        Scope::Project => "infra",
        Scope::Organization => "system",
    });
    let is_part = |part: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(inner)
            && !part.ends_with('-')
    };
    if !group.split('.').all(is_part) {
        return Err(Error::Group(group.to_owned()));
    }
    Ok(if group.contains('.') {
        group.to_owned()
    } else {
        format!("{group}.k8smgmt.io")
    })
}

/// The name of a kind's file, and of what else is spelled so.
pub(super) fn file(kind: &str) -> String {
    kind.to_kebab_case()
}

/// The words of a kind's name as they stand in a sentence.
pub(super) fn words(kind: &str) -> String {
    file(kind).replace('-', " ")
}

/// The name of a property that holds the name of an object of the kind.
pub(super) fn property(kind: &str) -> String {
    kind.to_lower_camel_case()
}

/// Whether a word means something of its own in Rust or YAML.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word.to_lowercase().as_str())
}

fn is_pascal_case(name: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut before = ' ';
    for c in name.chars() {
        // A capital after a capital would be a word of one letter, which other spellings cannot keep.
        if !(small(c) && before != ' ' || c.is_ascii_uppercase() && !before.is_ascii_uppercase()) {
            return false;
        }
        before = c;
    }
    small(before)
}

fn is_small_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// The usual plural of an English word.
fn pluralized(word: &str) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        format!("{stem}ies")
    } else if ends(&["s", "x", "z", "ch", "sh"]) {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

/// The words in the plural, by the plural in paths where that shows how the last word changes.
fn many(one: &str, plural: &str) -> String {
    let (before, last) = one
        .rsplit_once(' ')
        .map_or(("", one), |(before, last)| (before, last));
    let joined = before.replace(' ', "");
    let last = plural
        .strip_prefix(joined.as_str())
        .filter(|rest| rest.starts_with(|c: char| last.starts_with(c)))
        .map_or_else(|| pluralized(last), str::to_owned);
    format!("{before} {last}").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_form_for_each_place() {
        let name = Name::new("ClusterMeshPolicy", None).unwrap();
        assert_eq!(name.file, "cluster-mesh-policy");
        assert_eq!(name.permission, "clustermeshpolicy");
        assert_eq!(name.plural, "clustermeshpolicies");
        assert_eq!(name.title, "Cluster Mesh Policy");
        assert_eq!(name.one, "cluster mesh policy");
        assert_eq!(name.many, "cluster mesh policies");
        assert_eq!(name.a(), "a cluster mesh policy");
        assert_eq!(property("ClusterMeshPolicy"), "clusterMeshPolicy");
    }

    #[test]
    fn plurals_are_the_usual_ones_unless_said() {
        for (kind, plural, many) in [
            ("Observatory", "observatories", "observatories"),
            ("Gateway", "gateways", "gateways"),
            ("SecretClass", "secretclasses", "secret classes"),
            ("Mailbox", "mailboxes", "mailboxes"),
        ] {
            let name = Name::new(kind, None).unwrap();
            assert_eq!((name.plural.as_str(), name.many.as_str()), (plural, many));
        }
        let many = |plural| Name::new("FieldMouse", Some(plural)).unwrap().many;
        assert_eq!(many("fieldmice"), "field mice");
        assert_eq!(many("fm"), "field mouses");
    }

    #[test]
    fn what_is_no_pascal_case_word_is_refused() {
        for name in [
            "",
            "O",
            "observatory",
            "Observa-tory",
            "Observa tory",
            "OPAPolicy",
            "PlanB",
            "1Observatory",
            "Öbservatory",
            "../Observatory",
        ] {
            let refused = Name::new(name, None);
            assert!(matches!(refused, Err(Error::Name(_))), "{name}");
        }
        for name in ["Self", "Null"] {
            let refused = Name::new(name, None);
            assert!(matches!(refused, Err(Error::Reserved(_))), "{name}");
        }
        for plural in ["", "Observatories", "a_b", "2nd", "a/b"] {
            let refused = Name::new("Observatory", Some(plural));
            assert!(matches!(refused, Err(Error::Plural(_))), "{plural}");
        }
    }

    #[test]
    fn a_group_is_a_word_or_a_whole_name() {
        let full = |group| group_of(Some(group), Scope::Project);
        assert_eq!(full("gitops"), Some("gitops.k8smgmt.io".to_owned()));
        assert_eq!(full("eaas.envmgmt.io"), Some("eaas.envmgmt.io".to_owned()));
        for group in ["", "Infra", "a..b", "a/b", "-a", "a-", "a.b."] {
            assert_eq!(full(group), None, "{group}");
        }
        assert_eq!(
            group_of(None, Scope::Organization),
            Some("system.k8smgmt.io".to_owned())
        );
    }

    fn group_of(asked: Option<&str>, scope: Scope) -> Option<String> {
        group(asked, scope).ok()
    }
}
