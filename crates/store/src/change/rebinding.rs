//! Ends bindings to people at identity providers, and gives users the emails that they have there.

use rolecall_core::Result;
use rolecall_core::access::RuleId;
use rolecall_core::acts::{ChangeEmail, Permit, UnbindUsers};

use super::{ChangeTx, or_conflict, out_of_step};
use crate::sign_ins::forget_claims_of;
use crate::sql::Sql;
use crate::stored::rule_id;

/// Maximum users in one statement.
const AT_ONCE: usize = 500;

impl ChangeTx {
    /// Ends the bindings of users, and their sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unbind_users(&mut self, permit: &Permit<UnbindUsers>) -> Result<()> {
        let UnbindUsers(users) = self.enact(permit, ()).await?;
        for users in users.chunks(AT_ONCE) {
            let mut update = Sql::new("UPDATE users SET groups_at = NULL WHERE id IN ");
            update.bind_all(users.iter().map(ToString::to_string));
            self.transaction.execute(update).await?;
            self.transaction.execute(forget_claims_of(users)).await?;
        }
        Ok(())
    }

    /// Gives a user another email, makes their rules anew under it, and ends their sessions.
    ///
    /// # Errors
    /// `Conflict` when another user has that email.
    pub async fn change_email(&mut self, permit: &Permit<ChangeEmail>) -> Result<()> {
        let ChangeEmail { user: id, email } = self.act_of(permit)?;
        let user = self.world.user_by_id(*id).cloned().ok_or_else(|| out_of_step("the user", id))?;
        let moving = self.world.rules_that_follow(&user, email);
        let numbers = self.next_numbers("access-rule", moving.len()).await?;
        let ids: Result<Vec<RuleId>> = numbers.map(rule_id).collect();
        let ids = ids?;
        or_conflict(self.enact(permit, ids).await, || format!("a user {email} exists already")).map(drop)
    }
}
