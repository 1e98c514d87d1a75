//! `/api/v1/authorization/roles`.

use axum::Json;
use rolecall_core::catalogue::{Action, ResourceType, Role, RoleId};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::rules;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path, Query};
use crate::http::v1::access_rules::scope_word;
use crate::http::{Http, schema};

/// When the predefined roles were created: the same everywhere, since they are part of the product.
const MADE: &str = "2026-01-01T00:00:00.000Z";

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_roles)).routes(routes!(get_role))
}

/// A role: a named set of permissions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    /// Its id, the same in every installation.
    #[schema(example = 1710)]
    id: i32,
    /// Its name.
    #[schema(example = "Department administrator")]
    name: &'static str,
    /// What it is for.
    description: &'static str,
    /// What it permits.
    permissions: Vec<PermissionView>,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: &'static str,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: &'static str,
    /// Who created it.
    created_by: &'static str,
    /// Whether it was created here; predefined roles were not.
    custom: bool,
    /// Whether it may be given.
    enabled: bool,
    /// Whether it counts.
    effective_enabled: bool,
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

impl From<&'static Role> for RoleView {
    fn from(role: &'static Role) -> Self {
        Self {
            id: role.id.number(),
            name: role.name,
            description: role.description,
            permissions: role
                .grants
                .iter()
                .map(|grant| PermissionView::new(grant.resource_type, grant.actions))
                .collect(),
            created_at: MADE,
            updated_at: MADE,
            created_by: "system",
            custom: false,
            enabled: true,
            effective_enabled: true,
        }
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

/// List roles
///
/// All of them with `roles:read` in any scope; with `grantableIn`, those that the caller may grant there.
#[utoipa::path(get, path = "/api/v1/authorization/roles", tag = "Roles", params(
    ("grantableIn" = Option<String>, Query, description = "A scope, as scopeType:scopeId: only the roles that the caller may grant there; none where they may grant nothing", example = "department:7"),
), responses(
    (status = 200, description = "The roles, by id", body = Vec<RoleView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_roles(Caller(call): Caller, query: Query) -> HttpResult<Json<Vec<RoleView>>> {
    const IN: &str = "grantableIn";
    let Some(scope) = query.one(IN)? else {
        return Ok(Json(rules::roles(&call)?.iter().map(RoleView::from).collect()));
    };
    let scope = scope_word(IN, scope, call.world.account().id)?;
    Ok(Json(rules::grantable(&call, scope)?.into_iter().map(RoleView::from).collect()))
}

/// Get a role
#[utoipa::path(get, path = "/api/v1/authorization/roles/{roleId}", tag = "Roles", params(("roleId" = i32, Path, description = "The role's id")), responses(
    (status = 200, description = "The role", body = RoleView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_role(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Json<RoleView>> {
    Ok(Json(rules::role(&call, role_id(&id)?)?.into()))
}

fn role_id(text: &str) -> Result<RoleId> {
    // One spelling for each id, as for all others: 8, not 08 or +8.
    let number = text.parse::<i32>().ok().filter(|number| number.to_string() == text);
    number
        .map(RoleId::new)
        .ok_or_else(|| Error::invalid(format!("roleId: {} is not the number of a role, such as 8", quoted(text))))
}
