//! `/api/v1/authorization/access-rules/{accessRuleId}`.

use axum::Json;
use axum::response::Response;

use super::{AccessRuleView, parse};
use crate::app::rules;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path};
use crate::http::reply;

/// Get an access rule
///
/// Callers see their own, and those in scopes where they may read access rules.
#[utoipa::path(get, path = "/api/v1/authorization/access-rules/{accessRuleId}", tag = "Access rules", params(("accessRuleId" = i32, Path, description = "The rule's id")), responses(
    (status = 200, description = "The rule, with its scope's path", body = AccessRuleView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_access_rule(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Json<AccessRuleView>> {
    let (rule, scope_path) = rules::get(&call, parse::rule_id(&id)?).await?;
    Ok(Json(AccessRuleView { scope_path, ..AccessRuleView::new(rule, call.world.account().id, false) }))
}

/// Delete an access rule
///
/// Needs `access_rules:delete` and every permission of the role, in the scope. `includeDeleted` still shows it.
#[utoipa::path(delete, path = "/api/v1/authorization/access-rules/{accessRuleId}", tag = "Access rules", params(("accessRuleId" = i32, Path, description = "The rule's id")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_access_rule(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&rules::delete(&call, parse::rule_id(&id)?).await?))
}
