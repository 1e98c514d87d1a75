//! Writes the rows of users from changes.

use std::collections::{BTreeSet, HashMap};

use rolecall_core::access::Actor;
use rolecall_core::identity::{Binding, Email, GroupName, PersonName, PersonNames, User, UserId};
use rolecall_core::{Error, Result, RevisionStamp};

use super::details::{Origin, UserDetails};
use super::{ChangeTx, out_of_step};
use crate::sign_ins::forget_claims_of;
use crate::sql::{Sql, Value};
use crate::stored::{credential_word, groups_text};

/// Maximum users in one statement.
const AT_ONCE: usize = 500;

/// The columns of a new user, in the order of [`new_row`].
const INTO_USERS: &str = "users (id, email, password_hash, password_expires_at, generated_password, groups_at, created_by, \
                          created_at, updated_at, last_login, revision, revision_id, first_name, last_name, names_key, \
                          enabled, credential, group_names, provider, issuer, subject, email_there)";

/// The columns that users can have in common, in the order of [`facts`].
const FACTS: [&str; 7] = ["enabled", "credential", "group_names", "provider", "issuer", "subject", "email_there"];

/// The columns of a user's group, in the order of [`memberships`].
const INTO_USER_GROUPS: &str = "user_groups (group_name, email)";

impl ChangeTx {
    // INVARIANT: only this writes what decisions know of users. It writes the same groups to `user_groups` as to
    // `users.group_names`, and counts the rules again.

    /// Writes everything that decisions know of these users, and the details of those who are new.
    ///
    /// # Errors
    /// `Conflict` when another user has the email of one of them.
    pub(super) async fn set_users(
        &mut self,
        users: &[&User],
        actor: &Actor,
        mut details: HashMap<UserId, UserDetails>,
    ) -> Result<()> {
        let (known, new): (Vec<&User>, Vec<&User>) =
            users.iter().partition(|user| self.world.user_by_id(user.id).is_some());
        self.update_users(&known, actor).await?;
        let (stamp, origin) = (self.stamp, Origin::of(actor, self.now));
        let rows = new.iter().map(|user| new_row(user, details.remove(&user.id).unwrap_or_default(), &origin, stamp));
        let rows: Result<Vec<Vec<Value>>> = rows.collect();
        self.insert(INTO_USERS, rows?).await?;
        self.insert(INTO_USER_GROUPS, users.iter().flat_map(|user| memberships(user)).collect()).await?;
        self.count_rules_of(&users.iter().map(|user| &user.email).collect::<Vec<_>>()).await
    }

    /// Deletes a user's row, and with it, by foreign keys, their groups and the number of their rules.
    pub(super) async fn delete_user_row(&mut self, email: &Email) -> Result<()> {
        let id = self.world.user(email).ok_or_else(|| out_of_step("the user", email))?.id;
        self.delete_row("users", &id.to_string()).await?;
        self.transaction.execute(forget_claims_of(&[id])).await.map(drop)
    }

    /// Forgets the groups of known users, and updates their rows.
    async fn update_users(&mut self, users: &[&User], actor: &Actor) -> Result<()> {
        let email = |user: &&User| self.world.user_by_id(user.id).map(|before| before.email.clone());
        let emails: Vec<Email> = users.iter().filter_map(email).collect();
        for emails in emails.chunks(AT_ONCE) {
            let mut forget = Sql::new("DELETE FROM user_groups WHERE email IN ");
            forget.bind_all(emails.iter().map(Email::as_str));
            self.transaction.execute(forget).await?;
        }
        // Users who are alike after the change, such as all whose bindings end, take one statement.
        let mut alike: Vec<(Vec<Value>, Vec<UserId>)> = Vec::new();
        for (user, email) in users.iter().zip(&emails) {
            if user.email != *email {
                self.rename_user(user, email).await?;
            }
            let facts = facts(user)?;
            match alike.iter_mut().find(|(known, _)| *known == facts) {
                Some((_, ids)) => ids.push(user.id),
                None => alike.push((facts, vec![user.id])),
            }
        }
        for (facts, ids) in alike {
            for ids in ids.chunks(AT_ONCE) {
                self.update_facts(&facts, ids, actor).await?;
            }
        }
        Ok(())
    }

