//! Lists: sorted by name, in pages that together are the whole.

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, USERS, V1_PROJECTS};
use serde_json::{Value, json};

/// Where a list has its items, its total and the names of its items.
struct Shape {
    path: String,
    items: &'static str,
    count: &'static str,
    name: &'static str,
}

fn shapes() -> [Shape; 5] {
    let v3 = |path: String| Shape {
        path,
        items: "/items",
        count: "/metadata/count",
        name: "/metadata/name",
    };
    [
        v3(PROJECTS.to_owned()),
        v3(fixtures::clusters(DEFAULT)),
        v3(fixtures::blueprints(DEFAULT)),
        Shape {
            path: V1_PROJECTS.to_owned(),
            items: "/results",
            count: "/count",
            name: "/name",
        },
        Shape {
            path: USERS.to_owned(),
            items: "/users",
            count: "/count",
            name: "/account/username",
        },
    ]
}

/// The names on a page and the total it tells.
#[track_caller]
fn page(desk: &Desk, shape: &Shape, query: &str) -> (Vec<String>, usize) {
    let list = desk
        .admin()
        .get(&format!("{}{query}", shape.path))
        .send()
        .expect(200)
        .json();
    let items = list.pointer(shape.items).and_then(Value::as_array).unwrap();
    let names = items
        .iter()
        .map(|item| {
            item.pointer(shape.name)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    (
        names,
        usize::try_from(list.pointer(shape.count).unwrap().as_u64().unwrap()).unwrap(),
    )
}

fn fill(desk: &Desk) {
    let admin = desk.admin();
    // Made in no order, with names that sort differently as text, as numbers and without case.
    for name in [
        "n10", "n9", "B", "a", "n-1", "n.1", "n_1", "n1", "a1", "Zz", "n",
    ] {
        admin
            .post(PROJECTS, &fixtures::project(name))
            .send()
            .expect(200);
        admin
            .post(&fixtures::clusters(DEFAULT), &fixtures::cluster(name))
            .send()
            .expect(200);
        admin
            .post(&fixtures::blueprints(DEFAULT), &fixtures::blueprint(name))
            .send()
            .expect(200);
        admin
            .post(USERS, &fixtures::user(name, &[]))
            .send()
            .expect(201);
    }
}

#[test]
fn pages_together_are_the_whole_in_order() {
    let desk = Desk::new();
    fill(&desk);
    for shape in shapes() {
        let (all, count) = page(&desk, &shape, "");
        assert_eq!(all.len(), count, "{}", shape.path);
        let mut sorted = all.clone();
        sorted.sort();
        assert_eq!(all, sorted, "{}", shape.path);
        for limit in [1, 2, 3, 5, 1000] {
            let mut pages = Vec::new();
            for offset in (0..=count).step_by(limit) {
                let (names, total) =
                    page(&desk, &shape, &format!("?limit={limit}&offset={offset}"));
                assert!(names.len() <= limit);
                assert_eq!(total, count);
                pages.extend(names);
            }
            assert_eq!(pages, all, "{} by {limit}", shape.path);
        }
        assert_eq!(
            page(&desk, &shape, &format!("?offset={count}")),
            (vec![], count)
        );
        assert_eq!(page(&desk, &shape, "?offset=1000000"), (vec![], count));
    }
}

#[test]
fn v3_tells_the_page_it_gave() {
    let desk = Desk::new();
    for (query, limit, offset) in [
        ("", 100, 0),
        ("?limit=7", 7, 0),
        ("?offset=3&limit=2", 2, 3),
    ] {
        let list = desk
            .admin()
            .get(&format!("{PROJECTS}{query}"))
            .send()
            .expect(200)
            .json();
        assert_eq!(
            list["metadata"],
            json!({"count": 1, "limit": limit, "offset": offset}),
            "{query}"
        );
    }
}

#[test]
fn a_page_holds_a_hundred_unless_told_otherwise() {
    let desk = Desk::new();
    for number in 0..130 {
        desk.admin()
            .post(PROJECTS, &fixtures::project(&format!("p{number:03}")))
            .send()
            .expect(200);
    }
    for shape in shapes()
        .into_iter()
        .filter(|shape| shape.path.contains("projects") && shape.name.ends_with("name"))
    {
        if shape.path.ends_with("clusters") || shape.path.ends_with("blueprints") {
            continue;
        }
        let (names, count) = page(&desk, &shape, "");
        assert_eq!((names.len(), count), (100, 131), "{}", shape.path);
    }
}

#[test]
fn filters_count_what_they_keep() {
    let desk = Desk::new();
    fill(&desk);
    for shape in shapes()
        .into_iter()
        .filter(|shape| shape.path.starts_with("/auth"))
    {
        assert_eq!(page(&desk, &shape, "?name=n1"), (vec!["n1".to_owned()], 1));
        assert_eq!(page(&desk, &shape, "?name=N1"), (vec![], 0));
        assert_eq!(
            page(&desk, &shape, "?name=n%2E1"),
            (vec!["n.1".to_owned()], 1)
        );
        assert_eq!(page(&desk, &shape, "?name=n1&q=9"), (vec![], 0));
        let (found, count) = page(&desk, &shape, "?q=ZZ");
        assert_eq!((found, count), (vec!["Zz".to_owned()], 1));
        let (found, count) = page(&desk, &shape, "?q=n1&limit=1&offset=1");
        assert_eq!((found, count), (vec!["n10".to_owned()], 2));
        assert_eq!(page(&desk, &shape, "?name=nothing"), (vec![], 0));
    }
}

#[test]
fn the_total_follows_every_write() {
    let desk = Desk::new();
    let admin = desk.admin();
    let clusters = &shapes()[1];
    for number in 0..5 {
        let cluster = fixtures::cluster(&format!("c{number}"));
        admin.post(&clusters.path, &cluster).send().expect(200);
        admin.post(&clusters.path, &cluster).send().expect(200);
        assert_eq!(page(&desk, clusters, "").1, number + 1);
    }
    for number in 0..5 {
        let path = fixtures::cluster_path(&format!("c{number}"));
        admin.delete(&path).send().expect(200);
        admin.delete(&path).send().expect(404);
        assert_eq!(page(&desk, clusters, "").1, 4 - number);
    }
}

#[test]
fn a_project_whose_name_begins_like_another_lists_its_own() {
    let desk = Desk::new();
    let admin = desk.admin();
    for project in ["p", "p-1", "p1"] {
        admin
            .post(PROJECTS, &fixtures::project(project))
            .send()
            .expect(200);
        admin
            .post(
                &fixtures::clusters(project),
                &fixtures::cluster(&format!("of-{project}")),
            )
            .send()
            .expect(200);
    }
    for project in ["p", "p-1", "p1"] {
        let list = admin
            .get(&fixtures::clusters(project))
            .send()
            .expect(200)
            .json();
        assert_eq!(list["metadata"]["count"], 1);
        assert_eq!(
            list["items"][0]["metadata"]["name"],
            format!("of-{project}")
        );
    }
}
