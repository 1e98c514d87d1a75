//! Creates, updates and deletes nodes. Deleted nodes stay in the table, so that the past stays readable.

use rolecall_core::access::Actor;
use rolecall_core::acts::{
    CreateCluster, CreateDepartment, CreateProject, DeleteCluster, DeleteDepartment, DeleteProject, NewCluster, Permit,
    UpdateCluster, UpdateDepartment, UpdateProject,
};
use rolecall_core::org::{
    Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope, ScopeKind,
};
use rolecall_core::text::quoted;
use rolecall_core::{Change, Error, Result, RevisionStamp, Timestamp};

use super::{ChangeTx, out_of_step};
use crate::lists::{NodeRecord, node_record, select_node};
use crate::scope_key::scope_key;
use crate::sql::{Sql, Value};

/// A node's row.
pub(super) struct NodeRow {
    pub(super) node: Node,
    pub(super) description: String,
    pub(super) created_by: String,
    pub(super) at: Timestamp,
}

/// A node with its cluster, where the node itself does not name it.
pub(super) enum Node {
    Cluster(Cluster),
    Department(Department),
    Project(Project, ClusterId),
}

impl Node {
    /// The change that sets it.
    pub(super) fn set(&self) -> Change {
        match self {
            Self::Cluster(cluster) => Change::ClusterSet(cluster.clone()),
            Self::Department(department) => Change::DepartmentSet(department.clone()),
            Self::Project(project, _) => Change::ProjectSet(project.clone()),
        }
    }
}

impl ChangeTx {
    /// Creates a cluster with its department `default`.
    ///
    /// # Errors
    /// `Conflict` when a cluster has that name, in any case.
    pub async fn create_cluster(&mut self, permit: &Permit<CreateCluster>, id: ClusterId) -> Result<()> {
        let CreateCluster { name } = self.act_of(permit)?;
        self.ensure_free(ScopeKind::Cluster, None, name, None).await?;
        let default_name = NodeName::parse("name", "default").map_err(Error::internal)?;
        let default = DepartmentId::new(self.next_unit().await?);
        self.enact(permit, NewCluster { id, default, default_name: default_name.clone() }).await?;
        let department = Department { id: default, name: default_name, cluster: id };
        let cluster = Cluster { id, name: name.clone(), default_department: department.id };
        let created_by = permit.actor().name();
        let rows = [Node::Cluster(cluster), Node::Department(department)].map(|node| NodeRow {
            node,
            description: String::new(),
            created_by: created_by.to_owned(),
            at: self.now,
        });
        self.insert_nodes(rows.into()).await?;
        self.made = Some(id.to_string());
        Ok(())
    }

    /// Creates a department.
    ///
    /// # Errors
    /// `Conflict` when the cluster has a department with that name, in any case.
    pub async fn create_department(
        &mut self,
        permit: &Permit<CreateDepartment>,
        description: &str,
    ) -> Result<DepartmentId> {
        let CreateDepartment { cluster, name } = self.act_of(permit)?;
        let id = DepartmentId::new(self.next_unit().await?);
        let node = Node::Department(Department { id, name: name.clone(), cluster: *cluster });
        self.ensure_free(ScopeKind::Department, Some(*cluster), name, None).await?;
        self.enact(permit, id).await?;
        self.create_unit(permit.actor(), node, description).await?;
        self.made = Some(id.to_string());
        Ok(id)
    }

    /// Creates a project.
    ///
    /// # Errors
    /// `Conflict` when the cluster has a project with that name, in any case.
    pub async fn create_project(&mut self, permit: &Permit<CreateProject>, description: &str) -> Result<ProjectId> {
        let CreateProject { department, name } = self.act_of(permit)?;
        let above = self.world.department(*department).cloned();
        let above = above.ok_or_else(|| out_of_step("the department", department))?;
        let id = ProjectId::new(self.next_unit().await?);
        let node = Node::Project(Project { id, name: name.clone(), department: *department }, above.cluster);
        self.ensure_free(ScopeKind::Project, Some(above.cluster), name, None).await?;
        self.enact(permit, id).await?;
        self.create_unit(permit.actor(), node, description).await?;
        self.made = Some(id.to_string());
        Ok(id)
    }

    async fn create_unit(&mut self, actor: &Actor, node: Node, description: &str) -> Result<()> {
        let created_by = actor.name().to_owned();
        let row = NodeRow { node, description: description.to_owned(), created_by, at: self.now };
        self.insert_nodes(vec![row]).await
    }

    /// Rejects a name that another node of that kind in the cluster, or another cluster, has in any case.
    // INVARIANT: every new name is checked here, after the revision was taken, so that no two changes of any replica
    // create the same one. It is not a unique index, since earlier versions left nodes that share a name.
    async fn ensure_free(
        &mut self,
        kind: ScopeKind,
        cluster: Option<ClusterId>,
        name: &NodeName,
        of: Option<Scope>,
    ) -> Result<()> {
        let mut sql = Sql::new("SELECT 1 FROM nodes n WHERE n.deleted_at IS NULL AND n.kind = ");
        sql.bind(kind.as_str()).push(" AND n.name_key = ").bind(name.key());
        if let Some(cluster) = cluster {
            sql.push(" AND n.cluster = ").bind(cluster.to_string());
        }
        if let Some(of) = of {
            sql.push(" AND n.scope <> ").bind(scope_key(of));
        }
        if self.transaction.first(sql).await?.is_none() {
            return Ok(());
        }
        let kind = kind.as_str();
        let place = if cluster.is_some() { " in this cluster" } else { "" };
        // Not how it is written there: the caller may not see that node.
        let error = Error::conflict(format!("a {kind} named {} already exists{place}", quoted(name.as_str())));
        Err(self.transaction.refused(error))
    }

