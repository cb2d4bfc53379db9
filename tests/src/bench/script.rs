//! What a connection sends: requests rendered before the clock starts. Between two requests only a number in the
//! text changes, so that sending costs the generator next to nothing, and the same for every server.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

/// Path of the collection that the benchmark works on.
pub(crate) const CLUSTERS: &str = "/apis/infra.k8smgmt.io/v3/projects/defaultproject/clusters";
/// Objects on a page.
pub(crate) const PAGE: usize = 20;
/// Digits of every number in a request; all requests of a kind, and all objects, have one length.
const DIGITS: usize = 8;

/// The requests of one connection, without end.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    request: Vec<u8>,
    /// Where the number stands in the request, and how the next one is found.
    number: Option<(usize, Numbers)>,
}

#[derive(Debug, Clone)]
enum Numbers {
    /// One that was not used before.
    Fresh,
    /// Any below a bound, spread evenly.
    Below { bound: u64, state: u64 },
}

impl Script {
    /// Reads of seeded objects, in no particular order.
    pub(crate) fn get(key: &str, objects: usize, connection: usize) -> Self {
        let mark = "#".repeat(DIGITS);
        let request = head("GET", &format!("{CLUSTERS}/cluster-{mark}"), key);
        let numbers = Numbers::Below {
            bound: objects.max(1) as u64,
            state: connection as u64,
        };
        Self::numbered(format!("{request}\r\n"), &mark, numbers)
    }

    /// Reads of one page.
    pub(crate) fn list(key: &str, offset: usize) -> Self {
        let path = format!("{CLUSTERS}?limit={PAGE}&offset={offset}");
        Self {
            request: format!("{}\r\n", head("GET", &path, key)).into_bytes(),
            number: None,
        }
    }

    /// Changes of an object that is this connection's own.
    pub(crate) fn apply(key: &str, connection: usize) -> Self {
        let mark = "#".repeat(DIGITS);
        let request = application(key, &own(connection), &mark);
        Self::numbered(request, &mark, Numbers::Fresh)
    }

    fn numbered(request: String, mark: &str, numbers: Numbers) -> Self {
        let number = request.find(mark).map(|at| (at, numbers));
        Self {
            request: request.into_bytes(),
            number,
        }
    }

    /// The next request.
    pub(crate) fn next(&mut self) -> &[u8] {
        if let Some((at, numbers)) = &mut self.number {
            write_number(&mut self.request[*at..*at + DIGITS], numbers.next());
        }
        &self.request
    }
}

impl Numbers {
    fn next(&mut self) -> u64 {
        static FRESH: AtomicU64 = AtomicU64::new(1);
        match self {
            Numbers::Fresh => FRESH.fetch_add(1, Ordering::Relaxed),
            // A linear congruential generator: even, repeatable and cheap. The high bits are the good ones.
            Numbers::Below { bound, state } => {
                *state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (*state >> 33) % *bound
            }
        }
    }
}

fn write_number(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789"[(number % 10) as usize];
        number /= 10;
    }
}

/// A request that applies an object.
pub(crate) fn application(key: &str, name: &str, change: &str) -> String {
    let body = cluster(name, change);
    let length = body.len();
    format!(
        "{}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}",
        head("POST", CLUSTERS, key)
    )
}

/// A request up to its own headers.
fn head(method: &str, path: &str, key: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\nx-api-key: {key}\r\n"
    )
}

/// Name of a seeded object.
pub(crate) fn seeded(number: usize) -> String {
    format!("cluster-{number:0DIGITS$}")
}

/// Name of the object that a connection changes.
pub(crate) fn own(connection: usize) -> String {
    format!("applied-{connection:0DIGITS$}")
}

/// A valid object of about 1 KB; the change is a label of it.
pub(crate) fn cluster(name: &str, change: &str) -> String {
    json!({
        "apiVersion": "infra.k8smgmt.io/v3",
        "kind": "Cluster",
        "metadata": {
            "name": name,
            "project": "defaultproject",
            "description": "A cluster that stands in an edge location and runs the workloads of its site.",
            "labels": {"change": change, "environment": "production", "region": "eu-central-1", "team": "edge"},
            "annotations": {"example.com/owner": "edge-platform", "example.com/ticket": "OPS-31337"},
        },
        "spec": {
            "type": "imported",
            "blueprintConfig": {"name": "default", "version": "v1"},
            "config": {"kubernetesProvider": "EKSANYWHERE", "location": "frankfurt-de", "provisionEnvironment": "ONPREM"},
            "drift": {"enabled": true, "action": "Deny"},
            "proxyConfig": {
                "enabled": true,
                "httpProxy": "http://proxy.example.com:3128",
                "httpsProxy": "http://proxy.example.com:3129",
                "noProxy": "localhost,10.0.0.0/8,.example.com",
            },
            "systemComponentsPlacement": {
                "nodeSelector": {"node.example.com/pool": "system"},
                "tolerations": [{"key": "dedicated", "operator": "Equal", "value": "system", "effect": "NoSchedule"}],
            },
        },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_applies_are_alike_and_all_have_one_length() {
        let mut script = Script::apply("key", 3);
        let (first, second) = (script.next().to_vec(), script.next().to_vec());
        assert_ne!(first, second);
        assert_eq!(first.len(), second.len());
        let text = String::from_utf8(first).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())));
        assert!((900..1200).contains(&body.len()), "{}", body.len());
        assert!(!text.contains('#'));
    }

    #[test]
    fn reads_stay_below_the_bound_and_spread() {
        let mut script = Script::get("key", 10, 0);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            seen.insert(String::from_utf8(script.next().to_vec()).unwrap());
        }
        assert_eq!(seen.len(), 10);
        assert!(
            seen.iter()
                .all(|request| (0..10).any(|number| request.contains(&seeded(number))))
        );
    }
}
