//! `POST /api/v1/token`: tokens as Run:ai's clients ask for them.

use axum::Json;
use axum::extract::State;
use rolecall_core::text::shortened;
use rolecall_core::{Error, Result};
use rolecall_signin::secret::Secret;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::sessions::{self, Tokens};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Request};
use crate::http::{Http, limits, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(grant_token)).layer(reply::not_cached())
}

/// What is shown to get a token. The members match without regard to case, as clients write them in several.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; reading ignores the case of its members")]
pub struct TokenRequest {
    /// `app_token` or `client_credentials` (service accounts), `password` (people), `refresh_token`.
    grant_type: schema::GrantType,
    /// The client id of a service account; people use `cli`.
    #[schema(rename = "clientID", max_length = 255)]
    client_id: Option<String>,
    /// The secret of a service account.
    #[schema(max_length = 255)]
    client_secret: Option<String>,
    /// The client id, for `app_token`.
    #[schema(rename = "AppId", max_length = 255)]
    app_id: Option<String>,
    /// The secret, for `app_token`.
    #[schema(rename = "AppSecret", max_length = 255)]
    app_secret: Option<String>,
    /// The user's email.
    username: Option<schema::SignInEmail>,
    /// The user's password.
    #[schema(max_length = 255)]
    password: Option<String>,
    /// The refresh token.
    #[schema(max_length = 255)]
    refresh_token: Option<String>,
}

/// Tokens.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// A JWT, to be sent as `Authorization: Bearer …`.
    access_token: String,
    /// Becomes the next pair of tokens, once. Only for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// How many seconds the access token is good.
    expires_in: u64,
}

/// Get an access token
#[utoipa::path(post, path = "/api/v1/token", tag = "Tokens", request_body = TokenRequest, security(()), responses(
    (status = 200, description = "Tokens", body = TokenView),
    (status = "4XX", description = "Refused", body = ErrorBody),
    (status = 503, description = "Too much to do; see Retry-After", body = ErrorBody),
))]
pub async fn grant_token(
    State(http): State<Http>,
    Request(request): Request,
    Body(members): Body<Map<String, Value>>,
) -> HttpResult<Json<TokenView>> {
    let fields = Fields::new(members)?;
    let app = &http.app;
    let tokens = match fields.required("grantType")? {
        "app_token" => {
            let secret = Secret::from(fields.required("appSecret")?);
            sessions::sign_in_service_account(app, &request, fields.required("appId")?, &secret).await
        }
        "client_credentials" => {
            let secret = Secret::from(fields.required("clientSecret")?);
            sessions::sign_in_service_account(app, &request, fields.required("clientId")?, &secret).await
        }
        "password" => {
            let password = Secret::from(fields.required("password")?);
            sessions::open_for_client(app, &request, fields.required("username")?, &password).await
        }
        "refresh_token" => sessions::refresh(app, &request, &Secret::from(fields.required("refreshToken")?)).await,
        other => Err(Error::invalid(format!(
            "grantType: {:?} is not one of app_token, client_credentials, password, refresh_token",
            shortened(other)
        ))),
    };
    http.metrics.sign_in(tokens.is_ok());
    let Tokens { access, expires_in, refresh } = tokens?;
    let view = TokenView {
        access_token: access.expose().to_owned(),
        refresh_token: refresh.map(|secret| secret.expose().to_owned()),
        expires_in: expires_in.as_secs(),
    };
    Ok(Json(view))
}

/// The members of the body, found without regard to the case of their names.
struct Fields(Map<String, Value>);

impl Fields {
    fn new(members: Map<String, Value>) -> Result<Self> {
        for (name, text) in members.iter().filter_map(|(name, value)| Some((name, value.as_str()?))) {
            limits::ensure_field(&shortened(name), text, limits::NAME)?;
        }
        Ok(Self(members))
    }

    fn required(&self, name: &str) -> Result<&str> {
        let mut found = self.0.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        match (found.next(), found.next()) {
            (Some(Value::String(text)), None) => Ok(text),
            (None, _) => Err(Error::invalid(format!("{name}: missing"))),
            (Some(_), Some(_)) => Err(Error::invalid(format!("{name}: given more than once"))),
            (Some(_), None) => Err(Error::invalid(format!("{name}: expected a string"))),
        }
    }
}
