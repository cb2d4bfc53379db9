//! The operations of a kind in one version as a few words: standard verbs first, then whatever else it offers.

use std::collections::BTreeMap;

use rafay_spec::model::{Operation, ParameterFrom, Verb};

/// The order in which a reader expects the verbs.
const ORDER: [Verb; 8] = [
    Verb::List,
    Verb::Get,
    Verb::Create,
    Verb::Apply,
    Verb::Replace,
    Verb::Delete,
    Verb::Status,
    Verb::Artifacts,
];

/// How the descriptions say that the surveyed API does not have a call.
const OURS: [&str; 3] = ["addition", "surveyed API", "this edition"];

/// How they say that clients are known to need a call whose path no source gives.
const INFERRED: &str = "inferred";

/// Where a call comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Surveyed,
    Inferred,
    Ours,
}

impl Origin {
    fn of(operation: &Operation) -> Self {
        let says = |words: &str| operation.description.contains(words);
        if OURS.iter().any(|words| says(words)) {
            Origin::Ours
        } else if says(INFERRED) {
            Origin::Inferred
        } else {
            Origin::Surveyed
        }
    }
}

/// Whether the call is an addition of this project.
pub(super) fn is_ours(operation: &Operation) -> bool {
    Origin::of(operation) == Origin::Ours
}

/// The cell of the table: calls of this project in italics, inferred ones with a question mark.
pub(super) fn cell(operations: &[&Operation]) -> String {
    let usual = usual_prefix(operations);
    let mut verbs: Vec<(usize, String, Origin)> = Vec::new();
    let mut others: Vec<(String, Origin)> = Vec::new();
    for operation in operations {
        let origin = Origin::of(operation);
        let rest = operation
            .id
            .strip_prefix(&format!("{usual}_"))
            .unwrap_or_default();
        if let Some(verb) = standard(operation, rest) {
            let place = ORDER.iter().position(|known| *known == verb);
            verbs.push((place.unwrap_or(ORDER.len()), rest.to_owned(), origin));
            continue;
        }
        let word = match rest {
            "" => inner(operation),
            rest => rest.replace('_', "-"),
        };
        match others.iter_mut().find(|(known, _)| *known == word) {
            None => others.push((word, origin)),
            // Reading and writing the same part are one word; it is ours if either is.
            Some((_, known)) if origin == Origin::Ours => *known = origin,
            Some(_) => {}
        }
    }
    verbs.sort_by_key(|(place, ..)| *place);
    let verbs: Vec<(String, Origin)> = verbs.into_iter().map(|(_, word, o)| (word, o)).collect();
    [verbs, others]
        .iter()
        .filter(|words| !words.is_empty())
        .map(|words| in_runs(words))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// What most ids begin with.
fn usual_prefix<'a>(operations: &[&'a Operation]) -> &'a str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in operations {
        *counts.entry(split(&operation.id).0).or_default() += 1;
    }
    let most = counts
        .iter()
        .max_by_key(|(prefix, count)| (**count, std::cmp::Reverse(prefix.len())));
    most.map(|(prefix, _)| *prefix).unwrap_or_default()
}

fn split(id: &str) -> (&str, &str) {
    id.rsplit_once('_').unwrap_or(("", id))
}

/// The verb that an operation is called by; code of its own may be called by one too.
fn standard(operation: &Operation, word: &str) -> Option<Verb> {
    let is_code = operation.behavior.kind().is_none();
    let mut known = Verb::ALL.iter().filter(|(name, _)| *name == word);
    let (_, verb) = known.next()?;
    (is_code || operation.behavior.verb() == Some(*verb)).then_some(*verb)
}

/// The word for an operation whose id begins otherwise than the others: a list of the objects of one parent, or
/// `roles` for `group_roles_get`, a part of the object by itself.
fn inner(operation: &Operation) -> String {
    let (prefix, last) = split(&operation.id);
    let parent = operation
        .parameters
        .iter()
        .find_map(|parameter| match &parameter.from {
            Some(ParameterFrom::Place(place)) if place.starts_with("/spec/") => {
                place.rsplit('/').next()
            }
            _ => None,
        });
    match (parent, prefix.split_once('_')) {
        (Some(parent), _) => format!("{last}-by-{parent}"),
        (None, Some((_, part))) if last == "get" || last == "replace" => part.replace('_', "-"),
        _ => last.to_owned(),
    }
}

/// Words of one origin that follow one another stand in one pair of marks.
fn in_runs(words: &[(String, Origin)]) -> String {
    let runs = words.chunk_by(|a, b| (a.1 == Origin::Ours) == (b.1 == Origin::Ours));
    let runs: Vec<String> = runs
        .map(|run| {
            let text: Vec<String> = run
                .iter()
                .map(|(word, origin)| match origin {
                    Origin::Inferred => format!("{word}?"),
                    _ => word.clone(),
                })
                .collect();
            match run.first() {
                Some((_, Origin::Ours)) => format!("*{}*", text.join(" ")),
                _ => text.join(" "),
            }
        })
        .collect();
    runs.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[(&str, Origin)]) -> String {
        let words: Vec<(String, Origin)> = words
            .iter()
            .map(|(word, origin)| ((*word).to_owned(), *origin))
            .collect();
        in_runs(&words)
    }

    #[test]
    fn neighbours_of_one_origin_share_their_marks() {
        use Origin::{Inferred, Ours, Surveyed};
        let mixed = [
            ("list", Surveyed),
            ("get", Inferred),
            ("create", Ours),
            ("replace", Ours),
            ("delete", Surveyed),
        ];
        assert_eq!(words(&mixed), "list get? *create replace* delete");
        assert_eq!(words(&[("list", Ours)]), "*list*");
    }

    #[test]
    fn what_is_no_plain_verb_is_told_by_what_sets_it_apart() {
        let spec = rafay_spec::Spec::load(&crate::generate::repository().join("spec")).unwrap();
        let cell_of = |version: &str, ids: &[&str]| {
            let all = &spec.document(version).unwrap().operations;
            let found: Vec<&Operation> = ids
                .iter()
                .map(|id| all.iter().find(|operation| operation.id == *id).unwrap())
                .collect();
            cell(&found).replace('*', "")
        };
        let groups = [
            "group_roles_get",
            "groups_get",
            "group_roles_replace",
            "groups_list",
        ];
        assert_eq!(cell_of("v1", &groups), "list get · roles");
        let runs = [
            "pipelineruns_get",
            "pipelineruns_list",
            "pipeline_runs_list",
        ];
        assert_eq!(cell_of("v3", &runs), "list get · list-by-pipeline");
        let agents = ["agents_relay_config", "agents_delete"];
        assert_eq!(cell_of("v3", &agents), "delete · relay-config");

        // No surveyed kind has a PUT in v3; a description that does not say so would be read as surveyed.
        let v3 = spec.document("v3").unwrap();
        let puts = v3
            .operations
            .iter()
            .filter(|operation| operation.method == "PUT");
        let claimed: Vec<&str> = puts
            .filter(|operation| !is_ours(operation))
            .map(|operation| operation.id.as_str())
            .collect();
        assert_eq!(claimed, [""; 0]);
    }
}
