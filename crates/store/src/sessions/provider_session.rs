//! What an identity provider knows of the sessions that began there: found by its words for them, and what signing out
//! there needs.
//!
//! Its words are stored as hashes: they are only compared, and may be longer than an index takes.

use std::time::Duration;

use rolecall_core::identity::{ProviderId, SessionId, UserId};
use rolecall_core::{Error, Result, Timestamp};

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
    /// When the person proved themselves there, if the provider says so for this session alone.
    pub since: Option<Timestamp>,
    /// What signing out there needs, sealed; `None` where the provider cannot sign people out.
    pub sign_out: Option<Vec<u8>>,
}

/// How long after its end a session of the provider is not opened here: an answer of the provider may be on its way.
const HELD_BACK: Duration = Duration::from_secs(15 * 60);

/// The sessions that a provider names. All conditions must hold.
pub struct NamedSessions {
    /// The provider.
    pub provider: ProviderId,
    /// SHA-256 of its word for the person; `None` for whomever the sessions belong to.
    pub person: Option<[u8; 32]>,
    /// SHA-256 of its words for the sessions; all of the person when empty.
    pub sessions: Vec<[u8; 32]>,
    /// Those that began later are not meant.
    pub begun_by: Timestamp,
}

/// Maximum sessions that are found at once.
pub const NAMED_AT_ONCE: usize = 500;

/// A session that began with a provider that can sign people out.
pub struct SignOutThere {
    /// The provider.
    pub provider: ProviderId,
    /// What it needs, sealed.
    pub needs: Vec<u8>,
}

impl Store {
    /// Notes that the provider ended sessions then: answers that it gave before open none here.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_ended_there(&self, sessions: &[[u8; 32]], at: Timestamp) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        for session in sessions {
            let mut note = Sql::new("INSERT INTO used_assertions (hash, forget_at) VALUES (");
            note.bind(session.as_slice()).push(", ").bind(at.plus(HELD_BACK));
            note.push(") ON CONFLICT (hash) DO UPDATE SET forget_at = excluded.forget_at");
            transaction.execute(note).await?;
        }
        transaction.commit().await
    }

    /// The sessions that a provider names and that have not ended or expired, at most [`NAMED_AT_ONCE`], each with its user,
    /// by user. None when it names neither a person nor sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions_named(&self, named: &NamedSessions, now: Timestamp) -> Result<Vec<(SessionId, UserId)>> {
        let NamedSessions { provider, person, sessions, begun_by } = named;
        if person.is_none() && sessions.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT id, identity_id FROM sessions WHERE ended_at IS NULL AND expires_at > ");
        sql.bind(now).push(" AND created_at <= ").bind(*begun_by).push(" AND provider = ").bind(provider.to_string());
        if let Some(person) = person {
            sql.push(" AND provider_person = ").bind(person.as_slice());
        }
        if !sessions.is_empty() {
            sql.push(" AND provider_session IN ").bind_all(sessions.iter().map(<[u8; 32]>::as_slice));
        }
        sql.push(" ORDER BY identity_id LIMIT ").bind(i64::try_from(NAMED_AT_ONCE).map_err(Error::internal)?);
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

impl SessionThere {
    /// Finds a row if the provider ended the session before it is opened here.
    pub(super) fn ended(&self) -> Option<Sql> {
        let session = self.session.as_ref()?;
        let mut sql = Sql::new("SELECT 1 FROM used_assertions WHERE hash = ");
        sql.bind(session.as_slice());
        // Some providers use a name again for a session that the person began later.
        if let Some(since) = self.since {
            sql.push(" AND forget_at >= ").bind(since.plus(HELD_BACK));
        }
        Some(sql)
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
