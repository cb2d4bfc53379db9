//! Carrying mails to an SMTP server: with STARTTLS or TLS from the start, a login where one is needed, and time limits.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport as _};

use super::queue::{Carrier, SendError, Sender};
use crate::controller::Controller;
use crate::outbox::Mail;

/// How long one step of the conversation with the server may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Which server takes the mails, and how it is spoken to.
#[derive(Clone)]
pub struct SmtpSettings {
    host: String,
    port: u16,
    tls: SmtpTls,
    from: Mailbox,
    login: Option<(String, String)>,
    authority: Option<Vec<u8>>,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// It begins in the clear and turns to TLS before anything is said; a server that cannot is not used.
    StartTls,
    /// It is TLS from its first byte.
    Tls,
    /// It is not protected. Only for a server on this machine, and never with a login.
    None,
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SmtpSettingsError {
    /// The address of the sender is none.
    #[error("{address:?} is no mail address to send from: {reason}")]
    From {
        /// What was given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A password would go over the network in the clear.
    #[error("a login without TLS would show the password to the network; use STARTTLS or TLS")]
    LoginInTheClear,
    /// Without TLS, mails would go over the network in the clear.
    #[error(
        "mail to {host} without TLS would go over the network in the clear; use STARTTLS or TLS"
    )]
    NotOnThisMachine {
        /// The server.
        host: String,
    },
    /// TLS cannot be set up, or the certificate to trust is none.
    #[error("TLS for the mail server cannot be set up: {0}")]
    Tls(String),
    /// The system gave no thread to send from.
    #[error("start to send mail")]
    Thread(#[source] std::io::Error),
}

impl SmtpSettings {
    /// A server by its name and port, and the address that mails come from.
    pub fn new(
        host: impl Into<String>,
        port: u16,
        tls: SmtpTls,
        from: &str,
    ) -> Result<Self, SmtpSettingsError> {
        let host = host.into();
        if tls == SmtpTls::None && !["localhost", "127.0.0.1", "::1"].contains(&&*host) {
            return Err(SmtpSettingsError::NotOnThisMachine { host });
        }
        let from = from
            .parse()
            .map_err(
                |error: lettre::address::AddressError| SmtpSettingsError::From {
                    address: from.to_owned(),
                    reason: error.to_string(),
                },
            )?;
        Ok(Self {
            host,
            port,
            tls,
            from,
            login: None,
            authority: None,
        })
    }

    /// A name and a password to log in with.
    pub fn login(
        self,
        user: impl Into<String>,
        password: impl Into<String>,
    ) -> Result<Self, SmtpSettingsError> {
        if self.tls == SmtpTls::None {
            return Err(SmtpSettingsError::LoginInTheClear);
        }
        Ok(Self {
            login: Some((user.into(), password.into())),
            ..self
        })
    }

    /// A certificate in PEM to trust besides those of the operating system.
    #[must_use]
    pub fn root_certificate(self, pem: impl Into<Vec<u8>>) -> Self {
        Self {
            authority: Some(pem.into()),
            ..self
        }
    }

    /// Checks the rest of the settings and begins to send the controller's mails, until what is returned is dropped.
    pub fn start(self, controller: &Arc<Controller>) -> Result<Sender, SmtpSettingsError> {
        let mut transport = SmtpTransport::builder_dangerous(&self.host)
            .port(self.port)
            .timeout(Some(TIMEOUT));
        transport = match self.tls {
            SmtpTls::StartTls => transport.tls(Tls::Required(self.parameters()?)),
            SmtpTls::Tls => transport.tls(Tls::Wrapper(self.parameters()?)),
            SmtpTls::None => transport.tls(Tls::None),
        };
        if let Some((user, password)) = self.login {
            transport = transport.credentials(Credentials::new(user, password));
        }
        let smtp = Smtp {
            transport: transport.build(),
            from: self.from,
        };
        Sender::start(controller, smtp).map_err(SmtpSettingsError::Thread)
    }

