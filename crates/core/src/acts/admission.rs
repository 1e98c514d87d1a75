//! Admission: whom a verified description by an identity provider means, and whether they may come in.
//!
//! A person is who their provider says, never who has their email: an email leads to a user only where nobody else is
//! bound to that user, and never to a local one.

use std::sync::Arc;

use super::users::changed;
use super::{Act, Entity, EntityKind};
use crate::access::Actor;
use crate::error::{Error, Result};
use crate::identity::{Binding, Credential, Email, GroupName, User, UserId};
use crate::world::{Change, Revision, World};

/// A verified description of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Who they are at the provider.
    pub binding: Arc<Binding>,
    /// The last change of the provider when the sign-in began.
    pub changed: Revision,
    /// Their email there.
    pub email: Email,
    /// Their groups there; `None` when the provider does not say, and the known ones stay.
    pub groups: Option<Arc<[GroupName]>>,
}

/// Create the user of someone whom an identity provider described at their first sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmitNewcomer(pub Admission);

/// Bind a user whom an identity provider described, or change their groups, or what they are called there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmitUser(pub Admission);

/// Forget the groups of a user about whom their identity provider has said nothing for too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgetGroups(pub UserId);

impl Act for AdmitNewcomer {
    const ACTION: &'static str = "create";
    type New = UserId;

    fn by_rolecall(&self, world: &World) -> Result<Entity> {
        let Self(admission) = self;
        world.ensure_provider(admission)?;
        match world.described_user(admission)? {
            None => Ok(Entity::new(EntityKind::User, admission.email.as_str())),
            Some(_) => Err(meanwhile()),
        }
    }

    fn effects(&self, _: &World, _: &Actor, id: UserId) -> Vec<Change> {
        let Self(admission) = self;
        vec![Change::UserSet(User {
            id,
            email: admission.email.clone(),
            enabled: true,
            credential: Credential::External,
            groups: admission.groups.clone().unwrap_or_default(),
            binding: Some(admission.binding.clone()),
            email_there: None,
        })]
    }
}

impl Act for AdmitUser {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_rolecall(&self, world: &World) -> Result<Entity> {
        let Self(admission) = self;
        world.ensure_provider(admission)?;
        let user = world.described_user(admission)?.ok_or_else(meanwhile)?;
        Ok(Entity { kind: EntityKind::User, name: user.email.to_string(), id: user.id.to_string() })
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        let Self(admission) = self;
        let Ok(Some(known)) = world.described_user(admission) else { return Vec::new() };
        // INVARIANT: groups are of the person, and not of the user: another person keeps none of them.
        let same = known.binding.as_ref() == Some(&admission.binding);
        let kept = || if same { known.groups.clone() } else { [].into() };
        vec![Change::UserSet(User {
            groups: admission.groups.clone().unwrap_or_else(kept),
            binding: Some(admission.binding.clone()),
            email_there: Some(admission.email.clone()).filter(|email| *email != known.email),
            ..known.clone()
        })]
    }
}

impl Act for ForgetGroups {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_rolecall(&self, world: &World) -> Result<Entity> {
        let Self(id) = self;
        let user =
            world.user_by_id(*id).ok_or_else(|| Error::not_found(format!("there is no user with the id {id}")))?;
        Ok(Entity { kind: EntityKind::User, name: user.email.to_string(), id: id.to_string() })
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        changed(world, self.0, |user| user.groups = [].into())
    }
}

impl World {
    /// The user whom a description means; `None` for a newcomer.
    ///
    /// # Errors
    /// `Forbidden` when the email belongs to a local user (`email-of-local-user`) or to another person
    /// (`email-of-another-person`), or when the user is disabled (`user-disabled`).
    pub fn described_user(&self, admission: &Admission) -> Result<Option<&User>> {
        let email = &admission.email;
        let refused = |message: String, reason| Err(Error::forbidden(message).with_reason(reason));
        let user = match (self.user_bound_to(&admission.binding), self.user(email)) {
            (Some(user), _) => user,
            (None, None) => return Ok(None),
            (None, Some(user)) if user.is_local() => {
                return refused(
                    format!(
                        "{email} is a local user, who signs in with a password; an administrator can delete that user first"
                    ),
                    "email-of-local-user",
                );
            }
            (None, Some(user)) if user.binding.is_some() => {
                return refused(
                    format!(
                        "{email} belongs to another person at an identity provider; an administrator can end that binding first"
                    ),
                    "email-of-another-person",
                );
            }
            (None, Some(user)) => user,
        };
        if user.enabled {
            return Ok(Some(user));
        }
        refused(format!("{} is disabled; an administrator can enable them", user.email), "user-disabled")
    }

    /// Refuses a sign-in with a provider that is disabled, gone, or another than it was at the start.
    fn ensure_provider(&self, admission: &Admission) -> Result<()> {
        let provider = self.provider(admission.binding.provider()).filter(|provider| provider.enabled);
        let Some(provider) = provider else {
            let message = "this identity provider was disabled or removed; sign in another way";
            return Err(Error::forbidden(message).with_reason("provider-disabled"));
        };
        if provider.changed == admission.changed {
            return Ok(());
        }
        let message = "the settings of this identity provider were changed while you signed in; sign in again";
        Err(Error::forbidden(message).with_reason("provider-changed"))
    }
}

fn meanwhile() -> Error {
    Error::conflict("the user was created or deleted while they signed in; sign in again")
}
