//! `/api/v1/users/{userId}`: what is done to a user.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::user_id;
use crate::app::{Changed, users};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path};
use crate::http::reply;

/// The password that was generated. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemporaryPassword {
    /// The password.
    temp_password: String,
}

/// Delete a user
///
/// With their credentials, sessions and access rules. Needs every permission that the user has.
#[utoipa::path(delete, path = "/api/v1/users/{userId}", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_user(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&users::delete(&call, user_id(&id)?).await?))
}

/// Reset a user's password
///
/// Gives a local user a temporary password and ends their sessions. Needs every permission that the user has.
#[utoipa::path(post, path = "/api/v1/users/{userId}/password", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 200, description = "The new password", body = TemporaryPassword),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn reset_user_password(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    let Changed { value, revision } = users::reset(&call, user_id(&id)?).await?;
    Ok(reply::done(Changed { value: TemporaryPassword { temp_password: value.expose().to_owned() }, revision }))
}

/// End a user's sessions
#[utoipa::path(post, path = "/api/v1/users/{userId}/logout", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 200, description = "Ended"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn log_out_user(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    let changed = users::log_out(&call, user_id(&id)?).await?;
    Ok(reply::with_revision(StatusCode::OK.into_response(), changed.revision))
}

/// End a user's binding to a person at an identity provider
///
/// Ends their sessions. The next person whom an identity provider describes with this email becomes this user, with
/// their access rules. Use it when the person has a new identity there. Needs every permission that the user has.
#[utoipa::path(delete, path = "/api/v1/users/{userId}/binding", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 204, description = "Ended"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn unbind_user(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&users::unbind(&call, user_id(&id)?).await?))
}

/// Let a disabled user sign in again
#[utoipa::path(post, path = "/api/v1/users/{userId}/enable", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 204, description = "Enabled"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn enable_user(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&users::enable(&call, user_id(&id)?).await?))
}

/// Keep a user from signing in
///
/// Ends their sessions; their access rules stay.
#[utoipa::path(post, path = "/api/v1/users/{userId}/disable", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 204, description = "Disabled"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn disable_user(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&users::disable(&call, user_id(&id)?).await?))
}
