//! Creates, updates and deletes nodes. Deleted nodes stay in the table, so that the past stays readable.

use rolecall_core::acts::{
    Act, CreateCluster, CreateDepartment, CreateProject, DeleteCluster, DeleteDepartment, DeleteProject, NewCluster,
    Permit, UpdateCluster, UpdateDepartment, UpdateProject,
};
use rolecall_core::org::{ClusterId, DepartmentId, NodeName, ProjectId, Scope, ScopeKind};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};

use super::details::{Details, NodeDetails};
use super::{ChangeTx, out_of_step};
use crate::lists::{NodeRecord, node_record, select_node};
use crate::scope_key::scope_key;
use crate::sql::Sql;

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
        self.enact(permit, NewCluster { id, default, default_name }).await?;
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
        self.ensure_free(ScopeKind::Department, Some(*cluster), name, None).await?;
        self.enact_with(permit, id, described(Scope::Department(id), description)).await?;
        self.made = Some(id.to_string());
        Ok(id)
    }

    /// Creates a project.
    ///
    /// # Errors
    /// `Conflict` when the cluster has a project with that name, in any case.
    pub async fn create_project(&mut self, permit: &Permit<CreateProject>, description: &str) -> Result<ProjectId> {
        let CreateProject { department, name } = self.act_of(permit)?;
        let above = self.world.department(*department);
        let cluster = above.ok_or_else(|| out_of_step("the department", department))?.cluster;
        let id = ProjectId::new(self.next_unit().await?);
        self.ensure_free(ScopeKind::Project, Some(cluster), name, None).await?;
        self.enact_with(permit, id, described(Scope::Project(id), description)).await?;
        self.made = Some(id.to_string());
        Ok(id)
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
        let UpdateCluster { cluster, name } = self.act_of(permit)?;
        self.ensure_free(ScopeKind::Cluster, None, name, Some(Scope::Cluster(*cluster))).await?;
        self.update_node(permit, Scope::Cluster(*cluster), None).await
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
        let UpdateDepartment { department, name } = self.act_of(permit)?;
        self.ensure_free_in_cluster(Scope::Department(*department), name.as_ref()).await?;
        self.update_node(permit, Scope::Department(*department), description).await
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
        let UpdateProject { project, name } = self.act_of(permit)?;
        self.ensure_free_in_cluster(Scope::Project(*project), name.as_ref()).await?;
        self.update_node(permit, Scope::Project(*project), description).await
    }

    async fn ensure_free_in_cluster(&mut self, scope: Scope, name: Option<&NodeName>) -> Result<()> {
        let Some(name) = name else { return Ok(()) };
        let cluster = self.world.scope_path(scope).and_then(|path| path.cluster);
        self.ensure_free(scope.kind(), cluster, name, Some(scope)).await
    }

    async fn update_node<A: Act<New = ()>>(
        &mut self,
        permit: &Permit<A>,
        scope: Scope,
        description: Option<&str>,
    ) -> Result<NodeRecord> {
        self.enact(permit, ()).await?;
        let mut update = self.update("nodes");
        if let Some(description) = description {
            update.push(", description = ").bind(description);
        }
        self.update_one_node(scope, update).await?;
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

    /// The next number of a department or project.
    async fn next_unit(&mut self) -> Result<i64> {
        self.next_numbers("org-unit", 1).await.map(|numbers| *numbers.start())
    }
}

/// The details of a new node.
fn described(scope: Scope, description: &str) -> Details {
    let node = NodeDetails { description: description.to_owned(), origin: None };
    Details { nodes: [(scope, node)].into(), ..Details::default() }
}
