//! Users as identity providers describe them: creates them, binds them, and sets their groups and what they are called there.

use rolecall_core::acts::{AdmitNewcomer, AdmitUser, ForgetGroups, Permit};
use rolecall_core::identity::{PersonNames, UserId};
use rolecall_core::{Result, Timestamp};

use super::details::{Details, Origin, UserDetails};
use super::{ChangeTx, or_conflict, out_of_step};
use crate::sql::Sql;

impl ChangeTx {
    /// Creates the user of a newcomer, with that id and what the provider calls them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn admit_newcomer(
        &mut self,
        permit: &Permit<AdmitNewcomer>,
        id: UserId,
        names: PersonNames,
    ) -> Result<()> {
        let AdmitNewcomer(admission) = self.act_of(permit)?;
        let provider = admission.binding.provider();
        let provider = self.world.provider(provider).ok_or_else(|| out_of_step("the identity provider", provider))?;
        let origin = Origin { created_by: provider.alias.to_string(), created_at: self.now, updated_at: self.now };
        let user = UserDetails { names, groups_at: Some(self.now), origin: Some(origin), ..UserDetails::default() };
        let details = Details { users: [(id, user)].into(), ..Details::default() };
        let done = self.enact_with(permit, id, details).await;
        or_conflict(done, || format!("a user {} already exists", admission.email))?;
        self.made = Some(id.to_string());
        Ok(())
    }

    /// Binds a known user, sets their groups, and notes what they are called at the provider. Returns their id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn admit_user(&mut self, permit: &Permit<AdmitUser>) -> Result<UserId> {
        let AdmitUser(admission) = self.act_of(permit)?;
        let user = self.world.described_user(admission)?;
        let user = user.ok_or_else(|| out_of_step("the user", &admission.email))?;
        let (id, same) = (user.id, user.binding.as_ref() == Some(&admission.binding));
        self.enact(permit, ()).await?;
        if admission.groups.is_some() || !same {
            let mut said = Sql::new("UPDATE users SET groups_at = ");
            said.bind(self.now).push(" WHERE id = ").bind(id.to_string());
            self.transaction.execute(said).await?;
        }
        Ok(id)
    }

    /// Forgets the groups of a user about whom the provider has said nothing since `before`. False,
    /// and nothing changed, when it has meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_groups(&mut self, permit: &Permit<ForgetGroups>, before: Timestamp) -> Result<bool> {
        let ForgetGroups(id) = self.act_of(permit)?;
        // Writes nothing new, and so finds out whether it is as old, and keeps it so until the end.
        let mut old = Sql::new("UPDATE users SET groups_at = groups_at WHERE groups_at < ");
        old.bind(before).push(" AND id = ").bind(id.to_string());
        if self.transaction.execute(old).await? == 0 {
            return Ok(false);
        }
        self.enact(permit, ()).await?;
        Ok(true)
    }
}
