//! The command line: what may be typed, and what the server tells the person who typed it.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use rafay_mock_server::{
    ApiKey, AuditReport, DOCUMENTS, Document, MockController, Needs, Role, operations,
};

/// A stateful stand-in for the Rafay controller: keys, roles, validation, audit.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves the API and Swagger UI until it is interrupted.
    Serve(Box<Serve>),
    /// Looks at the audit trail of a data directory.
    #[command(subcommand)]
    Audit(Audit),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Checks that no record was changed, taken out, put in, moved or cut off. Stop the server first.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Directory that the server was given.
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) data_dir: PathBuf,

    /// A record's hash that was kept elsewhere, as an earlier check printed it; shows a trail that was written anew.
    #[arg(long, value_name = "ORGANIZATION/NUMBER/HASH", value_parser = expected)]
    pub(crate) expect: Option<Expected>,
}

/// A record's hash that was kept elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) organization: String,
    pub(crate) number: u64,
    pub(crate) hash: [u8; 32],
}

fn expected(text: &str) -> Result<Expected, String> {
    let read = || {
        let (rest, digits) = text.rsplit_once('/')?;
        let (organization, number) = rest.rsplit_once('/')?;
        let mut hash = [0; 32];
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for (index, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(Expected {
            organization: organization.to_owned(),
            number: number.parse().ok()?,
            hash,
        })
    };
    read().ok_or_else(|| {
        "expected an organization's id, a record's number and 64 hexadecimal digits, divided by slashes".to_owned()
    })
}

/// What is printed of a check.
pub(crate) struct Told<'a>(pub(crate) &'a AuditReport);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for trail in &self.0.trails {
            let (organization, records) = (&trail.organization, trail.records);
            for finding in &trail.findings {
                writeln!(f, "organization {organization}: {finding}")?;
            }
            if trail.findings.is_empty() {
                let end = format!("{organization}/{records}/{}", trail.head);
                writeln!(
                    f,
                    "organization {organization}: {records} records are intact"
                )?;
                writeln!(f, "To be kept elsewhere, for --expect: {end}")?;
            }
        }
        Ok(())
    }
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port to listen on; port 0 takes a free one. Other than loopback addresses take --tls.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = address)]
    pub(crate) listen: SocketAddr,

    /// Speak HTTPS, with a certificate of a local authority that is made once, unless one is given.
    #[arg(long)]
    pub(crate) tls: bool,

    /// PEM file of the certificate to show instead, with its chain.
    #[arg(long, value_name = "PATH", requires = "tls", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// PEM file of that certificate's private key.
    #[arg(long, value_name = "PATH", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Directory of the local authority [default: rafay-mock-server/tls among the user's data].
    #[arg(
        long,
        value_name = "PATH",
        requires = "tls",
        conflicts_with = "tls_cert"
    )]
    pub(crate) tls_dir: Option<PathBuf>,

    /// Listen where other machines can reach it, without HTTPS: keys and passwords travel in the clear.
    #[arg(long, conflicts_with = "tls")]
    pub(crate) insecure_listen: bool,

    /// File to append a line for each request to; `-` is standard error.
    #[arg(long, value_name = "PATH", default_value = "-")]
    pub(crate) log: PathBuf,

    /// Longest request body in bytes; a longer one is answered with 413 [default: 1 MiB].
    #[arg(long, value_name = "BYTES")]
    pub(crate) body_limit: Option<usize>,

    /// Refuse fields that the documents do not know, instead of keeping them with a warning.
    #[arg(long)]
    pub(crate) strict_fields: bool,

    /// Directory that keeps everything for the next start; without it, all is gone with the process. A change is
    /// answered when it is on disk; see --durable-reads for everything else.
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Answer reads and refused calls, too, only when their audit records are on disk; without it, those of the last
    /// second are lost when the process is killed, while changes and their records never are.
    #[arg(long, requires = "data_dir")]
    pub(crate) durable_reads: bool,

    /// Make and print another key of the administrator's; only the first start prints one by itself.
    #[arg(long, requires = "data_dir")]
    pub(crate) new_admin_key: bool,

    #[command(flatten)]
    pub(crate) smtp: Smtp,
}

/// How the mails about keys that expire are sent; without a server they stay in the outbox.
#[derive(Debug, Args)]
#[command(next_help_heading = "Mail")]
pub(crate) struct Smtp {
    /// Server that takes the mails about keys that expire.
    #[arg(long = "smtp-host", value_name = "HOST", env = "RAFAY_MOCK_SMTP_HOST")]
    pub(crate) host: Option<String>,