    fn parameters(&self) -> Result<TlsParameters, SmtpSettingsError> {
        let wrong =
            |error: lettre::transport::smtp::Error| SmtpSettingsError::Tls(error.to_string());
        let mut parameters = TlsParameters::builder(self.host.clone());
        if let Some(pem) = &self.authority {
            let certificate = Certificate::from_pem(pem).map_err(wrong)?;
            parameters = parameters.add_root_certificate(certificate);
        }
        parameters.build_rustls().map_err(wrong)
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// A mail server.
struct Smtp {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Carrier for Smtp {
    fn carry(&mut self, mail: &Mail) -> Result<(), SendError> {
        let message = message(&self.from, mail)?;
        let sent = self.transport.send(&message);
        sent.map(|_| ()).map_err(|error| {
            let told = error.to_string();
            if error.is_permanent() && !is_about_the_connection(&error) {
                SendError::ForGood(told)
            } else {
                SendError::ForNow(told)
            }
        })
    }
}

/// Whether a permanent refusal is about who is speaking and not about the mail: a login that is refused (5.3.0 and the
/// 53x family) is put right by the settings, and no mail is lost over it.
fn is_about_the_connection(error: &lettre::transport::smtp::Error) -> bool {
    error
        .status()
        .is_some_and(|code| matches!(u16::from(code), 500..=504 | 530..=539))
}

/// A mail as it travels.
fn message(from: &Mailbox, mail: &Mail) -> Result<Message, SendError> {
    let for_good = |reason: String| SendError::ForGood(reason);
    let to: Mailbox = mail
        .to
        .parse()
        .map_err(|error| for_good(format!("{:?} is no mail address: {error}", mail.to)))?;
    let time = std::time::SystemTime::from(mail.time);
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&mail.subject)
        .date(time)
        // The same on every try, so that a mail that was taken twice shows as one.
        .message_id(Some(format!(
            "<{}.{}@{}>",
            mail.time.as_millisecond(),
            mail.number,
            from.email.domain()
        )))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone())
        .map_err(|error| for_good(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Delivery;

    fn mail(to: &str, subject: &str) -> Mail {
        Mail {
            number: 7,
            to: to.to_owned(),
            subject: subject.to_owned(),
            body: "line one\nline two\n".to_owned(),
            time: "2026-01-02T03:04:05Z".parse().unwrap(),
            delivery: Delivery::Waiting,
        }
    }

    fn formatted(mail: &Mail) -> String {
        let from = "Controller <noreply@example.com>".parse().unwrap();
        String::from_utf8(message(&from, mail).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_mail_travels_with_its_text_and_the_time_it_was_written() {
        let text = formatted(&mail("dev@example.com", "The API key x expires"));
        for line in [
            "From: Controller <noreply@example.com>\r\n",
            "To: dev@example.com\r\n",
            "Subject: The API key x expires\r\n",
            "Date: Fri, 02 Jan 2026 03:04:05 +0000\r\n",
            "line one\r\nline two\r\n",
        ] {
            assert!(text.contains(line), "{line:?} in {text}");
        }
    }

    #[test]
    fn a_subject_adds_no_line_of_its_own() {
        let text = formatted(&mail("dev@example.com", "a\r\nBcc: other@example.com"));
        assert!(!text.contains("\r\nBcc:"), "{text}");
    }

    #[test]
    fn what_is_no_address_is_given_up() {
        let from = "noreply@example.com".parse().unwrap();
        let refused = message(&from, &mail("robot", "x")).unwrap_err();
        assert!(matches!(refused, SendError::ForGood(reason) if reason.contains("robot")));
    }

    #[test]
    fn nothing_secret_goes_in_the_clear() {
        let settings = |host: &str, tls| SmtpSettings::new(host, 25, tls, "noreply@example.com");
        assert!(settings("mail.example.com", SmtpTls::None).is_err());
        assert!(settings("mail.example.com", SmtpTls::StartTls).is_ok());
        let local = settings("127.0.0.1", SmtpTls::None).unwrap();
        assert!(local.login("me", "hush").is_err());
        let remote = settings("mail.example.com", SmtpTls::Tls).unwrap();
        let debug = format!("{:?}", remote.login("me", "hush-hush").unwrap());
        assert!(!debug.contains("hush"), "{debug}");
        assert!(SmtpSettings::new("localhost", 25, SmtpTls::None, "nobody").is_err());
    }
}
