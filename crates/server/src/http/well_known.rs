//! `/.well-known/`: the metadata with which relying parties verify our access tokens.

use axum::extract::State;
use rolecall_signin::token::jwks::Jwks;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Http;
use super::error::ErrorBody;
use super::reply::{self, Cached};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(jwks)).routes(routes!(openid_configuration))
}

/// Keys that verify access tokens
///
/// A JSON Web Key Set (RFC 7517).
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "Tokens", security(()), responses(
    (status = 200, description = "The keys", body = serde_json::Value),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn jwks(State(http): State<Http>) -> Cached<Jwks> {
    reply::cached(http.app.token_keys.current().verifying().jwks())
}

/// What a relying party needs to know of this issuer (OpenID Connect Discovery 1.0, section 3).
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenIdConfiguration {
    issuer: String,
    jwks_uri: String,
    token_endpoint: String,
    response_types_supported: &'static [&'static str],
    subject_types_supported: &'static [&'static str],
    id_token_signing_alg_values_supported: &'static [&'static str],
    grant_types_supported: &'static [&'static str],
    claims_supported: &'static [&'static str],
}

/// The issuer
///
/// Enough for kube-apiserver to find the keys by itself.
#[utoipa::path(get, path = "/.well-known/openid-configuration", tag = "Tokens", security(()), responses(
    (status = 200, description = "The issuer's metadata", body = OpenIdConfiguration),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn openid_configuration(State(http): State<Http>) -> Cached<OpenIdConfiguration> {
    let issuer = http.app.public_url.to_string();
    reply::cached(OpenIdConfiguration {
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        token_endpoint: format!("{issuer}/api/v2/token"),
        issuer,
        // No flow with a redirect is offered, but the member is required.
        response_types_supported: &["id_token"],
        subject_types_supported: &["public"],
        id_token_signing_alg_values_supported: &["RS256"],
        grant_types_supported: &["client_credentials", "password", "refresh_token"],
        claims_supported: &["iss", "aud", "sub", "iat", "exp", "sid", "uid", "kind", "groups"],
    })
}
