//! Creates, updates and deletes users, with their passwords.

use std::collections::BTreeSet;

use rolecall_core::access::Actor;
use rolecall_core::acts::{ChangeOwnPassword, CreateUser, DeleteUser, DisableUser, EnableUser, Permit, ResetPassword};
use rolecall_core::identity::{Binding, Credential, GroupName, PersonName, PersonNames, User, UserId};
use rolecall_core::{Change, Result, RevisionStamp, Timestamp};

use super::{ChangeTx, or_conflict, out_of_step};
use crate::sql::{Sql, Value};
use crate::stored::{self, USER_COLUMNS, credential_word, groups_text};

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

/// The columns of a user, in the order of [`ChangeTx::insert_users`].
const INTO_USERS: &str = "users (id, email, enabled, credential, password_hash, password_expires_at, \
                          generated_password, group_names, created_by, created_at, updated_at, last_login, revision, revision_id, \
                          provider, issuer, subject, first_name, last_name, names_key)";

/// A user's row.
pub(super) struct UserRow {
    pub(super) user: User,
    pub(super) names: PersonNames,
    pub(super) password_hash: Option<String>,
    pub(super) password_expires_at: Option<Timestamp>,
    pub(super) generated_password: bool,
    pub(super) created_by: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) last_login: Option<Timestamp>,
}

impl ChangeTx {
    /// Creates a local user.
    ///
    /// # Errors
    /// `Conflict` when a user has that email.
    pub async fn create_user(&mut self, permit: &Permit<CreateUser>, new: NewUser) -> Result<()> {
        let NewUser { id, names, password, generated } = new;
        let CreateUser { email } = self.enact(permit, (id, password.credential)).await?;
        let user = User {
            id,
            email: email.clone(),
            enabled: true,
            credential: password.credential,
            groups: Vec::new().into(),
            binding: None,
            email_there: None,
        };
        let row = UserRow {
            user,
            names,
            password_hash: Some(password.hash),
            password_expires_at: password.expires_at,
            generated_password: generated,
            created_by: permit.actor().name().to_owned(),
            created_at: self.now,
            updated_at: self.now,
            last_login: None,
        };
        let done = self.insert_users(vec![row]).await;
        or_conflict(done, || format!("a user {email} already exists"))?;
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
        let EnableUser(id) = self.enact(permit, ()).await?;
        self.set_user_enabled(*id, true).await
    }

    /// Disables a user, and ends their sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_user(&mut self, permit: &Permit<DisableUser>) -> Result<()> {
        let DisableUser(id) = self.enact(permit, ()).await?;
        self.set_user_enabled(*id, false).await
    }

    async fn set_user_enabled(&mut self, id: UserId, enabled: bool) -> Result<()> {
        let mut update = self.update("users");
        update.push(", enabled = ").bind(enabled).push(" WHERE id = ").bind(id.to_string());
        self.update_user(id, update).await
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

    async fn set_password(&mut self, id: UserId, password: NewPassword) -> Result<()> {
        // INVARIANT: the user's row is written before their sessions end. A sign-in writes that row too, on the condition that the
        // password is still the one it verified. So either it comes first, and its session ends with this act, or it comes
        // second and fails.
        let mut update = self.update("users");
        push_password(&mut update, &password.hash, password.credential, password.expires_at, id);
        self.update_user(id, update).await
    }

    /// Updates one user's row, as the changes say.
    pub(super) async fn update_user(&mut self, id: UserId, update: Sql) -> Result<()> {
        if self.update_users(update).await? == 1 { Ok(()) } else { Err(out_of_step("the user", id)) }
    }

    // INVARIANT: only the next two functions write users, except for the time of the last sign-in. Both write the same
    // groups to `user_groups` as to `users.group_names`, and recount the rules. Deleting a user deletes their rows
    // there.

    /// Updates rows of users, as many as one statement accepts. Returns how many.
    pub(super) async fn update_users(&mut self, mut update: Sql) -> Result<usize> {
        update.push(" RETURNING ").push(USER_COLUMNS);
        let rows = self.transaction.query(update).await?;
        let users: Result<Vec<User>> = rows.iter().map(stored::user).collect();
        let users = users?;
        if users.is_empty() {
            return Ok(0);
        }
        let mut forget = Sql::new("DELETE FROM user_groups WHERE email IN ");
        forget.bind_all(users.iter().map(|user| user.email.as_str()));
        self.transaction.execute(forget).await?;
        self.insert(INTO_USER_GROUPS, users.iter().flat_map(memberships).collect()).await?;
        self.count_rules_of(&users.iter().map(|user| &user.email).collect::<Vec<_>>()).await?;
        let count = users.len();
        for user in users {
            self.record(user);
        }
        Ok(count)
    }

    /// Records a user as their row has them. That is what the act says, unless another writer changed the row: then the world
    /// learns of it here.
    fn record(&mut self, user: User) {
        let id = user.id;
        let set = Change::UserSet(user);
        if !self.changes.contains(&set) {
            self.changes.retain(|change| !matches!(change, Change::UserSet(other) if other.id == id));
            self.changes.push(set);
        }
    }

    pub(super) async fn insert_users(&mut self, users: Vec<UserRow>) -> Result<()> {
        let stamp = self.stamp;
        let rows: Result<Vec<Vec<Value>>> = users.iter().map(|row| values(row, stamp)).collect();
        self.insert(INTO_USERS, rows?).await?;
        self.insert(INTO_USER_GROUPS, users.iter().flat_map(|row| memberships(&row.user)).collect()).await?;
        self.count_rules_of(&users.iter().map(|row| &row.user.email).collect::<Vec<_>>()).await?;
        Ok(())
    }
}

