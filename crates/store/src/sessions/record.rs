//! Sessions that are there: found, kept alive, forgotten.

use rolecall_core::identity::{ServiceAccountId, SessionId, UserId};
use rolecall_core::{Error, Result, Timestamp};

use crate::Store;
use crate::backend::Purpose;
use crate::sql::{Row, Sql};
use crate::stored;

/// Whose session.
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
    /// Whose.
    pub owner: SessionOwnerId,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last made use of, as far as that was noted.
    pub last_seen_at: Timestamp,
    /// When it is over, whatever happens.
    pub expires_at: Timestamp,
    /// When it was ended before that.
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
    /// The session of a browser's cookie, also one that has ended or expired.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_by_secret(&self, secret_hash: &[u8; 32]) -> Result<Option<SessionRecord>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(SESSION_COLUMNS).push(" FROM sessions WHERE secret_hash = ").bind(secret_hash.as_slice());
        self.read(sql).await?.first().map(session).transpose()
    }

    /// Whether there is such a session that was not ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_session_open(&self, id: SessionId) -> Result<bool> {
        let mut sql = Sql::new("SELECT id FROM sessions WHERE ended_at IS NULL AND id = ");
        sql.bind(id.to_string());
        Ok(!self.read(sql).await?.is_empty())
    }

    /// Notes that a session was made use of. One that has ended stays as it is, and so does a later note.
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

    /// Deletes the sessions that were over before that, tokens included, with their refresh tokens. How many.
    ///
    /// # Errors
    /// When the database does not answer; some may be deleted by then.
    pub async fn forget_old(&self, before: Timestamp) -> Result<usize> {
        // Few at a time, so that whoever wants to write in between waits for a moment only.
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
