//! One state behind all versions: an object that one version makes is read, listed, changed and deleted by another,
//! for every kind that more than one version shows. Which kinds those are, by which operations and in which form, comes
//! from the documents.

mod face;
mod form;

use std::collections::BTreeSet;

use face::{Face, Form};
use form::{Around, differences, identity};
use rafay_spec::{Operation, Verb};
use rafay_tests::fixtures::{DEFAULT, ORGANIZATIONS, project_path};
use rafay_tests::{Answer, Ask, Caller, Desk};
use serde_json::{Value, json};

/// What went wrong, for one kind made in one version and used in another.
type Outcome<T> = Result<T, String>;

#[test]
fn what_one_version_makes_another_reads_lists_changes_and_deletes() {
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for (kind, faces) in &face::by_kind() {
        for maker in faces.iter().filter(|face| face.names_what_it_makes()) {
            for other in faces.iter().filter(|f| f.version() != maker.version()) {
                pairs += 1;
                if let Err(told) = walk(maker, other, faces) {
                    let (from, to) = (maker.version(), other.version());
                    wrong.push(format!("{kind} made in {from} and used in {to}: {told}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(pairs > 50, "only {pairs} pairs of versions share a kind");
}

/// Makes an object in one version and uses it in the other; what it is must be the same in all.
fn walk(maker: &Face, other: &Face, faces: &[Face]) -> Outcome<()> {
    let desk = Desk::new();
    let scene = Scene::set(&desk, maker.kind.name.as_str())?;
    let create = maker.maker().expect("a face that makes");
    let parents = scene.example.clone();
    let path = scene.path(maker, create, &parents);
    let mut sent = maker.example(create);
    let form = maker.form(create).ok_or("a create shows no object")?;
    // The one project that is always there cannot be deleted.
    let name_at = form.place(&maker.kind.identity.name);
    let name_at = name_at.ok_or("a create shows no name")?;
    if sent.pointer(&name_at) == Some(&json!(DEFAULT)) {
        put(&mut sent, &name_at, "another");
    }
    let made = answered(create, scene.admin.ask(&create.method, &path).json(&sent))?;
    let name = made.text_at(&name_at);
    let made_as = scene.stored(faces, &name)?;
    scene.same_in_all(faces, &made_as)?;

    scene.listed(other, &made_as, true)?;
    let is_now = match other.operation(Verb::Replace) {
        Some(replace) => scene.changed(other, replace, &made_as, faces)?,
        None => made_as,
    };

    let deleting = [other, maker].into_iter().chain(faces);
    let mut deleting = deleting.filter_map(|face| Some((face, face.operation(Verb::Delete)?)));
    let (face, delete) = deleting.next().ok_or("no version deletes it")?;
    let path = scene.path(face, delete, &is_now);
    answered(delete, scene.admin.delete(&path))?;
    for face in faces {
        scene.listed(face, &is_now, false)?;
        if let Some(get) = face.operation(Verb::Get) {
            let path = scene.path(face, get, &is_now);
            let answer = scene.admin.get(&path).send();
            if answer.status() != 404 {
                return Err(format!("after its end {answer}"));
            }
        }
    }
    Ok(())
}

/// A controller with everything that objects of a kind refer to.
struct Scene<'d> {
    admin: Caller<'d>,
    around: Around,
    /// The example of the kind in its stored form.
    example: Value,
}

impl<'d> Scene<'d> {
    fn set(desk: &'d Desk, kind: &str) -> Outcome<Self> {
        let admin = desk.operator();
        let project = admin.get(&project_path(DEFAULT)).send().expect(200).json();
        let own = format!("{ORGANIZATIONS}{}/", desk.controller().organization_id());
        let organization = admin.get(&own).send().expect(200).json();
        let scene = Self {
            admin,
            around: Around {
                project,
                partner: organization["partner"].clone(),
                organization,
            },
            example: example(kind),
        };
        scene.fill(kind)?;
        Ok(scene)
    }

    /// Makes the examples of the kinds that a kind refers to, and of those that they refer to, each as soon as
    /// everything is there that it names. What names the object to be made itself is left out.
    fn fill(&self, kind: &str) -> Outcome<()> {
        let faces = face::by_kind();
        let mut reached = BTreeSet::from([kind]);
        let mut waiting = Vec::new();
        let mut next = vec![newest(&faces[kind])];
        while let Some(face) = next.pop() {
            for reference in &face.kind.references {
                for kind in reference.kinds().filter(|kind| faces.contains_key(kind)) {
                    if reached.insert(kind) {
                        let face = newest(&faces[kind]);
                        waiting.extend(face.maker().map(|create| (face, create)));
                        next.push(face);
                    }
                }
            }
        }
        loop {
            let before = waiting.len();
            let mut rest = Vec::new();
            for (face, create) in waiting {
                let body = face.example(create);
                let path = self.path(face, create, &body);
                let answer = self.admin.ask(&create.method, &path).json(&body).send();
                match answer.status() {
                    200 | 201 => {}
                    400 if answer.code() == "UNKNOWN_REFERENCE" => rest.push((face, create)),
                    _ => return Err(format!("{}: {answer}", create.id)),
                }
            }
            if rest.len() == before || rest.is_empty() {
                return Ok(());
            }
            waiting = rest;
        }
    }

    /// The path of an operation on an object.
    fn path(&self, face: &Face, operation: &Operation, object: &Value) -> String {
        face.path(operation, object, &self.around.project, &|kind, name| {
            let faces = face::by_kind();
            let stored = self.stored(&faces[kind], name);
            let stored = stored.unwrap_or_else(|told| panic!("{kind} {name}: {told}"));
            let id = identity(newest(&faces[kind]).kind, Form::Stored, &stored)[1].clone();
            id.expect("what is stored has an id")
        })
    }

    /// The object in its stored form.
    fn stored(&self, faces: &[Face], name: &str) -> Outcome<Value> {
        let face = newest(faces);
        let get = face
            .operation(Verb::Get)
            .ok_or("the stored form is not shown")?;
        let named = json!({"metadata": {"name": name}});
        let path = self.path(face, get, &named);
        Ok(answered(get, self.admin.get(&path))?.json())
    }

    /// Checks that every version shows an object as it is stored, at one revision.
    fn same_in_all(&self, faces: &[Face], stored: &Value) -> Outcome<()> {
        let mut tags = BTreeSet::new();
        for face in faces {
            let Some(get) = face.operation(Verb::Get) else {
                continue;
            };
            let answer = self.read(face, get, stored)?;
            if Face::takes_ids_for_names(get) {
                let mut by_id = stored.clone();
                let id = identity(face.kind, Form::Stored, stored)[1].clone();
                put(
                    &mut by_id,
                    &face.kind.identity.name,
                    &id.ok_or("it has no id")?,
                );
                let again = self.read(face, get, &by_id)?;
                if again.json() != answer.json() {
                    return Err(format!("by its id it is {again}"));
                }
            }
            tags.insert(answer.etag());
            let form = face.form(get).ok_or("a read shows no object")?;
            let told = differences(&answer.json(), &form.of(stored, &self.around));
            if !told.is_empty() {
                return Err(format!(
                    "{} {}: {}",
                    face.version(),
                    get.id,
                    told.join(", ")
                ));
            }
        }
        if tags.len() > 1 {
            return Err(format!("its revisions are {tags:?}"));
        }
        Ok(())
    }

    fn read(&self, face: &Face, get: &Operation, stored: &Value) -> Outcome<Answer> {
        let path = self.path(face, get, stored);
        answered(get, self.admin.get(&path))
    }

    /// Checks that a version lists an object, or lists it no more.
    fn listed(&self, face: &Face, stored: &Value, is_there: bool) -> Outcome<()> {
        let Some(list) = face.operation(Verb::List) else {
            return Ok(());
        };
        let path = self.path(face, list, stored);
        let answer = self.admin.get(&path).send();
        // What stands under a parent may go with it.
        if !is_there && answer.status() == 404 {
            return Ok(());
        }
        let answer = answer.json();
        let form = face.form(list).ok_or("a list shows no objects")?;
        let wanted = identity(face.kind, Form::Stored, stored);
        let items = face.items(list, &answer);
        let found = items.iter().find(|item| {
            let known = identity(face.kind, form, item);
            let pairs = known.into_iter().zip(&wanted);
            pairs
                .filter(|(known, _)| known.is_some())
                .all(|(known, wanted)| known == *wanted)
        });
        let (version, id) = (face.version(), &list.id);
        match found {
            None if is_there => Err(format!("{version} {id} does not list it: {answer}")),
            Some(item) if is_there => {
                let told = differences(item, &form.of(stored, &self.around));
                if told.is_empty() {
                    return Ok(());
                }
                Err(format!("{version} {id}: {}", told.join(", ")))
            }
            Some(_) => Err(format!("{version} {id} still lists it: {answer}")),
            None => Ok(()),
        }
    }

    /// Sends back what a version shows with one place changed; everything else must stay as it was.
    fn changed(
        &self,
        face: &Face,
        replace: &Operation,
        before: &Value,
        faces: &[Face],
    ) -> Outcome<Value> {
        let get = face
            .operation(Verb::Get)
            .ok_or("what cannot be read is replaced")?;
        let form = face.form(get).ok_or("a read shows no object")?;
        let mut body = self.read(face, get, before)?.json();
        let free = form.free_text(face.kind, &body);
        let (stored_at, shown_at) = free.ok_or("nothing in it can be changed")?;
        put(&mut body, &shown_at, "Changed by another version");
        let path = self.path(face, replace, before);
        let ask = self.admin.ask(&replace.method, &path).json(&body);
        answered(replace, ask)?;

        let name = identity(face.kind, Form::Stored, before)[0].clone();
        let after = self.stored(faces, &name.unwrap_or_default())?;
        let mut wanted = before.clone();
        put(&mut wanted, &stored_at, "Changed by another version");
        wanted["metadata"]["modifiedAt"] = after["metadata"]["modifiedAt"].clone();
        let told = differences(&after, &wanted);
        if !told.is_empty() {
            return Err(format!("{}: {}", replace.id, told.join(", ")));
        }
        self.same_in_all(faces, &after)?;
        Ok(after)
    }
}

fn put(value: &mut Value, pointer: &str, text: &str) {
    let mut at = value;
    for token in pointer.split('/').skip(1) {
        at = &mut at[token];
    }
    *at = json!(text);
}

/// The canonical example of a kind.
fn example(kind: &str) -> Value {
    let faces = face::by_kind();
    let face = newest(&faces[kind]);
    let maker = face.maker();
    maker.map_or(Value::Null, |maker| face.example(maker))
}

fn newest(faces: &[Face]) -> &Face {
    faces.last().expect("a kind with a face")
}

/// The answer to a request that must be the success its operation declares.
fn answered(operation: &Operation, ask: Ask<'_>) -> Outcome<Answer> {
    let answer = ask.send();
    let status = answer.status().to_string();
    let mut declared = operation.responses.iter();
    if declared.any(|response| response.is_success() && response.status == status) {
        Ok(answer)
    } else {
        Err(format!("{}: {answer}", operation.id))
    }
}
