//! The units in which this crate is given the time. It never reads a clock.

use serde::{Deserialize, Serialize};

/// Seconds since the Unix epoch, as tokens carry them (RFC 7519 `NumericDate`, whole seconds only).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixSeconds(pub i64);

/// Milliseconds since the Unix epoch, for finer resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// The second of this moment (rounded down, also before 1970).
    #[must_use]
    pub fn seconds(self) -> UnixSeconds {
        UnixSeconds(self.0.div_euclid(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_round_down_to_their_second() {
        assert_eq!(UnixMillis(1_999).seconds(), UnixSeconds(1));
        assert_eq!(UnixMillis(-1).seconds(), UnixSeconds(-1));
    }
}
