//! `/api/v2/authorization/roles`, and `/api/v1/authorization/permission-sets`, from which roles are made.

mod form;
mod presets;
mod view;

use axum::Json;
use axum::response::Response;
use rolecall_core::access::Role;
use rolecall_core::lists::{ROLE_FIELDS, ROLE_SORTS, RoleList};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{Changed, roles};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path, Query};
use crate::http::v1::roles::role_id;
use crate::http::{Http, etag, list, reply};

pub use form::RoleForm;
pub use view::{RolePage, RoleV2};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(list_roles_v2, create_role))
        .routes(routes!(get_role_v2, update_role, delete_role))
        .routes(routes!(enable_role))
        .routes(routes!(disable_role))
        .routes(routes!(presets::list_permission_sets))
        .routes(routes!(presets::get_permission_set))
}

/// List roles, a page at a time
///
/// For callers with `roles:read` in any scope.
#[utoipa::path(get, path = "/api/v2/authorization/roles", tag = "Roles", params(
    ("filterBy" = Option<String>, Query, description = "Conditions that must all hold, separated by commas: a field, an operator (== != <= >= =@ !@ =^ =$), a value. Fields: name, createdAt, createdBy, custom, scopeType, enabled. Every role may be granted at every level, so scopeType is each of them.", example = "custom==true"),
    ("search" = Option<String>, Query, description = "Text that the name contains"),
    ("sortBy" = Option<String>, Query, description = "One of the fields of filterBy; by id when absent"),
    ("sortOrder" = Option<String>, Query, description = "asc or desc"),
    ("offset" = Option<u64>, Query, description = "How many to leave out first"),
    ("limit" = Option<u32>, Query, description = "1 to 500; 50 when absent"),
), responses(
    (status = 200, description = "The roles", body = RolePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_roles_v2(Caller(call): Caller, query: Query) -> HttpResult<Json<RolePage>> {
    let sort = list::sort(&query, ROLE_SORTS)?;
    let wanted = RoleList {
        filter: list::filter(&query, ROLE_FIELDS)?,
        search: list::search(&query)?,
        sort_by: sort.by,
        order: sort.order,
    };
    let page = roles::list(&call, &wanted, list::page(&query, list::USUAL)?)?;
    Ok(Json(RolePage { roles: page.roles.into_iter().map(RoleV2::from).collect(), next: page.next }))
}

/// Create a role
///
/// From permission sets, or from permissions. Needs `roles:create` and every permission of the role at the account.
#[utoipa::path(post, path = "/api/v2/authorization/roles", tag = "Roles", request_body = RoleForm, responses(
    (status = 201, description = "Created", body = RoleV2),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_role(Caller(call): Caller, Body(form): Body<RoleForm>) -> HttpResult<Response> {
    Ok(reply::created_tagged(shown(&roles::create(&call, form.definition()?, form.enabled().unwrap_or(true)).await?)))
}

/// Get a role, with its permission sets
#[utoipa::path(get, path = "/api/v2/authorization/roles/{roleId}", tag = "Roles", params(("roleId" = i32, Path, description = "The role's id")), responses(
    (status = 200, description = "The role", body = RoleV2),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_role_v2(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    let (role, last_change) = roles::get(&call, role_id(&id)?).await?;
    Ok(reply::found(RoleV2::from(&role), last_change))
}

/// Change a role
///
/// One of the organization's own. Needs `roles:update`, and every permission that the role had or gets, wherever it is used.
#[utoipa::path(put, path = "/api/v2/authorization/roles/{roleId}", tag = "Roles", params(("roleId" = i32, Path, description = "The role's id")), request_body = RoleForm, responses(
    (status = 200, description = "The role as it is now", body = RoleV2),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn update_role(
    Caller(call): Caller,
    Path(id): Path<String>,
    Body(form): Body<RoleForm>,
) -> HttpResult<Response> {
    Ok(answer(&roles::update(&call, role_id(&id)?, form.definition()?, form.enabled()).await?))
}

/// Delete a role
///
/// One of the organization's own that no access rule has.
#[utoipa::path(delete, path = "/api/v2/authorization/roles/{roleId}", tag = "Roles", params(("roleId" = i32, Path, description = "The role's id")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_role(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&roles::delete(&call, role_id(&id)?).await?))
}

/// Enable a role
///
/// Its access rules count again.
#[utoipa::path(post, path = "/api/v2/authorization/roles/{roleId}/enable", tag = "Roles", params(("roleId" = i32, Path, description = "The role's id")), responses(
    (status = 200, description = "The role as it is now", body = RoleV2),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn enable_role(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(answer(&roles::set_enabled(&call, role_id(&id)?, true).await?))
}

/// Disable a role
///
/// Its access rules stay, and permit nothing.
#[utoipa::path(post, path = "/api/v2/authorization/roles/{roleId}/disable", tag = "Roles", params(("roleId" = i32, Path, description = "The role's id")), responses(
    (status = 200, description = "The role as it is now", body = RoleV2),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn disable_role(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(answer(&roles::set_enabled(&call, role_id(&id)?, false).await?))
}

fn answer(changed: &Changed<Role>) -> Response {
    etag::tagged(reply::done(shown(changed)), changed.revision)
}

fn shown(changed: &Changed<Role>) -> Changed<RoleV2> {
    Changed { value: RoleV2::from(&changed.value), revision: changed.revision }
}
