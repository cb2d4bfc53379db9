//! Deprecation, sunset and stability of an operation.

use super::Engine;
use crate::diff::date::Date;
use crate::diff::document::At;
use crate::diff::node::Node;
use crate::diff::policy::Stability;
use crate::diff::rules::Direction::{self, Neither};

/// What is said when a deprecation comes, when it comes without a date though one is asked for, and
/// when it goes.
pub(super) const OPERATION: [&str; 3] = [
    "operation-deprecated",
    "operation-deprecated-without-sunset",
    "deprecation-withdrawn",
];
pub(super) const PART: [&str; 3] = [
    "part-deprecated",
    "part-deprecated-without-sunset",
    "part-deprecation-withdrawn",
];

/// What a removed operation's users were told; the worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Announced,
    Early,
    Unannounced,
}

pub(super) fn stability(operation: &Node) -> Option<Stability> {
    let word = operation.text_at("x-stability");
    word.or(operation.text_at("x-stability-level"))
        .and_then(Stability::parse)
}

/// The sunset as it is written, and as a day.
fn sunset(operation: At<'_>) -> Option<(At<'_>, Option<Date>)> {
    let at = operation.get("x-sunset")?;
    Some((at, at.node.text().and_then(Date::parse)))
}

impl<'a> Engine<'a> {
    pub(super) fn fate(&self, operation: &Node) -> Fate {
        if !operation.flag("deprecated") {
            return Fate::Unannounced;
        }
        let day = operation.text_at("x-sunset").and_then(Date::parse);
        match (day, self.policy.today) {
            (Some(day), Some(today)) if day <= today => Fate::Announced,
            (Some(_), _) => Fate::Early,
            (None, _) => Fate::Unannounced,
        }
    }

    pub(super) fn lifecycle(&mut self, old: At<'a>, new: At<'a>) {
        let at = |key: &str| (old.get(key).or(Some(old)), new.get(key).or(Some(new)));
        let (from, to) = (
            stability(old.node).unwrap_or(Stability::Stable),
            stability(new.node).unwrap_or(Stability::Stable),
        );
        if from != to {
            let rule = if to < from {
                "stability-decreased"
            } else {
                "stability-increased"
            };
            let message = format!("the stability was {} and is {}", from.as_str(), to.as_str());
            let places = at("x-stability");
            self.say(rule, Neither, places.0, places.1, message);
        }
        self.deprecation(old, new, Neither, OPERATION);
    }

    /// Deprecation and sunset of an operation, a parameter or a property.
    pub(super) fn deprecation(
        &mut self,
        old: At<'a>,
        new: At<'a>,
        direction: Direction,
        rules: [&'static str; 3],
    ) {
        let at = |key: &str| (old.get(key).or(Some(old)), new.get(key).or(Some(new)));
        let places = at("deprecated");
        match (old.node.flag("deprecated"), new.node.flag("deprecated")) {
            (false, true) => {
                let (rule, message) = self.deprecated(new, rules);
                self.say(rule, direction, places.0, places.1, message);
            }
            (true, false) => {
                let message = "no longer deprecated".to_owned();
                self.say(rules[2], direction, places.0, places.1, message);
            }
            (true, true) => self.sunset(old, new, direction),
            (false, false) => {}
        }
    }

    fn deprecated(
        &self,
        new: At<'a>,
        [plain, without, _]: [&'static str; 3],
    ) -> (&'static str, String) {
        match (sunset(new), self.policy.grace_days, self.policy.today) {
            (None, Some(_), _) => (without, "deprecated without `x-sunset`".to_owned()),
            (Some((_, None)), ..) => ("sunset-unreadable", "`x-sunset` is no date".to_owned()),
            (Some((_, Some(day))), Some(grace), Some(today)) if day < today.plus(grace) => (
                "sunset-grace-too-short",
                format!("deprecated until {day}, sooner than {grace} days from {today}"),
            ),
            (Some((_, Some(day))), ..) => (plain, format!("deprecated until {day}")),
            (None, ..) => (plain, "deprecated".to_owned()),
        }
    }

    fn sunset(&mut self, old: At<'a>, new: At<'a>, direction: Direction) {
        let (before, after) = (sunset(old), sunset(new));
        let at = (
            before.map(|(at, _)| at).or(Some(old)),
            after.map(|(at, _)| at).or(Some(new)),
        );
        let (rule, message) = match (before, after) {
            (None, None) => return,
            (Some((a, _)), Some((b, _))) if a.node.canonical() == b.node.canonical() => return,
            (_, Some((_, None))) | (Some((_, None)), None) => {
                ("sunset-unreadable", "`x-sunset` is no date".to_owned())
            }
            (Some((_, Some(day))), None) => ("sunset-removed", format!("the sunset {day} is gone")),
            (None, Some((_, Some(day)))) => match (self.policy.grace_days, self.policy.today) {
                (Some(grace), Some(today)) if day < today.plus(grace) => (
                    "sunset-grace-too-short",
                    format!("the sunset {day} is sooner than {grace} days from {today}"),
                ),
                _ => ("sunset-added", format!("the sunset is {day}")),
            },
            // What could not be read can be read now.
            (Some((_, None)), Some((_, Some(day)))) => (
                "sunset-unreadable",
                format!("the sunset was no date and is {day}"),
            ),
            (Some((_, Some(from))), Some((_, Some(to)))) => {
                let message = format!("the sunset was {from} and is {to}");
                match to.cmp(&from) {
                    std::cmp::Ordering::Less => ("sunset-moved-earlier", message),
                    std::cmp::Ordering::Greater => ("sunset-moved-later", message),
                    std::cmp::Ordering::Equal => return,
                }
            }
        };
        self.say(rule, direction, at.0, at.1, message);
    }
}
