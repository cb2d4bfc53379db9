//! Passwords: hashed with Argon2id, which costs time and memory on purpose, so that a stolen hash is slow to guess.
//!
//! One password at a time is hashed by a controller, whatever many ask for: the memory is taken once, and a server
//! gives these requests threads of their own, so that all others are answered meanwhile.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::guesses::{self, Guesses};
use crate::secret::{Plain, random_bytes};

/// What hashing a password costs, by Argon2id on one lane.
///
/// The default, 19 MiB and two passes, is what OWASP asks for at the least. Less than that makes tests faster and
/// passwords easier to guess; a hash says what it cost, so that one stays good when the cost changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB, at least 8.
    pub memory: u32,
    /// How often the memory is gone through, at least once.
    pub passes: u32,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self {
            memory: 19 * 1024,
            passes: 2,
        }
    }
}

impl PasswordCost {
    /// The cost within what Argon2 takes.
    fn params(self) -> Params {
        let memory = self.memory.clamp(Params::MIN_M_COST, 4 << 20);
        let passes = self.passes.clamp(Params::MIN_T_COST, 1000);
        Params::new(memory, passes, 1, Some(LENGTH)).unwrap_or_default()
    }
}

const LENGTH: usize = 32;

/// The hash of a password, with all that it takes to compute it again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PasswordHash {
    salt: [u8; 16],
    hash: [u8; LENGTH],
    memory: u32,
    passes: u32,
}

impl PasswordHash {
    fn cost(&self) -> PasswordCost {
        PasswordCost {
            memory: self.memory,
            passes: self.passes,
        }
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// What a controller hashes passwords with, and the wrong ones of late.
#[derive(Debug)]
pub(crate) struct Passwords {
    cost: PasswordCost,
    turn: Mutex<()>,
    guesses: Guesses,
}

impl Passwords {
    pub(crate) fn new(cost: PasswordCost) -> Self {
        Self {
            cost,
            turn: Mutex::default(),
            guesses: Guesses::new(guesses::PASSWORDS),
        }
    }

    pub(crate) fn guesses(&self) -> &Guesses {
        &self.guesses
    }

    /// The hash of a new password.
    pub(crate) fn hash(&self, password: &Plain) -> PasswordHash {
        let salt = random_bytes();
        PasswordHash {
            salt,
            hash: self.compute(self.cost, &salt, password),
            memory: self.cost.memory,
            passes: self.cost.passes,
        }
    }

    /// Whether a password is the right one, in a time that does not depend on where it differs. Without a hash it is
    /// not, after as much work.
    pub(crate) fn fits(&self, hash: Option<&PasswordHash>, password: &Plain) -> bool {
        let cost = hash.map_or(self.cost, PasswordHash::cost);
        let salt = hash.map_or([0; 16], |hash| hash.salt);
        let computed = self.compute(cost, &salt, password);
        let expected = hash.map_or([0; LENGTH], |hash| hash.hash);
        hash.is_some() & bool::from(computed.ct_eq(&expected))
    }

    fn compute(&self, cost: PasswordCost, salt: &[u8], password: &Plain) -> [u8; LENGTH] {
        #[cfg(test)]
        crate::secret::tally::count();
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hash = [0; LENGTH];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.params());
        // It fails for a salt or an output of a length that these have not, and for passwords of 4 GiB.
        let hashed = argon2.hash_password_into(password.expose().as_bytes(), salt, &mut hash);
        if hashed.is_err() {
            hash = random_bytes();
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: PasswordCost = PasswordCost {
        memory: 8,
        passes: 1,
    };

    #[test]
    fn only_the_right_password_fits_and_equal_ones_do_not_show() {
        let passwords = Passwords::new(CHEAP);
        let hash = passwords.hash(&Plain::new("correct horse"));
        assert!(passwords.fits(Some(&hash), &Plain::new("correct horse")));
        for wrong in ["", "correct horse ", "Correct horse", "battery"] {
            assert!(!passwords.fits(Some(&hash), &Plain::new(wrong)), "{wrong}");
            assert!(!passwords.fits(None, &Plain::new(wrong)));
        }
        let again = passwords.hash(&Plain::new("correct horse"));
        assert_ne!(hash.hash, again.hash);
        assert_eq!(format!("{hash:?}"), "PasswordHash");
    }

    #[test]
    fn a_hash_stays_good_when_the_cost_changes() {
        let hash = Passwords::new(CHEAP).hash(&Plain::new("a"));
        let dearer = Passwords::new(PasswordCost {
            memory: 64,
            passes: 2,
        });
        assert!(dearer.fits(Some(&hash), &Plain::new("a")));
        let stored = serde_json::to_string(&hash).unwrap();
        let read: PasswordHash = serde_json::from_str(&stored).unwrap();
        assert!(dearer.fits(Some(&read), &Plain::new("a")));
    }

    /// The vector of Argon2's reference, at the cost that is the default here.
    #[test]
    fn it_is_argon2id_at_the_cost_that_owasp_asks_for() {
        assert_eq!(
            PasswordCost::default(),
            PasswordCost {
                memory: 19_456,
                passes: 2
            }
        );
        let passwords = Passwords::new(PasswordCost {
            memory: 65_536,
            passes: 2,
        });
        let hash = passwords.compute(passwords.cost, b"somesalt", &Plain::new("password"));
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
        );
    }

    #[test]
    fn costs_that_argon2_does_not_take_are_put_right() {
        for cost in [0, u32::MAX] {
            let passes = cost.min(3);
            let params = PasswordCost {
                memory: cost.min(7),
                passes,
            };
            let passwords = Passwords::new(params);
            let hash = passwords.hash(&Plain::new("a"));
            assert!(passwords.fits(Some(&hash), &Plain::new("a")));
            assert!(!passwords.fits(Some(&hash), &Plain::new("b")));
        }
    }
}
