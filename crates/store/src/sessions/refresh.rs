//! Refresh tokens: each is used once and leads to the next. Within a grace period it may lead to siblings of that one,
//! since a response may be lost and two tabs may refresh at once.

use std::time::Duration;

use rolecall_core::{Result, Timestamp};

use super::open::{NewRefresh, insert_refresh};
use super::record::{SESSION_COLUMNS, SessionOwnerId, SessionRecord, session};
use crate::Store;
use crate::backend::{Purpose, Transaction};
use crate::sql::Sql;

/// Maximum siblings from one refresh token.
const MOST_SIBLINGS: i64 = 10;

/// A refresh token to exchange.
#[derive(Debug, Clone, Copy)]
pub struct UsedRefresh {
    /// Its SHA-256.
    pub hash: [u8; 32],
    /// The grace period after its first use.
    pub grace: Duration,
    /// When the new access token expires.
    pub tokens_until: Timestamp,
    /// The current time.
    pub at: Timestamp,
}

/// The result of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// Valid, or used within the grace period: the new token is stored.
    Rotated(SessionRecord),
    /// Unknown.
    Unknown,
    /// The token or its session has expired.
    Expired,
    /// Its session has ended, or its owner is disabled or deleted.
    Ended,
    /// Used very often within the grace period.
    TooOften,
    /// Used again after the grace period, so one of its users is not its owner: the session must be ended.
    Reused(SessionRecord),
}

impl Store {
    /// Exchanges a refresh token for a new one. Nothing is written unless the result is [`Rotation::Rotated`]. Of
    /// several concurrent requests with one token, one gets that, and within the grace period ten more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rotate_refresh(&self, used: UsedRefresh, new: NewRefresh) -> Result<Rotation> {
        let UsedRefresh { hash, grace, tokens_until, at } = used;
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut find = Sql::new("SELECT session_id, expires_at FROM refresh_tokens WHERE hash = ");
        find.bind(hash.as_slice());
        let Some(token) = transaction.first(find).await? else { return Ok(Rotation::Unknown) };
        let (session_id, expires_at) = (token.text(0)?, token.time(1)?);

        // INVARIANT: the session's row is written before any decision. Ending the session also writes that row: either
        // it has ended by now, or its end comes later and sees how long the current tokens live.
        let Some(session) = extend_session(&mut transaction, session_id, tokens_until, at).await? else {
            return Ok(Rotation::Ended);
        };
        if !owner_enabled(&mut transaction, &session).await? {
            return Ok(Rotation::Ended);
        }
        let mut use_up = Sql::new("UPDATE refresh_tokens SET used_at = ");
        use_up.bind(at).push(" WHERE used_at IS NULL AND hash = ").bind(hash.as_slice());
        if transaction.execute(use_up).await? == 0 && !add_sibling(&mut transaction, &hash, at.minus(grace)).await? {
            let within_grace = used_after(&mut transaction, &hash, at.minus(grace)).await?;
            return Ok(if within_grace { Rotation::TooOften } else { Rotation::Reused(session) });
        }
        if expires_at <= at || session.expires_at <= at {
            return Ok(Rotation::Expired);
        }
        insert_refresh(&mut transaction, session_id, &new, at).await?;
        transaction.commit().await?;
        Ok(Rotation::Rotated(session))
    }
}

/// Counts a sibling, if the token was first used after that time and has few siblings so far.
async fn add_sibling(transaction: &mut Transaction, hash: &[u8; 32], after: Timestamp) -> Result<bool> {
    let mut add = Sql::new("UPDATE refresh_tokens SET siblings = siblings + 1 WHERE used_at > ");
    add.bind(after).push(" AND siblings < ").bind(MOST_SIBLINGS).push(" AND hash = ").bind(hash.as_slice());
    Ok(transaction.execute(add).await? > 0)
}

async fn used_after(transaction: &mut Transaction, hash: &[u8; 32], after: Timestamp) -> Result<bool> {
    let mut find = Sql::new("SELECT 1 FROM refresh_tokens WHERE used_at > ");
    find.bind(after).push(" AND hash = ").bind(hash.as_slice());
    Ok(transaction.first(find).await?.is_some())
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
