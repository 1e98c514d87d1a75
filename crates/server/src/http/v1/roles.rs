//! `/api/v1/authorization/roles`: reads roles, as older clients do. They are changed through `/api/v2/authorization/roles`.

use axum::Json;
use axum::response::Response;
use rolecall_core::access::Role;
use rolecall_core::catalogue::{Action, ResourceType, RoleId};
use rolecall_core::lists::RoleList;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::Page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::effective_permissions::lines;
use crate::app::roles;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path, Query};
use crate::http::list::ALL;
use crate::http::parameter::ScopeWord;
use crate::http::v1::access_rules::scope_word;
use crate::http::{Http, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_roles)).routes(routes!(get_role))
}

/// A role: a named set of permissions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    /// Its id; for predefined roles the same in every installation.
    #[schema(example = 1710)]
    id: i32,
    /// Its name.
    #[schema(example = "Department administrator")]
    name: String,
    /// What it is for.
    description: String,
    /// What it permits.
    permissions: Vec<PermissionView>,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Who created it.
    created_by: String,
    /// Whether the organization made it; predefined roles come with Rolecall.
    custom: bool,
    /// Whether its rules count.
    enabled: bool,
    /// Whether its rules count: the same as `enabled`.
    effective_enabled: bool,
    /// What it stands for in Kubernetes clusters; absent for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    kubernetes_permissions: Option<KubernetesView>,
}

/// What a role stands for in Kubernetes clusters. Rolecall keeps it for others.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubernetesView {
    /// The role there.
    #[schema(example = "12")]
    predefined_role: String,
}

/// What a role permits to do to one type of resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PermissionView {
    /// The type.
    #[schema(value_type = schema::ResourceType)]
    resource_type: &'static str,
    /// What people call it.
    #[schema(example = "Access rules")]
    display_name: &'static str,
    /// What it is shown under.
    #[schema(value_type = schema::ResourceGroup)]
    group_id: &'static str,
    /// create, read, update, delete, sync.
    #[schema(value_type = Vec<schema::Action>)]
    actions: Vec<&'static str>,
}

impl From<&Role> for RoleView {
    fn from(role: &Role) -> Self {
        Self {
            id: role.id.number(),
            name: role.name().to_owned(),
            description: role.definition.description.clone(),
            permissions: lines(role.permissions()),
            created_at: role.created_at.to_string(),
            updated_at: role.updated_at.to_string(),
            created_by: role.created_by.clone(),
            custom: role.custom,
            enabled: role.enabled,
            effective_enabled: role.enabled,
            kubernetes_permissions: KubernetesView::of(role),
        }
    }
}

impl KubernetesView {
    /// The view of what that role stands for.
    pub fn of(role: &Role) -> Option<Self> {
        role.definition.kubernetes.clone().map(|predefined_role| Self { predefined_role })
    }
}

impl PermissionView {
    /// The view of these actions on that type.
    pub fn new(resource_type: ResourceType, actions: &[Action]) -> Self {
        Self {
            resource_type: resource_type.as_str(),
            display_name: resource_type.display_name(),
            group_id: resource_type.group().as_str(),
            actions: actions.iter().copied().map(Action::as_str).collect(),
        }
    }
}

/// Where the roles are to be granted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct Grantable {
    /// A scope, as scopeType:scopeId: only the roles that the caller may grant there; none where they may grant nothing.
    #[param(inline, example = "department:7")]
    grantable_in: Option<ScopeWord>,
}

/// List roles
///
/// All of them with `roles:read` in any scope; with `grantableIn`, those that the caller may grant there.
#[utoipa::path(get, path = "/api/v1/authorization/roles", tag = "Roles", params(Grantable), responses(
    (status = 200, description = "The roles, by id", body = Vec<RoleView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_roles(Caller(call): Caller, Query(grantable): Query<Grantable>) -> HttpResult<Json<Vec<RoleView>>> {
    let Some(ScopeWord(scope)) = grantable.grantable_in else {
        let all = roles::list(&call, &RoleList::default(), Page { offset: 0, limit: ALL })?;
        return Ok(Json(all.roles.into_iter().map(RoleView::from).collect()));
    };
    let scope = scope_word("grantableIn", &scope, call.world.account().id)?;
    Ok(Json(roles::grantable(&call, scope)?.iter().map(RoleView::from).collect()))
}

/// Get a role
#[utoipa::path(get, path = "/api/v1/authorization/roles/{roleId}", tag = "Roles", params(("roleId" = i32, Path, description = "The role's id")), responses(
    (status = 200, description = "The role", body = RoleView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_role(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    let (role, last_change) = roles::get(&call, role_id(&id)?).await?;
    Ok(reply::found(RoleView::from(&role), last_change))
}

/// The role's id in a path.
pub fn role_id(text: &str) -> Result<RoleId> {
    // One spelling for each id, as for all others: 8, not 08 or +8.
    let number = text.parse::<i32>().ok().filter(|number| number.to_string() == text);
    number
        .map(RoleId::new)
        .ok_or_else(|| Error::invalid(format!("roleId: {} is not the number of a role, such as 8", quoted(text))))
}
