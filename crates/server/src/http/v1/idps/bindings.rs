//! `/api/v1/idps/{idp}/bindings` and `/api/v1/removed-idps/bindings`: the bindings of all users of an identity provider.

use axum::Json;
use axum::response::Response;
use rolecall_core::identity::UserId;
use rolecall_core::text::quoted;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::identity_providers::{self, Bindings, Ended, Told, Where};
use crate::app::{Call, Changed};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path, Query};
use crate::http::parameter::parameter;
use crate::http::{limits, reply, schema};

/// What would come of ending all bindings. Nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct BindingsView {
    /// How many users are bound to a person there.
    users: usize,
    /// How many of them have access through groups, and have none of it until they sign in again.
    losing: usize,
    /// Those whom the identity provider calls by another email: the next person with the email of before would become them.
    renamed: ToldUsers,
    /// Those whose email no enabled identity provider may assert: they could not sign in again.
    stranded: ToldUsers,
}

/// Some users.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldUsers {
    /// How many these are.
    total: usize,
    /// The emails of the first of them, at most 30.
    first: Vec<String>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndedBindings {
    /// How many bindings ended now, at most 1,001.
    ended: usize,
    /// What to send as `pageToken` to go on; null when each user has had their turn.
    next: Option<String>,
}

/// Where to go on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct NextTurn {
    /// The `next` of the answer before.
    #[param(inline)]
    page_token: Option<LastUser>,
}

/// The user who had the last turn.
#[derive(Debug)]
struct LastUser(UserId);

parameter!(
    LastUser,
    |text| {
        limits::ensure_length(text, limits::PAGE_TOKEN).map_err(|e| e.to_string())?;
        UserId::parse(text).map(Self).ok_or_else(|| format!("{} is not the next of an answer", quoted(text)))
    },
    schema::string().max_length(Some(limits::PAGE_TOKEN))
);

/// Rehearse the end of all bindings
///
/// Says who would be affected if the bindings of all users to people at this identity provider ended. Nothing is changed.
#[utoipa::path(get, path = "/api/v1/idps/{idp}/bindings", tag = "Identity providers", params(("idp" = String, Path, description = "The identity provider's name")), responses(
    (status = 200, description = "What would come of it", body = BindingsView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_idp_bindings(Caller(call): Caller, Path(idp): Path<String>) -> HttpResult<Json<BindingsView>> {
    rehearsed(&call, Where::Provider(&idp)).await
}

/// End all bindings
///
/// Ends the bindings of users to people at this identity provider, 1,000 at a time, and their sessions. The next person whom an
/// identity provider describes with the email of such a user becomes that user. Use it when everybody has a new identity there.
#[utoipa::path(delete, path = "/api/v1/idps/{idp}/bindings", tag = "Identity providers", params(
    ("idp" = String, Path, description = "The identity provider's name"),
    NextTurn,
), responses(
    (status = 200, description = "Ended", body = EndedBindings),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn end_idp_bindings(
    Caller(call): Caller,
    Path(idp): Path<String>,
    Query(turn): Query<NextTurn>,
) -> HttpResult<Response> {
    ended(&call, Where::Provider(&idp), turn).await
}

/// Rehearse the end of bindings to removed identity providers
///
/// Users stay bound to people at an identity provider that was removed, so that nobody takes them over. Says who would be affected
/// if these bindings ended. Nothing is changed.
#[utoipa::path(get, path = "/api/v1/removed-idps/bindings", tag = "Identity providers", responses(
    (status = 200, description = "What would come of it", body = BindingsView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_removed_idps_bindings(Caller(call): Caller) -> HttpResult<Json<BindingsView>> {
    rehearsed(&call, Where::Removed).await
}

/// End the bindings to removed identity providers
///
/// 1,000 at a time. The next person whom an identity provider describes with the email of such a user becomes that user.
#[utoipa::path(delete, path = "/api/v1/removed-idps/bindings", tag = "Identity providers", params(NextTurn), responses(
    (status = 200, description = "Ended", body = EndedBindings),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn end_removed_idps_bindings(Caller(call): Caller, Query(turn): Query<NextTurn>) -> HttpResult<Response> {
    ended(&call, Where::Removed, turn).await
}

async fn rehearsed(call: &Call, there: Where<'_>) -> HttpResult<Json<BindingsView>> {
    let Bindings { users, losing, renamed, stranded } = identity_providers::bindings(call, there).await?;
    Ok(Json(BindingsView { users, losing, renamed: renamed.into(), stranded: stranded.into() }))
}

async fn ended(call: &Call, there: Where<'_>, turn: NextTurn) -> HttpResult<Response> {
    let after = turn.page_token.map(|token| token.0);
    let Changed { value, revision } = identity_providers::end_bindings(call, there, after).await?;
    let Ended { ended, next } = value;
    let value = EndedBindings { ended, next: next.map(|id| id.to_string()) };
    Ok(reply::done(Changed { value, revision }))
}

impl From<Told> for ToldUsers {
    fn from(it: Told) -> Self {
        Self { total: it.total, first: it.first.iter().map(ToString::to_string).collect() }
    }
}
