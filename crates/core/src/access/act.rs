//! The acts: everything that changes what somebody may do, with all that is needed to say whether it is permitted.

use crate::catalogue::RoleId;
use crate::identity::{Email, ServiceAccountId, ServiceAccountName, SessionId, Subject, UserId};
use crate::org::{AccountId, ClusterId, DepartmentId, NodeName, ProjectId, Scope};

use super::RuleId;

/// Something that somebody wants to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Make a local user.
    CreateUser {
        /// His name.
        email: Email,
    },
    /// Remove a user with all that is his.
    DeleteUser(UserId),
    /// Let a disabled user sign in again.
    EnableUser(UserId),
    /// Keep a user from signing in by any way.
    DisableUser(UserId),
    /// Give a local user a temporary password.
    ResetPassword(UserId),
    /// End all sessions of a user.
    LogOutUser(UserId),
    /// Change the password that one signs in with oneself.
    ChangeOwnPassword,
    /// End the session that asks.
    SignOut,
    /// Make a rule.
    CreateRule {
        /// Whom it is about.
        subject: Subject,
        /// What it permits.
        role: RoleId,
        /// Where.
        scope: Scope,
    },
    /// Remove a rule.
    DeleteRule(RuleId),
    /// Make a cluster, with its default department.
    CreateCluster {
        /// Its name.
        name: NodeName,
    },
    /// Give a cluster another name.
    UpdateCluster {
        /// Which.
        cluster: ClusterId,
        /// Its new name.
        name: NodeName,
    },
    /// Remove a cluster, with its default department when that is empty.
    DeleteCluster(ClusterId),
    /// Make a department.
    CreateDepartment {
        /// Where.
        cluster: ClusterId,
        /// Its name.
        name: NodeName,
    },
    /// Change a department: its name, its description.
    UpdateDepartment {
        /// Which.
        department: DepartmentId,
        /// Its new name; it keeps the one it has when absent.
        name: Option<NodeName>,
    },
    /// Remove an empty department.
    DeleteDepartment(DepartmentId),
    /// Make a project.
    CreateProject {
        /// Where.
        department: DepartmentId,
        /// Its name.
        name: NodeName,
    },
    /// Change a project: its name, its description.
    UpdateProject {
        /// Which.
        project: ProjectId,
        /// Its new name; it keeps the one it has when absent.
        name: Option<NodeName>,
    },
    /// Remove a project.
    DeleteProject(ProjectId),
    /// Make a service account.
    CreateServiceAccount {
        /// Its name.
        name: ServiceAccountName,
    },
    /// Let a disabled service account sign in again.
    EnableServiceAccount(ServiceAccountId),
    /// Keep a service account from signing in.
    DisableServiceAccount(ServiceAccountId),
    /// Give a service account a new secret.
    RenewSecret(ServiceAccountId),
    /// Remove a service account with all that is its.
    DeleteServiceAccount(ServiceAccountId),
    /// End a session that is not trusted any more: one of its refresh tokens was used twice, or too many wrong passwords were
    /// given in it.
    EndSession {
        /// Which.
        session: SessionId,
        /// Whose.
        subject: Subject,
    },
    /// Fill the account for the first time: its first administrator, and the sample where one is asked for.
    FoundAccount(AccountId),
    /// Give a local user a way in as System administrator of the account.
    RecoverAccess {
        /// Who; made when there is no such user.
        email: Email,
    },
}

/// The kinds of thing that an act is about, as the audit log names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityKind {
    /// A user.
    User,
    /// A service account.
    ServiceAccount,
    /// An access rule.
    AccessRule,
    /// A cluster.
    Cluster,
    /// A department.
    Department,
    /// A project.
    Project,
    /// A session.
    Session,
    /// The account.
    Account,
}

impl EntityKind {
    /// The word in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::ServiceAccount => "service-account",
            Self::AccessRule => "access-rule",
            Self::Cluster => "cluster",
            Self::Department => "department",
            Self::Project => "project",
            Self::Session => "session",
            Self::Account => "tenant",
        }
    }
}

/// What an act is about, as the audit log tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its kind.
    pub kind: EntityKind,
    /// Its name, as people know it.
    pub name: String,
    /// Its id; empty for what the act is about to make.
    pub id: String,
}

impl Act {
    /// The word for it in the audit log.
    #[must_use]
    pub const fn audit_action(&self) -> &'static str {
        match self {
            Self::CreateUser { .. }
            | Self::CreateRule { .. }
            | Self::CreateCluster { .. }
            | Self::CreateDepartment { .. }
            | Self::CreateProject { .. }
            | Self::CreateServiceAccount { .. }
            | Self::FoundAccount(_) => "create",
            Self::DeleteUser(_)
            | Self::DeleteRule(_)
            | Self::DeleteCluster(_)
            | Self::DeleteDepartment(_)
            | Self::DeleteProject(_)
            | Self::DeleteServiceAccount(_) => "delete",
            Self::EnableUser(_)
            | Self::DisableUser(_)
            | Self::ChangeOwnPassword
            | Self::EnableServiceAccount(_)
            | Self::DisableServiceAccount(_)
            | Self::UpdateCluster { .. }
            | Self::UpdateDepartment { .. }
            | Self::UpdateProject { .. }
            | Self::RenewSecret(_) => "update",
            Self::ResetPassword(_) | Self::RecoverAccess { .. } => "reset-password",
            Self::LogOutUser(_) | Self::SignOut | Self::EndSession { .. } => "sign-out",
        }
    }
}
