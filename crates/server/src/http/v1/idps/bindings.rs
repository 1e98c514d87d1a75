//! `/api/v1/idps/{idp}/bindings`: the bindings of all users of an identity provider.

use axum::Json;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::Changed;
use crate::app::identity_providers::{self, Bindings, Ended};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path};
use crate::http::reply;

/// What would come of ending all bindings. Nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BindingsView {
    /// How many users are bound to a person there.
    users: usize,
    /// How many of them have access through groups, and have none of it until they sign in again.
    losing: usize,
    /// How many of them have an email that no enabled identity provider may assert: they could not sign in again.
    stranded: usize,
    /// The emails of the first of those, at most 30.
    stranded_users: Vec<String>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndedBindings {
    /// How many bindings ended now, at most 1,000.
    ended: usize,
    /// How many are left. Ask again until there are none.
    left: usize,
}

/// Rehearse the end of all bindings
///
/// Says who would be affected if the bindings of all users to people at this identity provider ended. Nothing is changed.
#[utoipa::path(get, path = "/api/v1/idps/{idp}/bindings", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), responses(
    (status = 200, description = "What would come of it", body = BindingsView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_idp_bindings(Caller(call): Caller, Path(idp): Path<String>) -> HttpResult<Json<BindingsView>> {
    let Bindings { users, losing, stranded, told } = identity_providers::bindings(&call, &idp).await?;
    let stranded_users = told.iter().map(ToString::to_string).collect();
    Ok(Json(BindingsView { users, losing, stranded, stranded_users }))
}

/// End all bindings
///
/// Ends the bindings of users to people at this identity provider, at most 1,000 at a time, and their sessions. The next person whom a
/// provider describes with the email of such a user becomes that user. Use it when everybody has a new identity there.
#[utoipa::path(delete, path = "/api/v1/idps/{idp}/bindings", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), responses(
    (status = 200, description = "Ended", body = EndedBindings),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn end_idp_bindings(Caller(call): Caller, Path(idp): Path<String>) -> HttpResult<Response> {
    let Changed { value, revision } = identity_providers::end_bindings(&call, &idp).await?;
    let Ended { ended, left } = value;
    Ok(reply::done(Changed { value: EndedBindings { ended, left }, revision }))
}
