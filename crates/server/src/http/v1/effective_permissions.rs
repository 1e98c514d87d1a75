//! `/api/v1/authorization/effective-permissions`: all that a subject may do, scope by scope.

use axum::Json;
use rolecall_core::catalogue::{Action, Permission, PermissionSet, ResourceType};
use rolecall_core::org::{Scope, ScopePath};
use rolecall_core::{Error, World};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access_rules::SubjectType;
use super::roles::PermissionView;
use crate::app::decisions;
use crate::http::authzen::token::Search;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query, Text};
use crate::http::list::{self, Limit};
use crate::http::{Http, limits, schema};

/// How many bytes the scopes of a page have: half of an answer, so that a page is soon there.
const LONGEST_PAGE: usize = limits::ANSWER / 2;

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(get_effective_permissions))
}

/// A page of what a subject may do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectivePermissions {
    /// The scopes in which it may do more than above them, in the order of the tree. In every other scope it may do what it may
    /// in the nearest of these above, and nothing where there is none.
    scopes: Vec<EffectiveScope>,
    /// `pageToken` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

/// What a subject may do in a scope, and in what is below it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveScope {
    /// The scopes from the account down to this one, itself the last.
    path: Vec<ScopeName>,
    /// All that it may do there, a line for each type of resource.
    permissions: Vec<PermissionView>,
}

impl EffectiveScope {
    /// About as many bytes as it is sent in, rather more.
    fn bytes(&self) -> usize {
        let names = self.path.iter().map(ScopeName::bytes);
        names.chain(self.permissions.iter().map(|_| 200)).sum()
    }
}

/// A scope and its name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScopeName {
    /// tenant, cluster, department or project.
    #[schema(value_type = schema::ScopeType)]
    scope_type: &'static str,
    /// Its id.
    #[schema(value_type = schema::ScopeId)]
    scope_id: String,
    /// Its name.
    scope_name: String,
}

impl ScopeName {
    /// The view of a scope of that world.
    pub fn new(scope: Scope, world: &World) -> Self {
        Self {
            scope_type: scope.kind().as_str(),
            scope_id: world.id_of(scope),
            scope_name: world.name_of(scope).unwrap_or_default().to_owned(),
        }
    }

    /// About as many bytes as it is sent in, rather more.
    pub fn bytes(&self) -> usize {
        100 + 2 * self.scope_name.len()
    }
}

/// Whose permissions are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct WantedSubject {
    /// user, group or service-account.
    #[param(value_type = schema::SubjectType, required, example = "user")]
    subject_type: Option<SubjectType>,
    /// The email or id of a user, the name of a group, the client id or id of a service account.
    #[param(value_type = String, required, max_length = 255, example = "ana@example.com")]
    subject_id: Option<Text<{ limits::NAME }>>,
}

/// Which page is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct WantedPage {
    /// How many scopes at most, from 1 to 500; 50 when absent.
    #[param(inline)]
    limit: Option<Limit>,
    /// nextPageToken of the page before.
    #[param(value_type = Option<String>, max_length = 4096)]
    page_token: Option<Text<{ limits::PAGE_TOKEN }>>,
}

/// Get what a subject may do
///
/// Everything that a user, a group or a service account may do, by all rules that count for it, said where it changes. About
/// oneself all of it; about others what they may do where the caller may read access rules. A disabled user has no access.
#[utoipa::path(get, path = "/api/v1/authorization/effective-permissions", tag = "Permissions", params(WantedSubject, WantedPage), responses(
    (status = 200, description = "The scopes, with what it may do there", body = EffectivePermissions),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_effective_permissions(
    Caller(call): Caller,
    Query(wanted): Query<WantedSubject>,
    Query(page): Query<WantedPage>,
) -> HttpResult<Json<EffectivePermissions>> {
    let missing = |name: &str| Error::invalid(format!("{name}: missing"));
    let kind = wanted.subject_type.ok_or_else(|| missing("subjectType"))?.kind;
    let name = &wanted.subject_id.ok_or_else(|| missing("subjectId"))?.into_string();
    let limit = usize::try_from(page.limit.map_or(list::USUAL, |limit| limit.0)).map_err(Error::internal)?;
    let (subject, changes) = decisions::changes(&call, kind, name)?;

    let search = Search::of(&["effective", kind.as_str(), subject.name()]);
    let after = page.page_token.map(|token| search.scope_path("pageToken", token.as_str())).transpose()?;
    let world = &call.world;
    let behind = changes.behind(after.as_ref(), world);
    let view = |(path, held): &(ScopePath, PermissionSet)| EffectiveScope {
        path: path.scopes().map(|scope| ScopeName::new(scope, world)).collect(),
        permissions: lines(*held),
    };
    let mut room = LONGEST_PAGE;
    let mut scopes = Vec::new();
    for scope in behind.iter().take(limit).map(view) {
        // A page may have fewer scopes than were asked for, but always one.
        room = room.saturating_sub(scope.bytes());
        if room == 0 && !scopes.is_empty() {
            break;
        }
        scopes.push(scope);
    }
    let last = scopes.len().checked_sub(1).and_then(|last| behind.get(last)).filter(|_| scopes.len() < behind.len());
    let next_page_token = last.map(|(path, _)| search.token_behind(path));
    Ok(Json(EffectivePermissions { scopes, next_page_token }))
}

/// A line for each type of resource to which something is permitted.
pub fn lines(held: PermissionSet) -> Vec<PermissionView> {
    let line = |resource_type: &ResourceType| {
        let holds = |action: &Action| held.contains(Permission::new(*resource_type, *action));
        let actions: Vec<Action> = Action::ALL.iter().copied().filter(holds).collect();
        (!actions.is_empty()).then(|| PermissionView::new(*resource_type, &actions))
    };
    ResourceType::ALL.iter().filter_map(line).collect()
}
