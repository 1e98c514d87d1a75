//! Points in time, in milliseconds since the epoch. The current time always comes from the caller.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// A point in time in UTC, to the millisecond. Written as RFC 3339: `2026-01-31T09:30:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// The first and last instants with a four-digit year (0000-01-01 and 9999-12-31).
const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

impl Timestamp {
    /// That many milliseconds after 1970-01-01T00:00:00Z; clamped to the years 0000 to 9999.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*RANGE.start(), *RANGE.end()))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, as JWTs count them.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant plus a duration.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(millis_of(duration)))
    }

    /// This instant minus a duration.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(millis_of(duration)))
    }

    /// The time since `earlier`; zero if `earlier` is in the future.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Parses an ISO 8601 date: RFC 3339 with an offset (`2026-01-31T09:30:00Z`), or a date alone (`2026-01-31`), which
    /// means midnight in UTC. Fractions of a millisecond are cut off.
    ///
    /// # Errors
    /// When it is not such a date, or is outside the years 0000 to 9999.
    pub fn parse(text: &str) -> Result<Self, NotADate> {
        let pieces = Pieces::parse(text).map_err(|_| NotADate)?;
        let (time, offset) = match (pieces.time(), pieces.to_numeric_offset()) {
            (Some(time), Some(offset)) => (time, offset),
            (None, None) if text.len() == "2026-01-31".len() => (Time::midnight(), Offset::UTC),
            _ => return Err(NotADate),
        };
        // A zone name could contradict the offset: [Europe/Berlin].
        if pieces.time_zone_annotation().is_some() {
            return Err(NotADate);
        }
        let local = pieces.date().to_datetime(time).duration_since(EPOCH);
        let instant = local - SignedDuration::from_secs(i64::from(offset.seconds()));
        let millis = instant.as_nanos().div_euclid(1_000_000);
        i64::try_from(millis).ok().filter(|millis| RANGE.contains(millis)).map(Self).ok_or(NotADate)
    }
}

fn millis_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // jiff's `Timestamp` is not used here: it ends 26 hours before the year 9999 does.
        match EPOCH.checked_add(SignedDuration::from_millis(self.0)) {
            Ok(instant) => write!(f, "{instant:.3}Z"),
            Err(_) => f.write_str("9999-12-31T23:59:59.999Z"),
        }
    }
}

/// The text is not an ISO 8601 date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 8601 date such as 2026-01-31T09:30:00Z or 2026-01-31")]
pub struct NotADate;

#[cfg(test)]
mod tests;
