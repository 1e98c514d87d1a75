//! Subtrees: the parts of the tree in which a principal has a permission, resolved once and then used in a query.

use std::collections::BTreeSet;

use super::Principal;
use super::principal::AppliedRule;
use crate::catalogue::{Action, Permission};
use crate::org::{ClusterId, DepartmentId, ProjectId, Scope, ScopeKind, ScopePath};
use crate::world::RoleEntry;

/// How much of a node a caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Its id and name, because they may read something below it.
    Name,
    /// All of it.
    Full,
}

/// A part of the tree: everything, or some nodes with everything below them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subtrees {
    /// The whole account.
    Everything,
    /// These nodes and everything below, each list sorted and without duplicates; nothing when all are empty.
    Below {
        /// Clusters.
        clusters: Vec<ClusterId>,
        /// Departments.
        departments: Vec<DepartmentId>,
        /// Projects.
        projects: Vec<ProjectId>,
    },
}

impl Subtrees {
    /// Nothing.
    pub const NOTHING: Self = Self::Below { clusters: Vec::new(), departments: Vec::new(), projects: Vec::new() };

    /// Whether a scope path is within it.
    #[must_use]
    pub fn includes(&self, path: &ScopePath) -> bool {
        match self {
            Self::Everything => true,
            Self::Below { clusters, departments, projects } => {
                path.cluster.is_some_and(|id| clusters.binary_search(&id).is_ok())
                    || path.department.is_some_and(|id| departments.binary_search(&id).is_ok())
                    || path.project.is_some_and(|id| projects.binary_search(&id).is_ok())
            }
        }
    }

    fn of(scopes: impl Iterator<Item = Scope>) -> Self {
        let (mut clusters, mut departments, mut projects) = (Vec::new(), Vec::new(), Vec::new());
        for scope in scopes {
            match scope {
                Scope::Account => return Self::Everything,
                Scope::Cluster(id) => clusters.push(id),
                Scope::Department(id) => departments.push(id),
                Scope::Project(id) => projects.push(id),
            }
        }
        clusters.sort_unstable();
        clusters.dedup();
        departments.sort_unstable();
        departments.dedup();
        projects.sort_unstable();
        projects.dedup();
        Self::Below { clusters, departments, projects }
    }
}

impl Principal<'_> {
    /// Where the principal may do that, as the fewest nodes that cover it: none deleted, none below another.
    #[must_use]
    pub fn permitted_in(&self, permission: Permission) -> Subtrees {
        let permitting = self.applied_rules().filter(|it| it.role.permissions.contains(permission));
        let scopes: BTreeSet<Scope> = permitting.map(|it| it.scope()).collect();
        let topmost = |scope: &Scope| {
            let path = self.world().scope_path(*scope);
            path.is_some_and(|path| !path.scopes().any(|above| above != *scope && scopes.contains(&above)))
        };
        Subtrees::of(scopes.iter().copied().filter(topmost))
    }

    /// Where the caller sees at least the names of nodes of that level: nodes that they may read, and ancestors of
    /// those.
    #[must_use]
    pub fn visible_names(&self, level: ScopeKind) -> Subtrees {
        // A rule permits reading at its scope and below, so a level above the scope adds nothing.
        let names = |it: &AppliedRule<'_>| reads_at_or_below(it.role, level.max(it.scope().kind()));
        Subtrees::of(self.applied_rules().filter(names).filter_map(|it| {
            if it.scope().kind() <= level {
                return Some(it.scope());
            }
            let above = self.world().scope_path(it.scope())?;
            above.scopes().find(|scope| scope.kind() == level)
        }))
    }

    /// How much the caller sees of a node; `None` when it does not exist for them.
    #[must_use]
    pub fn sight(&self, scope: Scope) -> Option<Sight> {
        let path = self.world().scope_path(scope)?;
        if self.may(Permission::new(scope.kind().resource_type(), Action::Read), scope) {
            return Some(Sight::Full);
        }
        self.visible_names(scope.kind()).includes(&path).then_some(Sight::Name)
    }
}

fn reads_at_or_below(role: &RoleEntry, level: ScopeKind) -> bool {
    ScopeKind::ALL
        .into_iter()
        .filter(|kind| *kind >= level)
        .any(|kind| role.permissions.contains(Permission::new(kind.resource_type(), Action::Read)))
}