    /// Renames a cluster.
    ///
    /// # Errors
    /// `Conflict` when another cluster has that name, in any case.
    pub async fn update_cluster(&mut self, permit: &Permit<UpdateCluster>) -> Result<NodeRecord> {
        let UpdateCluster { cluster, name } = self.enact(permit, ()).await?;
        self.update_node(Scope::Cluster(*cluster), Some(name), None).await
    }

    /// Updates a department, and returns its new record. Without a description it keeps the current one.
    ///
    /// # Errors
    /// `Conflict` when another department of the cluster has that name, in any case.
    pub async fn update_department(
        &mut self,
        permit: &Permit<UpdateDepartment>,
        description: Option<&str>,
    ) -> Result<NodeRecord> {
        let UpdateDepartment { department, name } = self.enact(permit, ()).await?;
        self.update_node(Scope::Department(*department), name.as_ref(), description).await
    }

    /// Updates a project, and returns its new record. Without a description it keeps the current one.
    ///
    /// # Errors
    /// `Conflict` when another project of the cluster has that name, in any case.
    pub async fn update_project(
        &mut self,
        permit: &Permit<UpdateProject>,
        description: Option<&str>,
    ) -> Result<NodeRecord> {
        let UpdateProject { project, name } = self.enact(permit, ()).await?;
        self.update_node(Scope::Project(*project), name.as_ref(), description).await
    }

    async fn update_node(
        &mut self,
        scope: Scope,
        name: Option<&NodeName>,
        description: Option<&str>,
    ) -> Result<NodeRecord> {
        if let Some(name) = name {
            let cluster = self.world.scope_path(scope).and_then(|path| path.cluster);
            let within = cluster.filter(|_| scope.kind() != ScopeKind::Cluster);
            self.ensure_free(scope.kind(), within, name, Some(scope)).await?;
        }
        let mut update = self.update("nodes");
        if let Some(name) = name {
            update.push(", name = ").bind(name.as_str()).push(", name_key = ").bind(name.key());
        }
        if let Some(description) = description {
            update.push(", description = ").bind(description);
        }
        update.push(" WHERE deleted_at IS NULL AND scope = ").bind(scope_key(scope));
        if self.transaction.execute(update).await? != 1 {
            return Err(out_of_step("the node", scope));
        }
        let row = self.transaction.first(select_node(scope)).await?.ok_or_else(|| out_of_step("the node", scope))?;
        node_record(&row)
    }

    /// Deletes a cluster with its default department, and the rules in both.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_cluster(&mut self, permit: &Permit<DeleteCluster>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Deletes a department, and the rules in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_department(&mut self, permit: &Permit<DeleteDepartment>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Deletes a project, and the rules in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_project(&mut self, permit: &Permit<DeleteProject>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Soft-deletes a node.
    pub(super) async fn remove_node(&mut self, scope: Scope) -> Result<()> {
        let mut remove = self.update("nodes");
        remove.push(", deleted_at = ").bind(self.now);
        remove.push(" WHERE deleted_at IS NULL AND scope = ").bind(scope_key(scope));
        if self.transaction.execute(remove).await? == 1 { Ok(()) } else { Err(out_of_step("the node", scope)) }
    }

    /// The next number of a department or project.
    async fn next_unit(&mut self) -> Result<i64> {
        self.next_numbers("org-unit", 1).await.map(|numbers| *numbers.start())
    }

    pub(super) async fn insert_nodes(&mut self, nodes: Vec<NodeRow>) -> Result<()> {
        const INTO: &str = "nodes (scope, kind, id, number, name, name_key, description, cluster, department, project, \
                            default_department, created_by, created_at, updated_at, revision, revision_id)";
        let stamp = self.stamp;
        self.insert(INTO, nodes.iter().map(|row| values(row, stamp)).collect()).await?;
        Ok(())
    }
}

fn values(row: &NodeRow, stamp: RevisionStamp) -> Vec<Value> {
    let (scope, id, number, name) = match &row.node {
        Node::Cluster(it) => (Scope::Cluster(it.id), it.id.to_string(), 0, &it.name),
        Node::Department(it) => (Scope::Department(it.id), it.id.to_string(), it.id.number(), &it.name),
        Node::Project(it, _) => (Scope::Project(it.id), it.id.to_string(), it.id.number(), &it.name),
    };
    let (cluster, department, project, default) = match &row.node {
        Node::Cluster(it) => (it.id, None, None, Some(it.default_department)),
        Node::Department(it) => (it.cluster, Some(it.id), None, None),
        Node::Project(it, cluster) => (*cluster, Some(it.department), Some(it.id), None),
    };
    vec![
        scope_key(scope).into(),
        scope.kind().as_str().into(),
        id.into(),
        number.into(),
        name.as_str().into(),
        name.key().into(),
        row.description.as_str().into(),
        cluster.to_string().into(),
        department.map(DepartmentId::number).into(),
        project.map(ProjectId::number).into(),
        default.map(DepartmentId::number).into(),
        row.created_by.as_str().into(),
        row.at.into(),
        row.at.into(),
        stamp.number().into(),
        stamp.id.bits().cast_signed().into(),
    ]
}
