//! Objects made by chance from the schemas come back as they were, of every kind, every view and every other schema.

use crate::Schema;
use crate::chance::{Chance, Counts, Maker};
use crate::places::follow;

/// So that a failure is the same failure in the next run.
const SEED: u64 = 2_026;

/// How many of each are made: more of what is kept and shown.
fn share(schema: &Schema<'_>) -> usize {
    let stored = schema.json.get("x-kind").is_some() || schema.json.get("x-view-of").is_some();
    if stored { 6 } else { 2 }
}

#[test]
fn whatever_a_schema_admits_comes_back_as_it_was() {
    let mut problems = Vec::new();
    let mut total = Counts::default();
    let mut made = 0;
    for (index, schema) in Schema::all().enumerate() {
        let mut maker = Maker {
            document: schema.document,
            chance: Chance::new(SEED ^ u64::try_from(index).unwrap()),
            counts: Counts::default(),
        };
        for _ in 0..share(&schema) {
            made += 1;
            let value = maker.value(schema.json, 7);
            match schema.gives(&value.sent, &value.wanted) {
                Ok(done) if done.shown.contains("Other(") => {
                    problems.push(format!(
                        "{}: a form is not recognised: {}",
                        schema.name, value.sent
                    ));
                }
                Ok(_) => {}
                Err(problem) => problems.push(problem),
            }
        }
        let counts = maker.counts;
        total.objects += counts.objects;
        total.unknown_fields += counts.unknown_fields;
        total.nulls += counts.nulls;
        total.forms += counts.forms;
        total.unlisted += counts.unlisted;
        total.maps += counts.maps;
    }
    assert!(
        problems.is_empty(),
        "{}:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(made > 1_000, "{made}");
    let least = [
        total.objects,
        total.unknown_fields,
        total.nulls,
        total.forms,
        total.unlisted,
        total.maps,
    ];
    assert!(
        least.into_iter().all(|count| count > 100),
        "all of it is made: {total:?}"
    );
}

#[test]
fn the_same_seed_makes_the_same_and_another_another() {
    let schema = Schema::all()
        .find(|schema| schema.name == "Cluster")
        .unwrap();
    let make = |seed| {
        let mut maker = Maker {
            document: schema.document,
            chance: Chance::new(seed),
            counts: Counts::default(),
        };
        maker.value(follow(schema.document, schema.json), 7).sent
    };
    assert_eq!(make(1), make(1));
    assert_ne!(make(1), make(2));
}
