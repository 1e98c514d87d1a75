//! `GET /api/v1/users`, `/count` and `/{userId}`.

use axum::Json;
use axum::response::Response;

use super::parameters::{OldFilter, list_filter};
use super::{UserView, user_id};
use crate::app::users;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path, Query};
use crate::http::list::{Count, Filtering, MOST, Paging, Sorting, Users};
use crate::http::reply;

/// List users
///
/// Needs `users:read` in any scope.
#[utoipa::path(get, path = "/api/v1/users", tag = "Users", params(Filtering<Users>, OldFilter, Sorting<Users>, Paging<MOST>), responses(
    (status = 200, description = "The users", body = Vec<UserView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_users(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Users>>,
    Query(old): Query<OldFilter>,
    Query(sorting): Query<Sorting<Users>>,
    Query(paging): Query<Paging<MOST>>,
) -> HttpResult<Json<Vec<UserView>>> {
    let filter = list_filter(filtering, old, call.world.account().id)?;
    let users = users::list(&call, filter, sorting.sort(), paging.page()).await?;
    Ok(Json(users.into_iter().map(UserView::from).collect()))
}

/// Count users
///
/// Those that the list would show.
#[utoipa::path(get, path = "/api/v1/users/count", tag = "Users", params(Filtering<Users>, OldFilter), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_users(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Users>>,
    Query(old): Query<OldFilter>,
) -> HttpResult<Json<Count>> {
    let count = users::count(&call, list_filter(filtering, old, call.world.account().id)?).await?;
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
