//! Recovery of access for an operator with a shell on the host.

use rolecall_core::acts::{Permit, RecoverAccess};
use rolecall_core::identity::{Credential, PersonNames, User, UserId};
use rolecall_core::{Error, Result};
use uuid::Uuid;

use super::ChangeTx;
use super::users::{UserRow, push_password};

impl ChangeTx {
    /// Makes a local user a way in: the user is created if missing, is enabled, gets a
    /// temporary password that does not expire, and is System administrator of the account. Their sessions end. A new
    /// rule gets its own audit row, with the id `rule_row`.
    ///
    /// # Errors
    /// `Conflict` when the user signs in with an identity provider.
    pub async fn recover_access(
        &mut self,
        permit: &Permit<RecoverAccess>,
        new_id: UserId,
        password_hash: String,
        rule_row: Uuid,
    ) -> Result<()> {
        let act = self.act_of(permit)?;
        let email = &act.email;
        let known = self.world.user(email).map(|user| (user.id, user.is_local()));
        if let Some((_, false)) = known {
            return Err(Error::conflict(format!(
                "{email} signs in with single sign-on and has no password here; choose another email"
            )));
        }
        let rule = if act.is_administrator(&self.world) { None } else { Some(self.next_rule().await?) };
        self.enact(permit, (new_id, rule)).await?;
        let created_by = permit.actor().name();
        match known {
            Some((id, _)) => self.recover(id, &password_hash).await?,
            None => {
                let user = User {
                    id: new_id,
                    email: email.clone(),
                    enabled: true,
                    credential: Credential::LastingTemporary,
                    groups: Vec::new().into(),
                    binding: None,
                    email_there: None,
                };
                let row = UserRow {
                    user,
                    names: PersonNames::default(),
                    password_hash: Some(password_hash),
                    password_expires_at: None,
                    generated_password: false,
                    created_by: created_by.to_owned(),
                    created_at: self.now,
                    updated_at: self.now,
                    last_login: None,
                };
                self.insert_users(vec![row]).await?;
                self.made = Some(new_id.to_string());
            }
        }
        self.ruled = rule.map(|id| (act.administers(id), rule_row));
        Ok(())
    }

    async fn recover(&mut self, id: UserId, password_hash: &str) -> Result<()> {
        let mut update = self.update("users");
        update.push(", enabled = 1");
        push_password(&mut update, password_hash, Credential::LastingTemporary, None, id);
        self.update_user(id, update).await
    }
}