    async fn update_facts(&mut self, facts: &[Value], ids: &[UserId], actor: &Actor) -> Result<()> {
        let (mut update, mut separator) = match actor {
            // Signing in is no change by an administrator: the time and the tag of the last one stay.
            Actor::Rolecall => (Sql::new("UPDATE users SET "), ""),
            Actor::User { .. } | Actor::ServiceAccount { .. } | Actor::Host => (self.update("users"), ", "),
        };
        for (column, value) in FACTS.into_iter().zip(facts) {
            update.push(separator).push(column).push(" = ").bind(value.clone());
            separator = ", ";
        }
        update.push(" WHERE id IN ").bind_all(ids.iter().map(ToString::to_string));
        let updated = self.transaction.execute(update).await?;
        if updated == u64::try_from(ids.len()).map_err(Error::internal)? {
            return Ok(());
        }
        Err(out_of_step("users, this many:", ids.len()))
    }

    /// Gives a user without groups another email. Their rules are counted anew afterwards.
    async fn rename_user(&mut self, user: &User, before: &Email) -> Result<()> {
        let mut forget = Sql::new("DELETE FROM rule_counts WHERE email = ");
        forget.bind(before.as_str());
        self.transaction.execute(forget).await?;
        let mut rename = Sql::new("UPDATE users SET email = ");
        rename.bind(user.email.as_str()).push(" WHERE id = ").bind(user.id.to_string());
        self.transaction.execute(rename).await.map(drop)
    }
}

fn new_row(user: &User, details: UserDetails, origin: &Origin, stamp: RevisionStamp) -> Result<Vec<Value>> {
    let origin = details.origin.as_ref().unwrap_or(origin);
    let mut row: Vec<Value> = vec![
        user.id.to_string().into(),
        user.email.as_str().into(),
        details.password_hash.into(),
        details.password_expires_at.into(),
        details.generated_password.into(),
        details.groups_at.into(),
        origin.created_by.as_str().into(),
        origin.created_at.into(),
        origin.updated_at.into(),
        details.last_login.into(),
        stamp.number().into(),
        stamp.id.bits().cast_signed().into(),
    ];
    row.extend(names_values(&details.names));
    row.extend(facts(user)?);
    Ok(row)
}

/// What decisions know of a user beside their id and email.
fn facts(user: &User) -> Result<Vec<Value>> {
    let mut facts =
        vec![user.enabled.into(), credential_word(user.credential).into(), groups_text(&user.groups)?.into()];
    facts.extend(binding_values(user.binding.as_deref()));
    facts.push(user.email_there.as_ref().map(ToString::to_string).into());
    Ok(facts)
}

/// First name, last name, and the key of both.
fn names_values(names: &PersonNames) -> [Value; 3] {
    let text = |name: &Option<PersonName>| Value::from(name.as_ref().map(ToString::to_string));
    [text(&names.first), text(&names.last), names.key().into()]
}

/// Provider, issuer and subject.
fn binding_values(binding: Option<&Binding>) -> [Value; 3] {
    [
        binding.map(|it| it.provider().to_string()).into(),
        binding.map(|it| it.issuer().to_owned()).into(),
        binding.map(|it| it.subject().to_owned()).into(),
    ]
}

/// One row for each group; a list may name a group twice.
fn memberships(user: &User) -> Vec<Vec<Value>> {
    let groups: BTreeSet<&str> = user.groups.iter().map(GroupName::as_str).collect();
    groups.into_iter().map(|group| vec![group.into(), user.email.as_str().into()]).collect()
}
