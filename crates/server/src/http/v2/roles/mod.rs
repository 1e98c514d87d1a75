//! `/api/v2/authorization/roles`, and `/api/v1/authorization/permission-sets`, from which roles are made.

mod form;
mod presets;
mod view;

use axum::Json;
use axum::response::Response;
use rolecall_core::access::Role;
use rolecall_core::lists::RoleList;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{Changed, roles};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path, Query};
use crate::http::list::{Filtering, Paging, Roles, Sorting, USUAL};
use crate::http::v1::roles::role_id;
use crate::http::{Http, etag, reply};

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
#[utoipa::path(get, path = "/api/v2/authorization/roles", tag = "Roles", params(Filtering<Roles>, Sorting<Roles>, Paging<USUAL>), responses(
    (status = 200, description = "The roles", body = RolePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_roles_v2(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Roles>>,
    Query(sorting): Query<Sorting<Roles>>,
    Query(paging): Query<Paging<USUAL>>,
) -> HttpResult<Json<RolePage>> {
    let ((filter, search), sort) = (filtering.parts(), sorting.sort());
    let wanted = RoleList { filter, search, sort_by: sort.by, order: sort.order };
    let page = roles::list(&call, &wanted, paging.page())?;
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
/// One of the organization's own. Needs `roles:update`, and every permission that the role had or gets, at the account.
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
