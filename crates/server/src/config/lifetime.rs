//! Durations in settings.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A time from a second to a year: `30s`, `15m`, `1h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime(Duration);

const MOST: u64 = 366 * 24 * 60 * 60;

impl Lifetime {
    /// As a `Duration`.
    #[must_use]
    pub const fn duration(self) -> Duration {
        self.0
    }
}

impl FromStr for Lifetime {
    type Err = NotALifetime;

    fn from_str(text: &str) -> Result<Self, NotALifetime> {
        let units = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];
        let (number, unit) = units
            .into_iter()
            .find_map(|(letter, seconds)| Some((text.strip_suffix(letter)?, seconds)))
            .ok_or(NotALifetime)?;
        // `parse` would also accept a sign.
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotALifetime);
        }
        let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).ok_or(NotALifetime)?;
        if (1..=MOST).contains(&seconds) { Ok(Self(Duration::from_secs(seconds))) } else { Err(NotALifetime) }
    }
}

/// The text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALifetime;

impl fmt::Display for NotALifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time from 1s to 366d, as a whole number and s, m, h or d (30s, 15m, 1h, 7d)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Lifetime;

    #[test]
    fn a_whole_number_and_a_unit() {
        for (text, seconds) in [("30s", 30), ("15m", 900), ("1h", 3600), ("7d", 604_800), ("366d", 31_622_400)] {
            assert_eq!(text.parse::<Lifetime>().unwrap().duration(), Duration::from_secs(seconds), "{text}");
        }
    }

    #[test]
    fn nothing_else() {
        for text in
            ["", "s", "0s", "30", "-1s", "+1s", "1.5h", "1 h", "1h30m", "367d", "99999999999999999999d", "１s", "1H"]
        {
            assert!(text.parse::<Lifetime>().is_err(), "{text}");
        }
    }
}
