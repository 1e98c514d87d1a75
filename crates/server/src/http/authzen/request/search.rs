//! Searches: for subjects, for scopes and for actions.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Action, Resource, Subject, Typed};
use crate::http::authzen::body::{Ignored, Object};
use crate::http::json::Text;
use crate::http::limits;

/// Which page of a search.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PageRequest)]
pub struct Page<'a> {
    /// `page.next_token` of the page before, with the same request; absent or empty for the first.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, max_length = 4096)]
    pub token: Option<Text<'a, { limits::PAGE_TOKEN }>>,
    /// How many results at most; more than 1,000 count as 1,000. 100 when absent. 0 answers no results, and the token that was sent.
    #[schema(example = 100)]
    pub limit: Option<u32>,
    /// Ignored.
    #[serde(rename = "properties")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _properties: Option<Object<Ignored>>,
}

/// Which page of a search for subjects.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SubjectPageRequest)]
pub struct SubjectPage<'a> {
    /// `page.next_token` of the page before, with the same request; absent or empty for the first.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, max_length = 4096)]
    pub token: Option<Text<'a, { limits::PAGE_TOKEN }>>,
    /// How many results at most; more than 1,000 count as 1,000. 100 when absent. 0 answers no results, and the token that was sent.
    #[schema(example = 100)]
    pub limit: Option<u32>,
    /// The filter of the search.
    #[serde(borrow)]
    #[schema(value_type = Option<SubjectFilter<'a>>)]
    pub properties: Option<Object<SubjectFilter<'a>>>,
}

/// The filter of a search for subjects.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SubjectFilter<'a> {
    /// Only those whose names hold this; the case of the letters from a to z does not matter. All when absent or empty.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, example = "ana", max_length = 255)]
    pub search: Option<Text<'a, { limits::NAME }>>,
}

/// Who may do that there?
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SubjectSearchRequest)]
pub struct SubjectSearch<'a> {
    /// Of which type: user, group or service-account.
    #[serde(borrow)]
    #[schema(value_type = Typed<'a>)]
    pub subject: Object<Typed<'a>>,
    /// What.
    #[serde(borrow)]
    #[schema(value_type = Action<'a>)]
    pub action: Object<Action<'a>>,
    /// To what, and where.
    #[serde(borrow)]
    #[schema(value_type = Resource<'a>)]
    pub resource: Object<Resource<'a>>,
    /// Ignored.
    #[serde(rename = "context")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _context: Option<Object<Ignored>>,
    /// Which page.
    #[serde(borrow)]
    #[schema(value_type = Option<SubjectPage<'a>>)]
    pub page: Option<Object<SubjectPage<'a>>>,
}

/// Where may the subject do that?
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ResourceSearchRequest)]
pub struct ResourceSearch<'a> {
    /// Who.
    #[serde(borrow)]
    #[schema(value_type = Subject<'a>)]
    pub subject: Object<Subject<'a>>,
    /// What.
    #[serde(borrow)]
    #[schema(value_type = Action<'a>)]
    pub action: Object<Action<'a>>,
    /// To which type of resource.
    #[serde(borrow)]
    #[schema(value_type = Typed<'a>)]
    pub resource: Object<Typed<'a>>,
    /// Ignored.
    #[serde(rename = "context")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _context: Option<Object<Ignored>>,
    /// Which page.
    #[serde(borrow)]
    #[schema(value_type = Option<Page<'a>>)]
    pub page: Option<Object<Page<'a>>>,
}

/// What may the subject do there?
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ActionSearchRequest)]
pub struct ActionSearch<'a> {
    /// Who.
    #[serde(borrow)]
    #[schema(value_type = Subject<'a>)]
    pub subject: Object<Subject<'a>>,
    /// To what, and where.
    #[serde(borrow)]
    #[schema(value_type = Resource<'a>)]
    pub resource: Object<Resource<'a>>,
    /// Ignored.
    #[serde(rename = "context")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _context: Option<Object<Ignored>>,
    /// Which page.
    #[serde(borrow)]
    #[schema(value_type = Option<Page<'a>>)]
    pub page: Option<Object<Page<'a>>>,
}
