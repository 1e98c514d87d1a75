//! `GET /api/v1/authorization/access-rules/export`: the whole list as a file.

use axum::response::Response;
use rolecall_core::identity::SubjectKind;
use rolecall_store::RuleRecord;
use serde::Deserialize;
use utoipa::IntoParams;

use super::parameters::{RuleFilter, wanted};
use crate::app::rules;
use crate::http::csv::{self, Column};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query};
use crate::http::limits;
use crate::http::list::{Filtering, Rules, Sorting};
use crate::http::parameter::Words;

const COLUMNS: [Column<RuleRecord>; 8] = [
    Column { name: "subjectType", title: "Type", cell: |rule| kind(rule.subject_type).to_owned() },
    Column { name: "subjectId", title: "Subject", cell: |rule| rule.subject.clone() },
    Column { name: "roleName", title: "Role", cell: |rule| rule.role_name.clone() },
    Column { name: "scopeName", title: "Scope", cell: |rule| rule.scope_name.clone() },
    Column { name: "createdBy", title: "Authorized by", cell: |rule| csv::author(&rule.created_by) },
    Column { name: "createdAt", title: "Creation time", cell: |rule| rule.created_at.to_string() },
    Column { name: "updatedAt", title: "Last updated", cell: |rule| rule.updated_at.to_string() },
    Column {
        name: "scopeId",
        title: "Scope id",
        cell: |rule| format!("{}:{}", rule.scope.kind().as_str(), rule.scope_id),
    },
];

/// As people read it.
const fn kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::User => "User",
        SubjectKind::Group => "Group",
        SubjectKind::ServiceAccount => "Service account",
    }
}

/// What the file holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ExportedColumns {
    /// The columns, in this order: subjectType, subjectId, roleName, scopeName, createdBy, createdAt, updatedAt, scopeId;
    /// all when absent.
    #[param(value_type = String, max_length = 255, example = "subjectId,roleName,scopeName")]
    columns: Words<{ limits::NAME }>,
}

/// Export access rules
///
/// All rules that the list would show, on all its pages, as one CSV file for spreadsheets: UTF-8 with a byte order mark, and an
/// apostrophe before what a spreadsheet would take for a formula. They are as they were when it began.
/// It ends with the caller's session, and after 30 minutes: an answer that breaks off is not the whole.
/// One at a time for each caller, and few for all; otherwise 503. It takes what the
/// list takes, but for limit and offset.
#[utoipa::path(get, path = "/api/v1/authorization/access-rules/export", tag = "Access rules", params(
    ExportedColumns, RuleFilter, Filtering<Rules>, Sorting<Rules>,
), responses(
    (status = 200, description = "The file", body = String, content_type = "text/csv"),
    (status = "4XX", description = "Refused", body = ErrorBody),
    (status = 503, description = "An export is under way already, or too many are", body = ErrorBody),
))]
pub async fn export_access_rules(
    Caller(call): Caller,
    Query(chosen): Query<ExportedColumns>,
    Query(filter): Query<RuleFilter>,
    Query(filtering): Query<Filtering<Rules>>,
    Query(sorting): Query<Sorting<Rules>>,
) -> HttpResult<Response> {
    let columns = csv::columns(&chosen.columns, &COLUMNS)?;
    let rules = rules::export(&call, wanted(filter, filtering)?.filter, sorting.sort()).await?;
    Ok(csv::file("access-rules.csv", columns, rules).await?)
}
