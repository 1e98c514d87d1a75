//! Results larger than memory: the rows of several statements from one snapshot, a part at a time.
//!
//! Reader and receiver run at the pace of the slower one, with at most two parts in memory. Reading is canceled when
//! the receiver is dropped or idle for too long, also in the middle of a statement without rows.

use std::any::Any;
use std::time::Duration;

use rolecall_core::{Error, Result};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

use super::failure::unavailable;
use crate::sql::Row;

/// Maximum idle time of the receiver, which keeps a snapshot of the database open.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The statement's index, and at least one row of it.
pub(crate) type Part = (usize, Vec<Row>);

enum Told {
    Part(Part),
    End,
    Failed(Error),
}

/// A stream of rows.
#[derive(Debug)]
pub(crate) struct Rows(Receiver<Told>);

/// Kept as long as the database is read, which may be longer than the receiver lives.
pub type Kept = Box<dyn Any + Send + Sync>;

/// The source of the rows.
#[derive(Debug)]
pub(super) struct Source {
    parts: Sender<Told>,
    kept: Kept,
}

/// The receiver was dropped.
#[derive(Debug)]
pub(super) struct Abandoned;

pub(super) fn rows(kept: Kept) -> (Source, Rows) {
    let (parts, rows) = channel(1);
    (Source { parts, kept }, Rows(rows))
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Part((_, rows)) => write!(f, "{} rows", rows.len()),
            Self::End => f.write_str("the end"),
            Self::Failed(error) => write!(f, "{error:?}"),
        }
    }
}

impl Rows {
    /// The next rows, one statement after the other; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Part>> {
        match self.0.recv().await {
            Some(Told::Part(part)) => Ok(Some(part)),
            Some(Told::End) => Ok(None),
            Some(Told::Failed(error)) => Err(error),
            // INVARIANT: a channel that closes without an end marker is an error. Part of the rows must not look like
            // all of them.
            None => Err(unavailable("rows stopped arriving")),
        }
    }
}

impl Source {
    pub(super) async fn send(&self, statement: usize, rows: Vec<Row>) -> std::result::Result<(), Abandoned> {
        if rows.is_empty() { Ok(()) } else { tell(&self.parts, Told::Part((statement, rows))).await }
    }

    /// Waits until the receiver is dropped.
    pub(super) async fn abandoned(&self) {
        self.parts.closed().await;
    }

    /// Whether the receiver exists.
    pub(super) fn is_abandoned(&self) -> impl Fn() -> bool + Send + use<> {
        let parts = self.parts.clone();
        move || parts.is_closed()
    }

    /// Reports the end, once nothing is read any more. A dropped receiver needs no report.
    pub(super) async fn end(self, how: Result<()>) {
        let Self { parts, kept } = self;
        drop(kept);
        let _ = tell(&parts, how.map_or_else(Told::Failed, |()| Told::End)).await;
    }
}

async fn tell(parts: &Sender<Told>, part: Told) -> std::result::Result<(), Abandoned> {
    timeout(LONGEST_PAUSE, parts.send(part)).await.map_err(|_| Abandoned)?.map_err(|_| Abandoned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_channel_that_closes_without_an_end_is_an_error() {
        let (source, mut rows) = rows(Box::new(()));
        source.send(3, vec![Row::new(Vec::new())]).await.unwrap();
        drop(source);
        let (statement, part) = rows.next().await.unwrap().unwrap();
        assert_eq!((statement, part.len()), (3, 1));
        assert!(rows.next().await.unwrap_err().retry_after.is_some());
    }

    #[tokio::test]
    async fn what_went_wrong_is_told_and_so_is_the_end() {
        let (source, mut rows) = rows(Box::new(()));
        source.end(Err(Error::internal("broken"))).await;
        assert_eq!(rows.next().await.unwrap_err().cause.as_deref(), Some("broken"));
        let (source, mut rows) = super::rows(Box::new(()));
        source.end(Ok(())).await;
        assert!(rows.next().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn reading_is_canceled_when_the_receiver_is_dropped() {
        let (source, rows) = rows(Box::new(()));
        drop(rows);
        assert!(source.send(0, vec![Row::new(Vec::new())]).await.is_err());
    }

    #[tokio::test]
    async fn kept_values_live_exactly_as_long_as_the_reading() {
        let kept = std::sync::Arc::new(());
        let (source, rows) = rows(Box::new(kept.clone()));
        drop(rows);
        assert!(source.send(0, vec![Row::new(Vec::new())]).await.is_err());
        assert_eq!(std::sync::Arc::strong_count(&kept), 2, "the one who takes rows is gone; the one who reads is not");
        source.end(Ok(())).await;
        assert_eq!(std::sync::Arc::strong_count(&kept), 1);
    }
}
