//! Changes of a world: the entries of the change feed.

use serde::{Deserialize, Serialize};

use crate::access::{Role, Rule, RuleId};
use crate::catalogue::RoleId;
use crate::identity::{ClientId, Email, Provider, ProviderId, ServiceAccount, SessionId, User};
use crate::org::{Cluster, ClusterId, Department, DepartmentId, Project, ProjectId};
use crate::time::Timestamp;

/// One fact that was added, changed or removed. Serialized into the change feed, so a released variant keeps its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
pub enum Change {
    /// A user was created or changed.
    UserSet(User),
    /// A user was deleted.
    UserGone {
        /// The user.
        email: Email,
    },
    /// A service account was created or changed.
    ServiceAccountSet(ServiceAccount),
    /// A service account was deleted.
    ServiceAccountGone {
        /// The service account.
        client_id: ClientId,
    },
    /// A cluster was created or changed.
    ClusterSet(Cluster),
    /// A cluster was deleted.
    ClusterGone {
        /// The cluster.
        id: ClusterId,
    },
    /// A department was created or changed.
    DepartmentSet(Department),
    /// A department was deleted.
    DepartmentGone {
        /// The department.
        id: DepartmentId,
    },
    /// A project was created or changed.
    ProjectSet(Project),
    /// A project was deleted.
    ProjectGone {
        /// The project.
        id: ProjectId,
    },
    /// A role was created or changed.
    RoleSet(Role),
    /// A role was deleted.
    RoleGone {
        /// The role.
        id: RoleId,
    },
    /// A rule was created.
    RuleSet(Rule),
    /// A rule was deleted.
    RuleGone {
        /// The rule.
        id: RuleId,
    },
    /// An identity provider was created or changed, or its settings were.
    ProviderSet(Provider),
    /// An identity provider was deleted.
    ProviderGone {
        /// The provider.
        id: ProviderId,
    },
    /// A session ended early; its tokens are refused.
    SessionEnded {
        /// The session.
        id: SessionId,
        /// When it ended.
        at: Timestamp,
        /// When the last of its tokens expires.
        until: Timestamp,
    },
}
