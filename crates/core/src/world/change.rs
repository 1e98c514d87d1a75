//! What can change in a world: the entries of the change feed.

use serde::{Deserialize, Serialize};

use crate::access::{Rule, RuleId};
use crate::identity::{ClientId, Email, ServiceAccount, SessionId, User};
use crate::org::{Cluster, ClusterId, Department, DepartmentId, Project, ProjectId};
use crate::time::Timestamp;

/// One fact that came, changed or went. Serialised into the change feed, so a variant once released keeps its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
pub enum Change {
    /// A user is as stated.
    UserSet(User),
    /// A user is no more.
    UserGone {
        /// Who.
        email: Email,
    },
    /// A service account is as stated.
    ServiceAccountSet(ServiceAccount),
    /// A service account is no more.
    ServiceAccountGone {
        /// Which.
        client_id: ClientId,
    },
    /// A cluster is as stated.
    ClusterSet(Cluster),
    /// A cluster is no more.
    ClusterGone {
        /// Which.
        id: ClusterId,
    },
    /// A department is as stated.
    DepartmentSet(Department),
    /// A department is no more.
    DepartmentGone {
        /// Which.
        id: DepartmentId,
    },
    /// A project is as stated.
    ProjectSet(Project),
    /// A project is no more.
    ProjectGone {
        /// Which.
        id: ProjectId,
    },
    /// A rule holds.
    RuleSet(Rule),
    /// A rule holds no more.
    RuleGone {
        /// Which.
        id: RuleId,
    },
    /// A session ended before its time; its tokens count for nothing.
    SessionEnded {
        /// Which.
        id: SessionId,
        /// When it ended.
        at: Timestamp,
        /// When the last of its tokens would have expired.
        until: Timestamp,
    },
}
