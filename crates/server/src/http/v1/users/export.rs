//! `GET /api/v1/users/export`: the whole list as a file.

use axum::response::Response;
use rolecall_store::UserRecord;
use serde::Deserialize;
use utoipa::IntoParams;

use super::parameters::{OldFilter, list_filter};
use crate::app::users;
use crate::http::csv::{self, Column};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query};
use crate::http::limits;
use crate::http::list::{Filtering, Sorting, Users};
use crate::http::parameter::Words;

/// A user with the number of their access rules.
type Row = (UserRecord, u64);

/// For callers who see all access rules.
static COLUMNS: [Column<Row>; 12] = columns(|(_, rules)| rules.to_string());

/// For callers who may not see all of them: that they see none does not mean that there is none.
static COLUMNS_OF_SOME: [Column<Row>; 12] = columns(|(_, rules)| match rules {
    0 => "None you can see".to_owned(),
    rules => rules.to_string(),
});

const fn columns(rules: fn(&Row) -> String) -> [Column<Row>; 12] {
    [
        Column { name: "username", title: "User", cell: |(user, _)| user.email.to_string() },
        Column { name: "type", title: "Type", cell: |(user, _)| if user.local { "Local" } else { "SSO" }.to_owned() },
        Column {
            name: "lastLogin",
            title: "Last login",
            cell: |(user, _)| user.last_login.map(|at| at.to_string()).unwrap_or_default(),
        },
        Column { name: "accessRules", title: "Access rule(s)", cell: rules },
        Column { name: "createdBy", title: "Created by", cell: |(user, _)| csv::author(&user.created_by) },
        Column { name: "creationTime", title: "Creation time", cell: |(user, _)| user.created_at.to_string() },
        Column { name: "lastUpdated", title: "Last updated", cell: |(user, _)| user.updated_at.to_string() },
        Column { name: "enabled", title: "Enabled", cell: |(user, _)| user.enabled.to_string() },
        Column {
            name: "temporaryPassword",
            title: "Temporary password",
            cell: |(user, _)| user.temporary_password.to_string(),
        },
        Column {
            name: "generatedPassword",
            title: "Generated password",
            cell: |(user, _)| user.generated_password.to_string(),
        },
        Column {
            name: "firstName",
            title: "First name",
            cell: |(user, _)| user.first_name.clone().unwrap_or_default(),
        },
        Column { name: "lastName", title: "Last name", cell: |(user, _)| user.last_name.clone().unwrap_or_default() },
    ]
}

/// What the file holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ExportedColumns {
    /// The columns, in this order: username, type, lastLogin, accessRules, createdBy, creationTime, lastUpdated, enabled,
    /// temporaryPassword, generatedPassword, firstName, lastName; all when absent.
    #[param(value_type = String, max_length = 255, example = "username,accessRules")]
    columns: Words<{ limits::NAME }>,
}

/// Export users
///
/// All users that the list would show, on all its pages, as one CSV file for spreadsheets: UTF-8 with a byte order mark, and an
/// apostrophe before what a spreadsheet would take for a formula. They are as they were when it began.
/// It ends with the caller's session, and after 30 minutes: an answer that breaks off is not the whole.
/// One at a time for each caller, and few for all; otherwise 503.
#[utoipa::path(get, path = "/api/v1/users/export", tag = "Users", params(
    ExportedColumns, Filtering<Users>, OldFilter, Sorting<Users>,
), responses(
    (status = 200, description = "The file", body = String, content_type = "text/csv"),
    (status = "4XX", description = "Refused", body = ErrorBody),
    (status = 503, description = "An export is under way already, or too many are", body = ErrorBody),
))]
pub async fn export_users(
    Caller(call): Caller,
    Query(chosen): Query<ExportedColumns>,
    Query(filtering): Query<Filtering<Users>>,
    Query(old): Query<OldFilter>,
    Query(sorting): Query<Sorting<Users>>,
) -> HttpResult<Response> {
    let all = if users::sees_all_rules(&call)? { &COLUMNS } else { &COLUMNS_OF_SOME };
    let columns = csv::columns(&chosen.columns, all)?;
    let filter = list_filter(filtering, old, call.world.account().id)?;
    let users = users::export(&call, filter, sorting.sort()).await?;
    Ok(csv::file("users.csv", columns, users).await?)
}
