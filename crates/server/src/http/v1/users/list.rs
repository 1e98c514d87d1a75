//! `GET /api/v1/users`, `/count` and `/{userId}`.

use axum::Json;
use axum::extract::Path;
use rolecall_core::filter::{Comparison, Condition, Test, Value};
use rolecall_core::text::shortened;
use rolecall_core::{Error, Result};
use rolecall_store::{USER_FIELDS, USER_SORTS, UserQuery};

use super::{UserView, user_id};
use crate::app::users;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query};
use crate::http::list::{self, Count};

/// List users
///
/// For whoever may read users in any scope.
#[utoipa::path(get, path = "/api/v1/users", tag = "Users", params(
    ("filterBy" = Option<String>, Query, description = "Conditions that must all hold, separated by commas: a field, an operator (== != <= >= =@ !@ =^ =$), a value. Fields: username, createdBy, lastLogin, creationTime, lastUpdated, isLocal, enabled", example = "username=@ana,isLocal==true"),
    ("filter" = Option<String>, Query, description = "Old form: runai.is_local:true or runai.is_local:false", deprecated),
    ("search" = Option<String>, Query, description = "Text that the e-mail contains"),
    ("sortBy" = Option<String>, Query, description = "username, createdBy, lastLogin, creationTime, lastUpdated, type"),
    ("sortOrder" = Option<String>, Query, description = "asc or desc"),
    ("offset" = Option<u64>, Query, description = "How many to leave out first"),
    ("limit" = Option<u32>, Query, description = "1 to 500; 500 when absent"),
), responses(
    (status = 200, description = "The users", body = Vec<UserView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_users(Caller(call): Caller, query: Query) -> HttpResult<Json<Vec<UserView>>> {
    let mut filter = list::filter(&query, USER_FIELDS)?;
    filter.conditions.extend(old_filter(&query)?);
    let query = UserQuery {
        filter,
        search: list::search(&query)?,
        sort: list::sort(&query, USER_SORTS)?,
        page: list::page(&query, list::MOST)?,
    };
    let users = users::list(&call, &query).await?;
    Ok(Json(users.into_iter().map(UserView::from).collect()))
}

/// Count users
#[utoipa::path(get, path = "/api/v1/users/count", tag = "Users", params(
    ("filterBy" = Option<String>, Query, description = "As for the list"),
    ("search" = Option<String>, Query, description = "As for the list"),
), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_users(Caller(call): Caller, query: Query) -> HttpResult<Json<Count>> {
    let mut filter = list::filter(&query, USER_FIELDS)?;
    filter.conditions.extend(old_filter(&query)?);
    let count = users::count(&call, &filter, list::search(&query)?.as_deref()).await?;
    Ok(Json(Count { count }))
}

/// Get a user
#[utoipa::path(get, path = "/api/v1/users/{userId}", tag = "Users", params(("userId" = String, Path, description = "The user's id")), responses(
    (status = 200, description = "The user", body = UserView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_user(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Json<UserView>> {
    Ok(Json(users::get(&call, user_id(&id)?).await?.into()))
}

/// The filter of older clients, which knows one question.
fn old_filter(query: &Query) -> Result<Option<Condition>> {
    let Some(text) = query.one("filter")? else { return Ok(None) };
    let is_local = match text {
        "runai.is_local:true" => true,
        "runai.is_local:false" => false,
        other => {
            return Err(Error::invalid(format!(
                "filter: {:?} is not understood; it knows only runai.is_local:true and runai.is_local:false, use filterBy",
                shortened(other)
            )));
        }
    };
    Ok(Some(Condition {
        field: "isLocal",
        test: Test::Compare(Comparison::Equal, Value::Bool(is_local)),
        input: 0,
        span: 0..0,
    }))
}
