//! Ends sessions.

use rolecall_core::acts::{EndSessions, LogOutUser, Permit, SignOut};
use rolecall_core::identity::{ProviderId, ServiceAccountId, SessionId, UserId};
use rolecall_core::{Change, Result};

use super::{ChangeTx, out_of_step};
use crate::sql::Sql;
use crate::stored;

/// The owner of sessions.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose<'u> {
    User(UserId),
    Users(&'u [UserId]),
    ServiceAccount(ServiceAccountId),
    /// The people who signed in with it.
    Provider(ProviderId),
}

impl Whose<'_> {
    /// Adds the condition that a session belongs to the owner.
    fn push_to(self, sql: &mut Sql) {
        match self {
            Self::User(id) => {
                sql.push(" identity_type = 'user' AND identity_id = ").bind(id.to_string());
            }
            Self::Users(users) => {
                sql.push(" identity_type = 'user' AND identity_id IN ");
                sql.bind_all(users.iter().map(ToString::to_string));
            }
            Self::ServiceAccount(id) => {
                sql.push(" identity_type = 'service-account' AND identity_id = ").bind(id.to_string());
            }
            Self::Provider(id) => {
                sql.push(" provider = ").bind(id.to_string());
            }
        }
    }
}

impl ChangeTx {
    /// Ends all sessions of a user. Returns how many were active; none is not an error.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log_out_user(&mut self, permit: &Permit<LogOutUser>) -> Result<usize> {
        let LogOutUser(id) = self.enact(permit, ())?;
        self.end_sessions_of(Whose::User(*id), None).await
    }

    /// Ends the actor's own session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_out(&mut self, permit: &Permit<SignOut>) -> Result<usize> {
        let SignOut = self.enact(permit, ())?;
        let own = permit.actor().session().ok_or_else(|| out_of_step("the session of", permit.actor().name()))?;
        self.end_these(&[own]).await
    }

    /// Ends the named sessions. Returns how many were active; none is not an error.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_sessions(&mut self, permit: &Permit<EndSessions>) -> Result<usize> {
        let EndSessions { sessions, .. } = self.enact(permit, ())?;
        self.end_these(sessions).await
    }

    async fn end_these(&mut self, sessions: &[SessionId]) -> Result<usize> {
        let condition = |sql: &mut Sql| {
            sql.push(" id IN ").bind_all(sessions.iter().map(ToString::to_string));
        };
        self.end_where(condition).await
    }

    /// Ends the sessions of an owner, except one.
    pub(super) async fn end_sessions_of(&mut self, whose: Whose<'_>, spared: Option<SessionId>) -> Result<usize> {
        let condition = |sql: &mut Sql| {
            whose.push_to(sql);
            if let Some(spared) = spared {
                sql.push(" AND id <> ").bind(spared.to_string());
            }
        };
        self.end_where(condition).await
    }

    async fn end_where(&mut self, condition: impl FnOnce(&mut Sql)) -> Result<usize> {
        let at = self.now;
        let mut end = Sql::new("UPDATE sessions SET ended_at = ");
        end.bind(at).push(" WHERE ended_at IS NULL AND");
        condition(&mut end);
        end.push(" RETURNING id, tokens_until");
        let ended = self.transaction.query(end).await?;
        for row in &ended {
            let (id, until) = (stored::session_id(row.text(0)?)?, row.time(1)?);
            // The world needs no record of a session whose tokens have all expired.
            if until >= at {
                self.changes.push(Change::SessionEnded { id, at, until });
            }
        }
        Ok(ended.len())
    }

    /// Deletes the sessions of a deleted owner, with their refresh tokens.
    pub(super) async fn forget_sessions_of(&mut self, whose: Whose<'_>) -> Result<()> {
        let mut delete = Sql::new("DELETE FROM sessions WHERE");
        whose.push_to(&mut delete);
        self.transaction.execute(delete).await.map(drop)
    }
}
