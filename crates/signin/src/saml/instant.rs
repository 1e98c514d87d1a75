//! Times and durations as XML Schema writes them. Owns their reading and writing, to the second.

use std::fmt;

use crate::time::UnixSeconds;

const DAY: i64 = 86_400;

/// Prints an instant as SAML writes it: `2026-11-29T12:00:00Z`.
#[derive(Debug, Clone, Copy)]
pub struct Utc(pub UnixSeconds);

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, second) = (self.0.0.div_euclid(DAY), self.0.0.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// Reads an `xs:dateTime` with a time zone; fractions of a second are dropped. `None` for anything else: SAML allows no
/// time without a zone.
pub(super) fn parse(text: &str) -> Option<UnixSeconds> {
    let (date, time) = text.split_once('T')?;
    let mut date = date.split('-');
    let (year, month, day) = (digits(date.next()?, 4)?, digits(date.next()?, 2)?, digits(date.next()?, 2)?);
    let (time, offset) = zone(time)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.split(':');
    let (hour, minute, second) = (digits(time.next()?, 2)?, digits(time.next()?, 2)?, digits(time.next()?, 2)?);
    let fraction_is_short = (1..=12).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let in_range = (1..=days_in(year, month)?).contains(&day) && hour < 24 && minute < 60 && second < 60;
    if date.next().is_some() || time.next().is_some() || !fraction_is_short || !in_range {
        return None;
    }
    Some(UnixSeconds(days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset))
}

/// The time before its zone, and the zone's seconds east of Greenwich.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some((time, 0));
    }
    let (sign, at) = match (time.rfind('+'), time.rfind('-')) {
        (Some(at), None) => (1, at),
        (None, Some(at)) => (-1, at),
        _ => return None,
    };
    let (time, zone) = time.split_at_checked(at)?;
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours <= 14 && minutes < 60).then_some((time, sign * (hours * 3600 + minutes * 60)))
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let exact = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    exact.then(|| text.parse().ok()).flatten()
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => return None,
    })
}

/// Days since 1970-01-01 of a proleptic Gregorian date. Years start in March, so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The reverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Reads an `xs:duration` as seconds: a year counts 365 days, a month 30. `None` for negative ones and nonsense.
pub(super) fn parse_duration(text: &str) -> Option<i64> {
    let text = text.strip_prefix('P').filter(|rest| rest.len() <= 64)?;
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let date = parts(date, &[('Y', 365 * DAY), ('M', 30 * DAY), ('D', DAY)])?;
    let time = time.map_or(Some(0), |time| parts(time, &[('H', 3600), ('M', 60), ('S', 1)]))?;
    date.checked_add(time)
}

fn parts(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut seconds = 0_i64;
    for (unit, length) in units {
        let Some((number, rest)) = text.split_once(*unit) else { continue };
        // Only seconds may have a fraction; it is dropped.
        let number = if *unit == 'S' { number.split('.').next()? } else { number };
        let number = number.parse::<u32>().ok()?;
        seconds = seconds.checked_add(i64::from(number).checked_mul(*length)?)?;
        text = rest;
    }
    text.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_in_every_form_that_providers_write() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-09-21T14:13:20Z", 1_790_000_000),
            ("2026-09-21T14:13:20.123Z", 1_790_000_000),
            ("2026-09-21T14:13:20.1234567Z", 1_790_000_000),
            ("2026-09-21T16:13:20+02:00", 1_790_000_000),
            ("2026-09-21T09:43:20-04:30", 1_790_000_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800),
        ] {
            assert_eq!(parse(text), Some(UnixSeconds(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time_with_a_zone_is_refused() {
        for text in [
            "",
            "T",
            "Z",
            "2026-09-21",
            "2026-09-21T14:13:20",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-09-21T24:00:00Z",
            "2026-09-21T14:13:60Z",
            "2026-09-21T14:13:20.Z",
            "+026-09-21T14:13:20Z",
            "2026-09-21T14:13:20+99:00",
            "2026-09-21T14:13:20ZZ",
            "2026-09-21T14:13:20Z ",
            "20260921T141320Z",
            "é-é-éTé",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_read_as_seconds() {
        for (text, seconds) in [
            ("PT1H", Some(3600)),
            ("P1D", Some(DAY)),
            ("P1Y2M3DT4H5M6.7S", Some(365 * DAY + 63 * DAY + 14_706)),
            ("PT604800S", Some(604_800)),
            ("P", Some(0)),
            ("-P1D", None),
            ("1D", None),
            ("P1H", None),
            ("PT1D", None),
            ("P99999999999Y", None),
            ("P1M1Y", None),
        ] {
            assert_eq!(parse_duration(text), seconds, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(seconds in -62_167_219_200_i64..253_402_300_800) {
            prop_assert_eq!(parse(&Utc(UnixSeconds(seconds)).to_string()), Some(UnixSeconds(seconds)));
        }

        #[test]
        fn no_text_and_no_number_upsets_them(text in "[-0-9TZ:.+PYMDHS]{0,40}", any: String, number: i64) {
            let _ = (parse(&text), parse(&any), parse_duration(&text), parse_duration(&any));
            let _ = Utc(UnixSeconds(number)).to_string();
        }
    }
}
