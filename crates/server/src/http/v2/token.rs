//! `POST /api/v2/token`: the token endpoint of OAuth 2.0 (RFC 6749, section 3.2), with its errors (section 5.2).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use rolecall_core::{Error, ErrorKind};
use rolecall_signin::secret::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::sessions::{self, Tokens};
use crate::http::error::{ErrorBody, add_retry_after, log, status};
use crate::http::extract::{Request, SecretText, Text, query};
use crate::http::{Http, limits, origin, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(grant_oauth_token)).layer(reply::not_cached())
}

/// What is shown to get a token, as a form.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OAuthTokenRequest {
    /// `client_credentials` (service accounts), `password` (people) or `refresh_token`.
    #[schema(value_type = schema::OAuthGrantType, required)]
    grant_type: Option<Text<{ limits::NAME }>>,
    /// The client id of a service account, unless it comes by HTTP Basic.
    #[schema(value_type = Option<String>, max_length = 255)]
    client_id: Option<Text<{ limits::NAME }>>,
    /// The secret of a service account, unless it comes by HTTP Basic.
    #[schema(value_type = Option<String>, max_length = 255)]
    client_secret: Option<SecretText<{ limits::NAME }>>,
    /// The user's email.
    #[schema(value_type = Option<schema::SignInEmail>)]
    username: Option<Text<{ limits::NAME }>>,
    /// The user's password.
    #[schema(value_type = Option<String>, max_length = 255)]
    password: Option<SecretText<{ limits::NAME }>>,
    /// The refresh token.
    #[schema(value_type = Option<String>, max_length = 255)]
    refresh_token: Option<SecretText<{ limits::NAME }>>,
}

/// Tokens (RFC 6749, section 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthTokenView {
    access_token: String,
    #[schema(value_type = schema::TokenType)]
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// Why there are none (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthErrorView {
    #[schema(value_type = schema::OAuthErrorCode)]
    error: &'static str,
    error_description: String,
}

/// An OAuth 2.0 error on its way out.
#[derive(Debug)]
pub struct OAuthError {
    code: &'static str,
    error: Error,
}

/// Get an access token, by OAuth 2.0
#[utoipa::path(post, path = "/api/v2/token", tag = "Tokens", security(()),
    request_body(content = OAuthTokenRequest, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "Tokens", body = OAuthTokenView),
    (status = "4XX", description = "Refused", body = OAuthErrorView),
    (status = 413, description = "The form is larger than 64 KiB", body = ErrorBody),
    (status = 503, description = "Too much to do; see Retry-After", body = OAuthErrorView),
))]
pub async fn grant_oauth_token(
    State(http): State<Http>,
    Request(request): Request,
    raw: axum::extract::Request,
) -> Result<Json<OAuthTokenView>, OAuthError> {
    let headers = raw.headers().clone();
    origin::ensure_not_foreign(&headers, &http.app.public_url).map_err(invalid_request)?;
    let form = form(raw).await?;
    let app = &http.app;
    let grant_type = form.grant_type.ok_or_else(|| missing("grant_type"))?;
    let (tokens, refusal) = match grant_type.as_str() {
        "client_credentials" => {
            let (id, secret) = match basic(&headers)? {
                Some((id, secret)) => {
                    // One client, and one way to authenticate (RFC 6749, section 2.3).
                    let another = form.client_id.is_some_and(|named| named.as_str() != id);
                    if another || form.client_secret.is_some() {
                        let message = "client_id, client_secret: sent in the Authorization header too; send them once";
                        return Err(invalid_request(Error::invalid(message)));
                    }
                    (id, secret)
                }
                None => {
                    let id = form.client_id.ok_or_else(|| missing("client_id"))?.into_string();
                    (id, secret(form.client_secret, "client_secret")?)
                }
            };
            (sessions::sign_in_service_account(app, &request, &id, &secret).await, "invalid_client")
        }
        "password" => {
            let name = form.username.ok_or_else(|| missing("username"))?;
            let password = secret(form.password, "password")?;
            (sessions::open_for_client(app, &request, name.as_str(), &password).await, "invalid_grant")
        }
        "refresh_token" => {
            let token = secret(form.refresh_token, "refresh_token")?;
            (sessions::refresh(app, &request, &token).await, "invalid_grant")
        }
        _ => {
            let error = Error::invalid("grant_type: use client_credentials, password or refresh_token");
            return Err(OAuthError { code: "unsupported_grant_type", error });
        }
    };
    let Tokens { access, expires_in, refresh } = http.metrics.sign_in(tokens).map_err(|error| OAuthError {
        code: match error.kind {
            ErrorKind::Unauthenticated => refusal,
            ErrorKind::Overloaded | ErrorKind::TooMany => "temporarily_unavailable",
            ErrorKind::Internal => "server_error",
            _ => "invalid_request",
        },
        error,
    })?;
    let view = OAuthTokenView {
        access_token: access.expose().to_owned(),
        token_type: "Bearer",
        expires_in: expires_in.as_secs(),
        refresh_token: refresh.map(|secret| secret.expose().to_owned()),
    };
    Ok(Json(view))
}

fn invalid_request(error: Error) -> OAuthError {
    OAuthError { code: "invalid_request", error }
}

fn missing(name: &str) -> OAuthError {
    invalid_request(Error::invalid(format!("{name}: missing")))
}

fn secret(given: Option<SecretText<{ limits::NAME }>>, name: &str) -> Result<Secret, OAuthError> {
    given.map(SecretText::into_secret).ok_or_else(|| missing(name))
}

/// The fields of the form. None is given more than once, even empty (RFC 6749, section 3.2).
const FIELDS: [&str; 6] = ["grant_type", "client_id", "client_secret", "username", "password", "refresh_token"];

async fn form(request: axum::extract::Request) -> Result<OAuthTokenRequest, OAuthError> {
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(invalid_request(Error::invalid("Content-Type: send application/x-www-form-urlencoded")));
    }
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| {
        invalid_request(if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::too_large("the form is too large")
        } else {
            Error::invalid("the form ended early")
        })
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| invalid_request(Error::invalid("the form is not UTF-8")))?;
    for name in FIELDS {
        if form_urlencoded::parse(text.as_bytes()).filter(|(given, _)| given == name).nth(1).is_some() {
            return Err(invalid_request(Error::invalid(format!("{name}: given more than once"))));
        }
    }
    query::read(text).map_err(invalid_request)
}

/// Client credentials by HTTP Basic, each part form-encoded (RFC 6749, section 2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, Secret)>, OAuthError> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let read = || -> Option<(String, Secret)> {
        let encoded =
            value.to_str().ok()?.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))?.1;
        let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = text.split_once(':')?;
        let decoded = |part: &str| Some(percent_decode_str(&part.replace('+', " ")).decode_utf8().ok()?.into_owned());
        let (id, secret) = (decoded(id)?, Secret::from(decoded(secret)?));
        let fits = |text: &str| limits::ensure_length(text, limits::NAME).is_ok();
        (fits(&id) && fits(secret.expose())).then_some((id, secret))
    };
    let wrong = || OAuthError {
        code: "invalid_client",
        error: Error::unauthenticated("Authorization: send `Basic` with client id and secret"),
    };
    read().map(Some).ok_or_else(wrong)
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        log(&self.error);
        let status = if self.code == "invalid_grant" { StatusCode::BAD_REQUEST } else { status(self.error.kind) };
        let body = OAuthErrorView { error: self.code, error_description: self.error.message.clone() };
        let mut response = (status, Json(body)).into_response();
        add_retry_after(&self.error, &mut response);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Rolecall\""));
        }
        response
    }
}
