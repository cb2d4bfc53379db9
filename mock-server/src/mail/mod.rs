//! Sending the mails of the outbox. The outbox itself is the queue: a mail waits there until a server has taken it or
//! will never take it, and is marked in the same place. What one pass cannot send is tried again later, on the
//! system's clock: nothing else in the crate waits for real time.

mod queue;
mod smtp;

pub use queue::Sender;
pub use smtp::{SmtpSettings, SmtpSettingsError, SmtpTls};
