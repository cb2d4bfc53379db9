//! The certificate of a server with a local authority: made when it starts, and anew before it ends, without a
//! restart.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::TlsError;
use super::authority::Authority;
use crate::clock::Clock;

const DAY: Duration = Duration::from_hours(24);
/// How long a certificate is good.
const LIFE: Duration = Duration::from_hours(90 * 24);
/// So long before its end another one is made.
const MARGIN: Duration = Duration::from_hours(30 * 24);
/// So long before it is made it is good already, since clocks differ.
const SLACK: Duration = DAY;

pub(super) struct Renewal {
    authority: Authority,
    address: IpAddr,
    clock: Clock,
    present: Mutex<Present>,
}

struct Present {
    pair: Arc<CertifiedKey>,
    /// The times between which it is shown.
    made: Timestamp,
    until: Timestamp,
}

impl Renewal {
    /// Certificates for a server on an address.
    pub(super) fn new(
        authority: Authority,
        address: IpAddr,
        clock: Clock,
    ) -> Result<Self, TlsError> {
        let address = address.to_canonical();
        if !address.is_unspecified() && !Authority::vouches_for(address) {
            return Err(TlsError::Address { address });
        }
        let present = Mutex::new(make(&authority, address, clock.now())?);
        Ok(Self {
            authority,
            address,
            clock,
            present,
        })
    }

    fn pair(&self) -> Arc<CertifiedKey> {
        let now = self.clock.now();
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if now < present.made || present.until <= now {
            // Where making one fails, the old one is the best there is.
            if let Ok(next) = make(&self.authority, self.address, now) {
                *present = next;
            }
        }
        present.pair.clone()
    }
}

fn make(authority: &Authority, address: IpAddr, now: Timestamp) -> Result<Present, TlsError> {
    let at = |from: Timestamp, by: Duration| from.saturating_add(by).map_err(TlsError::settings);
    let end = at(now, LIFE)?;
    let start = now.saturating_sub(SLACK).map_err(TlsError::settings)?;
    Ok(Present {
        pair: authority.issue(address, start, end)?.into(),
        made: now,
        until: end.saturating_sub(MARGIN).map_err(TlsError::settings)?,
    })
}

impl ResolvesServerCert for Renewal {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.pair())
    }
}

impl fmt::Debug for Renewal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewal")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_anew_before_its_end() {
        let clock = Clock::frozen();
        let authority = Authority::generate().unwrap();
        let renewal = Renewal::new(authority, [127, 0, 0, 1].into(), clock.clone()).unwrap();
        let first = renewal.pair();
        clock.advance(LIFE.checked_sub(MARGIN + DAY).unwrap());
        assert!(Arc::ptr_eq(&first, &renewal.pair()));
        clock.advance(DAY);
        let second = renewal.pair();
        assert_ne!(first.cert, second.cert);
        assert!(Arc::ptr_eq(&second, &renewal.pair()));
        clock.advance(4000 * DAY);
        assert_ne!(second.cert, renewal.pair().cert);
    }

    #[test]
    fn a_public_address_takes_a_certificate_of_ones_own() {
        let make = |address: &str| {
            let authority = Authority::generate().unwrap();
            Renewal::new(authority, address.parse().unwrap(), Clock::frozen()).map(|_| ())
        };
        assert!(matches!(make("8.8.8.8"), Err(TlsError::Address { .. })));
        for fine in ["0.0.0.0", "::", "192.168.7.7", "::ffff:127.0.0.1"] {
            assert!(make(fine).is_ok(), "{fine}");
        }
    }
}
