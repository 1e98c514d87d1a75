//! `POST /api/v1/authorization/access-rules`.

use axum::response::Response;
use rolecall_core::Result;
use rolecall_core::catalogue::RoleId;
use rolecall_core::org::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AccessRuleView, parse};
use crate::app::{Changed, rules};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller};
use crate::http::reply;
use crate::http::v1::org::cluster_id;

/// The rule that is to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAccessRule {
    /// The e-mail or id of a user, the name of a group, or the client id or id of a service account. Users and groups
    /// may be named before anybody has seen them.
    #[schema(example = "ana@example.com")]
    pub subject_id: String,
    /// user, group or service-account (its old name, app, is understood too).
    #[schema(example = "user")]
    pub subject_type: String,
    /// The role.
    #[schema(example = 1710)]
    pub role_id: i32,
    /// The id of the account, cluster, department or project.
    #[schema(example = "7")]
    pub scope_id: String,
    /// tenant, cluster, department or project.
    #[schema(example = "department")]
    pub scope_type: String,
    /// The cluster that the scope is in or is. It may be left out; one that contradicts the scope is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Uuid)]
    pub cluster_id: Option<String>,
}

impl NewAccessRule {
    /// What it means.
    ///
    /// # Errors
    /// Invalid, with the field's name and value.
    pub fn parse(&self, account: AccountId) -> Result<rules::NewRule> {
        Ok(rules::NewRule {
            subject_kind: parse::subject_kind(&self.subject_type)?,
            subject: self.subject_id.clone(),
            role: RoleId::new(self.role_id),
            scope: parse::scope(parse::scope_kind(&self.scope_type)?, &self.scope_id, account)?,
            cluster: self.cluster_id.as_deref().map(cluster_id).transpose()?,
        })
    }

    /// Whether it calls service accounts `app`.
    pub fn says_app(&self) -> bool {
        self.subject_type == parse::APP
    }
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
    let Changed { value, revision } = rules::create(&call, &new.parse(account)?).await?;
    Ok(reply::created(Changed { value: AccessRuleView::new(value, account, new.says_app()), revision }))
}
