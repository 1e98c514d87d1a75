//! Requests, as words borrowed from the body. Other members are ignored, including groups in a subject's `properties`:
//! the world knows them.

use rolecall_core::org::{AccountId, Scope};
use rolecall_core::text::quoted;
use serde::Deserialize;

use super::body::{Ignored, Object, unless_left_out};
use crate::app::decisions::ScopeRef;
use crate::http::extract::{self, List};
use crate::http::json::Text;
use crate::http::limits;
use crate::http::v1::access_rules;

/// The subject of a question.
#[derive(Debug, Deserialize)]
pub struct Subject<'a> {
    /// user, group or service-account.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a, { limits::NAME }>,
    /// Its name in access rules.
    #[serde(borrow)]
    pub id: Text<'a, { limits::NAME }>,
    #[serde(rename = "properties")]
    _properties: Option<Object<Ignored>>,
}

/// The action of a question.
#[derive(Debug, Deserialize)]
pub struct Action<'a> {
    /// create, read, update, delete or sync.
    #[serde(borrow)]
    pub name: Text<'a, { limits::NAME }>,
    #[serde(rename = "properties")]
    _properties: Option<Object<Ignored>>,
}

/// The resource of a question.
#[derive(Debug, Deserialize)]
pub struct Resource<'a> {
    /// A type of resource.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a, { limits::NAME }>,
    /// A scope.
    #[serde(borrow)]
    pub id: Text<'a, { limits::SCOPE }>,
    #[serde(rename = "properties")]
    _properties: Option<Object<Ignored>>,
}

/// A subject or resource with a type alone. An id is ignored.
#[derive(Debug, Deserialize)]
pub struct Typed<'a> {
    /// The type.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a, { limits::NAME }>,
    #[serde(rename = "properties")]
    _properties: Option<Object<Ignored>>,
}

/// The page of a search. `P` is the type of its `properties`.
#[derive(Debug, Deserialize)]
pub struct Page<'a, P = Ignored> {
    /// The token from the previous page; empty for the first page.
    #[serde(borrow, default)]
    pub token: Option<Text<'a, { limits::PAGE_TOKEN }>>,
    /// Maximum results.
    pub limit: Option<u32>,
    /// Filters of this server, where the standard allows them.
    pub properties: Option<Object<P>>,
}

/// The filters of a search for subjects.
#[derive(Debug, Deserialize)]
pub struct Narrowing<'a> {
    /// A text in the names.
    #[serde(borrow, default)]
    pub search: Option<Text<'a, { limits::NAME }>>,
}

/// One question. A member may be missing if there is a default.
#[derive(Debug, Deserialize)]
pub struct Evaluation<'a> {
    /// The subject.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub subject: Option<Object<Subject<'a>>>,
    /// The action.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub action: Option<Object<Action<'a>>>,
    /// The resource.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub resource: Option<Object<Resource<'a>>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
}

/// Several questions, or one. `I` is the type of an item.
#[derive(Debug, Deserialize)]
pub struct Evaluations<'a, I> {
    /// The default subject.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub subject: Option<Object<Subject<'a>>>,
    /// The default action.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub action: Option<Object<Action<'a>>>,
    /// The default resource.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub resource: Option<Object<Resource<'a>>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
    /// The questions; if none, the request itself is the question.
    evaluations: Option<List<I, { limits::QUESTIONS }>>,
    /// How they are evaluated.
    pub options: Option<Object<Options>>,
}

impl<'a, I> Evaluations<'a, I> {
    /// The questions.
    pub fn items(&self) -> &[I] {
        self.evaluations.as_ref().map(List::as_slice).unwrap_or_default()
    }

    /// The same with another type of items.
    pub fn map_items<J>(self, read: impl Fn(I) -> J) -> Evaluations<'a, J> {
        let Self { subject, action, resource, _context, evaluations, options } = self;
        Evaluations { subject, action, resource, _context, evaluations: evaluations.map(|it| it.map(read)), options }
    }
}

/// How several questions are evaluated.
#[derive(Debug, Default, Deserialize)]
pub struct Options {
    /// The semantics.
    pub evaluations_semantic: Option<Semantic>,
}

/// Which of several questions are evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "extract::Text<{ limits::NAME }>")]
pub enum Semantic {
    /// All.
    #[default]
    ExecuteAll,
    /// Those up to the first that is denied.
    DenyOnFirstDeny,
    /// Those up to the first that is permitted.
    PermitOnFirstPermit,
}

impl TryFrom<extract::Text<{ limits::NAME }>> for Semantic {
    type Error = String;

    fn try_from(word: extract::Text<{ limits::NAME }>) -> Result<Self, String> {
        match word.as_str() {
            "execute_all" => Ok(Self::ExecuteAll),
            "deny_on_first_deny" => Ok(Self::DenyOnFirstDeny),
            "permit_on_first_permit" => Ok(Self::PermitOnFirstPermit),
            _ => Err(format!(
                "{} is not one of execute_all, deny_on_first_deny, permit_on_first_permit",
                quoted(word.as_str())
            )),
        }
    }
}

/// A search for subjects.
#[derive(Debug, Deserialize)]
pub struct SubjectSearch<'a> {
    /// Their type.
    #[serde(borrow)]
    pub subject: Object<Typed<'a>>,
    /// The action.
    #[serde(borrow)]
    pub action: Object<Action<'a>>,
    /// The resource.
    #[serde(borrow)]
    pub resource: Object<Resource<'a>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
    /// The page.
    #[serde(borrow)]
    pub page: Option<Object<Page<'a, Narrowing<'a>>>>,
}

/// A search for scopes.
#[derive(Debug, Deserialize)]
pub struct ResourceSearch<'a> {
    /// The subject.
    #[serde(borrow)]
    pub subject: Object<Subject<'a>>,
    /// The action.
    #[serde(borrow)]
    pub action: Object<Action<'a>>,
    /// The type of resource.
    #[serde(borrow)]
    pub resource: Object<Typed<'a>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
    /// The page.
    #[serde(borrow)]
    pub page: Option<Object<Page<'a>>>,
}

/// A search for actions.
#[derive(Debug, Deserialize)]
pub struct ActionSearch<'a> {
    /// The subject.
    #[serde(borrow)]
    pub subject: Object<Subject<'a>>,
    /// The resource.
    #[serde(borrow)]
    pub resource: Object<Resource<'a>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
    /// The page.
    #[serde(borrow)]
    pub page: Option<Object<Page<'a>>>,
}

/// The scope of a resource id: `project:12`, or the names on its path, `/berlin/research/vision`.
pub fn scope_ref(id: &str, account: AccountId) -> ScopeRef<'_> {
    if id.starts_with('/') {
        return ScopeRef::Names(id);
    }
    access_rules::node_word(id, account).map_or(ScopeRef::Nonsense, ScopeRef::Id)
}

/// The same for an existing scope.
pub fn scope(id: &str, world: &rolecall_core::World) -> Option<Scope> {
    scope_ref(id, world.account().id).find(world)
}
