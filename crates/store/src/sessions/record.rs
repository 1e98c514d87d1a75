//! Existing sessions: found, kept alive, deleted.

use rolecall_core::identity::{ServiceAccountId, SessionId, UserId};
use rolecall_core::{Error, Result, Timestamp};

use crate::Store;
use crate::backend::Purpose;
use crate::sql::{Row, Sql};
use crate::stored;

/// The owner of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionOwnerId {
    /// A user's.
    User(UserId),
    /// A service account's.
    ServiceAccount(ServiceAccountId),
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id.
    pub id: SessionId,
    /// Its owner.
    pub owner: SessionOwnerId,
    /// Time of opening.
    pub created_at: Timestamp,
    /// Time of the last recorded use.
    pub last_seen_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was ended early.
    pub ended_at: Option<Timestamp>,
}

/// The columns that [`session`] reads, in its order.
pub(super) const SESSION_COLUMNS: &str =
    "id, identity_type, identity_id, created_at, last_seen_at, expires_at, ended_at";

pub(super) fn session(row: &Row) -> Result<SessionRecord> {
    let owner = match row.text(1)? {
        "user" => SessionOwnerId::User(stored::user_id(row.text(2)?)?),
        "service-account" => SessionOwnerId::ServiceAccount(stored::service_account_id(row.text(2)?)?),
        other => return Err(Error::internal(format!("a session belongs to a {other:?}"))),
    };
    Ok(SessionRecord {
        id: stored::session_id(row.text(0)?)?,
        owner,
        created_at: row.time(3)?,
        last_seen_at: row.time(4)?,
        expires_at: row.time(5)?,
        ended_at: row.time_or_null(6)?,
    })
}

impl Store {
    /// The session with a browser's cookie, even if it has ended or expired.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_by_secret(&self, secret_hash: &[u8; 32]) -> Result<Option<SessionRecord>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(SESSION_COLUMNS).push(" FROM sessions WHERE secret_hash = ").bind(secret_hash.as_slice());
        self.read(sql).await?.first().map(session).transpose()
    }

    /// Whether such a session exists that was not ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_session_open(&self, id: SessionId) -> Result<bool> {
        let mut sql = Sql::new("SELECT id FROM sessions WHERE ended_at IS NULL AND id = ");
        sql.bind(id.to_string());
        Ok(!self.read(sql).await?.is_empty())
    }

    /// Whether a session is still in the database, and the newest one. `None` is always there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn newest_session(&self, known: Option<SessionId>) -> Result<(bool, Option<SessionId>)> {
        let mut sql = Sql::new("SELECT id, CAST(0 AS BIGINT) AS newest FROM sessions WHERE id = ");
        sql.bind(known.map(|id| id.to_string()));
        sql.push(" UNION ALL SELECT id, CAST(1 AS BIGINT) FROM (SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1) last");
        let rows = self.read(sql).await?;
        let (mut is_there, mut newest) = (known.is_none(), None);
        for row in &rows {
            if row.int(1)? == 0 {
                is_there = true;
            } else {
                newest = Some(stored::session_id(row.text(0)?)?);
            }
        }
        Ok((is_there, newest))
    }

    /// Records a use of a session. An ended session, and a later time, stay unchanged.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn touch_session(&self, id: SessionId, at: Timestamp) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut sql = Sql::new("UPDATE sessions SET last_seen_at = ");
        sql.bind(at).push(" WHERE ended_at IS NULL AND last_seen_at < ").bind(at).push(" AND id = ");
        sql.bind(id.to_string());
        transaction.execute(sql).await?;
        transaction.commit().await
    }

    /// Deletes the sessions that were over before a time, tokens included, with their refresh tokens. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer; some may have been deleted by then.
    pub async fn forget_old(&self, before: Timestamp) -> Result<usize> {
        // A few at a time, so that other writers wait only briefly.
        const AT_A_TIME: i64 = 1000;
        let mut forgotten = 0;
        loop {
            let mut transaction = self.backend.begin(Purpose::Record).await?;
            let mut sql = Sql::new("DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ");
            sql.bind(before).push(" AND tokens_until < ").bind(before).push(" LIMIT ").bind(AT_A_TIME).push(")");
            let some = transaction.execute(sql).await?;
            transaction.commit().await?;
            forgotten += usize::try_from(some).map_err(Error::internal)?;
            if some == 0 {
                return Ok(forgotten);
            }
        }
    }
}
