//! Public clients whose sources cannot be run here: their calls, in their order, and every place they read from an
//! answer, as `fixtures/clients.yaml` lists them. Each client has a controller of its own, and waiting moves its clock.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use rafay_mock_server::Role;
use rafay_tests::fixtures::V1_PROJECTS;
use rafay_tests::{Answer, Desk, repository};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Survey {
    clients: Vec<Client>,
    not_yet: Vec<NotYet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    name: String,
    key: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    call: String,
    /// For readers.
    #[serde(default, rename = "why")]
    _why: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    status: Option<u16>,
    #[serde(default)]
    shows: BTreeMap<String, Value>,
    #[serde(default)]
    says: String,
    #[serde(default)]
    keep: BTreeMap<String, String>,
    until: Option<Until>,
    #[serde(default)]
    one_of: BTreeMap<String, Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Until {
    place: String,
    is: Value,
    every: u64,
    times: usize,
    #[serde(default)]
    meets: Vec<Value>,
    #[serde(default)]
    never: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotYet {
    call: String,
    who: String,
    why: String,
}

/// A client at work: its controller and what it has kept from the answers.
struct Play<'c> {
    client: &'c Client,
    desk: Desk,
    kept: BTreeMap<String, String>,
}

#[test]
fn public_clients_find_what_they_read_and_what_they_wait_for() {
    let mut wrong = Vec::new();
    for client in &survey().clients {
        let mut play = Play::of(client);
        // What a client cannot do without is told once: the steps after it have nothing to go on with.
        let told = client.steps.iter().find_map(|step| {
            let told = play.step(step).err()?;
            Some(format!("{}: {}: {told}", client.name, step.call))
        });
        wrong.extend(told);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_answered_yet_is_listed() {
    for NotYet { call, who, why } in &survey().not_yet {
        println!("not yet: {call} ({who}): {why}");
        let (method, path) = call.split_once(' ').expect("a method and a path");
        let status = Desk::new().admin().ask(method, path).send().status();
        assert_eq!(status, 404, "{call} is answered now: list it with {who}");
    }
}

#[test]
fn a_place_is_found_by_a_member_of_a_list_s_item() {
    let value = serde_json::json!({"results": [{"name": "a", "id": 1}, {"name": "b", "id": 2}]});
    assert_eq!(at(&value, "/results/name=b/id"), Some(&Value::from(2)));
    assert_eq!(at(&value, "/results/0/id"), Some(&Value::from(1)));
    assert_eq!(at(&value, "/results/name=c/id"), None);
}

fn survey() -> Survey {
    let path = repository().join("tests/fixtures/clients.yaml");
    let text = fs::read_to_string(path).expect("the survey can be read");
    serde_norway::from_str(&text).expect("the survey is as it should be")
}

impl<'c> Play<'c> {
    fn of(client: &'c Client) -> Self {
        let desk = Desk::new();
        let projects = desk.admin().get(V1_PROJECTS).send().expect(200);
        let kept = [("project".to_owned(), projects.text_at("/results/0/id"))];
        Self {
            client,
            desk,
            kept: kept.into(),
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        let mut answer = self.send(step)?;
        if let Some(until) = &step.until {
            answer = self.wait(step, until, answer)?;
        }
        if !answer.text().contains(&step.says) {
            return Err(format!("{:?} is not said: {answer}", step.says));
        }
        for (place, value) in &step.shows {
            let wanted = self.filled(value);
            let there = read(&answer, place)?;
            if !wanted.is_null() && there != wanted {
                return Err(format!("{place} is {there}, not {wanted}"));
            }
        }
        for (place, known) in &step.one_of {
            let there = read(&answer, place)?;
            if !known.contains(&there) {
                return Err(format!("{place} is {there}, which no decoder knows"));
            }
        }
        for (name, place) in &step.keep {
            let there = read(&answer, place)?;
            let text = there
                .as_str()
                .map_or_else(|| there.to_string(), str::to_owned);
            self.kept.insert(name.clone(), text);
        }
        Ok(())
    }

    fn send(&self, step: &Step) -> Result<Answer, String> {
        let call = self.text(&step.call);
        let (method, path) = call
            .split_once(' ')
            .ok_or("a call is a method and a path")?;
        let key = self.desk.controller().key_for(Role::Admin);
        let mut ask = self.desk.nobody().ask(method, path);
        ask = ask.header(&self.client.key, key.expose());
        let mut headers = self.client.headers.clone();
        if step.body.is_some() {
            let kind = headers.entry("content-type".to_owned());
            kind.or_insert_with(|| "application/json".to_owned());
        }
        headers.extend(step.headers.clone());
        for (name, value) in &headers {
            ask = ask.header(name, value);
        }
        if let Some(body) = &step.body {
            ask = ask.bytes(self.filled(body).to_string());
        }
        let answer = ask.send();
        let status = answer.status();
        let is_good = step
            .status
            .map_or((200..300).contains(&status), |wanted| status == wanted);
        if is_good {
            Ok(answer)
        } else {
            Err(format!("not the status it insists on: {answer}"))
        }
    }

    /// Asks again and again, as long as the client has patience.
    fn wait(&self, step: &Step, until: &Until, first: Answer) -> Result<Answer, String> {
        let mut met = Vec::new();
        let mut answer = first;
        for _ in 0..until.times {
            let there = read(&answer, &until.place)?;
            if until.never.contains(&there) {
                return Err(format!("{} became {there}", until.place));
            }
            if there == until.is {
                let missed = until.meets.iter().find(|value| !met.contains(*value));
                return match missed {
                    Some(value) => Err(format!("{} never was {value}", until.place)),
                    None => Ok(answer),
                };
            }
            met.push(there);
            let clock = self.desk.controller().clock();
            clock.advance(Duration::from_secs(until.every));
            answer = self.send(step)?;
        }
        Err(format!(
            "{} did not become {}: {met:?}",
            until.place, until.is
        ))
    }

    /// A text with what was kept put in.
    fn text(&self, text: &str) -> String {
        self.kept
            .iter()
            .fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    }

    /// A value with what was kept put in.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(members) => {
                let filled = |(name, value): (&String, &Value)| (name.clone(), self.filled(value));
                Value::Object(members.iter().map(filled).collect())
            }
            other => other.clone(),
        }
    }
}

fn read(answer: &Answer, place: &str) -> Result<Value, String> {
    let body = answer.json();
    let there = at(&body, place).cloned();
    there.ok_or_else(|| format!("nothing at {place}: {answer}"))
}

/// What is at a place: a JSON pointer, in which `member=text` is the item of a list that has it.
fn at<'v>(value: &'v Value, place: &str) -> Option<&'v Value> {
    place
        .split('/')
        .skip(1)
        .try_fold(value, |value, segment| match segment.split_once('=') {
            Some((member, text)) => {
                let mut items = value.as_array()?.iter();
                items.find(|item| item[member] == text)
            }
            None => value.pointer(&format!("/{segment}")),
        })
}
