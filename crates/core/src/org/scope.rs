//! Scopes: nodes of the tree, and the path from a node to the account.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ClusterId, DepartmentId, ProjectId};
use crate::catalogue::ResourceType;

/// The four levels of the tree, from the root down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeKind {
    /// The account, which the API calls tenant.
    Account,
    /// A cluster.
    Cluster,
    /// A department.
    Department,
    /// A project.
    Project,
}

impl ScopeKind {
    /// Every level, from the root down.
    pub const ALL: [Self; 4] = [Self::Account, Self::Cluster, Self::Department, Self::Project];

    /// The word that the API and the store use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "tenant",
            Self::Cluster => "cluster",
            Self::Department => "department",
            Self::Project => "project",
        }
    }

    /// The level with that word.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The resource type of a node of this level.
    #[must_use]
    pub const fn resource_type(self) -> ResourceType {
        match self {
            Self::Account => ResourceType::Tenant,
            Self::Cluster => ResourceType::Cluster,
            Self::Department => ResourceType::Department,
            Self::Project => ResourceType::Project,
        }
    }
}

/// A node of the tree. A rule applies in its scope and in everything below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The whole account.
    Account,
    /// A cluster and everything below it.
    Cluster(ClusterId),
    /// A department and its projects.
    Department(DepartmentId),
    /// A project.
    Project(ProjectId),
}

impl Scope {
    /// Its level.
    #[must_use]
    pub const fn kind(self) -> ScopeKind {
        match self {
            Self::Account => ScopeKind::Account,
            Self::Cluster(_) => ScopeKind::Cluster,
            Self::Department(_) => ScopeKind::Department,
            Self::Project(_) => ScopeKind::Project,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account => f.write_str("the account"),
            Self::Cluster(id) => write!(f, "cluster {id}"),
            Self::Department(id) => write!(f, "department {id}"),
            Self::Project(id) => write!(f, "project {id}"),
        }
    }
}

/// A scope with its ancestors: at most four scopes, the account always among them. Ordered as a walk of the tree:
/// ancestors before descendants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScopePath {
    /// The cluster that it is or is in.
    pub cluster: Option<ClusterId>,
    /// The department that it is or is in.
    pub department: Option<DepartmentId>,
    /// The project that it is.
    pub project: Option<ProjectId>,
}

impl ScopePath {
    /// The scope path of the account: the account itself.
    pub const ACCOUNT: Self = Self { cluster: None, department: None, project: None };

    /// Whether `scope` is this scope or above it.
    #[must_use]
    pub fn includes(&self, scope: Scope) -> bool {
        match scope {
            Scope::Account => true,
            Scope::Cluster(id) => self.cluster == Some(id),
            Scope::Department(id) => self.department == Some(id),
            Scope::Project(id) => self.project == Some(id),
        }
    }

    /// The scope itself.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scopes().next_back().unwrap_or(Scope::Account)
    }

    /// The scopes on the path, from the account down.
    pub fn scopes(&self) -> impl DoubleEndedIterator<Item = Scope> + use<> {
        [
            Some(Scope::Account),
            self.cluster.map(Scope::Cluster),
            self.department.map(Scope::Department),
            self.project.map(Scope::Project),
        ]
        .into_iter()
        .flatten()
    }
}
