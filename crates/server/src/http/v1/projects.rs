//! `/api/v1/org-unit/projects`.

use axum::Json;
use axum::response::Response;
use rolecall_core::org::{DepartmentId, NodeName, ProjectId, Scope, ScopeKind};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::NodeRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::org::{Details, Nothing, cluster_id, counting, description, found, id, listing};
use crate::app::{Changed, org};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path, Query, Text};
use crate::http::list::{Count, Filtering, Paging, Projects, Sorting, USUAL};
use crate::http::{Http, limits, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_projects, create_project)).routes(routes!(count_projects)).routes(routes!(
        get_project,
        update_project,
        delete_project
    ))
}

/// A project.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectView {
    /// Its id: a number as text.
    #[schema(value_type = schema::NodeNumber)]
    id: String,
    /// Its name.
    #[schema(example = "vision")]
    name: String,
    /// What it is for; empty where only its name is visible to the caller.
    description: String,
    /// The cluster that it is in.
    #[schema(format = Uuid)]
    cluster_id: String,
    /// The department above it.
    #[schema(value_type = schema::NodeNumber)]
    parent_id: String,
    /// When it was created; 1970 where only its name is visible to the caller.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed; 1970 where only its name is visible to the caller.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Who created it; absent where only its name is visible to the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// Always true.
    enforce_runai_scheduler: bool,
    /// Empty: quotas are not kept here.
    total_resources: Nothing,
    /// Empty: quotas are not kept here.
    resources: Vec<Nothing>,
    /// Empty: nothing runs here.
    effective: Nothing,
    /// Empty: nothing runs here.
    status: Nothing,
}

impl From<NodeRecord> for ProjectView {
    fn from(node: NodeRecord) -> Self {
        let Details { description, created_by, created_at, updated_at } = Details::seen(&node);
        Self {
            id: id(node.scope),
            name: node.name,
            description,
            cluster_id: node.cluster.map(|id| id.to_string()).unwrap_or_default(),
            parent_id: node.department.map(|id| id.to_string()).unwrap_or_default(),
            created_at,
            updated_at,
            created_by,
            enforce_runai_scheduler: true,
            total_resources: Nothing {},
            resources: Vec::new(),
            effective: Nothing {},
            status: Nothing {},
        }
    }
}

/// A page of projects.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectPage {
    /// The projects.
    projects: Vec<ProjectView>,
    /// The offset of the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// A new project. Other members are accepted and ignored, `resources` among them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewProject {
    /// The name, unique in the cluster.
    #[schema(value_type = schema::NodeName)]
    name: Text<{ limits::NAME }>,
    /// The cluster that it is to be in.
    #[schema(value_type = String, format = Uuid, max_length = 36)]
    cluster_id: Text<{ limits::ID }>,
    /// The department above it; the cluster's default one when absent.
    #[schema(value_type = Option<schema::NodeNumber>)]
    parent_id: Option<Text<{ limits::ID }>>,
    /// What it is for.
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Option<Text<{ limits::DESCRIPTION }>>,
}

/// Changes to a project. What is absent or null stays as it is. Other members are accepted and ignored, `resources`
/// among them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectChanges {
    /// What it is for; an empty text takes the description away.
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Option<Text<{ limits::DESCRIPTION }>>,
    /// The name, unique in the cluster.
    #[schema(value_type = Option<schema::NodeName>)]
    name: Option<Text<{ limits::NAME }>>,
    /// The cluster that it is in. Projects do not move: another one is refused.
    #[schema(value_type = Option<String>, format = Uuid, max_length = 36)]
    cluster_id: Option<Text<{ limits::ID }>>,
    /// The department that it is in. Projects do not move: another one is refused.
    #[schema(value_type = Option<schema::NodeNumber>)]
    parent_id: Option<Text<{ limits::ID }>>,
}

