//! Never locked out: after every change, somebody can still get in and put things right.

use crate::error::{Error, Result};
use crate::identity::{Credential, Email, User};
use crate::world::World;

impl World {
    /// The users who count as a way in: local, enabled, named in a rule as System administrator of the account, with a
    /// password of their own or a temporary one that does not lapse.
    pub fn ways_in(&self) -> impl Iterator<Item = &User> {
        self.administrators()
            .filter_map(|email| self.user(email))
            .filter(|user| user.enabled && matches!(user.credential, Credential::Own | Credential::LastingTemporary))
    }

    /// Whether this user is the only way in. A temporary password for him must not lapse.
    #[must_use]
    pub fn is_last_way_in(&self, email: &Email) -> bool {
        let mut ways = self.ways_in();
        ways.next().is_some_and(|user| user.email == *email) && ways.next().is_none()
    }

    /// The guard that looks at the outcome of every change before it is committed.
    ///
    /// # Errors
    /// Conflict when nobody could get in any more; the message says what to do first.
    pub fn ensure_way_in(&self) -> Result<()> {
        if self.ways_in().next().is_some() {
            return Ok(());
        }
        Err(Error::conflict(
            "this would lock everyone out: no enabled local user with their own password would be System administrator of \
             the account; first make another local user System administrator of the account and let them set their password",
        )
        .with_reason("last-administrator"))
    }
}
