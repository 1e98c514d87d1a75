//! Recovery of access for an operator with a shell on the host.

use rolecall_core::access::{Actor, Rule};
use rolecall_core::acts::{Permit, RecoverAccess};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{Credential, Email, Subject, User, UserId};
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result};
use uuid::Uuid;

use super::ChangeTx;
use super::rules::RuleRow;
use super::sessions::Whose;
use super::users::{UserRow, push_password};
use crate::scope_key::scope_key;
use crate::sql::Sql;
use crate::stored;

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
        let RecoverAccess { email } = self.act_of(permit)?;
        match self.user_of(email).await? {
            Some(user) if !user.is_local() => {
                return Err(Error::conflict(format!(
                    "{email} signs in with single sign-on and has no password here; choose another email"
                )));
            }
            Some(user) => self.recover(user.id, &password_hash).await?,
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
                    password_hash: Some(password_hash),
                    password_expires_at: None,
                    generated_password: false,
                    created_by: permit.actor().name().to_owned(),
                    created_at: self.now,
                    updated_at: self.now,
                    last_login: None,
                };
                self.insert_users(vec![row]).await?;
                self.made = Some(new_id.to_string());
            }
        }
        self.ensure_administrator(permit.actor(), email, rule_row).await
    }

    async fn user_of(&mut self, email: &Email) -> Result<Option<User>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(stored::USER_COLUMNS).push(" FROM users WHERE email = ").bind(email.as_str());
        self.transaction.first(sql).await?.map(|row| stored::user(&row)).transpose()
    }

    async fn recover(&mut self, id: UserId, password_hash: &str) -> Result<()> {
        let mut update = self.update("users");
        update.push(", enabled = 1");
        push_password(&mut update, password_hash, Credential::LastingTemporary, None, id);
        self.update_user(id, update).await?;
        self.end_sessions_of(Whose::User(id), None).await.map(drop)
    }

    async fn ensure_administrator(&mut self, actor: &Actor, email: &Email, rule_row: Uuid) -> Result<()> {
        let subject = Subject::User(email.clone());
        let (role, scope) = (RoleId::SYSTEM_ADMINISTRATOR, Scope::Account);
        let mut sql = Sql::new("SELECT id FROM access_rules WHERE deleted_at IS NULL AND subject_type = ");
        sql.bind(subject.kind().as_str()).push(" AND subject = ").bind(subject.name());
        sql.push(" AND role = ").bind(role.number()).push(" AND scope = ").bind(scope_key(scope));
        if self.transaction.first(sql).await?.is_some() {
            return Ok(());
        }
        let rule = Rule { id: self.next_rule().await?, subject, role, scope };
        self.ruled = Some((rule.clone(), rule_row));
        self.insert_rules(vec![RuleRow { rule, created_by: actor.name().to_owned(), at: self.now }]).await
    }
}
