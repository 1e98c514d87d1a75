//! Names of nodes that people cannot distinguish. New ones are refused; these come from earlier versions.

use std::collections::BTreeMap;

use super::World;
use crate::org::{NodeName, Scope};
use crate::text::unseen;

/// One or several names that people may confuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistakable {
    /// Clusters, or nodes of one kind in one cluster, whose names look the same to people. At least two, in their
    /// order.
    Same(Vec<Scope>),
    /// A node with an invisible character in its name.
    Unseen(Scope, char),
}

impl World {
    /// The nodes whose names would be refused today, because of another node's name or an invisible character.
    #[must_use]
    pub fn mistakable(&self) -> Vec<Mistakable> {
        let mut same: BTreeMap<_, Vec<Scope>> = BTreeMap::new();
        let mut found = Vec::new();
        let mut add = |cluster, scope: Scope, name: Option<&NodeName>| {
            let Some(name) = name else { return };
            same.entry((scope.kind(), cluster, name.key())).or_default().push(scope);
            found.extend(unseen(name.as_str()).map(|it| Mistakable::Unseen(scope, it)));
        };
        for id in self.clusters() {
            add(None, Scope::Cluster(id), self.cluster(id).map(|it| &it.name));
            for department in self.departments_of(id) {
                add(Some(id), Scope::Department(department), self.department(department).map(|it| &it.name));
                for project in self.projects_of(department) {
                    add(Some(id), Scope::Project(project), self.project(project).map(|it| &it.name));
                }
            }
        }
        found.sort_by_key(|it| match it {
            Mistakable::Unseen(scope, _) => Some(*scope),
            Mistakable::Same(_) => None,
        });
        let same = same.into_values().filter(|scopes| scopes.len() > 1).map(|mut scopes| {
            scopes.sort_unstable();
            Mistakable::Same(scopes)
        });
        same.chain(found).collect()
    }
}
