//! `POST /api/v1/users`.

use axum::response::Response;
use rolecall_core::identity::{Email, PersonName, PersonNames};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::{Changed, users};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Text};
use crate::http::{limits, reply, schema};

/// A new user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewUser {
    /// The email in any case. The domain may be internationalized; it is kept as punycode.
    #[schema(value_type = schema::NewEmail)]
    email: Text<{ limits::EMAIL }>,
    /// The first name.
    #[schema(value_type = Option<String>, max_length = 255)]
    first_name: Option<Text<{ limits::NAME }>>,
    /// The last name.
    #[schema(value_type = Option<String>, max_length = 255)]
    last_name: Option<Text<{ limits::NAME }>>,
    /// `true` or absent: the generated password is temporary and must be changed at the first sign-in. `false`: the user
    /// may keep it.
    reset_password: Option<bool>,
    /// Accepted for compatibility. Nothing is sent: this server has no mail yet.
    #[expect(dead_code, reason = "clients send it; documented as without effect")]
    notify: Option<bool>,
}

/// The user who was created. The password is shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedUserView {
    /// The id.
    #[schema(format = Uuid)]
    id: String,
    /// The email.
    #[schema(value_type = schema::Email)]
    username: String,
    /// The generated password.
    temp_password: String,
}

/// Create a local user
#[utoipa::path(post, path = "/api/v1/users", tag = "Users", request_body = NewUser, responses(
    (status = 201, description = "Created", body = CreatedUserView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_user(Caller(call): Caller, Body(new): Body<NewUser>) -> HttpResult<Response> {
    let email = Email::parse("email", new.email.as_str())?;
    let name = |field: &str, text: &Option<Text<{ limits::NAME }>>| {
        text.as_ref().map_or(Ok(None), |text| PersonName::parse(field, text.as_str()))
    };
    let names = PersonNames { first: name("firstName", &new.first_name)?, last: name("lastName", &new.last_name)? };
    let keep_password = new.reset_password == Some(false);
    let Changed { value, revision } = users::create(&call, email, names, keep_password).await?;
    let view = CreatedUserView {
        id: value.id.to_string(),
        username: value.email.to_string(),
        temp_password: value.password.expose().to_owned(),
    };
    Ok(reply::created_tagged(Changed { value: view, revision }))
}
