//! Lockout protection: after every change, at least one administrator can still sign in.

use super::Actor;
use crate::catalogue::RoleId;
use crate::error::{Error, Result};
use crate::identity::{Credential, Email, User};
use crate::world::World;

impl World {
    /// The users who can always get in: local, enabled, named by a rule as System administrator of the account while that role is enabled, with
    /// their own password or a temporary one that does not expire.
    pub fn ways_in(&self) -> impl Iterator<Item = &User> {
        self.administrators()
            .filter(|_| self.enabled_role(RoleId::SYSTEM_ADMINISTRATOR).is_some())
            .filter_map(|email| self.user(email))
            .filter(|user| user.enabled && matches!(user.credential, Credential::Own | Credential::LastingTemporary))
    }

    /// Whether this user is the only way in. Their temporary password must not expire.
    #[must_use]
    pub fn is_last_way_in(&self, email: &Email) -> bool {
        let mut ways = self.ways_in();
        ways.next().is_some_and(|user| user.email == *email) && ways.next().is_none()
    }

    /// Checks the outcome of every change before it is committed. Rolecall itself changes no local user, and so takes no way in
    /// away: a sign-in never fails because of others.
    ///
    /// # Errors
    /// As [`World::ensure_way_in`].
    pub fn ensure_way_in_after(&self, actor: &Actor) -> Result<()> {
        if *actor == Actor::Rolecall { Ok(()) } else { self.ensure_way_in() }
    }

    /// Refuses a world without a way in.
    ///
    /// # Errors
    /// `Conflict` when no administrator could sign in afterwards; the message says what to do first.
    pub fn ensure_way_in(&self) -> Result<()> {
        if self.ways_in().next().is_some() {
            return Ok(());
        }
        Err(Error::conflict(
            "this would lock everyone out: the account would have no System administrator who is a local user, enabled, with a \
             password of their own. First make another local user System administrator of the account, and let them set \
             their password",
        )
        .with_reason("last-administrator"))
    }
}
