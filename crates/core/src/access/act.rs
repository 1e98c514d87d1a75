//! Acts: every operation that changes access, with the facts that its authorization needs.

use crate::catalogue::RoleId;
use crate::identity::{
    Email, ProviderAlias, ProviderId, ProviderKind, ServiceAccountId, ServiceAccountName, SessionId, Subject, UserId,
};
use crate::org::{AccountId, ClusterId, DepartmentId, NodeName, ProjectId, Scope};

use super::{Admission, RuleId};

/// A requested change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Create a local user.
    CreateUser {
        /// Their email.
        email: Email,
    },
    /// Delete a user, their rules and their sessions.
    DeleteUser(UserId),
    /// Enable a disabled user.
    EnableUser(UserId),
    /// Disable a user: no sign-in method works.
    DisableUser(UserId),
    /// Give a local user a temporary password.
    ResetPassword(UserId),
    /// End all sessions of a user.
    LogOutUser(UserId),
    /// Change the caller's own password.
    ChangeOwnPassword,
    /// End the caller's session.
    SignOut,
    /// Create a rule.
    CreateRule {
        /// The subject.
        subject: Subject,
        /// The role.
        role: RoleId,
        /// The scope.
        scope: Scope,
    },
    /// Delete a rule.
    DeleteRule(RuleId),
    /// Create a cluster, with its default department.
    CreateCluster {
        /// Its name.
        name: NodeName,
    },
    /// Rename a cluster.
    UpdateCluster {
        /// The cluster.
        cluster: ClusterId,
        /// The new name.
        name: NodeName,
    },
    /// Delete a cluster, with its default department if that is empty.
    DeleteCluster(ClusterId),
    /// Create a department.
    CreateDepartment {
        /// The cluster.
        cluster: ClusterId,
        /// Its name.
        name: NodeName,
    },
    /// Change the name or description of a department.
    UpdateDepartment {
        /// The department.
        department: DepartmentId,
        /// The new name; `None` keeps the current one.
        name: Option<NodeName>,
    },
    /// Delete an empty department.
    DeleteDepartment(DepartmentId),
    /// Create a project.
    CreateProject {
        /// The department.
        department: DepartmentId,
        /// Its name.
        name: NodeName,
    },
    /// Change the name or description of a project.
    UpdateProject {
        /// The project.
        project: ProjectId,
        /// The new name; `None` keeps the current one.
        name: Option<NodeName>,
    },
    /// Delete a project.
    DeleteProject(ProjectId),
    /// Create a service account.
    CreateServiceAccount {
        /// Its name.
        name: ServiceAccountName,
    },
    /// Enable a disabled service account.
    EnableServiceAccount(ServiceAccountId),
    /// Disable a service account.
    DisableServiceAccount(ServiceAccountId),
    /// Give a service account a new secret.
    RenewSecret(ServiceAccountId),
    /// Delete a service account, its rules and its sessions.
    DeleteServiceAccount(ServiceAccountId),
    /// Create an identity provider.
    CreateProvider {
        /// Its alias.
        alias: ProviderAlias,
        /// Its protocol.
        kind: ProviderKind,
    },
    /// Change the settings or mappers of an identity provider, enable it, or disable it: nobody signs in with it, and the
    /// sessions that began there end.
    UpdateProvider(ProviderId),
    /// Delete an identity provider; the sessions that began there end.
    DeleteProvider(ProviderId),
    /// Have the sign-in page lead to this identity provider by itself; `None`: to none.
    RedirectTo(Option<ProviderId>),
    /// Create the user of somebody whom an identity provider described at their first sign-in.
    AdmitNewcomer(Admission),
    /// Bind a user whom an identity provider described, or change their groups.
    AdmitUser(Admission),
    /// Forget the groups of a user about whom their identity provider has said nothing for too long.
    ForgetGroups(UserId),
    /// End the bindings of users: the next person with the email of one who signs in with an identity provider gets that user.
    UnbindUsers(Vec<UserId>),
    /// Give a user the email that their identity provider calls them by now; their rules go with them.
    ChangeEmail {
        /// The user.
        user: UserId,
        /// The new email.
        email: Email,
    },
    /// End sessions of one owner: one is no longer trusted, since a refresh token was used twice or too many wrong passwords were
    /// submitted; or their identity provider says so.
    EndSessions {
        /// The sessions.
        sessions: Vec<SessionId>,
        /// Their owner.
        subject: Subject,
    },
    /// Bootstrap the account: its first administrator, and the sample organization if requested.
    FoundAccount(AccountId),
    /// Make a local user a System administrator of the account, with a temporary password.
    RecoverAccess {
        /// The user; created if missing.
        email: Email,
    },
}

/// Kinds of entity, as the audit log names them.
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
    /// An identity provider.
    Provider,
    /// A setting of the account.
    Setting,
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
            Self::Provider => "identity-provider",
            Self::Setting => "setting",
            Self::Session => "session",
            Self::Account => "tenant",
        }
    }
}

/// The entity of an act, as the audit log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its kind.
    pub kind: EntityKind,
    /// Its display name.
    pub name: String,
    /// Its id; empty before it is created.
    pub id: String,
}

impl Act {
    /// The audit log's word for the act.
    #[must_use]
    pub const fn audit_action(&self) -> &'static str {
        match self {
            Self::CreateUser { .. }
            | Self::CreateRule { .. }
            | Self::CreateCluster { .. }
            | Self::CreateDepartment { .. }
            | Self::CreateProject { .. }
            | Self::CreateServiceAccount { .. }
            | Self::CreateProvider { .. }
            | Self::AdmitNewcomer(_)
            | Self::FoundAccount(_) => "create",
            Self::DeleteUser(_)
            | Self::DeleteRule(_)
            | Self::DeleteCluster(_)
            | Self::DeleteDepartment(_)
            | Self::DeleteProject(_)
            | Self::DeleteServiceAccount(_)
            | Self::DeleteProvider(_) => "delete",
            Self::EnableUser(_)
            | Self::DisableUser(_)
            | Self::ChangeOwnPassword
            | Self::EnableServiceAccount(_)
            | Self::DisableServiceAccount(_)
            | Self::UpdateCluster { .. }
            | Self::UpdateDepartment { .. }
            | Self::UpdateProject { .. }
            | Self::RenewSecret(_)
            | Self::UpdateProvider(_)
            | Self::RedirectTo(_)
            | Self::AdmitUser(_)
            | Self::ForgetGroups(_)
            | Self::UnbindUsers(_)
            | Self::ChangeEmail { .. } => "update",
            Self::ResetPassword(_) | Self::RecoverAccess { .. } => "reset-password",
            Self::LogOutUser(_) | Self::SignOut | Self::EndSessions { .. } => "sign-out",
        }
    }
}
