//! Acts of all kinds in one type, for those who ask about every one.

use super::*;
use crate::access::RuleId;
use crate::catalogue::RoleId;
use crate::identity::{ClientId, Credential, ProviderId, ServiceAccountId, UserId};
use crate::org::{DepartmentId, ProjectId};
use crate::time::Timestamp;

/// What is drawn and counted elsewhere for new entities.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The id of a user.
    pub user: UserId,
    /// How a user authenticates from now on.
    pub credential: Credential,
    /// The id of a role.
    pub role: RoleId,
    /// The time of the act.
    pub now: Timestamp,
    /// The id of a rule; those of further ones follow it.
    pub rule: RuleId,
    /// A cluster.
    pub cluster: NewCluster,
    /// The id of a department.
    pub department: DepartmentId,
    /// The id of a project.
    pub project: ProjectId,
    /// The ids of a service account.
    pub machine: (ServiceAccountId, ClientId),
    /// The id of an identity provider.
    pub provider: ProviderId,
    /// Whether an identity provider is enabled from now on; `None`: as before.
    pub enabled: Option<bool>,
}

impl Drawn {
    /// More rules than are made at once anywhere but at bootstrap.
    fn rules(&self) -> Vec<RuleId> {
        const MANY: i32 = 1000;
        (self.rule.number()..self.rule.number().saturating_add(MANY)).map(RuleId::new).collect()
    }
}

macro_rules! any_act {
    ($($name:ident($drawn:ident) => $new:expr),+ $(,)?) => {
        /// An act of any kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum AnyAct {
            $(#[doc = concat!("[`", stringify!($name), "`].")] $name($name),)+
        }

        $(impl super::sealed::Sealed for $name {})+

        $(impl From<$name> for AnyAct {
            fn from(act: $name) -> Self {
                Self::$name(act)
            }
        })+

        impl AnyAct {
            /// As [`World::authorize`], without the permit: nothing can be done with it.
            ///
            /// # Errors
            /// As [`World::authorize`].
            pub fn is_permitted(&self, world: &World, actor: &Actor) -> Result<Entity> {
                match self {
                    $(Self::$name(act) => world.authorize(actor, act.clone()).map(|permit| permit.entity().clone()),)+
                }
            }

            /// As [`World::rehearse`].
            ///
            /// # Errors
            /// As [`World::rehearse`].
            pub fn rehearse(&self, world: &World, actor: &Actor, drawn: &Drawn) -> Result<Rehearsal> {
                match self {
                    $(Self::$name(act) => {
                        let $drawn = drawn;
                        world.rehearse(actor, act.clone(), $new)
                    })+
                }
            }

            /// What it would do, if it is permitted, whether or not a guard refuses it afterwards; nothing is done.
            ///
            /// # Errors
            /// As [`World::authorize`].
            pub fn effects(&self, world: &World, actor: &Actor, drawn: &Drawn) -> Result<Vec<Change>> {
                match self {
                    $(Self::$name(act) => {
                        let $drawn = drawn;
                        world.authorize(actor, act.clone()).and_then(|permit| permit.effects(world, $new))
                    })+
                }
            }

            /// As [`Act::ends_sessions`].
            #[must_use]
            pub fn ends_sessions(&self, actor: &Actor, effects: &[Change]) -> Option<EndedSessions> {
                match self {
                    $(Self::$name(act) => act.ends_sessions(actor, effects),)+
                }
            }

            /// The name of its kind.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)+
                }
            }
        }
    };
}

any_act!(
    CreateUser(drawn) => (drawn.user, drawn.credential),
    DeleteUser(_drawn) => (),
    EnableUser(_drawn) => (),
    DisableUser(_drawn) => (),
    ResetPassword(drawn) => drawn.credential,
    LogOutUser(_drawn) => (),
    ChangeOwnPassword(drawn) => drawn.credential,
    SignOut(_drawn) => (),
    CreateRole(drawn) => (drawn.role, drawn.now),
    UpdateRole(drawn) => drawn.now,
    EnableRole(drawn) => drawn.now,
    DisableRole(drawn) => drawn.now,
    DeleteRole(_drawn) => (),
    UpdatePredefinedRoles(drawn) => drawn.now,
    CreateRule(drawn) => drawn.rule,
    DeleteRule(_drawn) => (),
    CreateCluster(drawn) => drawn.cluster.clone(),
    UpdateCluster(_drawn) => (),
    DeleteCluster(_drawn) => (),
    CreateDepartment(drawn) => drawn.department,
    UpdateDepartment(_drawn) => (),
    DeleteDepartment(_drawn) => (),
    CreateProject(drawn) => drawn.project,
    UpdateProject(_drawn) => (),
    DeleteProject(_drawn) => (),
    CreateServiceAccount(drawn) => drawn.machine.clone(),
    EnableServiceAccount(_drawn) => (),
    DisableServiceAccount(_drawn) => (),
    RenewSecret(_drawn) => (),
    DeleteServiceAccount(_drawn) => (),
    CreateProvider(drawn) => drawn.provider,
    UpdateProvider(drawn) => drawn.enabled,
    DeleteProvider(_drawn) => (),
    RedirectTo(_drawn) => (),
    AdmitNewcomer(drawn) => drawn.user,
    AdmitUser(_drawn) => (),
    ForgetGroups(_drawn) => (),
    UnbindUsers(_drawn) => (),
    ChangeEmail(drawn) => drawn.rules(),
    EndSessions(_drawn) => (),
    BootstrapAccount(_drawn) => Vec::new(),
    RecoverAccess(drawn) => (drawn.user, Some(drawn.rule)),
);
