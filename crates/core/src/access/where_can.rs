//! Where can: every scope in which a subject has a permission, a page at a time.
//!
//! It walks the tree below the few scopes that cover the answer, in the tree's order, and can start anywhere in it.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::{Principal, Subtrees};
use crate::catalogue::Permission;
use crate::org::{ClusterId, DepartmentId, ProjectId, Scope, ScopePath};
use crate::world::World;

/// A page of scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhereCan {
    /// The scopes, each as its scope path, in tree order: ancestors before descendants.
    pub scopes: Vec<ScopePath>,
    /// Whether more follow the last one.
    pub more: bool,
}

impl<'w> Principal<'w> {
    /// The scopes in which the subject has the permission, as far as `caller` may know: all when the caller asks about
    /// themselves, otherwise those where they may read access rules. Returns the first `most` after `after`.
    ///
    /// Complete, as [`World::who_can`] is: nodes do not move, so a position in the tree remains valid while the world
    /// changes. The scope at `after` may have been deleted.
    ///
    /// Time grows with the subject's rules, the nodes on the page and the number of clusters, not with the number of
    /// nodes.
    #[must_use]
    pub fn where_can(
        &self,
        caller: &Principal<'w>,
        permission: Permission,
        after: Option<&ScopePath>,
        most: NonZeroUsize,
    ) -> WhereCan {
        let mut page = Page { after: after.copied(), most: most.get(), scopes: Vec::new(), more: false };
        if !self.is_disabled() {
            for root in self.topmost(caller, permission) {
                if page.more {
                    break;
                }
                self.world().walk(root, &mut page);
            }
        }
        WhereCan { scopes: page.scopes, more: page.more }
    }

    /// The scopes that cover the answer, none below another, in tree order.
    fn topmost(&self, caller: &Principal<'w>, permission: Permission) -> BTreeSet<ScopePath> {
        let own = self.permitted_in(permission);
        let within = |subtrees: &Subtrees, other: &Subtrees| -> Vec<ScopePath> {
            let scopes = subtrees.scopes().filter_map(|scope| self.world().scope_path(scope));
            scopes.filter(|path| other.includes(path)).collect()
        };
        if self.is_self(caller) {
            return within(&own, &Subtrees::Everything).into_iter().collect();
        }
        let known = caller.visible_rules();
        within(&own, &known).into_iter().chain(within(&known, &own)).collect()
    }
}

/// A page being filled.
struct Page {
    after: Option<ScopePath>,
    most: usize,
    scopes: Vec<ScopePath>,
    more: bool,
}

impl Page {
    /// Adds a scope if it belongs on the page; false when the page is full.
    fn take(&mut self, path: ScopePath) -> bool {
        if self.after.is_some_and(|after| path <= after) {
            return true;
        }
        self.more = self.scopes.len() >= self.most;
        if !self.more {
            self.scopes.push(path);
        }
        !self.more
    }

    /// Whether a scope and everything below it come before the page.
    fn is_past(&self, path: &ScopePath) -> bool {
        self.after.is_some_and(|after| *path < after && !after.includes(path.scope()))
    }

    /// The id from which children of that scope can be on the page. Earlier children come before it, with everything
    /// below them.
    fn from<T>(&self, path: &ScopePath, id: impl Fn(&ScopePath) -> Option<T>) -> Option<T> {
        let after = self.after.filter(|after| after.includes(path.scope()))?;
        id(&after)
    }
}

impl World {
    /// Adds a scope and everything below it to the page; false when the page is full.
    fn walk(&self, path: ScopePath, page: &mut Page) -> bool {
        if page.is_past(&path) {
            return true;
        }
        if !page.take(path) {
            return false;
        }
        if path.project.is_some() {
            return true;
        }
        if let Some(department) = path.department {
            let first = page.from(&path, |after| after.project).unwrap_or(ProjectId::new(i64::MIN));
            return self
                .projects_of_from(department, first)
                .all(|id| page.take(ScopePath { project: Some(id), ..path }));
        }
        if let Some(cluster) = path.cluster {
            let first = page.from(&path, |after| after.department).unwrap_or(DepartmentId::new(i64::MIN));
            return self
                .departments_of_from(cluster, first)
                .all(|id| self.walk(ScopePath { department: Some(id), ..path }, page));
        }
        let first: Option<ClusterId> = page.from(&path, |after| after.cluster);
        let clusters: BTreeSet<ClusterId> =
            self.clusters().filter(|id| first.is_none_or(|first| *id >= first)).collect();
        clusters.into_iter().all(|id| self.walk(ScopePath { cluster: Some(id), ..path }, page))
    }
}

impl Subtrees {
    /// The topmost nodes.
    pub(super) fn scopes(&self) -> Box<dyn Iterator<Item = Scope> + '_> {
        match self {
            Self::Everything => Box::new(std::iter::once(Scope::Account)),
            Self::Below { clusters, departments, projects } => Box::new(
                clusters
                    .iter()
                    .map(|id| Scope::Cluster(*id))
                    .chain(departments.iter().map(|id| Scope::Department(*id)))
                    .chain(projects.iter().map(|id| Scope::Project(*id))),
            ),
        }
    }
}
