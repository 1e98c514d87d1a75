//! `/api/v1/authorization/permissions` and `/permitted-scopes`: what the caller may do, and where. `/resource-types`:
//! what can be permitted at all.

use axum::Json;
use rolecall_core::access::Subtrees;
use rolecall_core::catalogue::{Action, Permission, PermissionSet, PredefinedRole, ResourceType};
use rolecall_core::org::AccountId;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access_rules::scope_word;
use super::effective_permissions::lines;
use super::roles::PermissionView;
use crate::app::rules;
use crate::http::Http;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Query, Text};
use crate::http::parameter::ScopeWord;
use crate::http::{limits, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(get_permissions))
        .routes(routes!(get_permitted_scopes))
        .routes(routes!(list_resource_types))
}

/// Where.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct WantedScope {
    /// A scope, as scopeType:scopeId: only what the caller may do there.
    #[param(inline, example = "department:7")]
    scope: Option<ScopeWord>,
}

/// Get one's own permissions
///
/// All that the caller may do in any scope; with `scope`, what they may do in that one.
#[utoipa::path(get, path = "/api/v1/authorization/permissions", tag = "Permissions", params(WantedScope), responses(
    (status = 200, description = "The permissions, a line for each type of resource", body = Vec<PermissionView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_permissions(
    Caller(call): Caller,
    Query(wanted): Query<WantedScope>,
) -> HttpResult<Json<Vec<PermissionView>>> {
    let account = call.world.account().id;
    let scope = wanted.scope.map(|scope| scope_word("scope", &scope.0, account)).transpose()?;
    let held = rules::permissions(&call, scope)?;
    Ok(Json(lines(held)))
}

/// List the types of resources
///
/// Everything that can be permitted: each type of resource with the actions that some predefined role permits. The same for
/// every caller with a permission; empty for callers without one.
#[utoipa::path(get, path = "/api/v1/authorization/resource-types", tag = "Permissions", responses(
    (status = 200, description = "A line for each type of resource", body = Vec<PermissionView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_resource_types(Caller(call): Caller) -> HttpResult<Json<Vec<PermissionView>>> {
    if rules::permissions(&call, None)?.is_empty() {
        return Ok(Json(Vec::new()));
    }
    let permissions = PredefinedRole::all().iter().flat_map(|role| role.permissions.iter());
    Ok(Json(lines(permissions.fold(PermissionSet::EMPTY, PermissionSet::with))))
}

/// What is asked about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PermittedScopesQuestion {
    /// A type of resource, such as project.
    #[schema(value_type = schema::ResourceType)]
    resource_type: Text<{ limits::WORD }>,
    /// create, read, update or delete; all four when absent.
    #[schema(value_type = Option<schema::ScopedAction>)]
    action: Option<Text<{ limits::WORD }>>,
}

/// For each action the scopes where the caller may do it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PermittedScopesByAction {
    /// Where the caller may create.
    create: PermittedScopes,
    /// Where the caller may read.
    read: PermittedScopes,
    /// Where the caller may update.
    update: PermittedScopes,
    /// Where the caller may delete.
    delete: PermittedScopes,
}

/// The fewest scopes that cover all of where the caller may do something. It holds in everything below them, too.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PermittedScopes {
    /// Always false.
    system: bool,
    /// The account, when the caller may do it everywhere.
    #[schema(example = json!(["1001"]))]
    tenants: Vec<String>,
    /// The same, for older clients; absent when the caller may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(deprecated)]
    tenant: Option<String>,
    /// Clusters.
    #[schema(value_type = Vec<uuid::Uuid>)]
    clusters: Vec<String>,
    /// Departments.
    #[schema(value_type = Vec<schema::NodeNumber>)]
    departments: Vec<String>,
    /// Projects.
    #[schema(value_type = Vec<schema::NodeNumber>)]
    projects: Vec<String>,
}

impl PermittedScopes {
    fn new(subtrees: Subtrees, account: AccountId) -> Self {
        fn texts<T: ToString>(ids: &[T]) -> Vec<String> {
            ids.iter().map(T::to_string).collect()
        }
        match subtrees {
            Subtrees::Everything => {
                let account = account.to_string();
                Self { tenants: vec![account.clone()], tenant: Some(account), ..Self::default() }
            }
            Subtrees::Below { clusters, departments, projects } => Self {
                clusters: texts(&clusters),
                departments: texts(&departments),
                projects: texts(&projects),
                ..Self::default()
            },
        }
    }
}

/// Get the scopes where one may do something
///
/// For each action the fewest scopes that cover all of where the caller may do it to that type of resource.
#[utoipa::path(post, path = "/api/v1/authorization/permitted-scopes", tag = "Permissions", request_body = PermittedScopesQuestion, responses(
    (status = 200, description = "The scopes; none for an action that was not asked for", body = PermittedScopesByAction),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_permitted_scopes(
    Caller(call): Caller,
    Body(question): Body<PermittedScopesQuestion>,
) -> HttpResult<Json<PermittedScopesByAction>> {
    let resource_type = resource_type(question.resource_type.as_str())?;
    let asked = question.action.map(|word| action(word.as_str())).transpose()?;
    let account = call.world.account().id;
    let scopes = |action: Action| {
        if asked.is_some_and(|asked| asked != action) {
            return Ok(PermittedScopes::default());
        }
        rules::permitted_in(&call, Permission::new(resource_type, action))
            .map(|subtrees| PermittedScopes::new(subtrees, account))
    };
    Ok(Json(PermittedScopesByAction {
        create: scopes(Action::Create)?,
        read: scopes(Action::Read)?,
        update: scopes(Action::Update)?,
        delete: scopes(Action::Delete)?,
    }))
}

fn resource_type(text: &str) -> Result<ResourceType> {
    ResourceType::parse(text).ok_or_else(|| {
        let known: Vec<_> = ResourceType::ALL.iter().map(|it| it.as_str()).collect();
        Error::invalid(format!("resourceType: {} is not one of {}", quoted(text), known.join(", ")))
    })
}

/// One of the four actions that the answer has a place for.
fn action(text: &str) -> Result<Action> {
    Action::parse(text)
        .filter(|action| *action != Action::Sync)
        .ok_or_else(|| Error::invalid(format!("action: {} is not one of create, read, update, delete", quoted(text))))
}
