//! Ends bindings to people at identity providers, and gives users the emails that they have there.

use rolecall_core::Result;
use rolecall_core::access::RuleId;
use rolecall_core::acts::{ChangeEmail, Permit, UnbindUsers};

use super::admission::push_binding;
use super::{ChangeTx, or_conflict, out_of_step};
use crate::sign_ins::forget_claims_of;
use crate::sql::Sql;
use crate::stored::{groups_text, rule_id};

/// Maximum users in one statement.
const AT_ONCE: usize = 500;

impl ChangeTx {
    /// Ends the bindings of users, and their sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unbind_users(&mut self, permit: &Permit<UnbindUsers>) -> Result<()> {
        let UnbindUsers(users) = self.enact(permit, ()).await?;
        let mut users = users.clone();
        users.sort();
        users.dedup();
        for users in users.chunks(AT_ONCE) {
            let mut update = self.update("users");
            // They were those of the person.
            update.push(", groups_at = NULL, email_there = NULL, group_names = ").bind(groups_text(&[])?);
            push_binding(&mut update, None);
            update.push(" WHERE id IN ").bind_all(users.iter().map(ToString::to_string));
            let updated = self.update_users(update).await?;
            if updated != users.len() {
                return Err(out_of_step("users to unbind, this many:", users.len() - updated));
            }
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
        self.enact(permit, ids).await?;
        // What refers to the user by the old email is written anew with the row.
        for table in ["user_groups", "rule_counts"] {
            let mut forget = Sql::new(&format!("DELETE FROM {table} WHERE email = "));
            forget.bind(user.email.as_str());
            self.transaction.execute(forget).await?;
        }
        let mut update = self.update("users");
        update.push(", email_there = NULL, email = ").bind(email.as_str());
        update.push(" WHERE id = ").bind(id.to_string());
        or_conflict(self.update_user(*id, update).await, || format!("a user {email} exists already"))
    }
}
