//! Acts: every operation that changes access. Each is a type of its own, with what it needs to be permitted.
//!
//! | to understand | read |
//! |---|---|
//! | what an act is, who may ask for it, and what it does | [`Act`], [`World::authorize`] |
//! | proof that one may be done | [`Permit`] |
//! | one act | `users.rs`, `sessions.rs`, `roles.rs`, `rules.rs`, `nodes.rs`, `service_accounts.rs`, `providers.rs`, `admission.rs`, `rebinding.rs`, `host.rs` |

mod admission;
mod any;
mod ended_sessions;
mod entity;
mod host;
mod nodes;
mod permit;
mod providers;
mod rebinding;
mod roles;
mod rules;
mod service_accounts;
mod sessions;
mod users;

use std::fmt;

pub use admission::{Admission, AdmitNewcomer, AdmitUser, ForgetGroups};
pub use any::{AnyAct, Drawn};
pub use ended_sessions::EndedSessions;
pub use entity::{Entity, EntityKind};
pub use host::{BootstrapAccount, RecoverAccess};
pub use nodes::{
    CreateCluster, CreateDepartment, CreateProject, DeleteCluster, DeleteDepartment, DeleteProject, NewCluster,
    UpdateCluster, UpdateDepartment, UpdateProject,
};
pub use permit::Permit;
pub use providers::{CreateProvider, DeleteProvider, MAX_PROVIDERS, RedirectTo, UpdateProvider};
pub use rebinding::{ChangeEmail, UnbindUsers};
pub use roles::{
    CreateRole, DeleteRole, DisableRole, EnableRole, MAX_CUSTOM_ROLES, UpdatePredefinedRoles, UpdateRole, no_role,
};
pub use rules::{CreateRule, DeleteRule};
pub use service_accounts::{
    CreateServiceAccount, DeleteServiceAccount, DisableServiceAccount, EnableServiceAccount, RenewSecret,
};
pub use sessions::{EndSessions, LogOutUser, SignOut};
pub use users::{ChangeOwnPassword, CreateUser, DeleteUser, DisableUser, EnableUser, ResetPassword};

use crate::access::{Actor, Principal};
use crate::error::{Error, Result};
use crate::world::{Change, World};

/// A requested change, with the facts that its authorization needs.
///
/// Each kind of actor has a function that permits the act; one that is not written refuses.
pub trait Act: sealed::Sealed + Clone + fmt::Debug + Into<AnyAct> + 'static {
    /// The audit log's word for it.
    const ACTION: &'static str;
    /// Whether a caller with a temporary password may do it.
    const WITH_TEMPORARY_PASSWORD: bool = false;
    /// What is generated for it: ids, numbers, how a new user authenticates.
    type New;

    /// Permits it to a user or a service account who signed in, and returns what it is done to.
    ///
    /// # Errors
    /// As [`World::authorize`].
    fn by_caller(&self, caller: &Principal<'_>, actor: &Actor) -> Result<Entity> {
        let _ = (caller, actor);
        Err(not_through_the_api())
    }

    /// What it does once it is permitted: every fact that is added, changed or removed, with everything that goes along. The
    /// sessions that end with it are named by [`Act::ends_sessions`].
    fn effects(&self, world: &World, actor: &Actor, new: Self::New) -> Vec<Change>;

    /// Which open sessions end with it, once it has these effects.
    fn ends_sessions(&self, actor: &Actor, effects: &[Change]) -> Option<EndedSessions> {
        let _ = (actor, effects);
        None
    }

    /// Permits it to an operator with a shell on the host.
    ///
    /// # Errors
    /// As [`World::authorize`].
    fn by_host(&self, world: &World) -> Result<Entity> {
        let _ = world;
        Err(not_through_the_api())
    }

    /// Permits it to Rolecall itself.
    ///
    /// # Errors
    /// As [`World::authorize`].
    fn by_rolecall(&self, world: &World) -> Result<Entity> {
        let _ = world;
        Err(not_through_the_api())
    }
}

mod sealed {
    /// Acts are those of this module: another crate cannot make one up and permit it to itself.
    pub trait Sealed {}
}

impl World {
    /// Permits an act. This is the only place that does.
    ///
    /// # Errors
    /// `Unauthenticated` when the actor is gone; `NotFound` when the act's entity is not visible to the actor;
    /// `Forbidden` when it is visible but the act is not permitted; `Invalid` or `Conflict` when no actor could do it.
    pub fn authorize<A: Act>(&self, actor: &Actor, act: A) -> Result<Permit<A>> {
        let entity = match actor {
            Actor::Host => act.by_host(self)?,
            Actor::Rolecall => act.by_rolecall(self)?,
            Actor::User { .. } | Actor::ServiceAccount { .. } => {
                let caller = self.principal(actor)?;
                if !A::WITH_TEMPORARY_PASSWORD {
                    caller.ensure_password_changed()?;
                }
                act.by_caller(&caller, actor)?
            }
        };
        Ok(Permit::new(self.stamp(), actor.clone(), act, entity))
    }
}

/// The outcome of an act that was not performed: the changes, and the world after them.
#[derive(Debug)]
pub struct Rehearsal {
    /// Everything that the act would change.
    pub changes: Vec<Change>,
    /// The world after these changes. It has no id.
    pub after: World,
}

impl World {
    /// Decides an act and returns its outcome; nothing is done. Refusals and guards are those of the act itself.
    ///
    /// # Errors
    /// As [`World::authorize`] and [`World::ensure_way_in`].
    pub fn rehearse<A: Act>(&self, actor: &Actor, act: A, new: A::New) -> Result<Rehearsal> {
        let changes = self.authorize(actor, act)?.effects(self, new)?;
        let after = self.apply(self.revision().next(), &changes);
        after.ensure_way_in_after(actor)?;
        Ok(Rehearsal { changes, after })
    }
}

fn not_through_the_api() -> Error {
    Error::forbidden("this cannot be done through the API")
}
