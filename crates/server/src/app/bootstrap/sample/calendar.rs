//! The sample's times: a year that ended on a fixed day.

use std::time::Duration;

use rolecall_core::{Result, Timestamp};
use uuid::Uuid;

use crate::random::Random;

/// 2026-11-01T08:00:00Z.
const END: i64 = 1_793_520_000_000;

const MINUTES_OF_A_YEAR: u32 = 365 * 24 * 60;

/// A seeded source of times, ids and choices.
#[derive(Debug)]
pub struct Calendar {
    dealt: Random,
}

impl Calendar {
    pub fn new(dealt: Random) -> Self {
        Self { dealt }
    }

    /// The start of the sample's year.
    pub fn beginning(&self) -> Timestamp {
        before_end(MINUTES_OF_A_YEAR)
    }

    /// The time of item `place` of `count` that are spread over the year.
    pub fn moment(&mut self, place: usize, count: usize) -> Result<Timestamp> {
        let slot = MINUTES_OF_A_YEAR / u32::try_from(count.max(1)).unwrap_or(1);
        let began = slot.saturating_mul(u32::try_from(place).unwrap_or(0));
        let minutes = began.saturating_add(self.below(slot)?);
        Ok(before_end(MINUTES_OF_A_YEAR.saturating_sub(minutes)))
    }

    /// A time between `earliest` and the end, biased to the start.
    pub fn after(&mut self, earliest: Timestamp) -> Result<Timestamp> {
        let left = minutes(before_end(0).since(earliest));
        let within = self.below(left)?;
        Ok(earliest.plus(minutes_long(self.below(within)?)))
    }

    /// A time between `earliest` and the end, biased to the end.
    pub fn lately(&mut self, earliest: Timestamp) -> Result<Timestamp> {
        let left = minutes(before_end(0).since(earliest));
        let within = self.below(left)?;
        Ok(before_end(self.below(within)?))
    }

    /// An id.
    pub fn uuid(&mut self) -> Result<Uuid> {
        self.dealt.uuid()
    }

    /// A number below `limit`; 0 when there is none.
    pub fn below(&mut self, limit: u32) -> Result<u32> {
        let drawn = u32::from_be_bytes(self.dealt.bytes()?);
        Ok(drawn.checked_rem(limit).unwrap_or(0))
    }
}

fn before_end(minutes: u32) -> Timestamp {
    Timestamp::from_millis(END).minus(minutes_long(minutes))
}

fn minutes(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs() / 60).unwrap_or(u32::MAX)
}

fn minutes_long(minutes: u32) -> Duration {
    Duration::from_secs(u64::from(minutes) * 60)
}
