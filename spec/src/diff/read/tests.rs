//! What is read, what is refused, and the places of both.

use std::path::Path;

use super::parse;

fn read(text: &str, name: &str) -> Result<String, String> {
    let node = parse(text, Path::new(name)).map_err(|error| error.to_string())?;
    Ok(node.canonical())
}

#[test]
fn json_and_yaml_give_the_same() {
    let json = "{\"b\": [1, 1.0, -2.5e1, true, null, \"\\ud83d\\ude00\\n\"], \"a\": {}}";
    let expected = "{\"a\":{},\"b\":[1,1,-25,true,null,\"😀\\n\"]}";
    assert_eq!(read(json, "a.json").unwrap(), expected);
    let yaml = "b: [1, 1.0, -2.5e1, true, null, \"😀\\n\"]\na: {}";
    assert_eq!(read(yaml, "a.yaml").unwrap(), expected);
}

#[test]
fn json_that_is_wrong_is_refused_where_it_is() {
    for (text, at) in [
        ("{\"a\": 1,}", "a.json:1:9"),
        ("{\"a\" 1}", "a.json:1:6"),
        ("{\"a\": 01}", "a.json:1:7"),
        ("{\"é\": [1 2]}", "a.json:1:10"),
        ("{} x", "a.json:1:4"),
        ("{\"a\": \"\\q\"}", "a.json:1:7"),
        ("{\"a\": \"x", "a.json:1:7"),
        ("{\"a\": \"\\", "a.json:1:7"),
        ("{\"a\": 1,\n \"a\": 2}", "a.json:2:2"),
        ("{\"a\": ", "a.json:1:7"),
    ] {
        let error = read(text, "a.json").unwrap_err();
        assert!(error.starts_with(at), "{text}: {error}");
    }
}

#[test]
fn yaml_of_other_people_is_read() {
    let read = |text: &str| read(text, "a.yaml").unwrap();
    assert_eq!(read("200: a\ntrue: b"), "{\"200\":\"a\",\"true\":\"b\"}");
    assert_eq!(
        read("a: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}\nc: {<<: [*a, {z: 4}]}"),
        "{\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":3,\"y\":2},\"c\":{\"x\":1,\"y\":2,\"z\":4}}"
    );
    assert_eq!(read("{a: 1, b: [x]}"), "{\"a\":1,\"b\":[\"x\"]}");
    assert_eq!(
        read("a: !!str 1\nb: 2024-01-01"),
        "{\"a\":\"1\",\"b\":\"2024-01-01\"}"
    );
}
