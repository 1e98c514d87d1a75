//! Users as identity providers describe them: creates them, binds them, and sets their groups and what they are called there.

use rolecall_core::acts::{AdmitNewcomer, AdmitUser, ForgetGroups, Permit};
use rolecall_core::identity::{Binding, Credential, GroupName, PersonNames, User, UserId};
use rolecall_core::{Result, Timestamp};

use super::users::{UserRow, binding_values};
use super::{ChangeTx, or_conflict, out_of_step};
use crate::sql::Sql;
use crate::stored::groups_text;

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
        let AdmitNewcomer(admission) = self.enact(permit, id).await?;
        let provider = admission.binding.provider();
        let provider = self.world.provider(provider).ok_or_else(|| out_of_step("the identity provider", provider))?;
        let user = User {
            id,
            email: admission.email.clone(),
            enabled: true,
            credential: Credential::External,
            groups: admission.groups.clone().unwrap_or_default(),
            binding: Some(admission.binding.clone()),
            email_there: None,
        };
        let row = UserRow {
            user,
            names,
            password_hash: None,
            password_expires_at: None,
            generated_password: false,
            created_by: provider.alias.to_string(),
            created_at: self.now,
            updated_at: self.now,
            last_login: None,
        };
        or_conflict(self.insert_users(vec![row]).await, || format!("a user {} already exists", admission.email))?;
        let mut stated = Sql::new("UPDATE users SET groups_at = ");
        stated.bind(self.now).push(" WHERE id = ").bind(id.to_string());
        self.transaction.execute(stated).await?;
        self.made = Some(id.to_string());
        Ok(())
    }

    /// Binds a known user, sets their groups, and notes what they are called at the provider. Returns their id. Signing in is no
    /// change by an administrator, so the time and the tag of the last one stay.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn admit_user(&mut self, permit: &Permit<AdmitUser>) -> Result<UserId> {
        let AdmitUser(admission) = self.enact(permit, ()).await?;
        let user = self.world.described_user(admission)?;
        let user = user.ok_or_else(|| out_of_step("the user", &admission.email))?.clone();
        let mut update = Sql::new("UPDATE users SET group_names = ");
        // INVARIANT: groups are of the person, and not of the user: another person keeps none of them.
        let same = user.binding.as_ref() == Some(&admission.binding);
        let known: &[GroupName] = if same { &user.groups } else { &[] };
        update.bind(groups_text(admission.groups.as_deref().unwrap_or(known))?);
        if admission.groups.is_some() || !same {
            update.push(", groups_at = ").bind(self.now);
        }
        let there = Some(&admission.email).filter(|email| **email != user.email);
        update.push(", email_there = ").bind(there.map(|email| email.as_str().to_owned()));
        push_binding(&mut update, Some(&admission.binding));
        update.push(" WHERE id = ").bind(user.id.to_string());
        self.update_user(user.id, update).await?;
        Ok(user.id)
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
        let mut update = Sql::new("UPDATE users SET group_names = ");
        update.bind(groups_text(&[])?).push(" WHERE id = ").bind(id.to_string());
        self.update_user(*id, update).await?;
        Ok(true)
    }
}

pub(super) fn push_binding(update: &mut Sql, binding: Option<&Binding>) {
    for (column, value) in ["provider", "issuer", "subject"].into_iter().zip(binding_values(binding)) {
        update.push(", ").push(column).push(" = ").bind(value);
    }
}
