//! Where can: every scope in which somebody may do something, a page at a time.
//!
//! It walks the tree below the few scopes that cover the answer, in the tree's own order, and begins anywhere in it.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::{Principal, Reach};
use crate::catalogue::Permission;
use crate::org::{ClusterId, DepartmentId, Lineage, ProjectId, Scope};
use crate::world::World;

/// A page of the scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhereCan {
    /// They, each by its way up, in the order of the tree: what is above comes before what is below it.
    pub places: Vec<Lineage>,
    /// Whether there are more behind the last of them.
    pub more: bool,
}

impl<'w> Principal<'w> {
    /// The scopes in which he may do that, as far as `asker` may know: all of them when he asks about himself, and those where
    /// he may read access rules when he asks about somebody else. The first `most` behind `after`.
    ///
    /// Complete, as [`World::who_can`] is: nodes do not move, so a place in the tree stays one while the world changes, and
    /// the scope at `after` need not be there any more.
    ///
    /// Takes time with his rules, with the nodes on the page and with the clusters there are, not with all nodes.
    #[must_use]
    pub fn where_can(
        &self,
        asker: &Principal<'w>,
        permission: Permission,
        after: Option<&Lineage>,
        most: NonZeroUsize,
    ) -> WhereCan {
        let mut page = Page { after: after.copied(), most: most.get(), places: Vec::new(), more: false };
        if !self.is_disabled() {
            for root in self.topmost(asker, permission) {
                if page.more {
                    break;
                }
                self.world().walk(root, &mut page);
            }
        }
        WhereCan { places: page.places, more: page.more }
    }

    /// The scopes that cover the answer, none below another one, in the order of the tree.
    fn topmost(&self, asker: &Principal<'w>, permission: Permission) -> BTreeSet<Lineage> {
        let his = self.reach(permission);
        let within = |reach: &Reach, other: &Reach| -> Vec<Lineage> {
            let places = reach.scopes().filter_map(|scope| self.world().lineage(scope));
            places.filter(|place| other.includes(place)).collect()
        };
        if self.is_himself(asker) {
            return within(&his, &Reach::Everything).into_iter().collect();
        }
        let known = asker.reach_of_rules();
        within(&his, &known).into_iter().chain(within(&known, &his)).collect()
    }
}

/// A page that is being filled.
struct Page {
    after: Option<Lineage>,
    most: usize,
    places: Vec<Lineage>,
    more: bool,
}

impl Page {
    /// Takes a place if it belongs on the page; false when the page is full.
    fn take(&mut self, place: Lineage) -> bool {
        if self.after.is_some_and(|after| place <= after) {
            return true;
        }
        self.more = self.places.len() >= self.most;
        if !self.more {
            self.places.push(place);
        }
        !self.more
    }

    /// Whether a place and all below it lie before the page.
    fn is_past(&self, place: &Lineage) -> bool {
        self.after.is_some_and(|after| *place < after && !after.includes(place.scope()))
    }

    /// The id from which children of that place can be on the page: what is before it lies before the page, with all below it.
    fn from<T>(&self, place: &Lineage, id: impl Fn(&Lineage) -> Option<T>) -> Option<T> {
        let after = self.after.filter(|after| after.includes(place.scope()))?;
        id(&after)
    }
}

impl World {
    /// Puts a place and all below it on a page; false when that is full.
    fn walk(&self, place: Lineage, page: &mut Page) -> bool {
        if page.is_past(&place) {
            return true;
        }
        if !page.take(place) {
            return false;
        }
        if place.project.is_some() {
            return true;
        }
        if let Some(department) = place.department {
            let first = page.from(&place, |after| after.project).unwrap_or(ProjectId::new(i64::MIN));
            return self
                .projects_of_from(department, first)
                .all(|id| page.take(Lineage { project: Some(id), ..place }));
        }
        if let Some(cluster) = place.cluster {
            let first = page.from(&place, |after| after.department).unwrap_or(DepartmentId::new(i64::MIN));
            return self
                .departments_of_from(cluster, first)
                .all(|id| self.walk(Lineage { department: Some(id), ..place }, page));
        }
        let first: Option<ClusterId> = page.from(&place, |after| after.cluster);
        let clusters: BTreeSet<ClusterId> =
            self.clusters().filter(|id| first.is_none_or(|first| *id >= first)).collect();
        clusters.into_iter().all(|id| self.walk(Lineage { cluster: Some(id), ..place }, page))
    }
}

impl Reach {
    /// The nodes that it is made of.
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
