//! `/api/v1/service-accounts`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rolecall_core::identity::{ServiceAccountId, ServiceAccountName};
use rolecall_core::org::AccountId;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::ServiceAccountRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{Changed, service_accounts};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path, Query, Text};
use crate::http::list::{ALL, Paging};
use crate::http::{Http, limits, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(list_service_accounts, create_service_account))
        .routes(routes!(get_service_account, update_service_account, delete_service_account))
        .routes(routes!(renew_service_account_secret))
}

/// A service account: a machine that signs in with a secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccountView {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// What people call it.
    #[schema(example = "nightly-report")]
    name: String,
    /// The name that it signs in with, and that access rules speak of.
    #[schema(example = "nightly-report-0f1e2d3c4b5a")]
    client_id: String,
    /// Whether it may sign in.
    enabled: bool,
    /// Who created it.
    created_by: String,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// When it last signed in.
    #[schema(format = DateTime)]
    last_login: Option<String>,
    /// The account; here it is text.
    #[schema(example = "1001")]
    tenant_id: String,
}

impl ServiceAccountView {
    fn new(record: ServiceAccountRecord, account: AccountId) -> Self {
        Self {
            id: record.id.to_string(),
            name: record.name.to_string(),
            client_id: record.client_id.to_string(),
            enabled: record.enabled,
            created_by: record.created_by,
            created_at: record.created_at.to_string(),
            updated_at: record.updated_at.to_string(),
            last_login: record.last_login.map(|at| at.to_string()),
            tenant_id: account.to_string(),
        }
    }
}

/// A new service account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewServiceAccount {
    /// The name, unique in the account.
    #[schema(value_type = schema::ServiceAccountName)]
    name: Text<{ limits::SERVICE_ACCOUNT }>,
}

/// What is to be changed about a service account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ServiceAccountChange {
    /// Whether it may sign in.
    enabled: bool,
}

/// The service account that was created. The secret is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedServiceAccountView {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// Its name.
    name: String,
    /// The name that it signs in with.
    client_id: String,
    /// What it signs in with.
    client_secret: String,
}

/// A new secret. It is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientSecret {
    /// The secret.
    client_secret: String,
}

/// List service accounts
///
/// For callers who may read service accounts in any scope: all of them, unless a limit is given.
#[utoipa::path(get, path = "/api/v1/service-accounts", tag = "Service accounts", params(Paging<ALL>), responses(
    (status = 200, description = "The service accounts, by name", body = Vec<ServiceAccountView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_service_accounts(
    Caller(call): Caller,
    Query(paging): Query<Paging<ALL>>,
) -> HttpResult<Json<Vec<ServiceAccountView>>> {
    let account = call.world.account().id;
    let records = service_accounts::list(&call, paging.page()).await?;
    Ok(Json(records.into_iter().map(|record| ServiceAccountView::new(record, account)).collect()))
}

/// Create a service account
#[utoipa::path(post, path = "/api/v1/service-accounts", tag = "Service accounts", request_body = NewServiceAccount, responses(
    (status = 201, description = "Created", body = CreatedServiceAccountView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_service_account(Caller(call): Caller, Body(new): Body<NewServiceAccount>) -> HttpResult<Response> {
    let name = ServiceAccountName::parse("name", new.name.as_str())?;
    let Changed { value, revision } = service_accounts::create(&call, name).await?;
    let view = CreatedServiceAccountView {
        id: value.id.to_string(),
        name: value.name.to_string(),
        client_id: value.client_id.to_string(),
        client_secret: value.secret.expose().to_owned(),
    };
    Ok(reply::created_tagged(Changed { value: view, revision }))
}

/// Get a service account
#[utoipa::path(get, path = "/api/v1/service-accounts/{serviceAccountId}", tag = "Service accounts", params(("serviceAccountId" = String, Path, description = "The service account's id")), responses(
    (status = 200, description = "The service account", body = ServiceAccountView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_service_account(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    let record = service_accounts::get(&call, service_account_id(&id)?).await?;
    let last_change = record.revision;
    Ok(reply::found(ServiceAccountView::new(record, call.world.account().id), last_change))
}

/// Let a service account sign in, or keep it from signing in
///
/// Disabling it ends its sessions; its access rules stay. Needs everything that it holds.
#[utoipa::path(patch, path = "/api/v1/service-accounts/{serviceAccountId}", tag = "Service accounts", params(("serviceAccountId" = String, Path, description = "The service account's id")), request_body = ServiceAccountChange, responses(
    (status = 200, description = "Changed"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn update_service_account(
    Caller(call): Caller,
    Path(id): Path<String>,
    Body(change): Body<ServiceAccountChange>,
) -> HttpResult<Response> {
    let changed = service_accounts::set_enabled(&call, service_account_id(&id)?, change.enabled).await?;
    Ok(reply::with_revision(StatusCode::OK.into_response(), changed.revision))
}

/// Delete a service account
///
/// With its sessions and access rules. Needs everything that it holds.
#[utoipa::path(delete, path = "/api/v1/service-accounts/{serviceAccountId}", tag = "Service accounts", params(("serviceAccountId" = String, Path, description = "The service account's id")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_service_account(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&service_accounts::delete(&call, service_account_id(&id)?).await?))
}

/// Renew a service account's secret
///
/// The old one counts no more, and its sessions end. Needs everything that it holds.
#[utoipa::path(post, path = "/api/v1/service-accounts/{serviceAccountId}/secret", tag = "Service accounts", params(("serviceAccountId" = String, Path, description = "The service account's id")), responses(
    (status = 200, description = "The new secret", body = ClientSecret),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn renew_service_account_secret(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    let Changed { value, revision } = service_accounts::renew_secret(&call, service_account_id(&id)?).await?;
    Ok(reply::done(Changed { value: ClientSecret { client_secret: value.expose().to_owned() }, revision }))
}

/// The id of a service account in a request.
///
/// # Errors
/// `NotFound` when it is no id.
pub fn service_account_id(text: &str) -> Result<ServiceAccountId> {
    ServiceAccountId::parse(text)
        .ok_or_else(|| Error::not_found(format!("there is no service account with the id {}", quoted(text))))
}
