//! Ends sessions.

use rolecall_core::acts::{EndSessions, EndedSessions, LogOutUser, Permit, SignOut};
use rolecall_core::identity::{ServiceAccountId, UserId};
use rolecall_core::{Change, Result};

use super::{ChangeTx, out_of_step};
use crate::sql::Sql;
use crate::stored;

/// Maximum users or sessions in one statement.
const AT_ONCE: usize = 500;

impl ChangeTx {
    /// Ends all sessions of a user.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log_out_user(&mut self, permit: &Permit<LogOutUser>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Ends the actor's own session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_out(&mut self, permit: &Permit<SignOut>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Ends the named sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_sessions(&mut self, permit: &Permit<EndSessions>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Ends the sessions that end with an act, and records them as changes; none is not an error. Those of deleted owners are
    /// deleted as well, with their refresh tokens.
    pub(super) async fn end(&mut self, sessions: EndedSessions) -> Result<()> {
        match sessions {
            EndedSessions::OfUsers(users) => {
                for users in users.chunks(AT_ONCE) {
                    self.end_where(|sql| push_users(sql, users)).await?;
                }
            }
            EndedSessions::OthersOf(user, spared) => {
                let condition = |sql: &mut Sql| {
                    push_users(sql, &[user]);
                    sql.push(" AND id <> ").bind(spared.to_string());
                };
                self.end_where(condition).await?;
            }
            EndedSessions::OfServiceAccount(id) => self.end_where(|sql| push_service_account(sql, id)).await?,
            EndedSessions::OfProvider(id) => {
                let condition = |sql: &mut Sql| {
                    sql.push(" provider = ").bind(id.to_string());
                };
                self.end_where(condition).await?;
            }
            EndedSessions::These(sessions) => {
                for sessions in sessions.chunks(AT_ONCE) {
                    let condition = |sql: &mut Sql| {
                        sql.push(" id IN ").bind_all(sessions.iter().map(ToString::to_string));
                    };
                    self.end_where(condition).await?;
                }
            }
        }
        self.forget_sessions_of_the_gone().await
    }

    async fn end_where(&mut self, condition: impl FnOnce(&mut Sql)) -> Result<()> {
        let at = self.now;
        let mut end = Sql::new("UPDATE sessions SET ended_at = ");
        end.bind(at).push(" WHERE ended_at IS NULL AND");
        condition(&mut end);
        end.push(" RETURNING id, tokens_until");
        for row in self.transaction.query(end).await? {
            let (id, until) = (stored::session_id(row.text(0)?)?, row.time(1)?);
            // The world needs no record of a session whose tokens have all expired.
            if until >= at {
                self.changes.push(Change::SessionEnded { id, at, until });
            }
        }
        Ok(())
    }

    async fn forget_sessions_of_the_gone(&mut self) -> Result<()> {
        let mut forget = Vec::new();
        for change in &self.changes {
            let mut delete = Sql::new("DELETE FROM sessions WHERE");
            match change {
                Change::UserGone { email } => {
                    let user = self.world.user(email).ok_or_else(|| out_of_step("the user", email))?;
                    push_users(&mut delete, &[user.id]);
                }
                Change::ServiceAccountGone { client_id } => {
                    let account = self.world.service_account(client_id);
                    let account = account.ok_or_else(|| out_of_step("the service account", client_id))?;
                    push_service_account(&mut delete, account.id);
                }
                _ => continue,
            }
            forget.push(delete);
        }
        for delete in forget {
            self.transaction.execute(delete).await?;
        }
        Ok(())
    }
}

fn push_users(sql: &mut Sql, users: &[UserId]) {
    sql.push(" identity_type = 'user' AND identity_id IN ").bind_all(users.iter().map(ToString::to_string));
}

fn push_service_account(sql: &mut Sql, id: ServiceAccountId) {
    sql.push(" identity_type = 'service-account' AND identity_id = ").bind(id.to_string());
}
