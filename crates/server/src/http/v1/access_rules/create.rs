//! `POST /api/v1/authorization/access-rules`.

use axum::response::Response;
use rolecall_core::catalogue::RoleId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AccessRuleView, parse};
use crate::app::{Changed, rules};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller};
use crate::http::reply;

/// The rule that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAccessRule {
    /// The e-mail or id of a user, the name of a group, or the client id or id of a service account. Users and groups
    /// may be named before anybody has seen them.
    #[schema(example = "ana@example.com")]
    subject_id: String,
    /// user, group or service-account (its old name, app, is understood too).
    #[schema(example = "user")]
    subject_type: String,
    /// The role.
    #[schema(example = 1710)]
    role_id: i32,
    /// The id of the account, cluster, department or project.
    #[schema(example = "7")]
    scope_id: String,
    /// tenant, cluster, department or project.
    #[schema(example = "department")]
    scope_type: String,
}

/// Create an access rule
///
/// Needs `access_rules:create` and every permission of the role, in the scope.
#[utoipa::path(post, path = "/api/v1/authorization/access-rules", tag = "Access rules", request_body = NewAccessRule, responses(
    (status = 201, description = "Made", body = AccessRuleView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_access_rule(Caller(call): Caller, Body(new): Body<NewAccessRule>) -> HttpResult<Response> {
    let account = call.world.account().id;
    let says_app = new.subject_type == parse::APP;
    let new = rules::NewRule {
        subject_kind: parse::subject_kind(&new.subject_type)?,
        subject: new.subject_id,
        role: RoleId::new(new.role_id),
        scope: parse::scope(parse::scope_kind(&new.scope_type)?, &new.scope_id, account)?,
    };
    let Changed { value, revision } = rules::create(&call, &new).await?;
    Ok(reply::created(Changed { value: AccessRuleView::new(value, account, says_app), revision }))
}
