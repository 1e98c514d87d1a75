//! Refresh tokens: each is used once and leads to the next.

use rolecall_core::{Result, Timestamp};

use super::open::{NewRefresh, insert_refresh};
use super::record::{SESSION_COLUMNS, SessionOwnerId, SessionRecord, session};
use crate::Store;
use crate::backend::{Purpose, Transaction};
use crate::sql::Sql;

/// What came of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// It was good: it is used now, and the new one is stored.
    Rotated(SessionRecord),
    /// There is no such token.
    Unknown,
    /// It has expired, or its session has.
    Expired,
    /// Its session has ended, or its owner is disabled or gone.
    Ended,
    /// It was used before, so one of the two who used it has no right to it: the session must be ended.
    Reused(SessionRecord),
}

impl Store {
    /// Exchanges a refresh token for a new one. Nothing is written unless it is [`Rotation::Rotated`]; of several who
    /// use one token at the same time, exactly one gets that.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rotate_refresh(
        &self,
        hash: &[u8; 32],
        new: NewRefresh,
        tokens_until: Timestamp,
        at: Timestamp,
    ) -> Result<Rotation> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut find = Sql::new("SELECT session_id, expires_at FROM refresh_tokens WHERE hash = ");
        find.bind(hash.as_slice());
        let Some(token) = transaction.first(find).await? else { return Ok(Rotation::Unknown) };
        let (session_id, expires_at) = (token.text(0)?, token.time(1)?);

        // INVARIANT: the session's row is written before anything is concluded. Ending it writes that row too: either it
        // has ended by now, or whoever ends it comes after us and sees until when the tokens of today live.
        let Some(session) = extend_session(&mut transaction, session_id, tokens_until, at).await? else {
            return Ok(Rotation::Ended);
        };
        if !owner_enabled(&mut transaction, &session).await? {
            return Ok(Rotation::Ended);
        }
        let mut use_up = Sql::new("UPDATE refresh_tokens SET used_at = ");
        use_up.bind(at).push(" WHERE used_at IS NULL AND hash = ").bind(hash.as_slice());
        if transaction.execute(use_up).await? == 0 {
            return Ok(Rotation::Reused(session));
        }
        if expires_at <= at || session.expires_at <= at {
            return Ok(Rotation::Expired);
        }
        insert_refresh(&mut transaction, session_id, &new, at).await?;
        transaction.commit().await?;
        Ok(Rotation::Rotated(session))
    }
}

async fn extend_session(
    transaction: &mut Transaction,
    id: &str,
    tokens_until: Timestamp,
    at: Timestamp,
) -> Result<Option<SessionRecord>> {
    let mut extend = Sql::new("UPDATE sessions SET last_seen_at = ");
    extend.bind(at).push(", tokens_until = CASE WHEN tokens_until < ").bind(tokens_until);
    extend.push(" THEN ").bind(tokens_until).push(" ELSE tokens_until END WHERE ended_at IS NULL AND id = ").bind(id);
    extend.push(" RETURNING ").push(SESSION_COLUMNS);
    transaction.first(extend).await?.map(|row| session(&row)).transpose()
}

async fn owner_enabled(transaction: &mut Transaction, session: &SessionRecord) -> Result<bool> {
    let mut sql = Sql::new("SELECT enabled FROM ");
    match session.owner {
        SessionOwnerId::User(id) => sql.push("users WHERE id = ").bind(id.to_string()),
        SessionOwnerId::ServiceAccount(id) => sql.push("service_accounts WHERE id = ").bind(id.to_string()),
    };
    match transaction.first(sql).await? {
        Some(row) => row.bool(0),
        None => Ok(false),
    }
}
