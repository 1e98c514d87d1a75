//! `GET /api/v1/authorization/who-can/export`: everybody who can do something in a scope, as a file.

use axum::response::Response;
use rolecall_core::Error;
use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::text::quoted;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access_rules::{SubjectType, scope_word};
use crate::app::decisions::{Holder, HoldingRule, WhoCanDo, export_holders};
use crate::http::csv::{self, Column};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query, Text};
use crate::http::parameter::{ScopeWord, Search, Words};
use crate::http::{Http, limits, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(export_who_can))
}

static COLUMNS: [Column<Holder>; 4] = [
    Column { name: "subject", title: "Subject", cell: |holder| holder.subject.name().to_owned() },
    Column { name: "rules", title: "By access rule(s)", cell: rules },
    Column { name: "inherited", title: "Inherited", cell: |holder| inherited(holder).to_owned() },
    Column { name: "groups", title: "Through groups", cell: groups },
];

fn rules(holder: &Holder) -> String {
    let rule = |HoldingRule { role, scope, group, .. }: &HoldingRule| match group {
        Some(group) => format!("{role} in {scope}, through the group {group}"),
        None => format!("{role} in {scope}"),
    };
    let mut rules: Vec<String> = holder.rules.iter().map(rule).collect();
    match (holder.further, rules.is_empty()) {
        (0, _) => {}
        (_, true) => rules.push("None you can see".to_owned()),
        (further, false) => rules.push(format!("and {further} more")),
    }
    rules.join("; ")
}

/// Whether rules above the scope allow it.
fn inherited(holder: &Holder) -> &'static str {
    let (above, here): (Vec<_>, Vec<_>) = holder.rules.iter().partition(|rule| rule.inherited);
    match (above.is_empty(), here.is_empty()) {
        (true, false) => "No",
        (false, false) => "Also",
        (false, true) => "Yes",
        // Where the caller sees no rule, they do not know.
        (true, true) => "Unknown",
    }
}

fn groups(holder: &Holder) -> String {
    let mut groups: Vec<&str> = holder.rules.iter().filter_map(|rule| rule.group.as_deref()).collect();
    let mut seen = std::collections::BTreeSet::new();
    groups.retain(|group| seen.insert(*group));
    groups.join("; ")
}

/// What is asked.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct WhoCanWanted {
    /// user, group or service-account.
    #[param(value_type = schema::SubjectType, required, example = "user")]
    subject_type: Option<SubjectType>,
    /// The type of resource.
    #[param(value_type = schema::ResourceType, required, example = "project")]
    resource_type: Option<Text<{ limits::NAME }>>,
    /// What is done to it.
    #[param(value_type = schema::Action, required, example = "create")]
    action: Option<Text<{ limits::NAME }>>,
    /// The scope, as scopeType:scopeId.
    #[param(inline, required, example = "department:7")]
    scope: Option<ScopeWord>,
    /// Text contained in the name
    #[param(inline)]
    search: Option<Search>,
    /// The columns, in this order: subject, rules, inherited, groups; all when absent.
    #[param(value_type = String, max_length = 255, example = "subject,rules")]
    columns: Words<{ limits::NAME }>,
}

/// Export who can do something
///
/// Every user, group or service account that may do that in that scope, by name, as one CSV file for spreadsheets, with the rules that
/// allow it and that the caller sees, at most 20 for each. They are as they were when it began. Needs `access_rules:read` in that
/// scope. It ends with the caller's session, and after 30 minutes: an answer that breaks off is not the whole. One at a time for
/// each caller, and few for all; otherwise 503.
#[utoipa::path(get, path = "/api/v1/authorization/who-can/export", tag = "Permissions", params(WhoCanWanted), responses(
    (status = 200, description = "The file", body = String, content_type = "text/csv"),
    (status = "4XX", description = "Refused", body = ErrorBody),
    (status = 503, description = "An export is under way already, or too many are", body = ErrorBody),
))]
pub async fn export_who_can(Caller(call): Caller, Query(wanted): Query<WhoCanWanted>) -> HttpResult<Response> {
    let missing = |name: &str| Error::invalid(format!("{name}: missing"));
    let kind = wanted.subject_type.ok_or_else(|| missing("subjectType"))?.kind;
    let resource_type = wanted.resource_type.ok_or_else(|| missing("resourceType"))?.into_string();
    let action = wanted.action.ok_or_else(|| missing("action"))?.into_string();
    let scope = wanted.scope.ok_or_else(|| missing("scope"))?;
    let unknown = |name: &str, text: &str| {
        let known = "GET /api/v1/authorization/resource-types lists them";
        Error::invalid(format!("{name}: {} is not known; {known}", quoted(text)))
    };
    let permission = Permission::new(
        ResourceType::parse(&resource_type).ok_or_else(|| unknown("resourceType", &resource_type))?,
        Action::parse(&action).ok_or_else(|| unknown("action", &action))?,
    );
    let columns = csv::columns(&wanted.columns, &COLUMNS)?;
    let scope = scope_word("scope", &scope.0, call.world.account().id)?;
    let part = wanted.search.map(|search| search.0).unwrap_or_default();
    let holders = export_holders(&call, WhoCanDo { kind, part, permission, scope })?;
    Ok(csv::file("who-can.csv", columns, holders).await?)
}
