//! `GET /api/v1/users-minimal`: finds users by id, email or name.

use axum::Json;
use rolecall_core::filter::{Comparison, Field, Filter, Kind, Search, Test, Value};
use rolecall_core::identity::{Email, UserId};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::UserRecord;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::users::{Sought, find};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query};
use crate::http::{Http, limits, list, schema};

/// Maximum ids, and emails, in a request.
const MOST: usize = 25;

const FIELDS: &[Field] = &[Field { name: "username", kind: Kind::Text }];

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(find_users))
}

/// A user, with what one needs to pick them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinimalUserView {
    /// The id.
    #[schema(format = Uuid)]
    id: String,
    /// The email.
    #[schema(value_type = schema::Email)]
    username: String,
    /// The first name, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    /// The last name, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
}

impl From<UserRecord> for MinimalUserView {
    fn from(user: UserRecord) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.email.to_string(),
            first_name: user.first_name,
            last_name: user.last_name,
        }
    }
}

/// Find users
///
/// By id, email or name, for callers who may read users in any scope. At least one of `search`, `id` and `filterBy` is needed.
#[utoipa::path(get, path = "/api/v1/users-minimal", tag = "Users", params(
    ("search" = Option<String>, Query, description = "Text that the email contains, or the first and last name with a space between them"),
    ("id" = Option<String>, Query, description = "The ids of users, separated by commas or given several times: at most 25"),
    ("filterBy" = Option<String>, Query, description = "username==, up to 25 of them, for one of these emails; or one username=@ for a part of the email", example = "username==ana@example.com,username==ben@example.com"),
    ("offset" = Option<u64>, Query, description = "How many to leave out first"),
    ("limit" = Option<u32>, Query, description = "1 to 500; 50 when absent"),
), responses(
    (status = 200, description = "The users, by email", body = Vec<MinimalUserView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn find_users(Caller(call): Caller, query: Query) -> HttpResult<Json<Vec<MinimalUserView>>> {
    let users = find(&call, sought(&query)?, list::page(&query, list::USUAL)?).await?;
    Ok(Json(users.into_iter().map(MinimalUserView::from).collect()))
}

fn sought(query: &Query) -> Result<Sought> {
    let mut sought = Sought { search: list::search(query)?, ..Sought::default() };
    let ids = query.many("id", limits::NAMES)?;
    let ids: Vec<&str> = ids.iter().flat_map(|ids| ids.split(',')).filter(|id| !id.is_empty()).collect();
    if !ids.is_empty() {
        let known = |text: &&str| {
            UserId::parse(text).ok_or_else(|| Error::invalid(format!("id: {} is not a user's id", quoted(text))))
        };
        ensure_few("id", ids.len())?;
        sought.ids = Some(ids.iter().map(known).collect::<Result<_>>()?);
    }
    let Filter { conditions } = list::filter(query, FIELDS)?;
    ensure_few("filterBy", conditions.len())?;
    for condition in &conditions {
        match &condition.test {
            Test::Compare(Comparison::Equal, Value::Text(text)) if sought.part.is_none() => {
                // What is no email is nobody's.
                sought.emails.get_or_insert_default().extend(Email::known("filterBy", text).ok());
            }
            Test::Search(Search::Contains, text) if conditions.len() == 1 => {
                sought.part = Some(Email::part_as_kept(text).into_owned());
            }
            _ => {
                return Err(Error::invalid(format!(
                    "filterBy: {} is neither username==, up to {MOST} times, nor one username=@",
                    quoted(&condition.to_string())
                )));
            }
        }
    }
    let Sought { ids, emails, part, search } = &sought;
    if ids.is_none() && emails.is_none() && part.is_none() && search.is_none() {
        return Err(Error::invalid("search: missing; give at least one of search, id and filterBy"));
    }
    Ok(sought)
}

fn ensure_few(name: &str, count: usize) -> Result<()> {
    if count <= MOST {
        return Ok(());
    }
    Err(Error::invalid(format!("{name}: {count} values; at most {MOST} are accepted")))
}
