//! Creates, updates and deletes users, with their passwords.

use rolecall_core::access::Actor;
use rolecall_core::acts::{ChangeOwnPassword, CreateUser, DeleteUser, DisableUser, EnableUser, Permit, ResetPassword};
use rolecall_core::identity::{Credential, PersonNames, UserId};
use rolecall_core::{Result, Timestamp};

use super::details::{Details, UserDetails};
use super::{ChangeTx, or_conflict, out_of_step};
use crate::sql::Sql;

/// A local user to create. Their email comes from the permit.
#[derive(Debug)]
pub struct NewUser {
    /// Their id.
    pub id: UserId,
    /// What they are called.
    pub names: PersonNames,
    /// Their first password.
    pub password: NewPassword,
    /// Whether it is a generated password that may be kept.
    pub generated: bool,
}

/// A password to set, as its hash.
pub struct NewPassword {
    /// The Argon2id hash in PHC form.
    pub hash: String,
    /// Whether it is the user's own or a temporary one; never [`Credential::External`].
    pub credential: Credential,
    /// When a temporary one expires.
    pub expires_at: Option<Timestamp>,
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { hash: _, credential, expires_at } = self;
        f.debug_struct("NewPassword")
            .field("hash", &"***")
            .field("credential", credential)
            .field("expires_at", expires_at)
            .finish()
    }
}

impl ChangeTx {
    /// Creates a local user.
    ///
    /// # Errors
    /// `Conflict` when a user has that email.
    pub async fn create_user(&mut self, permit: &Permit<CreateUser>, new: NewUser) -> Result<()> {
        let NewUser { id, names, password, generated } = new;
        let NewPassword { hash, credential, expires_at } = password;
        let user = UserDetails {
            names,
            password_hash: Some(hash),
            password_expires_at: expires_at,
            generated_password: generated,
            ..UserDetails::default()
        };
        let details = Details { users: [(id, user)].into(), ..Details::default() };
        let done = self.enact_with(permit, (id, credential), details).await;
        or_conflict(done, || format!("a user {} already exists", permit.act().email))?;
        self.made = Some(id.to_string());
        Ok(())
    }

    /// Deletes a user with their sessions and tokens, and soft-deletes their rules.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_user(&mut self, permit: &Permit<DeleteUser>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Enables a user.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enable_user(&mut self, permit: &Permit<EnableUser>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Disables a user, and ends their sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_user(&mut self, permit: &Permit<DisableUser>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Gives a local user a temporary password, and ends all their sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reset_password(&mut self, permit: &Permit<ResetPassword>, password: NewPassword) -> Result<()> {
        let ResetPassword(id) = self.enact(permit, password.credential).await?;
        self.set_password(*id, password).await
    }

    /// The stored hash of the actor's own password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn own_password_hash(&mut self, permit: &Permit<ChangeOwnPassword>) -> Result<Option<String>> {
        let id = self.own(permit)?;
        let mut select = Sql::new("SELECT password_hash FROM users WHERE id = ");
        select.bind(id.to_string());
        let row = self.transaction.first(select).await?;
        Ok(row.map(|row| row.text_or_null(0).map(|hash| hash.map(str::to_owned))).transpose()?.flatten())
    }

    /// Changes the actor's own password, and ends all their sessions but this one. Their refresh tokens are refused from then
    /// on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_own_password(
        &mut self,
        permit: &Permit<ChangeOwnPassword>,
        password: NewPassword,
    ) -> Result<()> {
        let id = self.own(permit)?;
        self.enact(permit, password.credential).await?;
        self.set_password(id, password).await
    }

    fn own(&self, permit: &Permit<ChangeOwnPassword>) -> Result<UserId> {
        let ChangeOwnPassword = self.act_of(permit)?;
        match permit.actor() {
            Actor::User { id, .. } => Ok(*id),
            actor => Err(out_of_step("the user", actor.name())),
        }
    }

    /// Writes a local user's password. Its kind is written with the change.
    // INVARIANT: the user's row is written before their sessions end. A sign-in writes that row too, on the condition that the
    // password is still the one it verified. So either it comes first, and its session ends with this act, or it comes second and
    // fails.
    pub(super) async fn set_password(&mut self, id: UserId, password: NewPassword) -> Result<()> {
        let NewPassword { hash, credential: _, expires_at } = password;
        let mut update = Sql::new("UPDATE users SET password_hash = ");
        update.bind(hash).push(", password_expires_at = ").bind(expires_at).push(", generated_password = 0");
        // Proofs of the old password, such as a known browser, end with it.
        update.push(", password_generation = password_generation + 1");
        update.push(" WHERE id = ").bind(id.to_string());
        if self.transaction.execute(update).await? == 1 { Ok(()) } else { Err(out_of_step("the user", id)) }
    }
}
