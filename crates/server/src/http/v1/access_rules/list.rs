//! `GET /api/v1/authorization/access-rules`, the same for the caller's own rules, and `/count` of both.

use axum::Json;
use rolecall_core::Result;
use rolecall_store::{Page, Sort};
use serde::Serialize;
use utoipa::ToSchema;

use super::AccessRuleView;
use super::parameters::{RuleFilter, Wanted, wanted};
use crate::app::Call;
use crate::app::rules::{self, Whose};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query};
use crate::http::list::{Count, Filtering, Paging, Rules, Sorting, USUAL};

/// A page of access rules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessRulePage {
    /// How many match in all.
    total_records: u64,
    /// How many are in this answer.
    display_records: usize,
    /// The rules.
    access_rules: Vec<AccessRuleView>,
}

/// List access rules
///
/// Callers see their own, and those in scopes where they may read access rules.
#[utoipa::path(get, path = "/api/v1/authorization/access-rules", tag = "Access rules", params(RuleFilter, Filtering<Rules>, Sorting<Rules>, Paging<USUAL>), responses(
    (status = 200, description = "The rules", body = AccessRulePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_access_rules(
    Caller(call): Caller,
    Query(filter): Query<RuleFilter>,
    Query(filtering): Query<Filtering<Rules>>,
    Query(sorting): Query<Sorting<Rules>>,
    Query(paging): Query<Paging<USUAL>>,
) -> HttpResult<Json<AccessRulePage>> {
    Ok(Json(page(&call, Whose::Everybodys, wanted(filter, filtering)?, sorting.sort(), paging.page()).await?))
}

/// Count access rules
///
/// Those that the list would show; it takes what the list takes.
#[utoipa::path(get, path = "/api/v1/authorization/access-rules/count", tag = "Access rules", params(RuleFilter, Filtering<Rules>), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_access_rules(
    Caller(call): Caller,
    Query(filter): Query<RuleFilter>,
    Query(filtering): Query<Filtering<Rules>>,
) -> HttpResult<Json<Count>> {
    let count = rules::count(&call, Whose::Everybodys, wanted(filter, filtering)?.filter).await?;
    Ok(Json(Count { count }))
}

/// The caller's own access rules, a member deeper than clients of other lists expect them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnAccessRules {
    /// The page.
    access_rules: AccessRulePage,
}

/// List one's own access rules
///
/// Those that name the caller or a group of theirs, whatever else they may see.
#[utoipa::path(get, path = "/api/v1/authorization/me/access-rules", tag = "Me", params(RuleFilter, Filtering<Rules>, Sorting<Rules>, Paging<USUAL>), responses(
    (status = 200, description = "The rules", body = OwnAccessRules),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_own_access_rules(
    Caller(call): Caller,
    Query(filter): Query<RuleFilter>,
    Query(filtering): Query<Filtering<Rules>>,
    Query(sorting): Query<Sorting<Rules>>,
    Query(paging): Query<Paging<USUAL>>,
) -> HttpResult<Json<OwnAccessRules>> {
    let page = page(&call, Whose::Own, wanted(filter, filtering)?, sorting.sort(), paging.page()).await?;
    Ok(Json(OwnAccessRules { access_rules: page }))
}

/// Count one's own access rules
///
/// Those that the list would show; it takes what the list takes.
#[utoipa::path(get, path = "/api/v1/authorization/me/access-rules/count", tag = "Me", params(RuleFilter, Filtering<Rules>), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_own_access_rules(
    Caller(call): Caller,
    Query(filter): Query<RuleFilter>,
    Query(filtering): Query<Filtering<Rules>>,
) -> HttpResult<Json<Count>> {
    let count = rules::count(&call, Whose::Own, wanted(filter, filtering)?.filter).await?;
    Ok(Json(Count { count }))
}

async fn page(call: &Call, whose: Whose, wanted: Wanted, sort: Sort, page: Page) -> Result<AccessRulePage> {
    let Wanted { filter, says_app } = wanted;
    let (rules, total_records) = rules::list(call, whose, filter, sort, page).await?;
    let account = call.world.account().id;
    let access_rules: Vec<_> = rules.into_iter().map(|rule| AccessRuleView::new(rule, account, says_app)).collect();
    Ok(AccessRulePage { total_records, display_records: access_rules.len(), access_rules })
}