/// List projects
///
/// Those that the caller may read, and those above something that they may read.
#[utoipa::path(get, path = "/api/v1/org-unit/projects", tag = "Organization", params(
    Filtering<Projects>, Sorting<Projects>, Paging<USUAL>,
), responses(
    (status = 200, description = "The projects", body = ProjectPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_projects(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Projects>>,
    Query(sorting): Query<Sorting<Projects>>,
    Query(paging): Query<Paging<USUAL>>,
) -> HttpResult<Json<ProjectPage>> {
    let wanted = listing(filtering, sorting.sort(), paging.page());
    let found = org::list(&call, ScopeKind::Project, wanted).await?;
    Ok(Json(ProjectPage { projects: found.nodes.into_iter().map(ProjectView::from).collect(), next: found.next }))
}

/// Count projects
#[utoipa::path(get, path = "/api/v1/org-unit/projects/count", tag = "Organization", params(Filtering<Projects>), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_projects(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Projects>>,
) -> HttpResult<Json<Count>> {
    Ok(Json(Count { count: org::count(&call, ScopeKind::Project, counting(filtering)).await? }))
}

/// Create a project
#[utoipa::path(post, path = "/api/v1/org-unit/projects", tag = "Organization", request_body = NewProject, responses(
    (status = 201, description = "Created", body = ProjectView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_project(Caller(call): Caller, Body(new): Body<NewProject>) -> HttpResult<Response> {
    let new = org::NewProject {
        cluster: cluster_id(new.cluster_id.as_str())?,
        department: new.parent_id.map(|id| parent_id(id.as_str())).transpose()?,
        name: NodeName::parse("name", new.name.as_str())?,
        description: new.description.map_or_else(|| Ok(String::new()), description)?,
    };
    let Changed { value, revision } = org::create_project(&call, new).await?;
    Ok(reply::created_tagged(Changed { value: ProjectView::from(value), revision }))
}

/// Get a project
#[utoipa::path(get, path = "/api/v1/org-unit/projects/{projectId}", tag = "Organization", params(("projectId" = String, Path, description = "The project's id")), responses(
    (status = 200, description = "The project", body = ProjectView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_project(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(found(org::get(&call, Scope::Project(project_id(&id)?)).await?, ProjectView::from))
}

/// Change a project
///
/// Its name and its description. It stays where it is.
#[utoipa::path(put, path = "/api/v1/org-unit/projects/{projectId}", tag = "Organization", params(("projectId" = String, Path, description = "The project's id")), request_body = ProjectChanges, responses(
    (status = 200, description = "The project as it is now", body = ProjectView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn update_project(
    Caller(call): Caller,
    Path(id): Path<String>,
    Body(new): Body<ProjectChanges>,
) -> HttpResult<Response> {
    let id = project_id(&id)?;
    let new = org::ProjectUpdate {
        name: new.name.map(|name| NodeName::parse("name", name.as_str())).transpose()?,
        description: new.description.map(description).transpose()?,
        cluster: new.cluster_id.map(|id| cluster_id(id.as_str())).transpose()?,
        department: new.parent_id.map(|id| parent_id(id.as_str())).transpose()?,
    };
    let Changed { value, revision } = org::update_project(&call, id, new).await?;
    Ok(reply::with_revision(found(value, ProjectView::from), revision))
}

/// Delete a project
///
/// With its access rules.
#[utoipa::path(delete, path = "/api/v1/org-unit/projects/{projectId}", tag = "Organization", params(("projectId" = String, Path, description = "The project's id")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_project(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&org::delete_project(&call, project_id(&id)?).await?))
}

/// The id in the path.
pub fn project_id(text: &str) -> Result<ProjectId> {
    ProjectId::parse(text).ok_or_else(|| Error::not_found(format!("there is no project {}", quoted(text))))
}

/// The department in the body.
fn parent_id(text: &str) -> Result<DepartmentId> {
    DepartmentId::parse(text).ok_or_else(|| {
        Error::invalid(format!("parentId: {} is not a department's id, which is a number such as 7", quoted(text)))
    })
}