/// The columns of a user's group, in the order of [`memberships`].
const INTO_USER_GROUPS: &str = "user_groups (group_name, email)";

/// One row for each group; a list may name a group twice.
fn memberships(user: &User) -> Vec<Vec<Value>> {
    let groups: BTreeSet<&str> = user.groups.iter().map(GroupName::as_str).collect();
    groups.into_iter().map(|group| vec![group.into(), user.email.as_str().into()]).collect()
}

/// The rest of an update that gives a local user another password.
pub(super) fn push_password(
    update: &mut Sql,
    hash: &str,
    credential: Credential,
    expires_at: Option<Timestamp>,
    id: UserId,
) {
    update.push(", password_hash = ").bind(hash).push(", credential = ").bind(credential_word(credential));
    update.push(", password_expires_at = ").bind(expires_at).push(", generated_password = 0");
    // Proofs of the old password, such as a known browser, end with it.
    update.push(", password_generation = password_generation + 1");
    update.push(" WHERE credential <> ").bind(credential_word(Credential::External));
    update.push(" AND id = ").bind(id.to_string());
}

fn values(row: &UserRow, stamp: RevisionStamp) -> Result<Vec<Value>> {
    Ok([
        row.user.id.to_string().into(),
        row.user.email.as_str().into(),
        row.user.enabled.into(),
        credential_word(row.user.credential).into(),
        row.password_hash.clone().into(),
        row.password_expires_at.into(),
        row.generated_password.into(),
        groups_text(&row.user.groups)?.into(),
        row.created_by.as_str().into(),
        row.created_at.into(),
        row.updated_at.into(),
        row.last_login.into(),
        stamp.number().into(),
        stamp.id.bits().cast_signed().into(),
    ]
    .into_iter()
    .chain(binding_values(row.user.binding.as_deref()))
    .chain(names_values(&row.names))
    .collect())
}

/// First name, last name, and the key of both.
fn names_values(names: &PersonNames) -> [Value; 3] {
    let text = |name: &Option<PersonName>| Value::from(name.as_ref().map(ToString::to_string));
    [text(&names.first), text(&names.last), names.key().into()]
}

/// Provider, issuer and subject.
pub(super) fn binding_values(binding: Option<&Binding>) -> [Value; 3] {
    [
        binding.map(|it| it.provider().to_string()).into(),
        binding.map(|it| it.issuer().to_owned()).into(),
        binding.map(|it| it.subject().to_owned()).into(),
    ]
}
