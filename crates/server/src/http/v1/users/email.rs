//! `/api/v1/users/{userId}/email`: an email that changed at the identity provider.

use axum::Json;
use axum::response::Response;
use rolecall_core::identity::Email;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::user_id;
use crate::app::users;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path, Text};
use crate::http::v1::sign_ins::AccessesView;
use crate::http::{limits, reply, schema};

/// The effect of changing a user's email to the one at their identity provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmailChangeView {
    /// The email.
    #[schema(value_type = schema::Email)]
    email: String,
    /// Their email at the identity provider.
    #[schema(value_type = schema::Email)]
    email_at_provider: String,
    /// The access of their rules, which would name the new email.
    moving: AccessesView,
    /// The access of rules that name the new email already, and would be theirs.
    joining: AccessesView,
    /// Which access rules these are, to send with the change.
    #[schema(example = "3-118")]
    seen: String,
}

/// A user's new email.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UserEmail {
    /// The `emailAtProvider` of the user.
    #[schema(value_type = schema::NewEmail)]
    email: Text<{ limits::EMAIL }>,
    /// The `seen` of the rehearsal: 412, and nothing happens, when other access rules would go with the user now.
    #[schema(value_type = Option<String>, max_length = 40)]
    seen: Option<Text<{ limits::WORD }>>,
}

/// Rehearse a change of a user's email
///
/// Says what the change would do, or why it would be refused. Nothing is changed.
#[utoipa::path(get, path = "/api/v1/users/{userId}/email", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 200, description = "What would come of it", body = EmailChangeView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_user_email(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Json<EmailChangeView>> {
    let change = users::email_change(&call, user_id(&id)?).await?;
    Ok(Json(EmailChangeView {
        email: change.email.to_string(),
        email_at_provider: change.email_there.to_string(),
        moving: change.moving.into(),
        joining: change.joining.into(),
        seen: change.seen,
    }))
}

/// Change a user's email
///
/// To the one that their identity provider reported at their last sign-in (`emailAtProvider`). Their access rules move with
/// them, as new rules with new ids; access rules that name the new email already become theirs. Ends their sessions. Needs every
/// permission that the user has, and that those rules give.
#[utoipa::path(put, path = "/api/v1/users/{userId}/email", tag = "Users", params(("userId" = String, Path, description = "The user's id")), request_body = UserEmail, responses(
    (status = 204, description = "Changed"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn change_user_email(
    Caller(call): Caller,
    Path(id): Path<String>,
    Body(new): Body<UserEmail>,
) -> HttpResult<Response> {
    let email = Email::parse("email", new.email.as_str())?;
    let seen = new.seen.as_ref().map(Text::as_str);
    Ok(reply::gone(&users::change_email(&call, user_id(&id)?, email, seen).await?))
}
