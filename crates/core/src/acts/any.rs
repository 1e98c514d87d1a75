//! Acts of all kinds in one type, for those who ask about every one.

use super::*;

macro_rules! any_act {
    ($($name:ident),+ $(,)?) => {
        /// An act of any kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum AnyAct {
            $(#[doc = concat!("[`", stringify!($name), "`].")] $name($name),)+
        }

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
    CreateUser,
    DeleteUser,
    EnableUser,
    DisableUser,
    ResetPassword,
    LogOutUser,
    ChangeOwnPassword,
    SignOut,
    CreateRule,
    DeleteRule,
    CreateCluster,
    UpdateCluster,
    DeleteCluster,
    CreateDepartment,
    UpdateDepartment,
    DeleteDepartment,
    CreateProject,
    UpdateProject,
    DeleteProject,
    CreateServiceAccount,
    EnableServiceAccount,
    DisableServiceAccount,
    RenewSecret,
    DeleteServiceAccount,
    CreateProvider,
    UpdateProvider,
    DeleteProvider,
    RedirectTo,
    AdmitNewcomer,
    AdmitUser,
    ForgetGroups,
    UnbindUsers,
    ChangeEmail,
    EndSessions,
    FoundAccount,
    RecoverAccess,
);
