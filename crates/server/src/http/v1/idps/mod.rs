//! `/api/v1/idps`: identity providers and their mappers.

mod bindings;
mod form;
mod rehearsal;
mod view;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{Changed, identity_providers, sso};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path};
use crate::http::{Http, etag, reply};

pub use form::{MappersForm, ProviderForm};
pub use rehearsal::{RehearsalForm, RehearsalView};
pub use view::{MappersView, ProviderView};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(list_idps, create_idp))
        .routes(routes!(get_idp, update_idp, delete_idp))
        .routes(routes!(get_idp_mappers, update_idp_mappers))
        .routes(routes!(rehearse_idp))
        .routes(routes!(bindings::get_idp_bindings, bindings::end_idp_bindings))
        .routes(routes!(bindings::get_removed_idps_bindings, bindings::end_removed_idps_bindings))
}

/// The identity provider that was created.
#[derive(Serialize, ToSchema)]
pub struct CreatedProvider {
    /// Its name, which addresses it.
    #[schema(example = "oidc")]
    alias: String,
}

/// List identity providers
///
/// Secrets are shown as `*******`.
#[utoipa::path(get, path = "/api/v1/idps", tag = "Identity providers", responses(
    (status = 200, description = "The identity providers, by name", body = Vec<ProviderView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_idps(Caller(call): Caller) -> HttpResult<Json<Vec<ProviderView>>> {
    let public_url = call.app.public_url.as_str();
    let read = identity_providers::list(&call).await?;
    Ok(Json(read.into_iter().map(|it| ProviderView::new(it, public_url)).collect()))
}

/// Create an identity provider
///
/// Needs every permission at the account: a provider says who someone is, and can so give any access.
#[utoipa::path(post, path = "/api/v1/idps", tag = "Identity providers", request_body = ProviderForm, responses(
    (status = 201, description = "Created", body = CreatedProvider),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_idp(Caller(call): Caller, Body(form): Body<ProviderForm>) -> HttpResult<Response> {
    let alias = form.alias()?;
    let (settings, secret) = form.settings()?;
    let (mappers, emails) = (form.mappers().unwrap_or_default(), form.emails()?.unwrap_or_default());
    let groups_absent = form.groups_absent()?.unwrap_or_default();
    let new =
        identity_providers::New { alias, settings, more: form.more_of_saml(), secret, mappers, emails, groups_absent };
    let Changed { value, revision } = identity_providers::create(&call, new).await?;
    let value = CreatedProvider { alias: value.as_str().to_owned() };
    Ok(reply::created_tagged(Changed { value, revision }))
}

/// Get an identity provider
#[utoipa::path(get, path = "/api/v1/idps/{idp}", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), responses(
    (status = 200, description = "The identity provider", body = ProviderView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_idp(Caller(call): Caller, Path(idp): Path<String>) -> HttpResult<Response> {
    let read = identity_providers::get(&call, &idp).await?;
    let last_change = read.revision;
    Ok(reply::found(ProviderView::new(read, call.app.public_url.as_str()), last_change))
}

/// Change an identity provider
///
/// The type and the name stay. A secret of `*******` keeps the stored one. Bindings and access do not change.
#[utoipa::path(put, path = "/api/v1/idps/{idp}", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), request_body = ProviderForm, responses(
    (status = 200, description = "Changed"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn update_idp(
    Caller(call): Caller,
    Path(idp): Path<String>,
    Body(form): Body<ProviderForm>,
) -> HttpResult<Response> {
    let changed = identity_providers::update(&call, &idp, form.update()?).await?;
    Ok(etag::tagged(reply::with_revision(StatusCode::OK.into_response(), changed.revision), changed.revision))
}

/// Delete an identity provider
///
/// Only a local user can. The sessions that began there end; users and access rules stay.
#[utoipa::path(delete, path = "/api/v1/idps/{idp}", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), responses(
    (status = 200, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_idp(Caller(call): Caller, Path(idp): Path<String>) -> HttpResult<Response> {
    let changed = identity_providers::delete(&call, &idp).await?;
    Ok(reply::with_revision(StatusCode::OK.into_response(), changed.revision))
}

/// Get the mappers of an identity provider
#[utoipa::path(get, path = "/api/v1/idps/{idp}/mappers", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), responses(
    (status = 200, description = "The mappers", body = MappersView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_idp_mappers(Caller(call): Caller, Path(idp): Path<String>) -> HttpResult<Response> {
    let read = identity_providers::get(&call, &idp).await?;
    let last_change = read.revision;
    Ok(reply::found(MappersView::new(&read), last_change))
}

/// Change the mappers of an identity provider
///
/// They count from the next sign-in on.
#[utoipa::path(put, path = "/api/v1/idps/{idp}/mappers", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), request_body = MappersForm, responses(
    (status = 202, description = "Changed"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn update_idp_mappers(
    Caller(call): Caller,
    Path(idp): Path<String>,
    Body(form): Body<MappersForm>,
) -> HttpResult<Response> {
    let changed = identity_providers::update_mappers(&call, &idp, &form.mappers()).await?;
    Ok(reply::with_revision(StatusCode::ACCEPTED.into_response(), changed.revision))
}

/// Rehearse sign-ins
///
/// Says who someone would be, in which groups, and which access they would gain or lose; or why they would be refused. With
/// `settings`, as if these were saved. Nothing is changed, nobody comes in, and the provider is not asked.
#[utoipa::path(post, path = "/api/v1/idps/{idp}/rehearsal", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), request_body = RehearsalForm, responses(
    (status = 200, description = "What would come of it", body = RehearsalView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn rehearse_idp(
    Caller(call): Caller,
    Path(idp): Path<String>,
    Body(mut form): Body<RehearsalForm>,
) -> HttpResult<Json<RehearsalView>> {
    let speech = form.speech()?;
    let settings = form.settings.as_ref().map(ProviderForm::update).transpose()?;
    Ok(Json(sso::rehearse(&call, &idp, settings, speech).await?.into()))
}