    /// Its port [default: 587 for starttls, 465 for tls, 25 for none].
    #[arg(
        long = "smtp-port",
        value_name = "PORT",
        env = "RAFAY_MOCK_SMTP_PORT",
        requires = "host"
    )]
    pub(crate) port: Option<u16>,

    /// How the connection to it is protected; none is for a server on this machine only.
    #[arg(
        id = "smtp_tls",
        long = "smtp-tls",
        value_name = "HOW",
        env = "RAFAY_MOCK_SMTP_TLS",
        default_value = "starttls",
        requires = "host"
    )]
    pub(crate) tls: Protection,

    /// Address the mails come from.
    #[arg(
        long = "smtp-from",
        value_name = "ADDRESS",
        env = "RAFAY_MOCK_SMTP_FROM",
        default_value = "noreply@rafay-mock.invalid",
        requires = "host"
    )]
    pub(crate) from: String,

    /// Name to log in with; the password comes from the file or from `RAFAY_MOCK_SMTP_PASSWORD`, never from the
    /// command line, which others can read.
    #[arg(
        long = "smtp-user",
        value_name = "NAME",
        env = "RAFAY_MOCK_SMTP_USER",
        requires = "host"
    )]
    pub(crate) user: Option<String>,

    /// File whose first line is the password.
    #[arg(
        long = "smtp-password-file",
        value_name = "PATH",
        env = "RAFAY_MOCK_SMTP_PASSWORD_FILE",
        requires = "user"
    )]
    pub(crate) password_file: Option<PathBuf>,

    /// PEM file with a certificate to trust besides those of the operating system.
    #[arg(
        long = "smtp-ca",
        value_name = "PATH",
        env = "RAFAY_MOCK_SMTP_CA",
        requires = "host"
    )]
    pub(crate) authority: Option<PathBuf>,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protection {
    /// In the clear at first, then TLS before anything is said.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all.
    None,
}

impl Protection {
    pub(crate) fn default_port(self) -> u16 {
        match self {
            Protection::Starttls => 587,
            Protection::Tls => 465,
            Protection::None => 25,
        }
    }
}

impl Serve {
    /// Whether the log goes to standard error.
    pub(crate) fn logs_to_stderr(&self) -> bool {
        self.log.as_os_str() == "-"
    }
}

/// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`, which is the first of these without a look-up.
fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric = text
        .strip_prefix("localhost:")
        .map(|port| format!("127.0.0.1:{port}"));
    let parsed = numeric.as_deref().unwrap_or(text).parse();
    parsed.map_err(|_| {
        "expected an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned()
    })
}

/// What is printed once the server listens.
pub(crate) struct Welcome<'a> {
    pub(crate) mock: &'a MockController,
    pub(crate) serve: &'a Serve,
    /// The certificate of the local authority that clients are to trust.
    pub(crate) ca: Option<&'a Path>,
    /// The administrator's key, where one was made.
    pub(crate) key: Option<ApiKey>,
}

impl fmt::Display for Welcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.mock.url();
        writeln!(f, "Address:        {url}")?;
        for Document { version, .. } in DOCUMENTS {
            writeln!(
                f,
                "Swagger UI {version}:  {url}/docs/?urls.primaryName={version}"
            )?;
        }
        if let Some(ca) = self.ca {
            writeln!(f, "CA certificate: {}", ca.display())?;
        }
        if let Some(directory) = &self.serve.data_dir {
            writeln!(f, "Data directory: {}", directory.display())?;
        }
        match &self.key {
            Some(key) => {
                let partner = self.mock.key_for(Role::PartnerAdmin);
                writeln!(f, "Partner's key:  {}", partner.expose())?;
                writeln!(f, "Admin's key:    {}", key.expose())?;
            }
            None => writeln!(
                f,
                "Admin's key:    printed at the first start; --new-admin-key makes another"
            )?,
        }
        if self.serve.logs_to_stderr() {
            writeln!(f, "Request log:    standard error")?;
        } else {
            writeln!(f, "Request log:    {}", self.serve.log.display())?;
        }
        writeln!(f, "Try it:\n{}", curl(&url, self.key.as_ref(), self.ca))
    }
}

/// A line that works when it is pasted into a shell.
fn curl(url: &str, key: Option<&ApiKey>, ca: Option<&Path>) -> String {
    let trust = ca.map_or(String::new(), |ca| {
        let quoted = ca.to_string_lossy().replace('\'', r"'\''");
        format!("--cacert '{quoted}' ")
    });
    match example() {
        Some(path) => match key {
            Some(key) => format!("curl {trust}-H '{HEADER}: {}' '{url}{path}'", key.expose()),
            None => format!("curl {trust}-H \"{HEADER}: $RCTL_API_KEY\" '{url}{path}'"),
        },
        None => format!("curl {trust}'{url}/docs/'"),
    }
}

/// The header that takes a key on every version.
const HEADER: &str = "X-API-KEY";

/// The shortest path of the first document that can be read without knowing a name.
fn example() -> Option<&'static str> {
    let version = DOCUMENTS.first()?.version;
    operations()
        .filter(|operation| {
            operation.version == version
                && operation.method == "GET"
                && operation.needs != Needs::Nothing
                && !operation.path.contains('{')
        })
        .map(|operation| operation.path)
        .min_by_key(|path| path.len())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn addresses_are_read() {
        assert_eq!(address("localhost:80").unwrap().to_string(), "127.0.0.1:80");
        assert_eq!(address("[::1]:0").unwrap().to_string(), "[::1]:0");
        for wrong in ["", "8080", "localhost", "127.0.0.1:99999", "example.com:80"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_expected_record_is_read() {
        let read = expected(&format!("abc/12/{}", "0f".repeat(32))).unwrap();
        assert_eq!((&*read.organization, read.number), ("abc", 12));
        assert_eq!(read.hash, [15; 32]);
        for wrong in ["", "abc", "abc/1/0f", &format!("abc/x/{}", "0f".repeat(32))] {
            assert!(expected(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn there_is_something_to_try() {
        let path = example().unwrap();
        assert!(path.starts_with('/') && !path.contains('{'), "{path}");
    }
}
