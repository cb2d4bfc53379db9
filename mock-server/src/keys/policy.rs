//! How long a key may live. The organization and the account may each have a setting; the larger of the two is what
//! counts. Whoever may write keys in the organization is not bound by it.

use jiff::{SignedDuration, Timestamp};

use crate::refusal::{Reason, Refusal};

/// What the maker of a key asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asked {
    /// Whether the key shall have no end; the hours then count for nothing.
    pub(crate) never: bool,
    /// Hours it shall live.
    pub(crate) hours: Option<i64>,
}

/// What holds for the keys of an account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    /// The organization's setting, in hours.
    pub(crate) organization: Option<i64>,
    /// The account's own setting, in hours.
    pub(crate) user: Option<i64>,
    /// Hours for a key of which nobody says anything.
    pub(crate) fallback: i64,
}

impl Policy {
    /// The most hours that the owner of a key may ask for; none where neither setting is there.
    fn limit(&self) -> Option<i64> {
        self.organization.max(self.user)
    }

    /// When a key ends that is made now; none for never. Who is free of the limit says so.
    pub(crate) fn end(
        &self,
        asked: Asked,
        free: bool,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Refusal> {
        let limit = self.limit().filter(|_| !free);
        if asked.never {
            return match limit {
                None => Ok(None),
                Some(limit) => Err(too_much(
                    "/never_expire",
                    "asks for a key without an end",
                    limit,
                )),
            };
        }
        if let Some(hours) = asked.hours
            && hours < 1
        {
            return Err(Refusal::at(
                Reason::Invalid,
                "/validity_hour",
                "is less than 1; a key lives an hour at least, or without an end with never_expire",
            ));
        }
        if let (Some(hours), Some(limit)) = (asked.hours, limit)
            && hours > limit
        {
            return Err(too_much(
                "/validity_hour",
                &format!("is {hours} hours"),
                limit,
            ));
        }
        let hours = asked.hours.or(self.limit()).unwrap_or(self.fallback);
        SignedDuration::try_from_hours(hours)
            .and_then(|life| now.checked_add(life).ok())
            .map(Some)
            .ok_or_else(|| {
                Refusal::at(
                    Reason::Invalid,
                    "/validity_hour",
                    "ends after the year 9999; ask for less",
                )
            })
    }
}

fn too_much(pointer: &str, what: &str, limit: i64) -> Refusal {
    Refusal::at(
        Reason::Forbidden,
        pointer,
        format!(
            "{what}; the settings for this account allow at most {limit} hours. Ask for less, or ask an \
             administrator of the organization to make the key or to raise the account's setting"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-01T00:00:00Z";

    fn policy(organization: Option<i64>, user: Option<i64>) -> Policy {
        Policy {
            organization,
            user,
            fallback: 8_760,
        }
    }

    /// The hours that a key gets; 0 for one without an end.
    fn life(policy: Policy, asked: Asked, free: bool) -> Result<i64, Reason> {
        let now: Timestamp = NOW.parse().unwrap();
        let end = policy
            .end(asked, free, now)
            .map_err(|refusal| refusal.reason)?;
        Ok(end.map_or(0, |end| end.duration_since(now).as_hours()))
    }

    fn hours(hours: i64) -> Asked {
        Asked {
            never: false,
            hours: Some(hours),
        }
    }

    const NONE: Asked = Asked {
        never: false,
        hours: None,
    };
    const NEVER: Asked = Asked {
        never: true,
        hours: Some(0),
    };

    #[test]
    fn without_a_word_the_higher_setting_counts_and_the_documents_default_without_one() {
        for (organization, user, wanted) in [
            (None, None, 8_760),
            (Some(24), None, 24),
            (None, Some(48), 48),
            (Some(24), Some(48), 48),
            (Some(48), Some(24), 48),
        ] {
            for free in [false, true] {
                let policy = policy(organization, user);
                assert_eq!(life(policy, NONE, free), Ok(wanted), "{policy:?} {free}");
            }
        }
    }

    #[test]
    fn a_user_may_ask_for_the_higher_setting_and_for_not_an_hour_more() {
        for policy in [policy(Some(24), Some(48)), policy(Some(48), Some(1))] {
            assert_eq!(life(policy, hours(48), false), Ok(48));
            assert_eq!(life(policy, hours(1), false), Ok(1));
            assert_eq!(life(policy, hours(49), false), Err(Reason::Forbidden));
            assert_eq!(life(policy, NEVER, false), Err(Reason::Forbidden));
        }
    }

    #[test]
    fn without_a_setting_a_user_is_free() {
        let policy = policy(None, None);
        assert_eq!(life(policy, hours(876_000), false), Ok(876_000));
        assert_eq!(life(policy, NEVER, false), Ok(0));
    }

    #[test]
    fn who_is_free_goes_beyond_and_below_and_without_end() {
        let policy = policy(Some(24), Some(48));
        assert_eq!(life(policy, hours(49), true), Ok(49));
        assert_eq!(life(policy, hours(1), true), Ok(1));
        assert_eq!(life(policy, NEVER, true), Ok(0));
    }

    #[test]
    fn hours_that_make_no_sense_are_refused_for_everybody() {
        for free in [false, true] {
            for bad in [0, -1, i64::MIN] {
                assert_eq!(
                    life(policy(None, None), hours(bad), free),
                    Err(Reason::Invalid)
                );
            }
            let all_of_time = life(policy(None, None), hours(i64::MAX), free);
            assert_eq!(all_of_time, Err(Reason::Invalid));
        }
    }
}
