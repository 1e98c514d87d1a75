//! `/api/v1/security/settings`: the settings of the compatible API that this server has, of which there is one. Sessions are set at the start
//! of the server.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::identity_providers;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path, Text};
use crate::http::{Http, limits, reply, schema};

const AUTO_REDIRECT: &str = "autoRedirectSSO";

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(get_security_settings))
        .routes(routes!(get_security_setting_by_key, update_security_setting_by_key))
}

/// The security settings.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecuritySettings {
    /// Where the sign-in page leads by itself.
    #[serde(rename = "autoRedirectSSO")]
    auto_redirect: AutoRedirectSso,
}

/// Where the sign-in page leads by itself. `/sign-in?local` goes around it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AutoRedirectSso {
    /// Whether it does.
    enabled: bool,
    /// The name of the identity provider; null when it does not.
    idp_alias: Option<String>,
}

/// Where the sign-in page is to lead by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AutoRedirectSsoForm {
    /// Whether the sign-in page leads there by itself; false when absent.
    enabled: Option<bool>,
    /// The name of the identity provider. Required where `enabled` is true.
    #[schema(value_type = Option<String>, max_length = 63)]
    idp_alias: Option<Text<{ limits::ALIAS }>>,
}

async fn read(call: &crate::app::Call) -> Result<AutoRedirectSso> {
    let alias = identity_providers::auto_redirect(call).await?;
    Ok(AutoRedirectSso { enabled: alias.is_some(), idp_alias: alias.map(|alias| alias.to_string()) })
}

/// List security settings
#[utoipa::path(get, path = "/api/v1/security/settings", tag = "Identity providers", responses(
    (status = 200, description = "The settings", body = SecuritySettings),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_security_settings(Caller(call): Caller) -> HttpResult<Json<SecuritySettings>> {
    Ok(Json(SecuritySettings { auto_redirect: read(&call).await? }))
}

/// Get a security setting
#[utoipa::path(get, path = "/api/v1/security/settings/{key}", tag = "Identity providers", params(("key" = schema::SecuritySettingKey, Path, description = "The setting's name")), responses(
    (status = 200, description = "The setting", body = AutoRedirectSso),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_security_setting_by_key(
    Caller(call): Caller,
    Path(key): Path<String>,
) -> HttpResult<Json<AutoRedirectSso>> {
    ensure_known(&key)?;
    Ok(Json(read(&call).await?))
}

/// Change a security setting
///
/// With a provider it needs every permission at the account.
#[utoipa::path(put, path = "/api/v1/security/settings/{key}", tag = "Identity providers", params(("key" = schema::SecuritySettingKey, Path, description = "The setting's name")), request_body = AutoRedirectSsoForm, responses(
    (status = 200, description = "Changed"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn update_security_setting_by_key(
    Caller(call): Caller,
    Path(key): Path<String>,
    Body(form): Body<AutoRedirectSsoForm>,
) -> HttpResult<Response> {
    ensure_known(&key)?;
    let alias = form.idp_alias.as_ref().map(|alias| alias.as_str().trim()).filter(|alias| !alias.is_empty());
    let wanted = match (form.enabled.unwrap_or(false), alias) {
        (false, _) => None,
        (true, Some(alias)) => Some(alias),
        (true, None) => {
            return Err(
                Error::invalid("idpAlias: missing; name the identity provider that the sign-in page leads to").into()
            );
        }
    };
    let changed = identity_providers::set_auto_redirect(&call, wanted).await?;
    Ok(reply::with_revision(StatusCode::OK.into_response(), changed.revision))
}

fn ensure_known(key: &str) -> Result<()> {
    if key == AUTO_REDIRECT {
        return Ok(());
    }
    Err(Error::not_found(format!("there is no security setting {}; there is {AUTO_REDIRECT}", quoted(key))))
}
