//! What the mock does with an object of a kind, in few words: read from its lifecycle, its references and the like.

use rafay_spec::model::{After, Authority, Flow, InitialOf, Kind, Lifecycle, Reference, Step};

/// Steps of a flow that are told one by one.
const MOST_STEPS: usize = 4;

/// The cell of the table.
pub(super) fn cell(kind: &Kind) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(match kind.authority {
        Some(Authority::Account) => Some("keys act for it with its roles".to_owned()),
        Some(Authority::Group) => Some("its members have its roles".to_owned()),
        Some(Authority::Role) => Some("bound and asked like the built-in roles".to_owned()),
        None => None,
    });
    if let Some(scope) = &kind.container {
        parts.push(match scope.as_str() {
            "organization" => {
                "its keys count while it is approved and active; it goes with all it has".to_owned()
            }
            "partner" => "its keys work in all of its organizations".to_owned(),
            other => format!("a {other} with objects in it is not deleted"),
        });
    }
    if let Some(lifecycle) = &kind.lifecycle {
        parts.extend(passes_through(lifecycle));
    }
    parts.extend(needs(kind));
    if !kind.secrets.is_empty() {
        parts.push("masks secrets".to_owned());
    }
    if let Some(initial) = &kind.initial {
        parts.push(match (initial.of, initial.body.as_array()) {
            (Some(InitialOf::Founder), _) => "an organization begins with one".to_owned(),
            (Some(InitialOf::Roles), _) => "has the built-in roles, read-only".to_owned(),
            (_, Some(several)) => format!("has {} from the start", several.len()),
            (_, None) => "has one from the start".to_owned(),
        });
    }
    if parts.is_empty() {
        "kept as sent".to_owned()
    } else {
        parts.join("; ")
    }
}

fn passes_through(lifecycle: &Lifecycle) -> Vec<String> {
    let mut parts = Vec::new();
    // What has been told already, and how to refer to it.
    let mut told: Vec<(&Flow, String)> = Vec::new();
    // An object that is only stored has nothing to tell.
    if lifecycle.create.steps.len() > 1 {
        parts.push(flow(&lifecycle.create));
        told.push((&lifecycle.create, "the same again".to_owned()));
    }
    if let Some(changed) = &lifecycle.changed {
        let places: Vec<&str> = changed.places.iter().map(|place| last(place)).collect();
        let places = places.join(" or ");
        if same_end(&changed.flow, &lifecycle.create) {
            parts.push(format!("again when {places} changes"));
        } else {
            parts.push(format!("when {places} changes: {}", flow(&changed.flow)));
            told.push((&changed.flow, format!("as when {places} changes")));
        }
    }
    for (name, action) in &lifecycle.actions {
        let known = told.iter().find(|(known, _)| same_end(known, &action.flow));
        let what = known.map_or_else(|| flow(&action.flow), |(_, words)| words.clone());
        let guarded = if action.when.is_empty() {
            ""
        } else {
            " (guarded)"
        };
        parts.push(format!("**{name}**: {what}{guarded}"));
    }
    if let Some(schedule) = &lifecycle.schedule {
        parts.push(format!("by cron: makes {}", a(&schedule.spawn.kind)));
    }
    parts
}

/// Whether two flows come to the same end in the same time.
fn same_end(one: &Flow, other: &Flow) -> bool {
    let later = |flow: &Flow| -> Vec<(String, After)> {
        let steps = flow.steps.iter().skip(1);
        steps
            .map(|step| (step.name.clone(), step.after.clone()))
            .collect()
    };
    one.steps.len() > 1 && later(one) == later(other)
}

/// `submitted → ready 20 s, or fails`; of many steps the first, the second and the last.
fn flow(flow: &Flow) -> String {
    let mut steps: Vec<String> = flow.steps.iter().map(step).collect();
    if steps.len() > MOST_STEPS {
        steps.splice(2..steps.len() - 1, ["…".to_owned()]);
    }
    let fails = if flow.failure.is_some() {
        ", or fails"
    } else {
        ""
    };
    steps.join(" → ") + fails
}

fn step(step: &Step) -> String {
    let when = match &step.after {
        After::Seconds(0) => String::new(),
        After::Seconds(seconds) => format!(" {seconds} s"),
        After::Place(place) => format!(" after its {}", last(place)),
    };
    let mut text = if step.remove {
        format!("gone{when}")
    } else {
        format!("{}{when}", step.name)
    };
    if let Some(spawn) = &step.spawn {
        text += &format!(" (makes {})", a(&spawn.kind));
    }
    if let Some(also) = &step.also {
        text += &format!(" (writes its {})", also.kind);
    }
    text
}

/// Which objects must be there when it names them, and which take it along when they go. Projects, which most kinds
/// may be shared with, would only tire the reader.
fn needs(kind: &Kind) -> Vec<String> {
    let names = |owner: bool| -> Vec<&str> {
        let mut names: Vec<&str> = kind
            .references
            .iter()
            .filter(|reference| reference.owner == owner && reference.kind != "Project")
            .flat_map(Reference::kinds)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let mut parts = Vec::new();
    let (needed, owners) = (names(false), names(true));
    if !needed.is_empty() {
        parts.push(format!("checks {}", needed.join(", ")));
    }
    if !owners.is_empty() {
        parts.push(format!("goes with its {}", owners.join(", ")));
    }
    parts
}

fn a(kind: &str) -> String {
    let article = if kind.starts_with(['A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}

fn last(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or(place)
}
