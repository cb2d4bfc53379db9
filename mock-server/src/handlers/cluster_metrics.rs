//! How much a cluster has, is asked for and uses. The mock has no machines, so it tells what would follow from the state:
//! a cluster that has checked in has three machines, and each workload on it takes its share. What is used goes up and
//! down with the hours of the day, the same for everybody who asks.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::engine::not_found;
use crate::generated::kinds::{CLUSTER, WORKLOAD};
use crate::generated::roles::Permission;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::store::{Key, Stored};

/// What a cluster has and what is asked of it.
struct Measure {
    /// The word for it in the path.
    word: &'static str,
    /// All machines together.
    total: f64,
    /// What the cluster asks for by itself.
    system: f64,
    /// What a workload asks for.
    workload: f64,
}

const GIBIBYTE: f64 = 1_073_741_824.0;

const MEASURES: [Measure; 3] = [
    Measure {
        word: "cpu",
        total: 12.0,
        system: 1.5,
        workload: 0.25,
    },
    Measure {
        word: "memory",
        total: 48.0 * GIBIBYTE,
        system: 6.0 * GIBIBYTE,
        workload: 0.5 * GIBIBYTE,
    },
    Measure {
        word: "storage",
        total: 300.0 * GIBIBYTE,
        system: 30.0 * GIBIBYTE,
        workload: 4.0 * GIBIBYTE,
    },
];

/// A cluster since it has checked in, with the workloads on it now.
struct Measured {
    since: Timestamp,
    workloads: u32,
}

/// The measurements of one cluster, or of all that the caller may see.
pub(crate) fn cluster_metrics(call: &Call<'_>) -> Result<Reply, Refusal> {
    let last = call.operation.path.rsplit('/').next().unwrap_or_default();
    let mut measures = MEASURES.iter();
    let measure = measures.find(|measure| last.starts_with(measure.word));
    let measure = measure.unwrap_or(&MEASURES[0]);
    let clusters = clusters(call)?;
    let (mut total, mut request, mut usage) = (Map::new(), Map::new(), Map::new());
    for moment in moments(call) {
        let there = clusters.iter().filter(|cluster| cluster.since <= moment);
        let (mut has, mut asked) = (0.0, 0.0);
        for cluster in there {
            has += measure.total;
            let wanted = measure.system + f64::from(cluster.workloads) * measure.workload;
            asked += wanted.min(measure.total);
        }
        let at = moment.as_second().to_string();
        usage.insert(at.clone(), json!(asked * busy(moment)));
        request.insert(at.clone(), json!(asked));
        total.insert(at, json!(has));
    }
    let told = json!({"total": total, "request": request, "usage": usage});
    Ok(Reply::json(&told))
}

/// The clusters that are asked about.
fn clusters(call: &Call<'_>) -> Result<Vec<Measured>, Refusal> {
    let organization = &call.caller.organization().id;
    let wanted = call.query.named("edgeId");
    let mut found = Vec::new();
    let mut is_known = wanted.is_none();
    let workloads = workloads(call)?;
    for (_, stored) in call
        .state
        .under(&Key::everywhere(organization, CLUSTER.name))
    {
        let Stored::Object(cluster) = stored else {
            continue;
        };
        if wanted.is_some_and(|id| *cluster.id != *id) {
            continue;
        }
        let body = cluster.value()?;
        let project = body["metadata"]["project"].as_str().unwrap_or_default();
        if !call.caller.may_in(project, Permission::ClusterRead) {
            continue;
        }
        is_known = true;
        if let Some(since) = checked_in(&body) {
            let place = (project.to_owned(), cluster.name.to_string());
            let workloads = workloads.get(&place).copied().unwrap_or_default();
            found.push(Measured { since, workloads });
        }
    }
    if is_known {
        Ok(found)
    } else {
        Err(not_found(&CLUSTER, wanted.unwrap_or_default(), ""))
    }
}

/// When a cluster has checked in; none while it has not.
fn checked_in(cluster: &Value) -> Option<Timestamp> {
    let mut conditions = cluster["status"]["conditions"].as_array()?.iter();
    let condition = conditions.find(|one| one["type"] == "ClusterCheckInSucceeded")?;
    let time = condition["lastUpdated"]["value"]["values"].as_str()?;
    let is_in = condition["status"] == "True";
    time.parse().ok().filter(|_| is_in)
}

/// How many workloads are on each cluster, by the names of project and cluster.
fn workloads(call: &Call<'_>) -> Result<HashMap<(String, String), u32>, Refusal> {
    let organization = &call.caller.organization().id;
    let mut counts = HashMap::new();
    for (_, stored) in call
        .state
        .under(&Key::everywhere(organization, WORKLOAD.name))
    {
        let Stored::Object(workload) = stored else {
            continue;
        };
        let body = workload.value()?;
        let project = body["metadata"]["project"].as_str().unwrap_or_default();
        let on = body["status"]["extra"]["data"]["fields"]["clusters"].as_array();
        let deployed = on.into_iter().flatten();
        let deployed = deployed.filter(|one| one["status"] == "Deployed");
        // A workload counts once on a cluster, however often that is listed.
        let clusters: BTreeSet<&str> = deployed.filter_map(|one| one["name"].as_str()).collect();
        for cluster in clusters {
            *counts
                .entry((project.to_owned(), cluster.to_owned()))
                .or_default() += 1;
        }
    }
    Ok(counts)
}

/// The moments that are asked for, evenly spaced, the last one now.
fn moments(call: &Call<'_>) -> impl Iterator<Item = Timestamp> {
    let points = call
        .query
        .named("points")
        .and_then(|text| text.parse().ok());
    let points: i64 = points.unwrap_or(30);
    let duration = call.query.named("duration").and_then(seconds);
    let step = duration.unwrap_or(3_600).min(LONGEST) / points.max(1);
    let now = call.now;
    let before = (0..points).rev().map(move |index| index * step.max(1));
    before.filter_map(move |seconds| now.checked_sub(SignedDuration::from_secs(seconds)).ok())
}

/// The longest time that is looked back: a year.
const LONGEST: i64 = 366 * 86_400;

/// The seconds of a duration such as `24h`.
fn seconds(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let number = number.parse::<u32>().ok().filter(|number| *number > 0)?;
    i64::from(number).checked_mul(unit)
}

/// The part of what is asked for that is used at a moment: half of it at midnight, nine tenths at noon, in UTC.
fn busy(moment: Timestamp) -> f64 {
    let second = i32::try_from(moment.as_second().rem_euclid(86_400)).unwrap_or_default();
    let from_noon = f64::from((second - 43_200).abs()) / 43_200.0;
    0.9 - 0.4 * from_noon
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_by_their_unit() {
        for (text, wanted) in [
            ("45s", Some(45)),
            ("90m", Some(5_400)),
            ("24h", Some(86_400)),
            ("7d", Some(604_800)),
            ("h", None),
            ("", None),
            ("3w", None),
            ("0h", None),
            ("-1h", None),
            ("4294967295d", Some(371_085_174_288_000)),
            ("4294967296d", None),
            ("5é", None),
        ] {
            assert_eq!(seconds(text), wanted, "{text}");
        }
    }

    #[test]
    fn more_is_used_by_day_than_by_night() {
        let at = |text: &str| busy(text.parse().unwrap());
        assert!((at("2026-01-05T12:00:00Z") - 0.9).abs() < 1e-9);
        assert!((at("2026-01-05T00:00:00Z") - 0.5).abs() < 1e-9);
        assert!(at("2026-01-05T06:00:00Z") < at("2026-01-05T09:00:00Z"));
    }
}
