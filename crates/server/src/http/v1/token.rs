//! `POST /api/v1/token`: tokens as Run:ai's clients ask for them.

use std::fmt;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_signin::secret::Secret;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::sessions::{self, Tokens};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Request, SecretText};
use crate::http::v1::app_token;
use crate::http::{Http, limits, origin, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(grant_token)).routes(routes!(app_token::app_token)).layer(reply::not_cached())
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
    headers: HeaderMap,
    Request(request): Request,
    Body(fields): Body<Fields>,
) -> HttpResult<Json<TokenView>> {
    let app = &http.app;
    origin::ensure_not_foreign(&headers, &app.public_url)?;
    let tokens = match fields.required("grantType")?.expose() {
        "app_token" => {
            let (id, secret) = (fields.required("appId")?, fields.required("appSecret")?);
            sessions::sign_in_service_account(app, &request, id.expose(), secret).await
        }
        "client_credentials" => {
            let (id, secret) = (fields.required("clientId")?, fields.required("clientSecret")?);
            sessions::sign_in_service_account(app, &request, id.expose(), secret).await
        }
        "password" => {
            let (name, password) = (fields.required("username")?, fields.required("password")?);
            sessions::open_for_client(app, &request, name.expose(), password).await
        }
        "refresh_token" => sessions::refresh(app, &request, fields.required("refreshToken")?).await,
        other => Err(Error::invalid(format!(
            "grantType: {} is not one of app_token, client_credentials, password, refresh_token",
            quoted(other)
        ))),
    };
    let Tokens { access, expires_in, refresh } = http.metrics.sign_in(tokens)?;
    let view = TokenView {
        access_token: access.expose().to_owned(),
        refresh_token: refresh.map(|secret| secret.expose().to_owned()),
        expires_in: expires_in.as_secs(),
    };
    Ok(Json(view))
}

/// The members that are read. Their names are matched without regard to case.
const FIELDS: [&str; 8] =
    ["grantType", "clientId", "clientSecret", "appId", "appSecret", "username", "password", "refreshToken"];

/// The members of the body.
///
/// INVARIANT: each is there once (RFC 6749, section 3.2), so what another reader of the request saw is what counts here.
#[derive(Debug)]
pub struct Fields(Vec<(&'static str, Option<SecretText<{ limits::NAME }>>)>);

impl Fields {
    fn required(&self, name: &str) -> Result<&Secret> {
        let given = self.0.iter().find(|(known, _)| *known == name).and_then(|(_, value)| value.as_ref());
        given.map(SecretText::secret).ok_or_else(|| Error::invalid(format!("{name}: missing")))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Fields, A::Error> {
        let mut given = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            let Some(known) = FIELDS.into_iter().find(|known| known.eq_ignore_ascii_case(&name)) else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            if given.iter().any(|(name, _)| *name == known) {
                return Err(A::Error::duplicate_field(known));
            }
            given.push((known, members.next_value()?));
        }
        Ok(Fields(given))
    }
}
