//! Writes the rows of clusters, departments and projects from changes.

use std::collections::HashMap;

use rolecall_core::access::Actor;
use rolecall_core::org::{Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope};
use rolecall_core::{Change, Result, RevisionStamp};

use super::details::{NodeDetails, Origin};
use super::{ChangeTx, out_of_step};
use crate::scope_key::scope_key;
use crate::sql::{Sql, Value};

/// A node with its cluster, where the node itself does not name it.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    Cluster(&'a Cluster),
    Department(&'a Department),
    Project(&'a Project, ClusterId),
}

impl Node<'_> {
    pub(super) const fn name(&self) -> &NodeName {
        match self {
            Self::Cluster(it) => &it.name,
            Self::Department(it) => &it.name,
            Self::Project(it, _) => &it.name,
        }
    }

    pub(super) const fn scope(&self) -> Scope {
        match self {
            Self::Cluster(it) => Scope::Cluster(it.id),
            Self::Department(it) => Scope::Department(it.id),
            Self::Project(it, _) => Scope::Project(it.id),
        }
    }

    /// Its cluster; the cluster itself is in none.
    pub(super) const fn within(&self) -> Option<ClusterId> {
        match self {
            Self::Cluster(_) => None,
            Self::Department(it) => Some(it.cluster),
            Self::Project(_, cluster) => Some(*cluster),
        }
    }
}

impl ChangeTx {
    /// The nodes that these changes set, in their order.
    pub(super) fn nodes_of<'c>(&self, changes: &'c [Change]) -> Result<Vec<Node<'c>>> {
        let mut clusters = HashMap::new();
        let mut nodes = Vec::new();
        for change in changes {
            match change {
                Change::ClusterSet(cluster) => nodes.push(Node::Cluster(cluster)),
                Change::DepartmentSet(department) => {
                    clusters.insert(department.id, department.cluster);
                    nodes.push(Node::Department(department));
                }
                Change::ProjectSet(project) => {
                    let known = || self.world.department(project.department).map(|department| department.cluster);
                    let cluster = clusters.get(&project.department).copied().or_else(known);
                    let cluster = cluster.ok_or_else(|| out_of_step("the department", project.department))?;
                    nodes.push(Node::Project(project, cluster));
                }
                _ => {}
            }
        }
        Ok(nodes)
    }

    /// Writes the nodes that these changes set, and the details of those that are new.
    pub(super) async fn set_nodes(
        &mut self,
        changes: &[Change],
        actor: &Actor,
        mut details: HashMap<Scope, NodeDetails>,
    ) -> Result<()> {
        const INTO: &str = "nodes (scope, kind, id, number, name, name_key, description, cluster, department, project, \
                            default_department, created_by, created_at, updated_at, revision, revision_id)";
        let origin = Origin::of(actor, self.now);
        let mut rows = Vec::new();
        for node in self.nodes_of(changes)? {
            let (scope, name) = (node.scope(), node.name());
            if self.world.scope_path(scope).is_some() {
                let mut update = self.update("nodes");
                update.push(", name = ").bind(name.as_str()).push(", name_key = ").bind(name.key());
                self.update_one_node(scope, update).await?;
            } else {
                rows.push(new_row(node, details.remove(&scope).unwrap_or_default(), &origin, self.stamp));
            }
        }
        self.insert(INTO, rows).await
    }

    /// Soft-deletes a node.
    pub(super) async fn remove_node(&mut self, scope: Scope) -> Result<()> {
        let mut remove = self.update("nodes");
        remove.push(", deleted_at = ").bind(self.now);
        self.update_one_node(scope, remove).await
    }

    pub(super) async fn update_one_node(&mut self, scope: Scope, mut update: Sql) -> Result<()> {
        update.push(" WHERE deleted_at IS NULL AND scope = ").bind(scope_key(scope));
        if self.transaction.execute(update).await? == 1 { Ok(()) } else { Err(out_of_step("the node", scope)) }
    }
}

fn new_row(node: Node<'_>, details: NodeDetails, origin: &Origin, stamp: RevisionStamp) -> Vec<Value> {
    let origin = details.origin.as_ref().unwrap_or(origin);
    let (id, number) = match node {
        Node::Cluster(it) => (it.id.to_string(), 0),
        Node::Department(it) => (it.id.to_string(), it.id.number()),
        Node::Project(it, _) => (it.id.to_string(), it.id.number()),
    };
    let (cluster, department, project, default) = match node {
        Node::Cluster(it) => (it.id, None, None, Some(it.default_department)),
        Node::Department(it) => (it.cluster, Some(it.id), None, None),
        Node::Project(it, cluster) => (cluster, Some(it.department), Some(it.id), None),
    };
    let (scope, name) = (node.scope(), node.name());
    vec![
        scope_key(scope).into(),
        scope.kind().as_str().into(),
        id.into(),
        number.into(),
        name.as_str().into(),
        name.key().into(),
        details.description.into(),
        cluster.to_string().into(),
        department.map(DepartmentId::number).into(),
        project.map(ProjectId::number).into(),
        default.map(DepartmentId::number).into(),
        origin.created_by.as_str().into(),
        origin.created_at.into(),
        origin.updated_at.into(),
        stamp.number().into(),
        stamp.id.bits().cast_signed().into(),
    ]
}
