//! `/access/v1/search/subject`, `/resource` and `/action`.
//!
//! Unknown words, and scopes that the caller does not see, give empty lists.

use std::num::NonZeroUsize;

use axum::Json;
use rolecall_core::catalogue::{Action, ResourceType};
use rolecall_core::{Error, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Body, Object};
use super::request::scope;
use super::request::search::{ActionSearch, Page, ResourceSearch, SubjectPage, SubjectSearch};
use super::token::Search;
use super::view::scope_word;
use crate::app::decisions::{self, permission, subject, subject_kind};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::Caller;
use crate::http::json::Text;
use crate::http::{limits, schema};

/// Default results of a page.
const USUAL: u32 = 100;

/// Maximum results of a page.
const MOST: u32 = 1000;

/// A page of subjects or resources.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct EntitySearchAnswer {
    /// What was found.
    results: Vec<EntityView>,
    /// Where the next page begins.
    page: NextPage,
}

/// A page of actions.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ActionSearchAnswer {
    /// What was found.
    results: Vec<ActionView>,
    /// Where the next page begins.
    page: NextPage,
}

/// Where the next page begins.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct NextPage {
    /// The token of the next page; empty on the last one.
    next_token: String,
}

/// Something that has a type and an id.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntityView {
    /// Its type.
    #[schema(example = "user")]
    r#type: String,
    /// Its id, as a question may name it.
    #[schema(example = "ana@example.com")]
    id: String,
}

/// An action.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionView {
    /// Its name.
    #[schema(value_type = schema::Action)]
    name: &'static str,
}

/// Which page is asked for.
#[derive(Debug)]
struct Wanted<'a> {
    /// Where it begins; `None` at the start.
    token: Option<&'a str>,
    /// How many results it has at most. `None` where the request asks for 0, which AuthZEN allows.
    most: Option<NonZeroUsize>,
}

impl Wanted<'_> {
    /// The same page again, after no results.
    fn still(&self) -> NextPage {
        NextPage { next_token: self.token.unwrap_or_default().to_owned() }
    }
}

/// Search for the subjects that may do something
///
/// The Subject Search API of AuthZEN 1.0. Needs `access_rules:read` in that scope. One at a time for each caller, and few for
/// all callers; the next waits up to 2 seconds for its turn, then answers 503.
#[utoipa::path(post, path = "/access/v1/search/subject", tag = "Decisions", request_body = SubjectSearch<'static>, responses(
    (status = 200, description = "The subjects, by name", body = EntitySearchAnswer),
    (status = "4XX", description = "Refused", body = ErrorBody),
    (status = 503, description = "A search of the caller's is under way for long, or too many are; see Retry-After", body = ErrorBody),
))]
pub async fn search_subjects(Caller(call): Caller, body: Body) -> HttpResult<Json<EntitySearchAnswer>> {
    let SubjectSearch { subject: Object(kind), action, resource: Object(resource), page, .. } = body.object()?;
    let page = page.as_ref().map(|Object(page)| page);
    let part = part_of(page)?;
    let page = wanted(page.and_then(|page| page.token.as_ref()), page.and_then(|page| page.limit));
    let caller = call.principal()?;
    let Some(most) = page.most else { return Ok(Json(EntitySearchAnswer { results: Vec::new(), page: page.still() })) };
    let known = (subject_kind(kind.kind.as_str()), permission(resource.kind.as_str(), action.0.name.as_str()));
    let (Ok(kind), Ok(permission)) = known else { return Ok(Json::default()) };
    let Some(scope) = scope(resource.id.as_str(), &call.world) else { return Ok(Json::default()) };
    // INVARIANT: a token is checked only where there is something to tell. Otherwise the error would distinguish a
    // hidden scope from one that does not exist.
    if !caller.may_ask_at(scope)? {
        return Ok(Json::default());
    }
    let search = Search::of_body("subject", &body.tree()?);
    let after = page.token.map(|token| search.position("page.token", token)).transpose()?;
    let found = decisions::subjects(&call, part, kind, permission, scope, after, most).await?;
    let last = found.subjects.last().filter(|_| found.more);
    let next_token = last.map(|last| search.token(last.name())).unwrap_or_default();
    let view = |it: &rolecall_core::identity::Subject| EntityView {
        r#type: it.kind().as_str().to_owned(),
        id: it.name().to_owned(),
    };
    Ok(Json(EntitySearchAnswer { results: found.subjects.iter().map(view).collect(), page: NextPage { next_token } }))
}

