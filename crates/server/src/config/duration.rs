//! Durations in settings.

use std::time::Duration;

use super::refused;

const MOST: u64 = 366 * 24 * 60 * 60;

/// The longest time for which a stolen refresh token can be used beside its owner's without ending the session.
const LONGEST_GRACE: Duration = Duration::from_secs(5 * 60);

/// Parses a time from a second to a year: `30s`, `15m`, `1h`, `7d`.
pub fn lifetime(text: &str) -> Result<Duration, String> {
    seconds(text)
        .filter(|seconds| (1..=MOST).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| refused(text, "a time from 1s to 366d, as a whole number and s, m, h or d (30s, 15m, 1h, 7d)"))
}

/// Parses a time that may also be `0s`, up to five minutes.
pub fn grace(text: &str) -> Result<Duration, String> {
    match text {
        "0s" => Ok(Duration::ZERO),
        _ => match lifetime(text)? {
            grace if grace > LONGEST_GRACE => Err("too long; use a time from 0s to 5m".to_owned()),
            grace => Ok(grace),
        },
    }
}

fn seconds(text: &str) -> Option<u64> {
    let units = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];
    let (number, unit) = units.into_iter().find_map(|(letter, seconds)| Some((text.strip_suffix(letter)?, seconds)))?;
    // `parse` would also accept a sign.
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{grace, lifetime};

    #[test]
    fn a_whole_number_and_a_unit() {
        for (text, seconds) in [("30s", 30), ("15m", 900), ("1h", 3600), ("7d", 604_800), ("366d", 31_622_400)] {
            assert_eq!(lifetime(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn nothing_else() {
        for text in
            ["", "s", "0s", "30", "-1s", "+1s", "1.5h", "1 h", "1h30m", "367d", "99999999999999999999d", "１s", "1H"]
        {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_grace_may_be_nothing_and_is_short() {
        assert_eq!(grace("0s"), Ok(Duration::ZERO));
        assert_eq!(grace("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(grace("301s"), Err("too long; use a time from 0s to 5m".to_owned()));
    }
}
