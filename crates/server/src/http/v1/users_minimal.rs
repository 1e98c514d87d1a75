//! `GET /api/v1/users-minimal`: finds users by id, email or name.

use axum::Json;
use rolecall_core::filter::{Comparison, Field, Filter, Kind, Search as Found, Test, Value};
use rolecall_core::identity::{Email, UserId};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::UserRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::users::{Sought, find};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query};
use crate::http::list::{FilterBy, Paging, USUAL, Vocabulary};
use crate::http::parameter::{Search, Words};
use crate::http::{Http, limits, schema};

/// Maximum ids, and emails, in a request.
const MOST: usize = 25;

/// Users who are found by their email.
#[derive(Debug)]
pub enum FoundUsers {}

impl Vocabulary for FoundUsers {
    const FIELDS: &'static [Field] = &[Field { name: "username", kind: Kind::Text }];
    const SORTS: &'static [&'static str] = &[];
    const EXAMPLE: &'static str = "username=@ana";
    const SEARCHED: &'static str = "the email or the name";
}

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

/// Which users are wanted. At least one of these is needed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct WantedUsers {
    /// Text contained in the email, or in the first and last name with a space between them.
    #[param(inline)]
    search: Option<Search>,
    /// The ids of users, separated by commas or given several times: at most 25.
    #[param(value_type = String, max_length = 32768)]
    id: Words<{ limits::NAMES }>,
    /// username==, up to 25 of them, for one of these emails; or one username=@ for a part of the email.
    #[param(value_type = String, max_length = 8192, example = "username==ana@example.com,username==ben@example.com")]
    filter_by: FilterBy<FoundUsers>,
}

impl WantedUsers {
    fn sought(self) -> Result<Sought> {
        let mut sought = Sought { search: self.search.map(|text| text.0), ..Sought::default() };
        let ids: Vec<&str> = self.id.iter().collect();
        if !ids.is_empty() {
            let known = |text: &&str| {
                UserId::parse(text).ok_or_else(|| Error::invalid(format!("id: {} is not a user's id", quoted(text))))
            };
            ensure_few("id", ids.len())?;
            sought.ids = Some(ids.iter().map(known).collect::<Result<_>>()?);
        }
        let Filter { conditions } = self.filter_by.filter;
        ensure_few("filterBy", conditions.len())?;
        for condition in &conditions {
            match &condition.test {
                Test::Compare(Comparison::Equal, Value::Text(text)) if sought.part.is_none() => {
                    // What is no email is nobody's.
                    sought.emails.get_or_insert_default().extend(Email::known("filterBy", text).ok());
                }
                Test::Search(Found::Contains, text) if conditions.len() == 1 => {
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
}

/// Find users
///
/// By id, email or name, for callers who may read users in any scope. At least one of `search`, `id` and `filterBy` is needed.
#[utoipa::path(get, path = "/api/v1/users-minimal", tag = "Users", params(WantedUsers, Paging<USUAL>), responses(
    (status = 200, description = "The users, by email", body = Vec<MinimalUserView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn find_users(
    Caller(call): Caller,
    Query(wanted): Query<WantedUsers>,
    Query(paging): Query<Paging<USUAL>>,
) -> HttpResult<Json<Vec<MinimalUserView>>> {
    let users = find(&call, wanted.sought()?, paging.page()).await?;
    Ok(Json(users.into_iter().map(MinimalUserView::from).collect()))
}

fn ensure_few(name: &str, count: usize) -> Result<()> {
    if count <= MOST {
        return Ok(());
    }
    Err(Error::invalid(format!("{name}: {count} values; at most {MOST} are accepted")))
}
