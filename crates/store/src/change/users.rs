//! Creates, updates and deletes users, with their passwords.

use std::collections::BTreeSet;

use rolecall_core::access::{Act, Actor, Permit};
use rolecall_core::identity::{Binding, Credential, GroupName, Subject, User, UserId};
use rolecall_core::{Change, Result, RevisionStamp, Timestamp, World};

use super::sessions::Whose;
use super::{ChangeTx, or_conflict, out_of_step, wrong_act};
use crate::sign_ins::forget_claims_of;
use crate::sql::{Sql, Value};
use crate::stored::{self, USER_COLUMNS, credential_word, groups_text};

/// A local user to create. Their email comes from the permit.
#[derive(Debug)]
pub struct NewUser {
    /// Their id.
    pub id: UserId,
    /// Their first password.
    pub password: NewPassword,
    /// Whether it is a generated password that may be kept.
    pub generated: bool,
    /// Time of creation.
    pub at: Timestamp,
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
                          provider, issuer, subject)";

/// A user's row.
pub(super) struct UserRow {
    pub(super) user: User,
    pub(super) password_hash: Option<String>,
    pub(super) password_expires_at: Option<Timestamp>,
    pub(super) generated_password: bool,
    pub(super) created_by: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) last_login: Option<Timestamp>,
}

impl ChangeTx {
    /// Creates a local user ([`Act::CreateUser`]).
    ///
    /// # Errors
    /// `Conflict` when a user has that email.
    pub async fn create_user(&mut self, permit: &Permit, new: NewUser) -> Result<()> {
        self.ensure_current(permit)?;
        let Act::CreateUser { email } = permit.act() else { return Err(wrong_act(permit, "create a user")) };
        let NewUser { id, password, generated, at } = new;
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
            password_hash: Some(password.hash),
            password_expires_at: password.expires_at,
            generated_password: generated,
            created_by: permit.actor().name().to_owned(),
            created_at: at,
            updated_at: at,
            last_login: None,
        };
        let done = self.insert_users(vec![row]).await;
        or_conflict(done, || format!("a user {email} already exists"))?;
        self.made = Some(id.to_string());
        Ok(())
    }

    /// Deletes a user with their sessions and tokens, and soft-deletes their rules ([`Act::DeleteUser`]).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_user(&mut self, permit: &Permit, world: &World, at: Timestamp) -> Result<()> {
        self.ensure_current_world(permit, world)?;
        let Act::DeleteUser(id) = permit.act() else { return Err(wrong_act(permit, "delete a user")) };
        let user = world.user_by_id(*id).ok_or_else(|| out_of_step("the user", id))?;
        // The row first: a concurrent sign-in has either committed, and its session is deleted here, or finds no user.
        let mut delete = Sql::new("DELETE FROM users WHERE id = ");
        delete.bind(id.to_string());
        if self.transaction.execute(delete).await? != 1 {
            return Err(out_of_step("the user", id));
        }
        self.transaction.execute(forget_claims_of(&[*id])).await?;
        self.end_sessions_of(Whose::User(*id), None, at).await?;
        self.forget_sessions_of(Whose::User(*id)).await?;
        self.remove_rules_of(world, &Subject::User(user.email.clone()), at).await?;
        self.changes.push(Change::UserGone { email: user.email.clone() });
        Ok(())
    }

    /// Enables a user, or disables them and ends their sessions ([`Act::EnableUser`], [`Act::DisableUser`]).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_user_enabled(&mut self, permit: &Permit, at: Timestamp) -> Result<()> {
        self.ensure_current(permit)?;
        let (id, enabled) = match permit.act() {
            Act::EnableUser(id) => (*id, true),
            Act::DisableUser(id) => (*id, false),
            _ => return Err(wrong_act(permit, "enable or disable a user")),
        };
        let mut update = self.update("users", at);
        update.push(", enabled = ").bind(enabled).push(" WHERE id = ").bind(id.to_string());
        self.update_user(id, update).await?;
        if !enabled {
            self.end_sessions_of(Whose::User(id), None, at).await?;
        }
        Ok(())
    }

    /// The stored hash of the password that this permit replaces ([`Act::ResetPassword`], [`Act::ChangeOwnPassword`]).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn password_hash(&mut self, permit: &Permit) -> Result<Option<String>> {
        self.ensure_current(permit)?;
        let id = match (permit.act(), permit.actor()) {
            (Act::ResetPassword(id), _) | (Act::ChangeOwnPassword, Actor::User { id, .. }) => *id,
            _ => return Err(wrong_act(permit, "look at a password")),
        };
        let mut select = Sql::new("SELECT password_hash FROM users WHERE id = ");
        select.bind(id.to_string());
        let row = self.transaction.first(select).await?;
        Ok(row.map(|row| row.text_or_null(0).map(|hash| hash.map(str::to_owned))).transpose()?.flatten())
    }

    /// Sets a password and ends the sessions of the old one: all of them after a reset ([`Act::ResetPassword`]), all
    /// but the actor's when users change their own ([`Act::ChangeOwnPassword`]). Their refresh tokens are refused from
    /// then on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_password(&mut self, permit: &Permit, password: NewPassword, at: Timestamp) -> Result<()> {
        self.ensure_current(permit)?;
        let (id, spared) = match (permit.act(), permit.actor()) {
            (Act::ResetPassword(id), _) => (*id, None),
            (Act::ChangeOwnPassword, Actor::User { id, session, .. }) => (*id, Some(*session)),
            _ => return Err(wrong_act(permit, "set a password")),
        };
        // INVARIANT: the user's row is written before their sessions are read. A sign-in writes that row too, on the
        // condition that the password is still the one it verified. So either it comes first, and its session is ended
        // here, or it comes second and fails.
        let mut update = self.update("users", at);
        push_password(&mut update, &password.hash, password.credential, password.expires_at, id);
        self.update_user(id, update).await?;
        self.end_sessions_of(Whose::User(id), spared, at).await?;
        Ok(())
    }

    /// Updates one user's row and records the new user in the world.
    pub(super) async fn update_user(&mut self, id: UserId, update: Sql) -> Result<()> {
        if self.update_users(update).await? == 1 { Ok(()) } else { Err(out_of_step("the user", id)) }
    }

    // INVARIANT: only the next two functions write users, except for the time of the last sign-in. Both write the same
    // groups to `user_groups` as to `users.group_names`, and recount the rules. Deleting a user deletes their rows
    // there.

    /// Updates rows of users, as many as one statement accepts, and records the new users in the world. Returns how many.
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
        self.changes.extend(users.into_iter().map(Change::UserSet));
        Ok(count)
    }

    pub(super) async fn insert_users(&mut self, users: Vec<UserRow>) -> Result<()> {
        let stamp = self.stamp;
        let rows: Result<Vec<Vec<Value>>> = users.iter().map(|row| values(row, stamp)).collect();
        self.insert(INTO_USERS, rows?).await?;
        self.insert(INTO_USER_GROUPS, users.iter().flat_map(|row| memberships(&row.user)).collect()).await?;
        self.count_rules_of(&users.iter().map(|row| &row.user.email).collect::<Vec<_>>()).await?;
        self.changes.extend(users.into_iter().map(|row| Change::UserSet(row.user)));
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
    .collect())
}

/// Provider, issuer and subject.
pub(super) fn binding_values(binding: Option<&Binding>) -> [Value; 3] {
    [
        binding.map(|it| it.provider().to_string()).into(),
        binding.map(|it| it.issuer().to_owned()).into(),
        binding.map(|it| it.subject().to_owned()).into(),
    ]
}
