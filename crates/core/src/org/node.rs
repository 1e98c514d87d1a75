//! The nodes of the tree, as the world stores them.

use serde::{Deserialize, Serialize};

use super::{AccountId, ClusterId, DepartmentId, NodeName, ProjectId};

/// The root of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: NodeName,
}

/// A cluster, below the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// Its id.
    pub id: ClusterId,
    /// Its name, unique in the account.
    pub name: NodeName,
    /// The department created with it, which takes projects without a department; it may have been deleted.
    pub default_department: DepartmentId,
}

/// A department, below a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Its id.
    pub id: DepartmentId,
    /// Its name, unique in the cluster.
    pub name: NodeName,
    /// The cluster above it. Nodes do not move.
    pub cluster: ClusterId,
}

/// A project, below a department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name, unique in the cluster.
    pub name: NodeName,
    /// The department above it. Nodes do not move.
    pub department: DepartmentId,
}
