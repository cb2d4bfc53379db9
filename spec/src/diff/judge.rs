//! From what differs to findings: one for each cause, with places, operations and the policy.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::bundled::Pointers;
use super::compare::{Engine, Owner, Raw};
use super::document::Document;
use super::finding::{Finding, Place, Severity};
use super::place::Index;
use super::policy::Policy;
use super::rules::{Direction, Grade, Verdict};

/// Rules whose findings an SDK made from the old document does not feel.
const NOT_IN_SUBSET: [&str; 5] = [
    "server-removed",
    "stability-decreased",
    "sunset-grace-too-short",
    "sunset-moved-earlier",
    "sunset-removed",
];

/// One cause: what the same rule says about the same values.
struct Cause<'a> {
    raw: Raw<'a>,
    directions: BTreeSet<Direction>,
    owners: BTreeSet<usize>,
}

pub(super) fn findings(engine: Engine<'_>, is_subset: bool) -> Vec<Finding> {
    let Engine {
        old,
        new,
        policy,
        owners,
        raws,
        ..
    } = engine;
    let mut causes: Vec<Cause<'_>> = Vec::new();
    let mut known: HashMap<_, usize> = HashMap::new();
    for raw in raws {
        let address = |at: Option<super::document::At<'_>>| at.map(|at| at.node.address());
        let key = (
            raw.rule.id,
            address(raw.old),
            address(raw.new),
            raw.message.clone(),
        );
        let index = *known.entry(key).or_insert(causes.len());
        let (direction, owner) = (raw.direction, raw.owner);
        if index == causes.len() {
            causes.push(Cause {
                raw,
                directions: BTreeSet::new(),
                owners: BTreeSet::new(),
            });
        }
        causes[index].directions.insert(direction);
        causes[index].owners.insert(owner);
    }
    let mut places = (Index::new(old), Index::new(new));
    let mut findings: Vec<Finding> = causes
        .iter()
        .filter_map(|cause| finding(cause, &owners, &mut places, policy, is_subset))
        .collect();
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            let place = finding.new.clone().or_else(|| finding.old.clone());
            (std::cmp::Reverse(finding.severity), place)
        };
        (key(a), a.rule.id, &a.message).cmp(&(key(b), b.rule.id, &b.message))
    });
    number(&mut findings, old, new);
    findings
}

fn finding<'a>(
    cause: &Cause<'a>,
    owners: &[Owner],
    places: &mut (Index<'a>, Index<'a>),
    policy: &Policy,
    is_subset: bool,
) -> Option<Finding> {
    let Raw {
        rule,
        old,
        new,
        message,
        ..
    } = &cause.raw;
    let verdicts = cause
        .directions
        .iter()
        .map(|direction| rule.verdicts.of(*direction));
    let mut verdict = verdicts.reduce(Verdict::or)?;
    let reached = reached(&cause.owners, owners);
    if is_subset {
        // No SDK calls an old spelling.
        if !reached.is_empty() && reached.values().all(|reach| reach.alias) {
            return None;
        }
        verdict.sdk_source = Grade::Fine;
        verdict.behaviour = Grade::Fine;
        // The SDK has the method, whatever was announced.
        if rule.id.ends_with("-removed-after-sunset") {
            verdict.wire = Grade::Break;
        }
        if verdict.wire == Grade::Fine || NOT_IN_SUBSET.contains(&rule.id) {
            return None;
        }
    }
    let mut severity = Severity::from(verdict.worst());
    let cannot_judge = matches!(rule.id, "unhandled" | "reference-unresolved");
    // What is only reached by operations that promise nothing may change at will.
    let promises = is_subset || reached.is_empty() || reached.values().any(|reach| !reach.unstable);
    if !promises && !cannot_judge {
        severity = Severity::Info;
    }
    if let Some(decided) = policy.severities.get(rule.id) {
        severity = (*decided)?;
        if severity == Severity::Error && verdict.worst() != Grade::Break {
            verdict.wire = Grade::Break;
        }
    }
    Some(Finding {
        rule,
        message: message.clone(),
        directions: cause.directions.iter().copied().collect(),
        verdict,
        severity,
        old: old.map(|at| places.0.place(at)),
        new: new.map(|at| places.1.place(at)),
        operations: reached.into_keys().collect(),
        fingerprint: String::new(),
        approved: None,
    })
}

/// What counts of an operation that a finding reaches.
struct Reach {
    /// It promises nothing.
    unstable: bool,
    /// It is an old spelling of another one.
    alias: bool,
}

/// The operations that lead to some owners.
fn reached(from: &BTreeSet<usize>, owners: &[Owner]) -> BTreeMap<String, Reach> {
    let mut seen = vec![false; owners.len()];
    let mut open: Vec<usize> = from.iter().copied().collect();
    let mut reached = BTreeMap::new();
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut seen[index], true) {
            continue;
        }
        if let Some(operation) = &owners[index].operation {
            let (unstable, alias) = (operation.unstable, operation.alias);
            reached.insert(operation.label.clone(), Reach { unstable, alias });
        }
        open.extend(owners[index].parents.iter().copied());
    }
    reached
}

/// Gives each finding its fingerprint: of the rule, the pointers and the message, and a number where
/// these are the same.
fn number(findings: &mut [Finding], old: &Document, new: &Document) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let (old, new) = (Pointers::new(old), Pointers::new(new));
    for finding in findings {
        let pointer = |place: &Option<Place>, pointers: &Pointers<'_>| {
            let place = place.as_ref();
            place.map(|place| pointers.of(place)).unwrap_or_default()
        };
        let text = [
            finding.rule.id,
            &pointer(&finding.old, &old),
            &pointer(&finding.new, &new),
            &finding.message,
        ]
        .join("\n");
        let count = seen.entry(text.clone()).or_default();
        let hash = blake3::hash(format!("{text}\n{count}").as_bytes());
        *count += 1;
        hash.to_hex().as_str()[..16].clone_into(&mut finding.fingerprint);
    }
}

/// Marks findings that are approved; what an approval says of nothing, or too late, is stale.
pub(super) fn approve(findings: &mut [Finding], policy: &Policy) -> Vec<String> {
    let mut stale = Vec::new();
    for approval in &policy.approvals {
        let print = &approval.fingerprint;
        if let (Some(until), Some(today)) = (approval.until, policy.today)
            && until < today
        {
            stale.push(format!(
                "the approval {print} of {} ended on {until}",
                approval.by
            ));
            continue;
        }
        let mut found = findings
            .iter_mut()
            .filter(|f| f.fingerprint == *print)
            .peekable();
        if found.peek().is_none() {
            stale.push(format!(
                "the approval {print} of {} is of no finding",
                approval.by
            ));
        }
        for finding in found {
            finding.approved = Some(format!("{} ({})", approval.reason, approval.by));
        }
    }
    stale
}

/// Whether the policy says all that its approvals need.
pub(super) fn check(policy: &Policy) -> Result<(), super::Error> {
    let asks = policy
        .approvals
        .iter()
        .any(|approval| approval.until.is_some());
    if policy.today.is_none() && asks {
        return Err(super::Error::Source {
            what: "approvals".to_owned(),
            message: "some have an end; say what day it is".to_owned(),
        });
    }
    Ok(())
}
