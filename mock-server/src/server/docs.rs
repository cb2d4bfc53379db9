//! Swagger UI under `/docs/`, with the documents it shows, all from inside the binary.
//!
//! Every file that is served stands in one list, so no request can reach anything else. The page, and what
//! starts it, are ours; the rest is unpacked from the archive of Swagger UI when it is first asked for.
//! A policy header keeps the page from loading anything from elsewhere.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{Cursor, Read as _};
use std::sync::OnceLock;

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
    IF_NONE_MATCH, LOCATION, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

use crate::generated::documents::DOCUMENTS;

const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Rafay mock controller</title>
    <link rel="stylesheet" href="swagger-ui.css">
    <link rel="stylesheet" href="index.css">
    <link rel="icon" type="image/png" href="favicon-32x32.png" sizes="32x32">
    <link rel="icon" type="image/png" href="favicon-16x16.png" sizes="16x16">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="swagger-ui-standalone-preset.js"></script>
    <script src="initializer.js"></script>
  </body>
</html>
"#;

const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const PNG: &str = "image/png";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// Asked again every time, answered with 304 while nothing changed: these differ from build to build.
const REVALIDATED: &str = "no-cache";
/// Swagger UI's own files change with its version alone.
const AN_HOUR: &str = "public, max-age=3600";

/// `style-src` and `data:` are what Swagger UI needs for the styles and images in its own bundle.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The files taken from Swagger UI's archive.
const ASSETS: [(&str, &str); 6] = [
    ("swagger-ui-bundle.js", JAVASCRIPT),
    ("swagger-ui-standalone-preset.js", JAVASCRIPT),
    ("swagger-ui.css", CSS),
    ("index.css", CSS),
    ("favicon-16x16.png", PNG),
    ("favicon-32x32.png", PNG),
];

/// The answer to a request for the documentation, or nothing when the path is not of it.
pub(super) fn answer<B>(request: &Request<B>) -> Option<Response<Bytes>> {
    let name = match request.uri().path().strip_prefix("/docs")? {
        "" => None,
        rest => Some(rest.strip_prefix('/')?),
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some(plain(
            StatusCode::METHOD_NOT_ALLOWED,
            Some((ALLOW, "GET, HEAD")),
            "only GET and HEAD here\n",
        ));
    }
    let Some(name) = name else {
        return Some(plain(
            StatusCode::MOVED_PERMANENTLY,
            Some((LOCATION, "/docs/")),
            "see /docs/\n",
        ));
    };
    let Some((file, content)) = find(name) else {
        return Some(plain(
            StatusCode::NOT_FOUND,
            None,
            "no such file; the documentation starts at /docs/\n",
        ));
    };
    Some(serve(file, content, request.headers().get(IF_NONE_MATCH)))
}

/// A file that can be served; its content is made when it is first asked for, and kept.
struct File {
    name: String,
    media_type: &'static str,
    caching: &'static str,
    source: Source,
    content: OnceLock<Option<Content>>,
}

enum Source {
    Ready(Bytes),
    /// The path of a file in the archive, behind the folder that bears the version.
    Archive(String),
}

struct Content {
    bytes: Bytes,
    tag: HeaderValue,
}

fn find(name: &str) -> Option<(&'static File, &'static Content)> {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    let file = FILES
        .get_or_init(files)
        .iter()
        .find(|file| file.name == name)?;
    let content = file
        .content
        .get_or_init(|| Some(Content::new(file.source.read()?)))
        .as_ref()?;
    Some((file, content))
}

fn files() -> Vec<File> {
    let ready =
        |name: String, media_type, bytes| (name, media_type, REVALIDATED, Source::Ready(bytes));
    let own = [
        ready(String::new(), HTML, Bytes::from_static(PAGE.as_bytes())),
        ready(
            "initializer.js".to_owned(),
            JAVASCRIPT,
            initializer().into(),
        ),
    ];
    let documents = DOCUMENTS.iter().map(|document| {
        ready(
            format!("openapi/{}.json", document.version),
            JSON,
            Bytes::from_static(document.json.as_bytes()),
        )
    });
    let assets = ASSETS.iter().map(|(name, media_type)| {
        (
            (*name).to_owned(),
            *media_type,
            AN_HOUR,
            Source::Archive(format!("dist/{name}")),
        )
    });
    (own.into_iter().chain(documents).chain(assets))
        .map(|(name, media_type, caching, source)| File {
            name,
            media_type,
            caching,
            source,
            content: OnceLock::new(),
        })
        .collect()
}

/// The script that starts the page with a selector of the documents, in their order.
fn initializer() -> String {
    let mut urls = String::new();
    for document in DOCUMENTS {
        let version = document.version;
        // A version is a folder's name, so it stands for itself in both places.
        let _ = write!(
            urls,
            "\n    {{ url: \"openapi/{version}.json\", name: \"{version}\" }},"
        );
    }
    format!(
        "window.ui = SwaggerUIBundle({{\n  dom_id: \"#swagger-ui\",\n  urls: [{urls}\n  ],\n  \
         presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],\n  \
         layout: \"StandaloneLayout\",\n  deepLinking: true,\n  filter: true,\n  \
         validatorUrl: null,\n}});\n"
    )
}

impl Source {
    fn read(&self) -> Option<Bytes> {
        static ARCHIVE: OnceLock<Option<ZipArchive<Cursor<&'static [u8]>>>> = OnceLock::new();
        let path = match self {
            Self::Ready(bytes) => return Some(bytes.clone()),
            Self::Archive(path) => path,
        };
        let archive =
            ARCHIVE.get_or_init(|| ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).ok());
        // A clone shares the archive's table of contents.
        let mut archive = archive.clone()?;
        let name = archive
            .file_names()
            .filter_map(Result::ok)
            .find(|name| name.split_once('/').is_some_and(|(_, rest)| rest == path))?
            .into_owned();
        let mut entry = archive.by_name(&name).ok()?;
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size()).ok()?);
        entry.read_to_end(&mut bytes).ok()?;
        Some(bytes.into())
    }
}

impl Content {
    fn new(bytes: Bytes) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let tag = HeaderValue::try_from(format!("\"{:016x}\"", hasher.finish()));
        Self {
            bytes,
            tag: tag.unwrap_or_else(|_| HeaderValue::from_static("\"\"")),
        }
    }
}

fn serve(file: &File, content: &Content, known: Option<&HeaderValue>) -> Response<Bytes> {
    let unchanged = known
        .and_then(|known| known.to_str().ok())
        .is_some_and(|known| {
            let tags = known
                .split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"));
            tags.into_iter()
                .any(|tag| tag == "*" || tag.as_bytes() == content.tag.as_bytes())
        });
    let mut response = Response::new(if unchanged {
        Bytes::new()
    } else {
        content.bytes.clone()
    });
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(ETAG, content.tag.clone());
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(file.caching));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn plain(
    status: StatusCode,
    header: Option<(HeaderName, &'static str)>,
    text: &'static str,
) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(TEXT));
    if let Some((name, value)) = header {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
