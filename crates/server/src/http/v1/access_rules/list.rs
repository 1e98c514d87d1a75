//! `GET /api/v1/authorization/access-rules`, the same for the caller's own rules, and `/count` of both.

use axum::Json;
use rolecall_core::catalogue::RoleId;
use rolecall_core::filter::{Comparison, Condition, Filter, Search, Test, Value};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::{RULE_FIELDS, RULE_SORTS};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccessRuleView, parse};
use crate::app::Call;
use crate::app::rules::{self, Narrowing, Whose};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query};
use crate::http::limits;
use crate::http::list::{self, Count};
use crate::http::v1::org::cluster_id;

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
#[utoipa::path(get, path = "/api/v1/authorization/access-rules", tag = "Access rules", params(
    ("subjectType" = Option<String>, Query, description = "user, group or service-account (or app, its old name, which the answer then uses too)"),
    ("subjectIds" = Option<String>, Query, description = "Names or ids of subjects, separated by commas or repeated; at most 500"),
    ("subjectIdFilter" = Option<String>, Query, description = "Text that the subject contains", deprecated),
    ("roleId" = Option<i32>, Query, description = "The role"),
    ("scopeType" = Option<String>, Query, description = "tenant, cluster, department or project; system, above all of these, has no rules"),
    ("scopeId" = Option<String>, Query, description = "The scope"),
    ("clusterId" = Option<String>, Query, description = "Rules in this cluster and below it"),
    ("lastUpdated" = Option<String>, Query, description = "Created or deleted at this time or later (ISO 8601)"),
    ("includeDeleted" = Option<bool>, Query, description = "true: also those that were deleted"),
    ("filterBy" = Option<String>, Query, description = "Conditions that must all hold, separated by commas: a field, an operator (== != <= >= =@ !@ =^ =$), a value. Fields: id, subjectId, subjectType, roleId, scopeId, scopeType, roleName, scopeName, createdAt, updatedAt, deletedAt, createdBy, phase", example = "roleName=@administrator,createdAt>=2026-01-01"),
    ("search" = Option<String>, Query, description = "Text in the subject, the role's name or the scope's name"),
    ("sortBy" = Option<String>, Query, description = "One of the fields of filterBy"),
    ("sortOrder" = Option<String>, Query, description = "asc or desc"),
    ("offset" = Option<u64>, Query, description = "How many to leave out first"),
    ("limit" = Option<u32>, Query, description = "1 to 500; 50 when absent"),
), responses(
    (status = 200, description = "The rules", body = AccessRulePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_access_rules(Caller(call): Caller, query: Query) -> HttpResult<Json<AccessRulePage>> {
    Ok(Json(page(&call, Whose::Everybodys, &query).await?))
}

/// Count access rules
///
/// Those that the list would show; it takes what the list takes.
#[utoipa::path(get, path = "/api/v1/authorization/access-rules/count", tag = "Access rules", params(
    ("includeDeleted" = Option<bool>, Query, description = "As for the list"),
    ("filterBy" = Option<String>, Query, description = "As for the list"),
    ("search" = Option<String>, Query, description = "As for the list"),
), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_access_rules(Caller(call): Caller, query: Query) -> HttpResult<Json<Count>> {
    let count = rules::count(&call, Whose::Everybodys, asked(&query)?.narrowing).await?;
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
#[utoipa::path(get, path = "/api/v1/authorization/me/access-rules", tag = "Me", params(
    ("search" = Option<String>, Query, description = "Text in the subject, the role's name or the scope's name"),
    ("filterBy" = Option<String>, Query, description = "Conditions, as for the list of all access rules"),
    ("sortBy" = Option<String>, Query, description = "One of the fields of filterBy"),
    ("sortOrder" = Option<String>, Query, description = "asc or desc"),
    ("offset" = Option<u64>, Query, description = "How many to leave out first"),
    ("limit" = Option<u32>, Query, description = "1 to 500; 50 when absent"),
), responses(
    (status = 200, description = "The rules", body = OwnAccessRules),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_own_access_rules(Caller(call): Caller, query: Query) -> HttpResult<Json<OwnAccessRules>> {
    Ok(Json(OwnAccessRules { access_rules: page(&call, Whose::Own, &query).await? }))
}

/// Count one's own access rules
///
/// Those that the list would show; it takes what the list takes.
#[utoipa::path(get, path = "/api/v1/authorization/me/access-rules/count", tag = "Me", params(
    ("search" = Option<String>, Query, description = "As for the list"),
    ("filterBy" = Option<String>, Query, description = "As for the list"),
), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_own_access_rules(Caller(call): Caller, query: Query) -> HttpResult<Json<Count>> {
    let count = rules::count(&call, Whose::Own, asked(&query)?.narrowing).await?;
    Ok(Json(Count { count }))
}

async fn page(call: &Call, whose: Whose, query: &Query) -> Result<AccessRulePage> {
    let Asked { narrowing, says_app } = asked(query)?;
    let (sort, page) = (list::sort(query, RULE_SORTS)?, list::page(query, list::USUAL)?);
    let (rules, total_records) = rules::list(call, whose, narrowing, sort, page).await?;
    let account = call.world.account().id;
    let access_rules: Vec<_> = rules.into_iter().map(|rule| AccessRuleView::new(rule, account, says_app)).collect();
    Ok(AccessRulePage { total_records, display_records: access_rules.len(), access_rules })
}

/// What a query string asks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) narrowing: Narrowing,
    /// Whether it calls service accounts `app`.
    says_app: bool,
}

