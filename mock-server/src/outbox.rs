//! The outbox: mails that the controller has written, as entries of the store. A mail is there as soon as what it is
//! about has happened, in the same transaction; sending it is somebody else's work, who marks it when it is done. So
//! nothing is written twice and nothing is lost, whatever stops in between.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::controller::Controller;
use crate::engine;
use crate::store::{Expect, Key, State, Stored, Transaction, Write};

/// Mails that are kept; the oldest give way.
const MOST: u64 = 10_000;

/// A mail that the controller wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mail {
    /// Its number, counted from 1 in the order of writing.
    pub number: u64,
    /// The login name of whoever it is for, by custom a mail address.
    pub to: String,
    /// What it is about, in a line.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// When it was written, by the controller's clock.
    pub time: Timestamp,
    /// What became of it.
    pub delivery: Delivery,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Delivery {
    /// Nobody has taken it yet.
    Waiting,
    /// A mail server took it, at this time of the controller's clock.
    Sent(Timestamp),
    /// It will never be taken, for this reason.
    Failed(String),
}

impl Delivery {
    /// Whether it is still to be sent.
    pub fn is_waiting(&self) -> bool {
        *self == Delivery::Waiting
    }
}

impl fmt::Display for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            number,
            to,
            subject,
            time,
            ..
        } = self;
        write!(f, "#{number} {time} to {to}: {subject}")
    }
}

/// What a mail shall say.
pub(crate) struct Draft {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) time: Timestamp,
}

/// The transaction that puts a mail into the outbox.
pub(crate) fn post(state: &State, draft: Draft) -> Transaction {
    let mails = Key::mails();
    let last = state.under_reversed(&mails).next();
    let last = last.and_then(|(key, _)| key.mail_number()).unwrap_or(0);
    let number = last + 1;
    let Draft {
        to,
        subject,
        body,
        time,
    } = draft;
    let mail = Mail {
        number,
        to,
        subject,
        body,
        time,
        delivery: Delivery::Waiting,
    };
    let key = Key::mail(number);
    let too_old = state.under(&mails).next().map(|(key, _)| key);
    let too_old = too_old.filter(|key| key.mail_number().is_some_and(|n| n + MOST <= number));
    Transaction {
        expects: vec![Expect::Absent(key.clone())],
        writes: too_old
            .map(|key| Write::Remove(key.clone()))
            .into_iter()
            .chain([Write::Put(key, Stored::Mail(mail.into()))])
            .collect(),
        ..Transaction::default()
    }
}

/// A text that somebody chose, fit for a line of a mail: without line breaks and not too long.
pub(crate) fn one_line(text: &str) -> String {
    const MOST: usize = 100;
    let mut line: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(MOST)
        .collect();
    if text.chars().nth(MOST).is_some() {
        line.push('…');
    }
    line
}

impl Controller {
    /// The mails that the controller has written up to now, oldest first; the last 10,000 are kept. A notice is written
    /// when the clock has passed its time.
    ///
    /// ```
    /// use rafay_mock_server::{Controller, Options};
    ///
    /// let controller = Controller::new(Options::default());
    /// assert!(controller.outbox().is_empty());
    /// ```
    pub fn outbox(&self) -> Vec<Mail> {
        engine::run_due(self, self.clock().now());
        self.mails(|_| true)
    }

    /// The mails that are still to be sent.
    #[cfg(any(test, feature = "smtp"))]
    pub(crate) fn waiting_mails(&self) -> Vec<Mail> {
        engine::run_due(self, self.clock().now());
        self.mails(|mail| mail.delivery.is_waiting())
    }

    fn mails(&self, wanted: impl Fn(&Mail) -> bool) -> Vec<Mail> {
        let state = self.store().keep();
        state
            .under(&Key::mails())
            .filter_map(|(_, stored)| match stored {
                Stored::Mail(mail) if wanted(mail) => Some(Mail::clone(mail)),
                _ => None,
            })
            .collect()
    }

    #[cfg(any(test, feature = "smtp"))]
    /// Notes what became of a mail. One that gave way meanwhile stays away, and another in its place stays as it is.
    /// False where that could not be put on disk: it still waits.
    pub(crate) fn settle_mail(&self, mail: &Mail, delivery: Delivery) -> bool {
        let key = Key::mail(mail.number);
        let state = self.store().keep();
        if !matches!(state.entries.get(&key), Some(Stored::Mail(stored)) if **stored == *mail) {
            return true;
        }
        let settled = Mail {
            delivery,
            ..mail.clone()
        };
        let transaction = Transaction {
            expects: vec![Expect::Present(key.clone())],
            writes: vec![Write::Put(key, Stored::Mail(settled.into()))],
            ..Transaction::default()
        };
        // The only conflict is a mail that is gone.
        !matches!(
            self.commit(transaction),
            Err(crate::store::CommitError::NotDurable(_))
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    fn draft(number: u64) -> Draft {
        Draft {
            to: "a@example.com".to_owned(),
            subject: number.to_string(),
            body: String::new(),
            time: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn mails_are_numbered_and_the_oldest_give_way() {
        let controller = Controller::new(Options::default());
        for number in 1..=MOST + 2 {
            let state = controller.store().keep();
            assert!(controller.commit(post(&state, draft(number))).is_ok());
        }
        let mails = controller.outbox();
        assert_eq!(mails.len() as u64, MOST);
        assert_eq!(mails.first().map(|mail| mail.number), Some(3));
        assert_eq!(mails.last().map(|mail| mail.number), Some(MOST + 2));
    }

    #[test]
    fn a_mail_is_settled_once_it_is_sent() {
        let controller = Controller::new(Options::default());
        let state = controller.store().keep();
        assert!(controller.commit(post(&state, draft(1))).is_ok());
        let [mail] = &controller.waiting_mails()[..] else {
            panic!("one mail waits")
        };
        assert!(controller.settle_mail(mail, Delivery::Sent(mail.time)));
        assert!(controller.waiting_mails().is_empty());
        assert_eq!(controller.outbox()[0].delivery, Delivery::Sent(mail.time));
    }

    #[test]
    fn what_somebody_chose_stays_on_its_line() {
        assert_eq!(one_line("a\r\nBcc: b"), "a  Bcc: b");
        assert_eq!(one_line(&"x".repeat(200)).chars().count(), 101);
    }
}
