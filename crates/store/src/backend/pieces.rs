//! Reading more than fits into memory: the rows of several statements in one snapshot, some at a time.
//!
//! Nothing is read ahead but the next piece, however slowly somebody takes them. Dropping it ends the snapshot.

use std::collections::VecDeque;

use rolecall_core::Result;
use tokio::sync::mpsc;
use tokio_postgres::Statement;

use super::failure::unavailable;
use super::postgres::{self, failure, row};
use crate::sql::Row;

/// How many rows a piece has at most.
pub(super) const ROWS: usize = 10_000;

/// Which statement it belongs to, by its place, and at least one row.
pub(crate) type Piece = (usize, Vec<Row>);

/// The rows that are left.
#[derive(Debug)]
pub(crate) enum Pieces {
    /// A thread reads them and waits until they are taken. `None` is the end.
    Sqlite(mpsc::Receiver<Result<Option<Piece>>>),
    /// They are asked for.
    Postgres(Box<Cursors>),
}

impl Pieces {
    /// The next rows, of one statement after the other; `None` when there are no more.
    pub(crate) async fn next(&mut self) -> Result<Option<Piece>> {
        match self {
            // INVARIANT: an end that nobody told is none. A part of the facts must not look like all of them.
            Self::Sqlite(pieces) => {
                pieces.recv().await.unwrap_or_else(|| Err(unavailable("the rows stopped arriving")))
            }
            Self::Postgres(cursors) => cursors.next().await,
        }
    }
}

/// A cursor for one statement after the other. Each fetch is a statement of its own, so that the limits on statements and on
/// idle transactions hold for a piece and not for the whole.
pub(crate) struct Cursors {
    snapshot: postgres::Transaction,
    statements: VecDeque<(usize, String)>,
    /// Fetches from the cursor that is open.
    fetch: Option<Statement>,
}

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursors").field("statements", &self.statements).finish_non_exhaustive()
    }
}

impl Cursors {
    pub(super) fn new(snapshot: postgres::Transaction, statements: Vec<String>) -> Self {
        Self { snapshot, statements: statements.into_iter().enumerate().collect(), fetch: None }
    }

    async fn next(&mut self) -> Result<Option<Piece>> {
        while let Some((place, text)) = self.statements.front() {
            let connection = self.snapshot.connection();
            let fetch = match self.fetch.take() {
                Some(fetch) => fetch,
                None => {
                    let declare = format!("DECLARE pieces NO SCROLL CURSOR FOR {text}");
                    connection.batch_execute(&declare).await.map_err(|error| failure(&error))?;
                    // Not kept by the connection: the next cursor of that name has other columns.
                    let fetch = format!("FETCH {ROWS} FROM pieces");
                    connection.prepare(&fetch).await.map_err(|error| failure(&error))?
                }
            };
            let rows = connection.query(&fetch, &[]).await.map_err(|error| failure(&error))?;
            let rows = rows.iter().map(row).collect::<Result<Vec<_>, _>>().map_err(|error| failure(&error))?;
            let place = *place;
            if rows.len() < ROWS {
                self.snapshot.batch("CLOSE pieces").await?;
                self.statements.pop_front();
            } else {
                self.fetch = Some(fetch);
            }
            if !rows.is_empty() {
                return Ok(Some((place, rows)));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_end_that_nobody_told_is_none() {
        let (sender, pieces) = mpsc::channel(2);
        let mut pieces = Pieces::Sqlite(pieces);
        sender.send(Ok(Some((0, Vec::new())))).await.unwrap();
        drop(sender);
        assert!(pieces.next().await.unwrap().is_some());
        assert!(pieces.next().await.unwrap_err().retry_after.is_some());

        let (sender, pieces) = mpsc::channel(2);
        sender.send(Ok(None)).await.unwrap();
        assert!(Pieces::Sqlite(pieces).next().await.unwrap().is_none());
    }
}
