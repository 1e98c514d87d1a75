//! A whole list, a part at a time.

use std::num::NonZeroU16;

use rolecall_core::Result;

use crate::backend::Rows;
use crate::sql::Row;

/// Rows read at a time.
pub(super) const PART: NonZeroU16 = NonZeroU16::new(500).unwrap();

/// A stream of records from one snapshot. Dropping it cancels the reading.
#[derive(Debug)]
pub struct Stream<R> {
    rows: Rows,
    read: fn(&Row) -> Result<R>,
}

impl<R> Stream<R> {
    pub(super) const fn new(rows: Rows, read: fn(&Row) -> Result<R>) -> Self {
        Self { rows, read }
    }

    /// The next records, at most a few hundred; `None` at the end.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the stream breaks off before the end.
    pub async fn next(&mut self) -> Result<Option<Vec<R>>> {
        let Some((_, rows)) = self.rows.next().await? else { return Ok(None) };
        rows.iter().map(self.read).collect::<Result<_>>().map(Some)
    }
}
