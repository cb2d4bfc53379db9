//! The table of everything that a comparison can say, one line of truth for the judge, the
//! explanations and the tests.
//!
//! A rule has a verdict for requests and one for responses, because a server may accept more than
//! before and send less, and not the other way round. It has a mirror: the rule that speaks when the
//! two documents are swapped. A test fails where a rule has no mirror, so no change is known in one
//! direction only.

mod lifecycle;
mod limits;
mod messages;
mod operations;
mod parameters;
mod properties;
mod security;
mod types;
mod unions;
mod words;

/// Every rule, grouped by what it is about.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        operations::RULES,
        lifecycle::RULES,
        parameters::RULES,
        messages::RULES,
        properties::RULES,
        types::RULES,
        unions::RULES,
        limits::RULES,
        security::RULES,
        words::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// Something that can differ between two documents.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, as findings, approvals and policies name it.
    pub id: &'static str,
    /// What part of a document it is about.
    pub area: Area,
    /// What it means, by direction.
    pub verdicts: Verdicts,
    /// The rules, any of which may speak when the two documents are swapped.
    pub mirrors: &'static [&'static str],
    /// What has changed.
    pub what: &'static str,
    /// Why it breaks whom, or why it does not.
    pub why: &'static str,
    /// How to reach the same end compatibly.
    pub instead: &'static str,
}

/// The part of a document that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Area {
    Operations,
    Lifecycle,
    Parameters,
    Messages,
    Properties,
    Types,
    Unions,
    Limits,
    Security,
    Words,
}

impl Area {
    /// The area in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Lifecycle => "lifecycle",
            Self::Parameters => "parameters",
            Self::Messages => "messages",
            Self::Properties => "properties",
            Self::Types => "types",
            Self::Unions => "unions",
            Self::Limits => "limits",
            Self::Security => "security",
            Self::Words => "words",
        }
    }
}

/// The verdicts of a rule by direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdicts {
    /// The rule is about neither requests nor responses.
    Any(Verdict),
    /// It is about requests alone.
    Request(Verdict),
    /// It is about responses alone.
    Response(Verdict),
    /// It is about schemas, which may be reached both ways.
    Both {
        /// Where clients send it.
        request: Verdict,
        /// Where the server sends it.
        response: Verdict,
    },
}

impl Verdicts {
    /// The verdict in a direction.
    pub fn of(self, direction: Direction) -> Verdict {
        match (self, direction) {
            (Self::Both { response, .. }, Direction::Response) => response,
            (Self::Both { request, .. }, _) => request,
            (Self::Any(verdict) | Self::Request(verdict) | Self::Response(verdict), _) => verdict,
        }
    }
}

/// Who sends what a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Clients send it.
    Request,
    /// The server sends it.
    Response,
    /// It is not sent.
    Neither,
}

impl Direction {
    /// The direction in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Neither => "neither",
        }
    }
}

/// What a change means for each promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// For old clients on the wire.
    pub wire: Grade,
    /// For code that uses the generated SDK.
    pub sdk_source: Grade,
    /// For what calls do: defaults, permissions, roles.
    pub behaviour: Grade,
}

impl Verdict {
    /// The grade for a promise.
    pub fn of(self, promise: Promise) -> Grade {
        match promise {
            Promise::Wire => self.wire,
            Promise::SdkSource => self.sdk_source,
            Promise::Behaviour => self.behaviour,
        }
    }

    /// The worse of both, promise by promise.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            wire: self.wire.max(other.wire),
            sdk_source: self.sdk_source.max(other.sdk_source),
            behaviour: self.behaviour.max(other.behaviour),
        }
    }

    /// The worst of the three.
    pub fn worst(self) -> Grade {
        self.wire.max(self.sdk_source).max(self.behaviour)
    }
}

/// How bad a change is for one promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It breaks nobody.
    Fine,
    /// It breaks those who relied on more than was promised.
    Risk,
    /// It breaks the promise.
    Break,
}

/// What is promised to users of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Old clients keep working against the new server.
    Wire,
    /// Code that uses the generated Rust SDK compiles against the new one.
    SdkSource,
    /// Calls do what they did, for those who could make them.
    Behaviour,
}

impl Promise {
    /// All promises.
    pub const ALL: [Self; 3] = [Self::Wire, Self::SdkSource, Self::Behaviour];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::SdkSource => "sdk-source",
            Self::Behaviour => "behaviour",
        }
    }
}

/// A verdict from three letters, for wire, SDK source and behaviour: `B` breaks, `w` may break.
const fn verdict(letters: &str) -> Verdict {
    const fn grade(letter: u8) -> Grade {
        match letter {
            b'B' => Grade::Break,
            b'w' => Grade::Risk,
            _ => Grade::Fine,
        }
    }
    let letters = letters.as_bytes();
    Verdict {
        wire: grade(letters[0]),
        sdk_source: grade(letters[1]),
        behaviour: grade(letters[2]),
    }
}

/// Rules as a table: id, verdicts (`any`, `request`, `response` or both; three letters each),
/// mirrors, then what, why and what to do instead.
macro_rules! rules {
    ($area:ident: $($id:literal ($($direction:ident $letters:literal)+) mirror [$($mirror:literal)+]
        $what:literal $why:literal $instead:literal)*) => {
        use $crate::diff::rules::{Area, Rule, Verdicts, verdict, verdicts};
        pub(super) const RULES: &[Rule] = &[$(Rule {
            id: $id,
            area: Area::$area,
            verdicts: verdicts!($($direction $letters)+),
            mirrors: &[$($mirror),+],
            what: $what,
            why: $why,
            instead: $instead,
        }),*];
    };
}
macro_rules! verdicts {
    (any $any:literal) => {
        Verdicts::Any(verdict($any))
    };
    (request $request:literal) => {
        Verdicts::Request(verdict($request))
    };
    (response $response:literal) => {
        Verdicts::Response(verdict($response))
    };
    (request $request:literal response $response:literal) => {
        Verdicts::Both {
            request: verdict($request),
            response: verdict($response),
        }
    };
}
use {rules, verdicts};

#[cfg(test)]
mod tests;
