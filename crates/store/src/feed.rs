//! The change feed: what changed at each revision, for whoever keeps a world up to date.
//!
//! Every committed revision is in it, also one that changed no fact of the world, so a follower that reads up to the head
//! has seen each revision exactly once.

use rolecall_core::{Change, Error, Result, Revision};

use crate::Store;
use crate::backend::{Listener, Transaction};
use crate::sql::{Row, Sql};

/// How many changes share a row, which bounds how long one becomes.
const CHANGES_PER_ROW: usize = 500;

/// Hears of changes as they are committed, by this process and by others.
#[derive(Debug)]
pub struct Announcements(Listener);

impl Announcements {
    /// Waits for the next one; several that came meanwhile are one. It must not be dropped and called again: then a lost
    /// connection would not be noticed.
    ///
    /// # Errors
    /// When the connection is lost. What is announced until somebody listens again is never told.
    pub async fn next(&mut self) -> Result<()> {
        self.0.heard().await
    }
}

impl Store {
    /// Begins to listen for changes, on a connection of its own. `None` where the database announces nothing (SQLite), and
    /// followers look now and then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn announcements(&self) -> Result<Option<Announcements>> {
        Ok(self.backend.listen().await?.map(Announcements))
    }

    /// The newest revision.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn head(&self) -> Result<Revision> {
        let rows = self.read(Sql::new("SELECT value FROM revision")).await?;
        let row = rows.first().ok_or_else(|| Error::internal("the table `revision` is empty"))?;
        row.int(0).map(Revision::new)
    }

    /// What changed after a revision: the next `most` revisions, in order and without gaps. One that changed no fact of
    /// the world is there with an empty list.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn changes_after(&self, after: Revision, most: usize) -> Result<Vec<(Revision, Vec<Change>)>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let last = Revision::new(after.number().saturating_add(most));
        revisions(&self.read(between(after, last)).await?)
    }
}

/// What changed after one revision, up to and with another, as a transaction sees it.
pub(crate) async fn changes_between(
    transaction: &mut Transaction,
    after: Revision,
    last: Revision,
) -> Result<Vec<(Revision, Vec<Change>)>> {
    revisions(&transaction.query(between(after, last)).await?)
}

fn between(after: Revision, last: Revision) -> Sql {
    let mut sql = Sql::new("SELECT revision, changes FROM changes WHERE revision > ");
    sql.bind(after.number()).push(" AND revision <= ").bind(last.number()).push(" ORDER BY revision, place");
    sql
}

fn revisions(rows: &[Row]) -> Result<Vec<(Revision, Vec<Change>)>> {
    let mut revisions: Vec<(Revision, Vec<Change>)> = Vec::new();
    for row in rows {
        let revision = Revision::new(row.int(0)?);
        let more: Vec<Change> = serde_json::from_str(row.text(1)?).map_err(Error::internal)?;
        match revisions.last_mut() {
            Some((last, changes)) if *last == revision => changes.extend(more),
            _ => revisions.push((revision, more)),
        }
    }
    Ok(revisions)
}

/// Adds a revision to the feed.
pub(crate) async fn append(transaction: &mut Transaction, revision: Revision, changes: &[Change]) -> Result<()> {
    const NOTHING: &[Change] = &[];
    let nothing = changes.is_empty().then_some(NOTHING);
    for (place, some) in (0_i64..).zip(nothing.into_iter().chain(changes.chunks(CHANGES_PER_ROW))) {
        let mut sql = Sql::new("INSERT INTO changes (revision, place, changes) VALUES (");
        sql.bind(revision.number()).push(", ").bind(place).push(", ");
        sql.bind(serde_json::to_string(some).map_err(Error::internal)?).push(")");
        transaction.execute(sql).await?;
    }
    Ok(())
}
