//! Revisions: the number of a change, and the random id that distinguishes changes with the same number.

use std::fmt;
use std::num::ParseIntError;

use serde::{Deserialize, Serialize};

/// The number of a change. Each change has the next number; there are no gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(i64);

impl Revision {
    /// Before the first change.
    pub const ZERO: Self = Self(0);

    /// The revision with that number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The random id of a revision. A database that went back, by a restore or a lossy failover, reuses numbers, but not
/// ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RevisionId(u64);

impl RevisionId {
    /// The id of a world that was never committed: empty, or only computed.
    pub const NONE: Self = Self(0);

    /// The id with these bits, which must be random.
    #[must_use]
    pub const fn new(bits: u64) -> Self {
        Self(bits)
    }

    /// Its bits.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Parses the 16 hexadecimal digits that [`fmt::Display`] writes.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<Self, ParseIntError> {
        // `from_str_radix` also accepts a sign and fewer digits.
        let digits = if text.len() == 16 && !text.starts_with('+') { text } else { "" };
        u64::from_str_radix(digits, 16).map(Self)
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A revision of one history: its number and its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RevisionStamp {
    /// Its number.
    pub revision: Revision,
    /// Its id.
    pub id: RevisionId,
}

impl RevisionStamp {
    /// Before the first change, where all histories start.
    pub const ZERO: Self = Self { revision: Revision::ZERO, id: RevisionId::NONE };

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.revision.number()
    }

    /// Reads what is written: `42-0123456789abcdef`. `None` for every other spelling of it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (number, id) = text.split_once('-')?;
        let stamp = Self { revision: Revision::new(number.parse().ok()?), id: RevisionId::parse(id).ok()? };
        (stamp.to_string() == text).then_some(stamp)
    }
}

impl fmt::Display for RevisionStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.revision, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::{Revision, RevisionId, RevisionStamp};

    #[test]
    fn an_id_is_read_as_it_is_written() {
        for bits in [0, 1, 0x0123_4567_89ab_cdef, u64::MAX] {
            let id = RevisionId::new(bits);
            assert_eq!(RevisionId::parse(&id.to_string()), Ok(id));
        }
        for text in ["", "1", "+123456789abcdef", "-123456789abcdef", "0123456789abcdeg", "0123456789abcdef0"] {
            assert!(RevisionId::parse(text).is_err(), "{text:?}");
        }
        let stamp = RevisionStamp { revision: Revision::new(42), id: RevisionId::new(0xa1) };
        assert_eq!(stamp.to_string(), "42-00000000000000a1");
        assert_eq!(RevisionStamp::parse("42-00000000000000a1"), Some(stamp));
        for text in
            ["42", "42-", "-00000000000000a1", "042-00000000000000a1", "+42-00000000000000a1", "42-00000000000000A1"]
        {
            assert_eq!(RevisionStamp::parse(text), None, "{text:?}");
        }
    }
}
