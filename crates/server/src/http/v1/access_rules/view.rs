//! An access rule as the API shows it.

use rolecall_core::identity::SubjectKind;
use rolecall_core::org::AccountId;
use rolecall_store::RuleRecord;
use serde::Serialize;
use utoipa::ToSchema;

use super::parse::APP;
use crate::http::schema::{RulePhase, ScopeId, ScopeType, SubjectType};

/// An access rule: a subject has a role in a scope and in everything below it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessRuleView {
    /// Its id.
    pub id: i32,
    /// The email of a user, the name of a group, or the client id of a service account.
    #[schema(example = "ana@example.com")]
    pub subject_id: String,
    /// user, group or service-account; app where the request called it so.
    #[schema(value_type = SubjectType)]
    pub subject_type: &'static str,
    /// The role that it gives.
    pub role_id: i32,
    /// The role's name.
    #[schema(example = "Department administrator")]
    pub role_name: String,
    /// The scope in which it gives the role.
    #[schema(value_type = ScopeId)]
    pub scope_id: String,
    /// tenant, cluster, department or project.
    #[schema(value_type = ScopeType)]
    pub scope_type: &'static str,
    /// The scope's name.
    pub scope_name: String,
    /// The cluster of the scope; absent for the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Uuid)]
    pub cluster_id: Option<String>,
    /// The account.
    pub tenant_id: i32,
    /// When it was created.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was created or deleted.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// When it was deleted.
    #[schema(format = DateTime)]
    pub deleted_at: Option<String>,
    /// Who created it.
    pub created_by: String,
    /// Whether it applies.
    pub status: RuleStatus,
    /// The names from the account down to the scope; only in the answer for a single rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Acme/berlin/research/vision")]
    pub scope_path: Option<String>,
}

/// Whether an access rule applies.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleStatus {
    /// Ready, or Deleting for one that was deleted.
    #[schema(value_type = RulePhase)]
    pub phase: &'static str,
}

impl AccessRuleView {
    /// The view of a record in that account, with `app` for a service account where the caller speaks so.
    pub fn new(rule: RuleRecord, account: AccountId, says_app: bool) -> Self {
        let subject_type = match rule.subject_type {
            SubjectKind::ServiceAccount if says_app => APP,
            kind => kind.as_str(),
        };
        Self {
            id: rule.id.number(),
            subject_id: rule.subject,
            subject_type,
            role_id: rule.role.number(),
            role_name: rule.role_name,
            scope_id: rule.scope_id,
            scope_type: rule.scope.kind().as_str(),
            scope_name: rule.scope_name,
            cluster_id: rule.cluster.map(|cluster| cluster.to_string()),
            tenant_id: account.number(),
            created_at: rule.created_at.to_string(),
            updated_at: rule.updated_at.to_string(),
            status: RuleStatus { phase: if rule.deleted_at.is_some() { "Deleting" } else { "Ready" } },
            deleted_at: rule.deleted_at.map(|at| at.to_string()),
            created_by: rule.created_by,
            scope_path: None,
        }
    }
}