pub(super) fn asked(query: &Query) -> Result<Asked> {
    let subject_type = query.one("subjectType")?;
    let mut filter = list::filter(query, RULE_FIELDS)?;
    // The old way to look for a subject by a part of its name.
    filter.conditions.extend(query.text("subjectIdFilter")?.map(|part| Condition {
        field: "subjectId",
        test: Test::Search(Search::Contains, part.to_owned()),
        input: 0,
        span: 0..0,
    }));
    // The vendor's own level, where this account has no rules. No rule passes the condition.
    let scope_type = query.one("scopeType")?;
    let is_system = scope_type == Some(parse::SYSTEM);
    filter.conditions.extend(is_system.then(|| Condition {
        field: "scopeType",
        test: Test::Compare(Comparison::Equal, Value::Text(parse::SYSTEM.to_owned())),
        input: 0,
        span: 0..0,
    }));
    let says_app = subject_type == Some(parse::APP) || filters_app(&filter);
    let narrowing = Narrowing {
        subject_kind: subject_type.map(parse::subject_kind).transpose()?,
        subjects: subjects(query)?,
        role: query.parsed("roleId", "the number of a role, such as 8")?.map(RoleId::new),
        scope_kind: scope_type.filter(|_| !is_system).map(parse::scope_kind).transpose()?,
        scope_id: query.text("scopeId")?.map(str::to_owned),
        cluster: query.one("clusterId")?.map(cluster_id).transpose()?,
        last_updated: query.date("lastUpdated")?,
        include_deleted: query.truth("includeDeleted")?.unwrap_or(false),
        filter,
        search: list::search(query)?,
    };
    Ok(Asked { narrowing, says_app })
}

/// The subjects asked for; `None` when any will do.
fn subjects(query: &Query) -> Result<Option<Vec<String>>> {
    let mut subjects = Vec::new();
    for value in query.many("subjectIds", limits::NAMES)? {
        for name in value.split(',').filter(|name| !name.is_empty()) {
            limits::ensure_field("subjectIds", name, limits::NAME)?;
            subjects.push(name.to_owned());
        }
        // The name of a group may itself hold commas (cn=dev,ou=people): it counts as a whole, too.
        if value.contains(',') && limits::ensure_length(value, limits::NAME).is_ok() {
            subjects.push(value.to_owned());
        }
    }
    let most = limits::ITEMS;
    if subjects.len() > most {
        return Err(Error::invalid(format!("subjectIds: got {}; a request takes at most {most}", subjects.len())));
    }
    if let Some(odd) = subjects.iter().find(|name| name.chars().any(char::is_control)) {
        return Err(Error::invalid(format!("subjectIds: {} contains a control character", quoted(odd))));
    }
    Ok((!subjects.is_empty()).then_some(subjects))
}

/// Whether a filter calls service accounts by their old name.
fn filters_app(filter: &Filter) -> bool {
    filter.conditions.iter().any(|condition| {
        let is_app = |text: &str| text.eq_ignore_ascii_case(parse::APP);
        condition.field == "subjectType"
            && matches!(&condition.test, Test::Compare(_, Value::Text(text)) if is_app(text))
    })
}

#[cfg(test)]
mod tests {
    use rolecall_core::identity::SubjectKind;

    use super::*;

    fn read(query: &str) -> Result<Asked> {
        asked(&Query::parse(query))
    }

    #[test]
    fn subjects_come_joined_or_repeated_and_a_part_of_a_name_under_the_old_word() {
        let asked = read("subjectIds=a%40x.com%2Cb%40x.com&subjectIds=dev&subjectIdFilter=ops&").unwrap();
        assert_eq!(asked.narrowing.subjects.unwrap(), ["a@x.com", "b@x.com", "a@x.com,b@x.com", "dev"]);
        assert_eq!(asked.narrowing.filter.to_string(), "subjectId=@ops");
        assert!(read("subjectIds=").unwrap().narrowing.subjects.is_none());
    }

    #[test]
    fn the_level_above_the_account_is_known_and_has_no_rules() {
        let asked = read("scopeType=system&search=a").unwrap();
        assert_eq!(asked.narrowing.filter.to_string(), "scopeType==system");
        assert_eq!(asked.narrowing.scope_kind, None);
    }

    #[test]
    fn a_client_that_says_app_means_service_accounts_and_is_answered_with_that_word() {
        let by_parameter = read("subjectType=app").unwrap();
        assert_eq!(by_parameter.narrowing.subject_kind, Some(SubjectKind::ServiceAccount));
        assert!(by_parameter.says_app);

        let by_filter = read("filterBy=subjectType%3D%3Dapp").unwrap();
        assert!(by_filter.says_app);

        assert!(!read("subjectType=service-account").unwrap().says_app);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_the_name_of_its_parameter() {
        for (query, name) in [
            ("subjectType=robot", "subjectType"),
            ("subjectIds=a%00", "subjectIds"),
            ("roleId=2147483648", "roleId"),
            ("roleId=admin", "roleId"),
            ("scopeType=galaxy", "scopeType"),
            ("scopeId=%07", "scopeId"),
            ("clusterId=7", "clusterId"),
            ("lastUpdated=yesterday", "lastUpdated"),
            ("includeDeleted=perhaps", "includeDeleted"),
            ("filterBy=colour%3D%3Dred", "colour"),
            ("search=a%00", "search"),
        ] {
            let message = read(query).unwrap_err().message;
            assert!(message.contains(name), "{query}: {message}");
        }
        let many = format!("subjectIds={}", "a,".repeat(501));
        assert!(read(&many).unwrap_err().message.starts_with("subjectIds: "));
    }
}
