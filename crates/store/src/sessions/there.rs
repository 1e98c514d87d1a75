//! What an identity provider knows of the sessions that began there: found by its words for them, and what signing out
//! there needs.
//!
//! Its words are stored as hashes: they are only compared, and may be longer than an index takes.

use rolecall_core::identity::{ProviderId, SessionId, UserId};
use rolecall_core::{Result, Timestamp};

use crate::Store;
use crate::backend::Purpose;
use crate::sql::{Row, Sql};
use crate::stored;

/// What the provider knows of a session.
#[derive(Default)]
pub struct SessionThere {
    /// SHA-256 of its word for the person; `None` where it never speaks of them again.
    pub person: Option<[u8; 32]>,
    /// SHA-256 of its word for the session, if it has one.
    pub session: Option<[u8; 32]>,
    /// What signing out there needs, sealed; `None` where the provider cannot sign people out.
    pub sign_out: Option<Vec<u8>>,
}

/// The sessions that a provider names. All conditions must hold.
pub struct NamedSessions {
    /// The provider.
    pub provider: ProviderId,
    /// SHA-256 of its word for the person; `None` for whomever the sessions belong to.
    pub person: Option<[u8; 32]>,
    /// SHA-256 of its words for the sessions; all of the person when empty.
    pub sessions: Vec<[u8; 32]>,
}

/// A session that began with a provider that can sign people out.
pub struct SignOutThere {
    /// The provider.
    pub provider: ProviderId,
    /// What it needs, sealed.
    pub needs: Vec<u8>,
}

impl Store {
    /// The sessions that a provider names and that have not ended or expired, each with its user. None when it names
    /// neither a person nor sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions_named(&self, named: NamedSessions, now: Timestamp) -> Result<Vec<(SessionId, UserId)>> {
        let NamedSessions { provider, person, sessions } = named;
        if person.is_none() && sessions.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT id, identity_id FROM sessions WHERE ended_at IS NULL AND expires_at > ");
        sql.bind(now).push(" AND provider = ").bind(provider.to_string());
        if let Some(person) = person {
            sql.push(" AND provider_person = ").bind(person.as_slice());
        }
        if !sessions.is_empty() {
            sql.push(" AND provider_session IN ").bind_all(sessions.iter().map(<[u8; 32]>::as_slice));
        }
        self.read(sql).await?.iter().map(session_of_user).collect()
    }

    /// What signing a session out at its provider needs; `None` where the provider cannot do that, or it was taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_out_there(&self, session: SessionId) -> Result<Option<SignOutThere>> {
        self.read(selected(session)).await?.first().map(sign_out).transpose()
    }

    /// The same, and forgets it: the first caller gets it, a later one nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_sign_out_there(&self, session: SessionId) -> Result<Option<SignOutThere>> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let found = transaction.first(selected(session)).await?.as_ref().map(sign_out).transpose()?;
        let mut forget =
            Sql::new("UPDATE sessions SET provider_sign_out = NULL WHERE provider_sign_out IS NOT NULL AND id = ");
        forget.bind(session.to_string());
        let was_there = transaction.execute(forget).await? == 1;
        transaction.commit().await?;
        Ok(found.filter(|_| was_there))
    }
}

fn selected(session: SessionId) -> Sql {
    let mut sql =
        Sql::new("SELECT provider, provider_sign_out FROM sessions WHERE provider_sign_out IS NOT NULL AND id = ");
    sql.bind(session.to_string());
    sql
}

fn sign_out(row: &Row) -> Result<SignOutThere> {
    Ok(SignOutThere { provider: stored::provider_id(row.text(0)?)?, needs: row.bytes(1)?.to_vec() })
}

fn session_of_user(row: &Row) -> Result<(SessionId, UserId)> {
    Ok((stored::session_id(row.text(0)?)?, stored::user_id(row.text(1)?)?))
}
