//! `/api/v1/me`: what people do about themselves.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{Changed, users};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, NewcomerCaller, SecretText};
use crate::http::{Http, limits, reply};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(change_own_password))
}

/// The old password and the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordChange {
    /// The current password.
    #[schema(value_type = String, format = Password, max_length = 255)]
    current_password: SecretText<{ limits::NAME }>,
    /// The password to be used from now on: 8 to 255 characters, not easy to guess.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 255)]
    new_password: SecretText<{ limits::NAME }>,
}

/// Nothing more to say.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordChanged {}

/// Change one's own password
///
/// Ends all other sessions. After a temporary password was changed, a browser goes on with its cookie, and a client gets a new
/// access token, by its refresh token or by signing in: the old one is good for nothing but this change. Five wrong current
/// passwords in a row end the session.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "Me", request_body = PasswordChange, responses(
    (status = 200, description = "Changed", body = PasswordChanged),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn change_own_password(
    NewcomerCaller(call): NewcomerCaller,
    Body(change): Body<PasswordChange>,
) -> HttpResult<Response> {
    let changed = users::change_own(&call, change.current_password.secret(), change.new_password.secret()).await?;
    Ok(reply::done(Changed { value: PasswordChanged {}, revision: changed.revision }))
}
