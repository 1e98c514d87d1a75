//! `POST /api/v1/authorization/access-rules/batch` and `/batch-create`.

use std::fmt;

use axum::Json;
use axum::response::{IntoResponse, Response};
use rolecall_core::{Error, Result, RevisionStamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{Array, ArrayBuilder, ObjectBuilder, Type};

use super::create::NewAccessRule;
use super::{AccessRuleView, parse};
use crate::app::rules::{self, Outcomes};
use crate::http::error::{self, ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, List, Text};
use crate::http::schema::{ScopeId, ScopeType, SubjectType};
use crate::http::{limits, reply};

/// Access rules to delete.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AccessRulesBatch {
    /// 1 to 500 ids of access rules.
    #[schema(schema_with = ids_schema)]
    ids: List<Id, { limits::ITEMS }>,
    /// delete, or validate_delete to be told what delete would answer.
    action: BatchAction,
}

fn ids_schema() -> Array {
    let id = SchemaType::from_iter([Type::Integer, Type::String]);
    let id =
        ObjectBuilder::new().schema_type(id).minimum(Some(0)).pattern(Some("^[0-9]+$")).max_length(Some(limits::ID));
    ArrayBuilder::new()
        .items(id.build())
        .min_items(Some(1))
        .max_items(Some(limits::ITEMS))
        .description(Some("1 to 500 ids of access rules, as numbers or as strings."))
        .examples([json!([32, "33"])])
        .build()
}

/// An id as clients write it.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected the id of an access rule, a number or a string of digits")]
enum Id {
    Number(serde_json::Number),
    Text(Text<{ limits::ID }>),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text.as_str()),
        }
    }
}

/// What to do with each access rule.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BatchAction {
    /// Delete it.
    Delete,
    /// Change nothing; answer what deleting would.
    ValidateDelete,
}

/// The result of each.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessRulesBatchAnswer {
    /// The id of this batch.
    #[schema(format = Uuid)]
    id: String,
    /// The ids of the rules that were deleted, or would be.
    #[schema(example = json!(["32"]))]
    succeeded: Vec<String>,
    /// Those that were not, or would not be.
    failed: Vec<FailedDeletion>,
}

/// Why a rule was not deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailedDeletion {
    /// Its id, as it was given.
    #[schema(example = "33")]
    id: String,
    /// The HTTP status that deleting this rule alone would have had.
    #[schema(example = 404)]
    code: u16,
    /// What is wrong, and what to do.
    message: String,
    /// A word to compare, where the status alone does not say enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "rule-not-found")]
    reason: Option<&'static str>,
}

/// Delete several access rules
///
/// One after another, each as if it were deleted alone: some may succeed and others fail. The caller's own rules are deleted
/// last, so that losing them takes no right away from the rest. `validate_delete` changes nothing and answers what `delete`
/// would, in the same order, each rule after the deletions before it.
#[utoipa::path(post, path = "/api/v1/authorization/access-rules/batch", tag = "Access rules", request_body = AccessRulesBatch, responses(
    (status = 200, description = "The result of each", body = AccessRulesBatchAnswer),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn access_rules_batch(Caller(call): Caller, Body(batch): Body<AccessRulesBatch>) -> HttpResult<Response> {
    let ids = batch.ids.as_slice();
    ensure_few("ids", ids.len())?;
    let id = call.app.random.uuid()?.to_string();
    let items = ids.iter().map(Id::to_string).map(|id| {
        let meant = parse::rule_id(&id);
        (id, meant)
    });
    let outcomes = match batch.action {
        BatchAction::Delete => rules::delete_all(&call, items.collect()).await,
        BatchAction::ValidateDelete => rules::rehearse_delete_all(&call, items.collect()).await?,
    };
    let Outcomes { succeeded, failed, revision } = outcomes;
    let failed = failed.into_iter().map(|(id, error)| {
        let reason = error.reason;
        let (code, message) = told(error);
        FailedDeletion { id, code, message, reason }
    });
    let succeeded = succeeded.into_iter().map(|(id, ())| id).collect();
    Ok(answer(AccessRulesBatchAnswer { id, succeeded, failed: failed.collect() }, revision))
}

/// Access rules to create: each subject gets the role in each scope.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AccessRulesBatchCreate {
    /// The rules.
    payload: BatchCreatePayload,
}

