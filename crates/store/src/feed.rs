//! The change feed: the changes of each revision, for followers that keep a world up to date.
//!
//! It contains every committed revision, also one that changed no fact of the world. A follower that reads up to the
//! head has seen each revision exactly once.

use std::fmt;

use rolecall_core::{Change, Error, Result, Revision, RevisionStamp, World};

use crate::Store;
use crate::backend::{Listener, Transaction, not_writable};
use crate::sql::{Row, Sql};
use crate::stored;

/// Maximum changes in a row, which limits its length.
const CHANGES_PER_ROW: usize = 500;

/// Revisions in order, with their changes.
pub type Feed = Vec<(RevisionStamp, Vec<Change>)>;

/// The world after a part of the feed.
#[must_use]
pub fn replay(world: &World, feed: &Feed) -> World {
    feed.iter().fold(world.clone(), |world, (at, changes)| world.apply(at.revision, changes).identified(at.id))
}

/// A result proven to belong to a history, or the loss of that history.
pub type Proven<T> = std::result::Result<T, GoneHistory>;

/// The database lost a revision that it had: it was restored, or failed over to a server without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoneHistory {
    /// The expected revision.
    pub known: RevisionStamp,
    /// The revision found instead: the one with the same number, or the newest.
    pub found: Option<RevisionStamp>,
}

impl fmt::Display for GoneHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the database no longer has revision {}; it has ", self.known)?;
        match self.found {
            Some(found) if found.revision == self.known.revision => write!(f, "{found} in its place"),
            Some(found) => write!(f, "revisions up to {found}"),
            None => f.write_str("no revision"),
        }
    }
}

/// Notified of changes as they are committed, by this process and others.
#[derive(Debug)]
pub struct Announcements(Listener);

impl Announcements {
    /// Waits for the next notification; several at once count as one. Not cancellation-safe: a lost connection would go
    /// unnoticed.
    ///
    /// # Errors
    /// When the connection is lost. Notifications until the next listener are lost.
    pub async fn next(&mut self) -> Result<()> {
        self.0.heard().await
    }
}

impl Store {
    /// Listens for changes, on its own connection. `None` where the database has no notifications (SQLite), and
    /// followers poll.
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

    /// The next revisions after `known`, at most `most`, in order and without gaps; fewer only at the head. A revision
    /// that changed no fact of the world has an empty list. The same statement proves that this is the history of
    /// `known` and that the database can be written: a standby may lag without limit.
    ///
    /// # Errors
    /// When the database does not answer, or cannot be written.
    pub async fn follow(&self, known: RevisionStamp, most: usize) -> Result<Proven<Feed>> {
        self.backend.ensure_in_place().inspect_err(|error| self.backend.trouble().note(error))?;
        let looked = self.look(known, most).await.inspect_err(|error| self.backend.trouble().note(error));
        let (session, proven) = looked?;
        if let Err(error) = session.ensure_writable() {
            self.backend.trouble().note(&error);
            self.backend.renew();
            return Err(error);
        }
        if proven.is_err() {
            self.backend.renew();
        }
        Ok(proven)
    }

    /// The same for a database that may be read-only.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn changes_after(&self, known: RevisionStamp, most: usize) -> Result<Proven<Feed>> {
        self.look(known, most).await.map(|(_, proven)| proven)
    }

    async fn look(&self, known: RevisionStamp, most: usize) -> Result<(Session, Proven<Feed>)> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let last = Revision::new(known.number().saturating_add(most));
        let mut sql = Sql::new("SELECT -1 AS revision, 0 AS id, ");
        sql.push(self.backend.why_not_writable()).push(" AS changes, 0 AS place UNION ALL ");
        let rows = self.read(push_after(sql, known, last)).await?;
        let (session, rows) = rows.split_first().ok_or_else(|| Error::internal("a session said nothing of itself"))?;
        let session = Session { why_not_writable: session.text(2)?.to_owned() };
        let proven = match prove(known, rows)? {
            Ok(feed) => Ok(feed),
            Err(found) => Err(GoneHistory { known, found: found.or(self.newest().await?) }),
        };
        Ok((session, proven))
    }

    /// The revision with that number in the database's current history.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stamp_of(&self, revision: Revision) -> Result<Option<RevisionStamp>> {
        let mut sql = Sql::new("SELECT revision, id FROM changes WHERE place = 0 AND revision = ");
        sql.bind(revision.number());
        self.read(sql).await?.first().map(|row| stored::stamp(row, 0)).transpose()
    }

    async fn newest(&self) -> Result<Option<RevisionStamp>> {
        let sql = Sql::new("SELECT revision, id FROM changes WHERE place = 0 ORDER BY revision DESC LIMIT 1");
        self.read(sql).await?.first().map(|row| stored::stamp(row, 0)).transpose()
    }
}

