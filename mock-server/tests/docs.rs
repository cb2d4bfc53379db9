//! Swagger UI as a browser meets it: every file the page names, the documents, and nothing else.
#![cfg(feature = "swagger-ui")]
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rafay_mock_server::DOCUMENTS;
use rafay_mock_server::MockController;

struct Reply {
    status: u16,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// One exchange on a connection of its own, the target sent as it is written.
fn ask_with(mock: &MockController, method: &str, target: &str, headers: &str) -> Reply {
    let mut stream = TcpStream::connect(mock.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let request =
        format!("{method} {target} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), value.to_owned())
    });
    Reply {
        status,
        headers: headers.collect(),
        body: bytes[end + 4..].to_vec(),
    }
}

fn get(mock: &MockController, target: &str) -> Reply {
    ask_with(mock, "GET", target, "")
}

/// What stands in double quotes behind `name`, wherever it occurs.
fn quoted<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.split(name)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

#[tokio::test]
async fn the_page_finds_all_its_files_here() {
    let mock = MockController::start().await.unwrap();
    let bare = get(&mock, "/docs");
    assert_eq!((bare.status, bare.header("location")), (301, "/docs/"));
    let page = get(&mock, "/docs/?urls.primaryName=v1");
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );

    let mut files = quoted(page.text(), "src=\"");
    files.extend(quoted(page.text(), "href=\""));
    assert_eq!(files.len(), 7, "{files:?}");
    for file in files {
        let expected = match file.rsplit('.').next().unwrap() {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "png" => "image/png",
            other => panic!("an unexpected kind of file: {other}"),
        };
        let reply = get(&mock, &format!("/docs/{file}"));
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, expected),
            "{file}"
        );
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert!(reply.body.len() > 100, "{file}");
    }
}

#[tokio::test]
async fn the_selector_offers_the_documents_in_order() {
    let mock = MockController::start().await.unwrap();
    let script = get(&mock, "/docs/initializer.js");
    let versions: Vec<_> = DOCUMENTS.iter().map(|document| document.version).collect();
    assert_eq!(quoted(script.text(), "name: \""), versions);
    assert_eq!(versions[0], "v3");
    let urls = quoted(script.text(), "url: \"");
    assert_eq!(urls.len(), DOCUMENTS.len());
    for (url, document) in urls.iter().zip(DOCUMENTS) {
        let reply = get(&mock, &format!("/docs/{url}"));
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, "application/json")
        );
        assert_eq!(reply.text(), document.json);
        // What is tried out goes to the server that shows the page.
        let parsed: serde_json::Value = serde_json::from_str(reply.text()).unwrap();
        assert_eq!(parsed["servers"][0]["url"], "/");
    }
}

#[tokio::test]
async fn each_document_is_served_where_the_mock_says() {
    let mock = MockController::start().await.unwrap();
    let said = get(&mock, "/.well-known/rafay-spec");
    let said: serde_json::Value = serde_json::from_str(said.text()).unwrap();
    let said = said["documents"].as_array().unwrap();
    assert_eq!(said.len(), DOCUMENTS.len());
    for (entry, document) in said.iter().zip(DOCUMENTS) {
        let served = get(&mock, entry["address"].as_str().unwrap());
        assert_eq!(served.text(), document.json);
    }
    // A path below or beside it is the controller's.
    for path in ["/.well-known/rafay-spec/", "/.well-known/rafay-specs"] {
        assert_ne!(get(&mock, path).status, 200, "{path}");
    }
}

#[tokio::test]
async fn nothing_is_loaded_from_elsewhere() {
    let mock = MockController::start().await.unwrap();
    for file in ["", "initializer.js"] {
        let reply = get(&mock, &format!("/docs/{file}"));
        assert!(!reply.text().contains("//"), "{}", reply.text());
        assert!(
            reply
                .header("content-security-policy")
                .starts_with("default-src 'self';")
        );
    }
    assert!(
        get(&mock, "/docs/initializer.js")
            .text()
            .contains("validatorUrl: null")
    );
}

#[tokio::test]
async fn files_are_cached_by_their_tags() {
    let mock = MockController::start().await.unwrap();
    for (file, caching) in [
        ("", "no-cache"),
        ("openapi/v3.json", "no-cache"),
        ("index.css", "public, max-age=3600"),
    ] {
        let target = format!("/docs/{file}");
        let first = get(&mock, &target);
        assert_eq!(first.header("cache-control"), caching);
        let tag = first.header("etag");
        for known in [
            tag.to_owned(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".to_owned(),
        ] {
            let again = ask_with(
                &mock,
                "GET",
                &target,
                &format!("if-none-match: {known}\r\n"),
            );
            assert_eq!(
                (again.status, again.body.len(), again.header("etag")),
                (304, 0, tag),
                "{known}"
            );
        }
        let other = ask_with(&mock, "GET", &target, "if-none-match: \"other\"\r\n");
        assert_eq!((other.status, other.body), (200, first.body));
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let mock = MockController::start().await.unwrap();
    for file in ["", "swagger-ui.css", "openapi/v3.json", "none"] {
        let target = format!("/docs/{file}");
        let (get, head) = (get(&mock, &target), ask_with(&mock, "HEAD", &target, ""));
        assert_eq!((head.status, head.body.len()), (get.status, 0));
        for name in ["content-length", "content-type", "etag"] {
            assert_eq!(head.header(name), get.header(name), "{file} {name}");
        }
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let mock = MockController::start().await.unwrap();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let reply = ask_with(&mock, method, "/docs/", "content-length: 0\r\n");
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, "GET, HEAD"),
            "{method}"
        );
    }
}

#[tokio::test]
async fn nothing_but_the_listed_files_is_served() {
    let mock = MockController::start().await.unwrap();
    for target in [
        "/docs/none",
        "/docs/index.html",
        "/docs//",
        "/docs/./index.css",
        "/docs/../Cargo.toml",
        "/docs/../../../../etc/passwd",
        "/docs/%2e%2e/%2e%2e/etc/passwd",
        "/docs/..%2f..%2fetc%2fpasswd",
        "/docs/..\\..\\etc\\passwd",
        "/docs//etc/passwd",
        "/docs/openapi/",
        "/docs/openapi/v3.json/",
        "/docs/openapi/../index.css",
        "/docs/swagger-ui.css%00.js",
    ] {
        let reply = get(&mock, target);
        assert_eq!(reply.status, 404, "{target}");
        assert!(reply.body.len() < 100, "{target}");
    }
}

#[tokio::test]
async fn the_documentation_is_no_use_of_the_api() {
    let mock = MockController::start().await.unwrap();
    get(&mock, "/docs/");
    assert!(mock.audit().is_empty());
    // A neighbour of the folder is the controller's to refuse.
    assert!((400..500).contains(&get(&mock, "/docsx").status));
    assert_eq!(mock.audit().len(), 1);
}