/// One role, for several subjects in several scopes; at most 500 rules in all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchCreatePayload {
    /// The subjects.
    #[schema(value_type = Vec<BatchSubject>, min_items = 1, max_items = 500)]
    subjects: List<BatchSubject, { limits::ITEMS }>,
    /// The role.
    #[schema(example = 1710, minimum = 0)]
    role_id: i32,
    /// The scopes.
    #[schema(value_type = Vec<BatchScope>, min_items = 1, max_items = 500)]
    scopes: List<BatchScope, { limits::ITEMS }>,
    /// The cluster that all these scopes are in or are, as for a single rule.
    #[schema(value_type = Option<String>, format = Uuid, max_length = 36)]
    cluster_id: Option<Text<{ limits::ID }>>,
}

/// A subject, as for a single rule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchSubject {
    /// As for a single rule.
    #[schema(value_type = String, example = "ana@example.com", min_length = 1, max_length = 255)]
    subject_id: Text<{ limits::NAME }>,
    /// user, group or service-account (its old name, app, is understood too).
    #[schema(value_type = SubjectType)]
    subject_type: Text<{ limits::WORD }>,
}

/// A scope, as for a single rule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchScope {
    /// The id of the account, cluster, department or project.
    #[schema(value_type = ScopeId)]
    scope_id: Text<{ limits::ID }>,
    /// tenant, cluster, department or project.
    #[schema(value_type = ScopeType)]
    scope_type: Text<{ limits::WORD }>,
}

/// The result of each.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessRulesBatchCreated {
    /// The rules that were created.
    succeeded: Vec<AccessRuleView>,
    /// The rules that were not.
    failed: Vec<FailedCreation>,
}

/// Why a rule was not created.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailedCreation {
    /// The rule.
    payload: NewAccessRule,
    /// The HTTP status that creating this rule alone would have had.
    #[schema(example = 409)]
    code: u16,
    /// What is wrong, and what to do.
    message: String,
}

impl BatchCreatePayload {
    /// Each subject in each scope, in order.
    fn rules(&self) -> impl Iterator<Item = NewAccessRule> {
        self.subjects.as_slice().iter().flat_map(move |subject| {
            self.scopes.as_slice().iter().map(move |scope| NewAccessRule {
                subject_id: subject.subject_id.clone(),
                subject_type: subject.subject_type.clone(),
                role_id: self.role_id,
                scope_id: scope.scope_id.clone(),
                scope_type: scope.scope_type.clone(),
                cluster_id: self.cluster_id.clone(),
            })
        })
    }
}

/// Create several access rules
///
/// Each subject gets the role in each scope, one after another, each as if it were created alone: some may succeed and
/// others fail.
#[utoipa::path(post, path = "/api/v1/authorization/access-rules/batch-create", tag = "Access rules", request_body = AccessRulesBatchCreate, responses(
    (status = 200, description = "The result of each", body = AccessRulesBatchCreated),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn access_rules_batch_create(
    Caller(call): Caller,
    Body(AccessRulesBatchCreate { payload }): Body<AccessRulesBatchCreate>,
) -> HttpResult<Response> {
    let (subjects, scopes) = (payload.subjects.as_slice().len(), payload.scopes.as_slice().len());
    ensure_few("payload: subjects × scopes", subjects.saturating_mul(scopes))?;
    let account = call.world.account().id;
    let items = payload.rules().map(|rule| {
        let meant = rule.parse(account);
        (rule, meant)
    });
    let Outcomes { succeeded, failed, revision } = rules::create_all(&call, items.collect()).await;
    let succeeded =
        succeeded.into_iter().map(|(said, record)| AccessRuleView::new(record, account, said.says_app())).collect();
    let failed = failed.into_iter().map(|(payload, error)| {
        let (code, message) = told(error);
        FailedCreation { payload, code, message }
    });
    Ok(answer(AccessRulesBatchCreated { succeeded, failed: failed.collect() }, revision))
}

fn ensure_few(what: &str, count: usize) -> Result<()> {
    let most = limits::ITEMS;
    if (1..=most).contains(&count) {
        return Ok(());
    }
    Err(Error::invalid(format!("{what}: got {count}; a request takes 1 to {most}")))
}

/// An item's error, as the single request would have told it.
fn told(error: Error) -> (u16, String) {
    error::log(&error);
    (error::status(error.kind).as_u16(), error.message)
}

fn answer(body: impl Serialize, revision: Option<RevisionStamp>) -> Response {
    let response = Json(body).into_response();
    match revision {
        Some(revision) => reply::with_revision(response, revision),
        None => response,
    }
}