/// What a session reports about itself.
struct Session {
    why_not_writable: String,
}

impl Session {
    fn ensure_writable(&self) -> Result<()> {
        if self.why_not_writable.is_empty() { Ok(()) } else { Err(not_writable(&self.why_not_writable)) }
    }
}

/// The changes after one revision, up to and including another, as a transaction sees them.
pub(crate) async fn changes_between(
    transaction: &mut Transaction,
    known: RevisionStamp,
    last: Revision,
) -> Result<Proven<Feed>> {
    let rows = transaction.query(push_after(Sql::default(), known, last)).await?;
    Ok(prove(known, &rows)?.map_err(|found| GoneHistory { known, found }))
}

/// The statement for `known` itself, without its changes, and for what follows.
fn push_after(mut sql: Sql, known: RevisionStamp, last: Revision) -> Sql {
    sql.push("SELECT revision, id, '' AS changes, place FROM changes WHERE place = 0 AND revision = ");
    sql.bind(known.number()).push(" UNION ALL SELECT revision, id, changes, place FROM changes WHERE revision > ");
    sql.bind(known.number()).push(" AND revision <= ").bind(last.number()).push(" ORDER BY revision, place");
    sql
}

/// The revisions after `known`, with which the rows must start; otherwise the revision found under its number.
// INVARIANT: nothing read follows on a revision of another history. All histories start empty.
fn prove(known: RevisionStamp, rows: &[Row]) -> Result<Result<Feed, Option<RevisionStamp>>> {
    if known == RevisionStamp::ZERO {
        return revisions(rows).map(Ok);
    }
    let Some((first, rows)) = rows.split_first() else { return Ok(Err(None)) };
    let first = stored::stamp(first, 0)?;
    match (first == known, first.revision == known.revision) {
        (true, _) => revisions(rows).map(Ok),
        (false, same_number) => Ok(Err(same_number.then_some(first))),
    }
}

fn revisions(rows: &[Row]) -> Result<Feed> {
    let mut feed = Feed::new();
    for row in rows {
        let at = stored::stamp(row, 0)?;
        let more: Vec<Change> = serde_json::from_str(row.text(2)?).map_err(Error::internal)?;
        match feed.last_mut() {
            Some((last, changes)) if last.revision == at.revision => changes.extend(more),
            _ => feed.push((at, more)),
        }
    }
    Ok(feed)
}

/// Adds a revision to the feed.
pub(crate) async fn append(transaction: &mut Transaction, at: RevisionStamp, changes: &[Change]) -> Result<()> {
    const NOTHING: &[Change] = &[];
    let nothing = changes.is_empty().then_some(NOTHING);
    for (place, some) in (0_i64..).zip(nothing.into_iter().chain(changes.chunks(CHANGES_PER_ROW))) {
        let mut sql = Sql::new("INSERT INTO changes (revision, id, place, changes) VALUES (");
        sql.bind(at.number()).push(", ").bind(at.id.bits().cast_signed()).push(", ").bind(place).push(", ");
        sql.bind(serde_json::to_string(some).map_err(Error::internal)?).push(")");
        transaction.execute(sql).await?;
    }
    Ok(())
}
