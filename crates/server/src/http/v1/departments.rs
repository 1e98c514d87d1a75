//! `/api/v1/org-unit/departments`.

use axum::Json;
use axum::response::Response;
use rolecall_core::org::{DepartmentId, NodeName, Scope, ScopeKind};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::NodeRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::org::{Details, Nothing, cluster_id, counting, description, found, id, listing};
use crate::app::{Changed, org};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path, Query, Text};
use crate::http::list::{Count, Departments, Filtering, Paging, Sorting, USUAL};
use crate::http::parameter::{one_of, parameter};
use crate::http::{Http, limits, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(list_departments, create_department))
        .routes(routes!(count_departments))
        .routes(routes!(get_department, update_department, delete_department))
}

/// A department.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentView {
    /// Its id: a number as text.
    #[schema(value_type = schema::NodeNumber)]
    id: String,
    /// Its name.
    #[schema(example = "research")]
    name: String,
    /// What it is for; empty where only its name is visible to the caller.
    description: String,
    /// The cluster above it.
    #[schema(format = Uuid)]
    cluster_id: String,
    /// When it was created; 1970 where only its name is visible to the caller.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed; 1970 where only its name is visible to the caller.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Who created it; absent where only its name is visible to the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// Empty: quotas are not kept here.
    total_resources: Nothing,
    /// Empty: quotas are not kept here.
    resources: Vec<Nothing>,
}

impl From<NodeRecord> for DepartmentView {
    fn from(node: NodeRecord) -> Self {
        let Details { description, created_by, created_at, updated_at } = Details::seen(&node);
        Self {
            id: id(node.scope),
            name: node.name,
            description,
            cluster_id: node.cluster.map(|id| id.to_string()).unwrap_or_default(),
            created_at,
            updated_at,
            created_by,
            total_resources: Nothing {},
            resources: Vec::new(),
        }
    }
}

/// A page of departments.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentPage {
    /// The departments.
    departments: Vec<DepartmentView>,
    /// The offset of the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// A new department. Other members are accepted and ignored, `resources` among them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewDepartment {
    /// The name, unique in the cluster.
    #[schema(value_type = schema::NodeName)]
    name: Text<{ limits::NAME }>,
    /// The cluster above it.
    #[schema(value_type = String, format = Uuid, max_length = 36)]
    cluster_id: Text<{ limits::ID }>,
    /// What it is for.
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Option<Text<{ limits::DESCRIPTION }>>,
}

/// Changes to a department. What is absent or null stays as it is. Other members are accepted and ignored, `resources`
/// among them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentChanges {
    /// What it is for; an empty text takes the description away.
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Option<Text<{ limits::DESCRIPTION }>>,
    /// The name, unique in the cluster.
    #[schema(value_type = Option<schema::NodeName>)]
    name: Option<Text<{ limits::NAME }>>,
    /// The cluster that it is in. Departments do not move: another one is refused.
    #[schema(value_type = Option<String>, format = Uuid, max_length = 36)]
    cluster_id: Option<Text<{ limits::ID }>>,
}

/// How much of a department is wanted. It is checked and changes nothing: Rolecall knows too little of a department to
/// leave something out.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct DepartmentVerbosity {
    /// meta, brief or verbose; they all get the same, which is all there is.
    #[param(inline)]
    verbosity: Option<Verbosity>,
}

#[derive(Debug)]
struct Verbosity;

parameter!(Verbosity, |text| one_of(text, &VERBOSITIES).map(|()| Self), schema::words(VERBOSITIES));

const VERBOSITIES: [&str; 3] = ["meta", "brief", "verbose"];

/// List departments
///
/// Those that the caller may read, and those above something that they may read.
#[utoipa::path(get, path = "/api/v1/org-unit/departments", tag = "Organization", params(
    Filtering<Departments>, Sorting<Departments>, Paging<USUAL>, DepartmentVerbosity,
), responses(
    (status = 200, description = "The departments", body = DepartmentPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_departments(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Departments>>,
    Query(sorting): Query<Sorting<Departments>>,
    Query(paging): Query<Paging<USUAL>>,
    _verbosity: Query<DepartmentVerbosity>,
) -> HttpResult<Json<DepartmentPage>> {
    let wanted = listing(filtering, sorting.sort(), paging.page());
    let found = org::list(&call, ScopeKind::Department, wanted).await?;
    let departments = found.nodes.into_iter().map(DepartmentView::from).collect();
    Ok(Json(DepartmentPage { departments, next: found.next }))
}

/// Count departments
#[utoipa::path(get, path = "/api/v1/org-unit/departments/count", tag = "Organization", params(Filtering<Departments>), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_departments(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Departments>>,
) -> HttpResult<Json<Count>> {
    Ok(Json(Count { count: org::count(&call, ScopeKind::Department, counting(filtering)).await? }))
}

/// Create a department
#[utoipa::path(post, path = "/api/v1/org-unit/departments", tag = "Organization", request_body = NewDepartment, responses(
    (status = 201, description = "Created", body = DepartmentView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_department(Caller(call): Caller, Body(new): Body<NewDepartment>) -> HttpResult<Response> {
    let new = org::NewDepartment {
        cluster: cluster_id(new.cluster_id.as_str())?,
        name: NodeName::parse("name", new.name.as_str())?,
        description: new.description.map_or_else(|| Ok(String::new()), description)?,
    };
    let Changed { value, revision } = org::create_department(&call, new).await?;
    Ok(reply::created_tagged(Changed { value: DepartmentView::from(value), revision }))
}

/// Get a department
#[utoipa::path(get, path = "/api/v1/org-unit/departments/{departmentId}", tag = "Organization", params(("departmentId" = String, Path, description = "The department's id")), responses(
    (status = 200, description = "The department", body = DepartmentView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_department(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(found(org::get(&call, Scope::Department(department_id(&id)?)).await?, DepartmentView::from))
}

/// Change a department
///
/// Its name and its description. It stays where it is.
#[utoipa::path(put, path = "/api/v1/org-unit/departments/{departmentId}", tag = "Organization", params(("departmentId" = String, Path, description = "The department's id")), request_body = DepartmentChanges, responses(
    (status = 200, description = "The department as it is now", body = DepartmentView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn update_department(
    Caller(call): Caller,
    Path(id): Path<String>,
    Body(new): Body<DepartmentChanges>,
) -> HttpResult<Response> {
    let id = department_id(&id)?;
    let new = org::DepartmentUpdate {
        name: new.name.map(|name| NodeName::parse("name", name.as_str())).transpose()?,
        description: new.description.map(description).transpose()?,
        cluster: new.cluster_id.map(|id| cluster_id(id.as_str())).transpose()?,
    };
    let Changed { value, revision } = org::update_department(&call, id, new).await?;
    Ok(reply::with_revision(found(value, DepartmentView::from), revision))
}

/// Delete a department
///
/// One that has no projects; with its access rules.
#[utoipa::path(delete, path = "/api/v1/org-unit/departments/{departmentId}", tag = "Organization", params(("departmentId" = String, Path, description = "The department's id")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_department(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&org::delete_department(&call, department_id(&id)?).await?))
}

/// The id in the path.
pub fn department_id(text: &str) -> Result<DepartmentId> {
    DepartmentId::parse(text).ok_or_else(|| Error::not_found(format!("there is no department {}", quoted(text))))
}
