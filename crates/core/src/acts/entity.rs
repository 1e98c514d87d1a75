//! What an act is done to, as the audit log names it.

/// Kinds of entity, as the audit log names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityKind {
    /// A user.
    User,
    /// A service account.
    ServiceAccount,
    /// A role.
    Role,
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
            Self::Role => "role",
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

impl Entity {
    /// One that does not exist yet.
    pub(super) fn new(kind: EntityKind, name: &str) -> Self {
        Self { kind, name: name.to_owned(), id: String::new() }
    }
}