/// Search for the scopes where a subject may do something
///
/// The Resource Search API of AuthZEN 1.0: the account, clusters, departments and projects, each before what is below it.
/// About others only those where the caller may read access rules.
#[utoipa::path(post, path = "/access/v1/search/resource", tag = "Decisions", request_body = ResourceSearch<'static>, responses(
    (status = 200, description = "The resources, in the order of the tree", body = EntitySearchAnswer),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn search_resources(Caller(call): Caller, body: Body) -> HttpResult<Json<EntitySearchAnswer>> {
    let ResourceSearch { subject: Object(who), action, resource: Object(wanted), page, .. } = body.object()?;
    let page = page_of(page.as_ref());
    let caller = call.principal()?;
    let Some(most) = page.most else { return Ok(Json(EntitySearchAnswer { results: Vec::new(), page: page.still() })) };
    let who = subject_kind(who.kind.as_str()).and_then(|kind| subject(kind, who.id.as_str()));
    let (Ok(who), Ok(permission)) = (who, permission(wanted.kind.as_str(), action.0.name.as_str())) else {
        return Ok(Json::default());
    };
    let search = Search::of_body("resource", &body.tree()?);
    let after = page.token.map(|token| search.scope_path("page.token", token)).transpose()?;
    let found = decisions::scopes(&caller, &who, permission, after.as_ref(), most);
    let last = found.scopes.last().filter(|_| found.more);
    let next_token = last.map(|last| search.token_behind(last)).unwrap_or_default();
    let view = |it: &rolecall_core::org::ScopePath| EntityView {
        r#type: permission.resource_type.as_str().to_owned(),
        id: scope_word(it.scope(), &call.world),
    };
    Ok(Json(EntitySearchAnswer { results: found.scopes.iter().map(view).collect(), page: NextPage { next_token } }))
}

/// Search for the actions that a subject may do
///
/// The Action Search API of AuthZEN 1.0: what it may do to that type of resource in that scope.
#[utoipa::path(post, path = "/access/v1/search/action", tag = "Decisions", request_body = ActionSearch<'static>, responses(
    (status = 200, description = "The actions", body = ActionSearchAnswer),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn search_actions(Caller(call): Caller, body: Body) -> HttpResult<Json<ActionSearchAnswer>> {
    let ActionSearch { subject: Object(who), resource: Object(resource), page, .. } = body.object()?;
    let page = page_of(page.as_ref());
    let caller = call.principal()?;
    let Some(most) = page.most else { return Ok(Json(ActionSearchAnswer { results: Vec::new(), page: page.still() })) };
    let who = subject_kind(who.kind.as_str()).and_then(|kind| subject(kind, who.id.as_str()));
    let (Ok(who), Some(resource_type)) = (who, ResourceType::parse(resource.kind.as_str())) else {
        return Ok(Json::default());
    };
    let Some(scope) = scope(resource.id.as_str(), &call.world) else { return Ok(Json::default()) };
    let what = (resource_type, scope);
    if decisions::actions(&caller, &who, what, None, NonZeroUsize::MIN)?.actions.is_empty() {
        return Ok(Json::default());
    }
    let search = Search::of_body("action", &body.tree()?);
    let after = page.token.map(|token| search.position("page.token", token)).transpose()?;
    let after = after.as_deref().and_then(Action::parse);
    let found = decisions::actions(&caller, &who, what, after, most)?;
    let last = found.actions.last().filter(|_| found.more);
    let next_token = last.map(|last| search.token(last.as_str())).unwrap_or_default();
    let results = found.actions.iter().map(|action| ActionView { name: action.as_str() }).collect();
    Ok(Json(ActionSearchAnswer { results, page: NextPage { next_token } }))
}

/// The page that a request asks for.
fn page_of<'a>(page: Option<&'a Object<Page<'_>>>) -> Wanted<'a> {
    wanted(page.and_then(|Object(page)| page.token.as_ref()), page.and_then(|Object(page)| page.limit))
}

/// The page after that token, with so many results. An empty token is none.
fn wanted<'a>(token: Option<&'a Text<'_, { limits::PAGE_TOKEN }>>, limit: Option<u32>) -> Wanted<'a> {
    let limit = limit.unwrap_or(USUAL).min(MOST);
    let most = usize::try_from(limit).ok().and_then(NonZeroUsize::new);
    Wanted { token: token.map(Text::as_str).filter(|token| !token.is_empty()), most }
}

/// The text in the names of a search; empty for all.
fn part_of<'a>(page: Option<&'a SubjectPage<'_>>) -> Result<&'a str> {
    let properties = page.and_then(|page| page.properties.as_ref());
    let part = properties.and_then(|it| it.0.search.as_ref()).map_or("", |search| search.as_str());
    if part.chars().any(char::is_control) {
        return Err(Error::invalid("page.properties.search: expected no control characters"));
    }
    Ok(part)
}
