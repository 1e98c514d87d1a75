//! `GET /api/v1/users`, `/count` and `/{userId}`.

use axum::Json;
use axum::response::Response;
use rolecall_store::USER_SORTS;

use super::narrowing::{FILTER_BY, narrowing};
use super::{UserView, user_id};
use crate::app::users;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path, Query};
use crate::http::list::{self, Count};
use crate::http::reply;

/// List users
///
/// Needs `users:read` in any scope.
#[utoipa::path(get, path = "/api/v1/users", tag = "Users", params(
    ("filterBy" = Option<String>, Query, description = FILTER_BY, example = "username=@ana,isLocal==true"),
    ("filter" = Option<String>, Query, description = "Old form: runai.is_local:true or runai.is_local:false", deprecated),
    ("search" = Option<String>, Query, description = "Text that the email contains, or the first and last name with a space between them"),
    ("sortBy" = Option<String>, Query, description = "username, createdBy, lastLogin, creationTime, lastUpdated, isLocal, enabled, temporaryPassword, generatedPassword, neverSignedIn, emailChanged, type, accessRules"),
    ("sortOrder" = Option<String>, Query, description = "asc or desc"),
    ("offset" = Option<u64>, Query, description = "How many to leave out first"),
    ("limit" = Option<u32>, Query, description = "1 to 500; 500 when absent"),
), responses(
    (status = 200, description = "The users", body = Vec<UserView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_users(Caller(call): Caller, query: Query) -> HttpResult<Json<Vec<UserView>>> {
    let narrowing = narrowing(&query, call.world.account().id)?;
    let (sort, page) = (list::sort(&query, USER_SORTS)?, list::page(&query, list::MOST)?);
    let users = users::list(&call, narrowing, sort, page).await?;
    Ok(Json(users.into_iter().map(UserView::from).collect()))
}

/// Count users
///
/// Those that the list would show.
#[utoipa::path(get, path = "/api/v1/users/count", tag = "Users", params(
    ("filterBy" = Option<String>, Query, description = "As for the list"),
    ("filter" = Option<String>, Query, description = "As for the list", deprecated),
    ("search" = Option<String>, Query, description = "As for the list"),
), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_users(Caller(call): Caller, query: Query) -> HttpResult<Json<Count>> {
    let count = users::count(&call, narrowing(&query, call.world.account().id)?).await?;
    Ok(Json(Count { count }))
}

/// Get a user
#[utoipa::path(get, path = "/api/v1/users/{userId}", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 200, description = "The user", body = UserView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_user(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    let user = users::get(&call, user_id(&id)?).await?;
    let last_change = user.revision;
    Ok(reply::found(UserView::from(user), last_change))
}
