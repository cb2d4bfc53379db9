//! Many writers at once: no update is lost, no total is wrong, nothing is left without what it refers to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, V1_PROJECTS};
use serde_json::json;

const WRITERS: usize = 8;
const WRITES: usize = 40;

#[test]
fn writers_who_name_the_revision_lose_no_update() {
    let desk = Desk::new();
    desk.admin()
        .post(PROJECTS, &fixtures::project("shared"))
        .send()
        .expect(200);
    let path = fixtures::project_path("shared");
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (desk, path) = (&desk, &path);
            scope.spawn(move || {
                for write in 0..WRITES {
                    loop {
                        let read = desk.admin().get(path).send().expect(200);
                        let mut project = read.json();
                        project["metadata"]["labels"][format!("w{writer}-{write}")] = json!("x");
                        let answer = desk
                            .admin()
                            .put(path, &project)
                            .header("If-Match", read.etag())
                            .send();
                        match answer.status() {
                            200 => break,
                            409 | 412 => {}
                            _ => panic!("{answer}"),
                        }
                    }
                }
            });
        }
    });
    let labels = desk.admin().get(&path).send().expect(200).json()["metadata"]["labels"].clone();
    assert_eq!(labels.as_object().unwrap().len(), WRITERS * WRITES);
}

#[test]
fn writers_of_different_objects_do_not_hinder_one_another() {
    let desk = Desk::new();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let desk = &desk;
            scope.spawn(move || {
                for write in 0..WRITES {
                    let cluster = fixtures::cluster(&format!("c{writer}-{write}"));
                    desk.admin()
                        .post(&fixtures::clusters(DEFAULT), &cluster)
                        .send()
                        .expect(200);
                    if write % 2 == 0 {
                        let path = fixtures::cluster_path(&format!("c{writer}-{write}"));
                        desk.admin().delete(&path).send().expect(200);
                    }
                }
            });
        }
    });
    let list = desk
        .admin()
        .get(&format!("{}?limit=1000", fixtures::clusters(DEFAULT)))
        .send()
        .expect(200)
        .json();
    assert_eq!(list["metadata"]["count"], WRITERS * WRITES / 2);
    assert_eq!(
        list["items"].as_array().unwrap().len(),
        WRITERS * WRITES / 2
    );
}

#[test]
fn of_many_who_create_one_name_one_does() {
    let desk = Desk::new();
    for round in 0..20 {
        let (v1, v3) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (desk, v1, v3) = (&desk, &v1, &v3);
                let name = format!("p{round}");
                scope.spawn(move || {
                    let admin = desk.admin();
                    let (answer, made) = if writer % 2 == 0 {
                        (admin.post(V1_PROJECTS, &json!({"name": name})).send(), v1)
                    } else {
                        let project = fixtures::project(&name);
                        (
                            admin
                                .post(PROJECTS, &project)
                                .header("If-None-Match", "*")
                                .send(),
                            v3,
                        )
                    };
                    match answer.status() {
                        200 | 201 => drop(made.fetch_add(1, Ordering::Relaxed)),
                        409 | 412 => {}
                        _ => panic!("{answer}"),
                    }
                });
            }
        });
        assert_eq!(v1.load(Ordering::Relaxed) + v3.load(Ordering::Relaxed), 1);
    }
    let list = desk.admin().get(PROJECTS).send().expect(200).json();
    assert_eq!(list["metadata"]["count"], 21);
}

#[test]
fn no_cluster_is_left_on_a_blueprint_that_is_deleted_meanwhile() {
    let desk = Desk::new();
    let admin = desk.admin();
    for round in 0..60 {
        let (blueprint, cluster) = (format!("b{round}"), format!("c{round}"));
        admin
            .post(
                &fixtures::blueprints(DEFAULT),
                &fixtures::blueprint(&blueprint),
            )
            .send()
            .expect(200);
        let (applied, deleted) = thread::scope(|scope| {
            let apply = scope.spawn(|| {
                let body = fixtures::cluster_on(&cluster, &blueprint);
                desk.admin()
                    .post(&fixtures::clusters(DEFAULT), &body)
                    .send()
                    .status()
            });
            let delete = scope.spawn(|| {
                desk.admin()
                    .delete(&fixtures::blueprint_path(&blueprint))
                    .send()
                    .status()
            });
            (apply.join().unwrap(), delete.join().unwrap())
        });
        assert!(
            matches!((applied, deleted), (200, 409) | (400, 200)),
            "apply {applied}, delete {deleted}: one of them must win"
        );
        let there = admin
            .get(&fixtures::blueprint_path(&blueprint))
            .send()
            .status();
        assert_eq!(there, if deleted == 200 { 404 } else { 200 });
    }
}

#[test]
fn no_object_is_left_in_a_project_that_is_deleted_meanwhile() {
    let desk = Desk::new();
    let admin = desk.admin();
    for round in 0..60 {
        let project = format!("p{round}");
        admin
            .post(PROJECTS, &fixtures::project(&project))
            .send()
            .expect(200);
        let (applied, deleted) = thread::scope(|scope| {
            let apply = scope.spawn(|| {
                let body = fixtures::cluster("c");
                desk.admin()
                    .post(&fixtures::clusters(&project), &body)
                    .send()
                    .status()
            });
            let delete = scope.spawn(|| {
                desk.admin()
                    .delete(&fixtures::project_path(&project))
                    .send()
                    .status()
            });
            (apply.join().unwrap(), delete.join().unwrap())
        });
        assert!(
            matches!((applied, deleted), (200, 409) | (404, 200)),
            "apply {applied}, delete {deleted}: one of them must win"
        );
    }
}

#[test]
fn the_trail_of_many_writers_is_whole() {
    let desk = Desk::new();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let desk = &desk;
            scope.spawn(move || {
                for write in 0..100 {
                    match write % 3 {
                        0 => {
                            let project = fixtures::project(&format!("p{writer}-{write}"));
                            desk.admin().post(PROJECTS, &project).send().expect(200);
                        }
                        1 => drop(desk.admin().get(PROJECTS).send().expect(200)),
                        _ => drop(desk.nobody().get(PROJECTS).send().expect(401)),
                    }
                    if write % 25 == 0 {
                        desk.controller().audit();
                    }
                }
            });
        }
    });
    let records = desk.controller().audit();
    assert_eq!(records.len(), WRITERS * 100);
    crate::audit::assert_whole(&records);
}
