//! The work on the queue, whoever carries the mails: one after the other, again after a failure that may pass, ever
//! more slowly while it lasts.

use std::fmt;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::controller::Controller;
use crate::outbox::{Delivery, Mail};

/// Carries a mail to where it goes.
pub(crate) trait Carrier: Send + 'static {
    /// Hands one mail over; when this returns, somebody else answers for it.
    fn carry(&mut self, mail: &Mail) -> Result<(), SendError>;
}

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendError {
    /// The server cannot be reached or does not take anything now. It is tried again.
    #[error("not now: {0}")]
    ForNow(String),
    /// The server will never take this mail, or the address is none. It is given up.
    #[error("never: {0}")]
    ForGood(String),
}

/// How long to wait after a failure: twice as long each time, within bounds.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// How often the outbox is looked at when nothing is wrong.
const LOOK: Duration = Duration::from_secs(2);

/// How one pass over the queue went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Nothing waits any more.
    Done,
    /// Something must be tried again.
    Stuck,
}

/// Sends what waits, the oldest first, until the first failure that may pass: what keeps one mail keeps all.
fn pass(controller: &Controller, carrier: &mut impl Carrier) -> Pass {
    for mail in controller.waiting_mails() {
        let delivery = match carrier.carry(&mail) {
            Ok(()) => Delivery::Sent(controller.clock().now()),
            Err(SendError::ForGood(reason)) => Delivery::Failed(reason),
            Err(SendError::ForNow(_)) => return Pass::Stuck,
        };
        if !controller.settle_mail(&mail, delivery) {
            // It is sent again, and others behind it would be, too.
            return Pass::Stuck;
        }
    }
    Pass::Done
}

/// The waiting times after failures in a row.
#[derive(Debug, Default)]
struct Patience {
    failures: u32,
}

impl Patience {
    fn after(&mut self, pass: Pass) -> Duration {
        match pass {
            Pass::Done => {
                self.failures = 0;
                LOOK
            }
            Pass::Stuck => {
                let wait = FIRST_WAIT.saturating_mul(1 << self.failures.min(16));
                self.failures += 1;
                wait.min(LONGEST_WAIT)
            }
        }
    }
}

/// A thread that sends the mails of a controller, until it is finished or dropped, or the controller is.
pub struct Sender {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sender {
    pub(super) fn start(
        controller: &Arc<Controller>,
        mut carrier: impl Carrier,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let controller: Weak<Controller> = Arc::downgrade(controller);
        let thread = thread::Builder::new()
            .name("mail".to_owned())
            .spawn(move || {
                let mut patience = Patience::default();
                while let Some(controller) = controller.upgrade() {
                    let wait = patience.after(pass(&controller, &mut carrier));
                    drop(controller);
                    if stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                        return;
                    }
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Stops after a mail that is under way, which takes as long as the server's time limits at the most. A sender that
    /// is dropped instead stops as well, and nobody waits for it.
    pub fn finish(mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // What panicked there is on record there.
            let _ = thread.join();
        }
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::Options;
    use crate::outbox::{Draft, post};

    /// Answers as it was told to, and remembers what it carried.
    #[derive(Default)]
    struct Fake {
        answers: VecDeque<Result<(), SendError>>,
        carried: Vec<u64>,
    }

    impl Carrier for Fake {
        fn carry(&mut self, mail: &Mail) -> Result<(), SendError> {
            let answer = self.answers.pop_front().unwrap_or(Ok(()));
            if answer.is_ok() {
                self.carried.push(mail.number);
            }
            answer
        }
    }

    fn controller(mails: u64) -> Arc<Controller> {
        let controller = Controller::new(Options::default());
        for number in 1..=mails {
            let draft = Draft {
                to: "a@example.com".to_owned(),
                subject: number.to_string(),
                body: String::new(),
                time: controller.clock().now(),
            };
            let transaction = post(&controller.store().keep(), draft);
            assert!(controller.commit(transaction).is_ok());
        }
        controller
    }

    fn for_now() -> Result<(), SendError> {
        Err(SendError::ForNow("busy".to_owned()))
    }

    #[test]
    fn what_waits_is_sent_once_in_its_order() {
        let controller = controller(3);
        let mut fake = Fake::default();
        assert_eq!(pass(&controller, &mut fake), Pass::Done);
        assert_eq!(pass(&controller, &mut fake), Pass::Done);
        assert_eq!(fake.carried, [1, 2, 3]);
        let sent = Delivery::Sent(controller.clock().now());
        assert!(controller.outbox().iter().all(|mail| mail.delivery == sent));
    }

    #[test]
    fn a_failure_that_may_pass_keeps_the_rest_waiting_in_its_order() {
        let controller = controller(3);
        let mut fake = Fake {
            answers: [Ok(()), for_now()].into(),
            ..Fake::default()
        };
        assert_eq!(pass(&controller, &mut fake), Pass::Stuck);
        assert_eq!(controller.waiting_mails().len(), 2);
        assert_eq!(pass(&controller, &mut fake), Pass::Done);
        assert_eq!(fake.carried, [1, 2, 3]);
    }

    #[test]
    fn a_mail_that_nobody_will_ever_take_stands_in_nobodys_way() {
        let controller = controller(2);
        let reason = "no such mailbox".to_owned();
        let mut fake = Fake {
            answers: [Err(SendError::ForGood(reason.clone()))].into(),
            ..Fake::default()
        };
        assert_eq!(pass(&controller, &mut fake), Pass::Done);
        assert_eq!(fake.carried, [2]);
        assert_eq!(controller.outbox()[0].delivery, Delivery::Failed(reason));
    }

    #[test]
    fn what_was_waiting_waits_for_whoever_comes_next() {
        let controller = controller(2);
        let mut first = Fake {
            answers: [Ok(()), for_now()].into(),
            ..Fake::default()
        };
        pass(&controller, &mut first);
        drop(first);
        let mut second = Fake::default();
        assert_eq!(pass(&controller, &mut second), Pass::Done);
        assert_eq!(second.carried, [2], "the first is not sent again");
    }

    #[test]
    fn waiting_takes_longer_each_time_and_starts_again_after_a_success() {
        let mut patience = Patience::default();
        let waits: Vec<u64> = (0..10)
            .map(|_| patience.after(Pass::Stuck).as_secs())
            .collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(patience.after(Pass::Done), LOOK);
        assert_eq!(patience.after(Pass::Stuck), FIRST_WAIT);
    }

    #[test]
    fn a_sender_that_is_finished_has_ended() {
        let controller = controller(1);
        let started = Sender::start(&controller, Fake::default());
        started.unwrap().finish();
        // Its thread held the controller weakly, and is gone.
        assert_eq!(Arc::strong_count(&controller), 1);
    }
}
