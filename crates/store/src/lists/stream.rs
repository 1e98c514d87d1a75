//! A whole list, a part at a time, as far as somebody takes it.

use std::num::NonZeroU16;

use rolecall_core::Result;

use crate::backend::Rows;
use crate::sql::Row;

/// How many rows are read at a time.
pub(super) const PART: NonZeroU16 = NonZeroU16::new(500).unwrap();

/// Records of one moment that arrive as they are taken. Dropping it ends the reading.
#[derive(Debug)]
pub struct Stream<R> {
    rows: Rows,
    read: fn(&Row) -> Result<R>,
}

impl<R> Stream<R> {
    pub(super) const fn new(rows: Rows, read: fn(&Row) -> Result<R>) -> Self {
        Self { rows, read }
    }

    /// The next records, a few hundred at most; none at the end.
    ///
    /// # Errors
    /// Overloaded or internal when there is no more to come although it was not the end.
    pub async fn next(&mut self) -> Result<Option<Vec<R>>> {
        let Some((_, rows)) = self.rows.next().await? else { return Ok(None) };
        rows.iter().map(self.read).collect::<Result<_>>().map(Some)
    }
}
