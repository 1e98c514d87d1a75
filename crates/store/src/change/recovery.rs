//! Recovery of access for an operator with a shell on the host.

use rolecall_core::access::{Act, Permit, Rule};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{Credential, Email, Subject, User, UserId};
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result, Timestamp};
use uuid::Uuid;

use super::rules::RuleRow;
use super::sessions::Whose;
use super::users::{UserRow, push_password};
use super::{ChangeTx, wrong_act};
use crate::scope_key::scope_key;
use crate::sql::Sql;
use crate::stored;

impl ChangeTx {
    /// Makes a local user a way in ([`Act::RecoverAccess`]): the user is created if missing, is enabled, gets a
    /// temporary password that does not expire, and is System administrator of the account. Their sessions end. A new
    /// rule gets its own audit row, with the id `rule_row`.
    ///
    /// # Errors
    /// `Conflict` when the user signs in with an identity provider.
    pub async fn recover_access(
        &mut self,
        permit: &Permit,
        new_id: UserId,
        password_hash: String,
        rule_row: Uuid,
        at: Timestamp,
    ) -> Result<()> {
        self.ensure_current(permit)?;
        let Act::RecoverAccess { email } = permit.act() else { return Err(wrong_act(permit, "recover access")) };
        match self.user_of(email).await? {
            Some(user) if !user.is_local() => {
                return Err(Error::conflict(format!(
                    "{email} signs in with single sign-on and has no password here; choose another email"
                )));
            }
            Some(user) => self.recover(user.id, &password_hash, at).await?,
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
                    created_at: at,
                    updated_at: at,
                    last_login: None,
                };
                self.insert_users(vec![row]).await?;
                self.made = Some(new_id.to_string());
            }
        }
        self.ensure_administrator(permit, email, rule_row, at).await
    }

    async fn user_of(&mut self, email: &Email) -> Result<Option<User>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(stored::USER_COLUMNS).push(" FROM users WHERE email = ").bind(email.as_str());
        self.transaction.first(sql).await?.map(|row| stored::user(&row)).transpose()
    }

    async fn recover(&mut self, id: UserId, password_hash: &str, at: Timestamp) -> Result<()> {
        let mut update = self.update("users", at);
        update.push(", enabled = 1");
        push_password(&mut update, password_hash, Credential::LastingTemporary, None, id);
        self.update_user(id, update).await?;
        self.end_sessions_of(Whose::User(id), None, at).await.map(drop)
    }

    async fn ensure_administrator(
        &mut self,
        permit: &Permit,
        email: &Email,
        rule_row: Uuid,
        at: Timestamp,
    ) -> Result<()> {
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
        self.insert_rules(vec![RuleRow { rule, created_by: permit.actor().name().to_owned(), at }]).await
    }
}
