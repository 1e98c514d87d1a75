//! `POST /v1/k8s/auth/oauth/apptoken`: tokens as Run:ai's oldest clients ask for them. [`token`](super::token) has its route.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::sessions;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Request, SecretText, Text};
use crate::http::{Http, limits, origin};

/// The credentials of a service account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AppTokenRequest {
    /// The client id.
    #[schema(value_type = String, max_length = 255)]
    id: Text<{ limits::NAME }>,
    /// Accepted for compatibility, and without effect: the client id says which service account it is.
    #[expect(dead_code, reason = "clients send it; documented as without effect")]
    #[schema(value_type = Option<String>, max_length = 255)]
    name: Option<Text<{ limits::NAME }>>,
    /// The secret.
    #[schema(value_type = String, format = Password, max_length = 255)]
    secret: SecretText<{ limits::NAME }>,
}

/// The access token of a service account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppTokenView {
    /// A JWT, to be sent as `Authorization: Bearer …`.
    access_token: String,
    /// The same token.
    id_token: String,
}

/// Get an access token, the old way
///
/// For service accounts. `POST /api/v1/token` does the same and says when the token expires.
#[utoipa::path(post, path = "/v1/k8s/auth/oauth/apptoken", tag = "Tokens", request_body = AppTokenRequest, security(()), responses(
    (status = 200, description = "The token", body = AppTokenView),
    (status = "4XX", description = "Refused", body = ErrorBody),
    (status = 503, description = "Too much to do; see Retry-After", body = ErrorBody),
))]
pub async fn app_token(
    State(http): State<Http>,
    headers: HeaderMap,
    Request(request): Request,
    Body(credentials): Body<AppTokenRequest>,
) -> HttpResult<Json<AppTokenView>> {
    origin::ensure_not_foreign(&headers, &http.app.public_url)?;
    let AppTokenRequest { id, secret, .. } = credentials;
    let tokens = sessions::sign_in_service_account(&http.app, &request, id.as_str(), secret.secret()).await;
    let token = http.metrics.sign_in(tokens)?.access.expose().to_owned();
    Ok(Json(AppTokenView { access_token: token.clone(), id_token: token }))
}
