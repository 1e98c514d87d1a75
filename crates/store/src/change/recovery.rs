//! Recovery of access for an operator with a shell on the host.

use rolecall_core::acts::{Permit, RecoverAccess};
use rolecall_core::identity::{Credential, UserId};
use rolecall_core::{Error, Result};
use uuid::Uuid;

use super::ChangeTx;
use super::details::{Details, UserDetails};
use super::users::NewPassword;

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
        let password = NewPassword { hash: password_hash, credential: Credential::LastingTemporary, expires_at: None };
        match known {
            Some((id, _)) => {
                self.enact(permit, (new_id, rule)).await?;
                self.set_password(id, password).await?;
            }
            None => {
                let user = UserDetails { password_hash: Some(password.hash), ..UserDetails::default() };
                let details = Details { users: [(new_id, user)].into(), ..Details::default() };
                self.enact_with(permit, (new_id, rule), details).await?;
                self.made = Some(new_id.to_string());
            }
        }
        self.ruled = rule.map(|id| (act.administers(id), rule_row));
        Ok(())
    }
}
