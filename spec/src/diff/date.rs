//! Days, as sunsets and approvals name them. The library never asks what day it is.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Days since 1970-01-01.
    days: i64,
}

impl Date {
    /// Reads `YYYY-MM-DD`, whatever follows after a `T` or a space.
    pub fn parse(text: &str) -> Option<Self> {
        let day = text.split(['T', 't', ' ']).next()?;
        let mut parts = day.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        let number = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<i64>().ok().filter(|_| digits)
        };
        let date = Self::of(number(year)?, number(month)?, number(day)?);
        // What does not come back the same is no day, such as the 31st of April.
        Some(date).filter(|date| date.to_string().as_str() == text.get(..10).unwrap_or_default())
    }

    /// The day that lies so many days after 1970-01-01.
    fn from_days(days: i64) -> Self {
        Self { days }
    }

    /// The day of a moment, in UTC; none before 1970.
    pub fn at(moment: SystemTime) -> Option<Self> {
        let since = moment.duration_since(UNIX_EPOCH).ok()?;
        Some(Self::from_days(
            i64::try_from(since.as_secs() / 86_400).ok()?,
        ))
    }

    /// The day that comes so many days later.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self {
            days: self.days.saturating_add(days),
        }
    }

    /// By the calendar of 400 years, which begins in March so that the leap day comes last.
    fn of(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        Self { days }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.days.saturating_add(719_468);
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * years + years / 4 - years / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = years + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn days_come_back_as_they_were() {
        for text in ["1970-01-01", "2000-02-29", "2026-12-31", "2027-03-01"] {
            assert_eq!(Date::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Date::parse("1970-01-02").unwrap(), Date::from_days(1));
        let later = Date::parse("2026-12-31T23:00:00Z").unwrap().plus(1);
        assert_eq!(later.to_string(), "2027-01-01");
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2026-02-30",
            "2026-13-01",
            "26-01-01",
            "soon",
            "2026-1-1",
            "",
            "+026-01-01",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
