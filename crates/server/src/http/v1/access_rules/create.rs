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
use crate::http::extract::{Body, Caller, Text};
use crate::http::schema::{ScopeId, ScopeType, SubjectType};
use crate::http::v1::org::cluster_id;
use crate::http::{limits, reply};

/// A new access rule.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAccessRule {
    /// The email or id of a user, the name of a group, or the client id or id of a service account. Users and groups
    /// can be named before their first sign-in.
    #[schema(value_type = String, example = "ana@example.com", min_length = 1, max_length = 255)]
    pub subject_id: Text<{ limits::NAME }>,
    /// user, group or service-account (its old name, app, is understood too).
    #[schema(value_type = SubjectType)]
    pub subject_type: Text<{ limits::WORD }>,
    /// The role.
    #[schema(example = 1710, minimum = 0)]
    pub role_id: i32,
    /// The id of the account, cluster, department or project.
    #[schema(value_type = ScopeId)]
    pub scope_id: Text<{ limits::ID }>,
    /// tenant, cluster, department or project.
    #[schema(value_type = ScopeType)]
    pub scope_type: Text<{ limits::WORD }>,
    /// The cluster that the scope is in or is. It may be left out; one that contradicts the scope is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid, max_length = 36)]
    pub cluster_id: Option<Text<{ limits::ID }>>,
}

impl NewAccessRule {
    /// What it means.
    ///
    /// # Errors
    /// Invalid, with the field's name and value.
    pub fn parse(&self, account: AccountId) -> Result<rules::NewRule> {
        Ok(rules::NewRule {
            subject_kind: parse::field("subjectType", parse::subject_kind(self.subject_type.as_str()))?,
            subject: self.subject_id.as_str().to_owned(),
            role: RoleId::new(self.role_id),
            scope: parse::scope(
                parse::field("scopeType", parse::scope_kind(self.scope_type.as_str()))?,
                self.scope_id.as_str(),
                account,
            )?,
            cluster: self.cluster_id.as_ref().map(|id| cluster_id(id.as_str())).transpose()?,
        })
    }

    /// Whether it calls service accounts `app`.
    pub fn says_app(&self) -> bool {
        self.subject_type.as_str() == parse::APP
    }
}

/// Create an access rule
///
/// Needs `access_rules:create` and every permission of the role, in the scope.
#[utoipa::path(post, path = "/api/v1/authorization/access-rules", tag = "Access rules", request_body = NewAccessRule, responses(
    (status = 201, description = "Created", body = AccessRuleView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_access_rule(Caller(call): Caller, Body(new): Body<NewAccessRule>) -> HttpResult<Response> {
    let account = call.world.account().id;
    let Changed { value, revision } = rules::create(&call, &new.parse(account)?).await?;
    Ok(reply::created(Changed { value: AccessRuleView::new(value, account, new.says_app()), revision }))
}
