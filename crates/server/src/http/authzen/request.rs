//! What is asked, as words borrowed from the body. What else an object holds is ignored; groups that a subject's
//! `properties` claim are, too: the world knows them.

use rolecall_core::org::{AccountId, Scope};
use rolecall_core::text::shortened;
use serde::Deserialize;

use super::body::{Ignored, Object, unless_left_out};
use crate::app::ask::Place;
use crate::http::extract::{self, List};
use crate::http::json::Text;
use crate::http::limits;
use crate::http::v1::access_rules;

/// Whom a question is about.
#[derive(Debug, Deserialize)]
pub struct Subject<'a> {
    /// user, group or service-account.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a, { limits::NAME }>,
    /// The name that rules know it by.
    #[serde(borrow)]
    pub id: Text<'a, { limits::NAME }>,
    #[serde(rename = "properties")]
    _properties: Option<Object<Ignored>>,
}

/// What would be done.
#[derive(Debug, Deserialize)]
pub struct Action<'a> {
    /// create, read, update, delete or sync.
    #[serde(borrow)]
    pub name: Text<'a, { limits::NAME }>,
    #[serde(rename = "properties")]
    _properties: Option<Object<Ignored>>,
}

/// To what, and where.
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

/// A subject or a resource of which only the type is asked for. Its id, if it has one, is ignored.
#[derive(Debug, Deserialize)]
pub struct Typed<'a> {
    /// The type.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a, { limits::NAME }>,
    #[serde(rename = "properties")]
    _properties: Option<Object<Ignored>>,
}

/// Which page of a search. `P` is what the search takes besides: nothing, or what narrows it.
#[derive(Debug, Deserialize)]
pub struct Page<'a, P = Ignored> {
    /// Where the page before ended; empty on the first.
    #[serde(borrow, default)]
    pub token: Option<Text<'a, { limits::PAGE_TOKEN }>>,
    /// How many results at most.
    pub limit: Option<u32>,
    /// The place that the standard leaves for filters of our own.
    pub properties: Option<Object<P>>,
}

/// What narrows a search for subjects.
#[derive(Debug, Deserialize)]
pub struct Narrowing<'a> {
    /// What the names hold.
    #[serde(borrow, default)]
    pub search: Option<Text<'a, { limits::NAME }>>,
}

/// One question. Each member may be missing where a default may stand in.
#[derive(Debug, Deserialize)]
pub struct Evaluation<'a> {
    /// Whom it is about.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub subject: Option<Object<Subject<'a>>>,
    /// What would be done.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub action: Option<Object<Action<'a>>>,
    /// To what, and where.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub resource: Option<Object<Resource<'a>>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
}

/// Several questions, or one. `I` is how an item is read: as a question, or as whatever it is.
#[derive(Debug, Deserialize)]
pub struct Evaluations<'a, I> {
    /// Whom those are about that do not say.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub subject: Option<Object<Subject<'a>>>,
    /// What would be done.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub action: Option<Object<Action<'a>>>,
    /// To what, and where.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    pub resource: Option<Object<Resource<'a>>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
    /// The questions; none or an empty array when the request itself is the one question.
    evaluations: Option<List<I, { limits::QUESTIONS }>>,
    /// How they are answered.
    pub options: Option<Object<Options>>,
}

impl<'a, I> Evaluations<'a, I> {
    /// The questions.
    pub fn items(&self) -> &[I] {
        self.evaluations.as_ref().map(List::as_slice).unwrap_or_default()
    }

    /// The same with each of its questions read in another way.
    pub fn map_items<J>(self, read: impl Fn(I) -> J) -> Evaluations<'a, J> {
        let Self { subject, action, resource, _context, evaluations, options } = self;
        Evaluations { subject, action, resource, _context, evaluations: evaluations.map(|it| it.map(read)), options }
    }
}

/// How several questions are answered.
#[derive(Debug, Default, Deserialize)]
pub struct Options {
    /// Which of them.
    pub evaluations_semantic: Option<Semantic>,
}

/// Which of several questions are answered.
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
                "{:?} is not one of execute_all, deny_on_first_deny, permit_on_first_permit",
                shortened(word.as_str())
            )),
        }
    }
}

/// Who may do that there?
#[derive(Debug, Deserialize)]
pub struct SubjectSearch<'a> {
    /// Of which type.
    #[serde(borrow)]
    pub subject: Object<Typed<'a>>,
    /// What.
    #[serde(borrow)]
    pub action: Object<Action<'a>>,
    /// To what, and where.
    #[serde(borrow)]
    pub resource: Object<Resource<'a>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
    /// Which page.
    #[serde(borrow)]
    pub page: Option<Object<Page<'a, Narrowing<'a>>>>,
}

/// Where may the subject do that?
#[derive(Debug, Deserialize)]
pub struct ResourceSearch<'a> {
    /// Who.
    #[serde(borrow)]
    pub subject: Object<Subject<'a>>,
    /// What.
    #[serde(borrow)]
    pub action: Object<Action<'a>>,
    /// To which type of resource.
    #[serde(borrow)]
    pub resource: Object<Typed<'a>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
    /// Which page.
    #[serde(borrow)]
    pub page: Option<Object<Page<'a>>>,
}

/// What may the subject do there?
#[derive(Debug, Deserialize)]
pub struct ActionSearch<'a> {
    /// Who.
    #[serde(borrow)]
    pub subject: Object<Subject<'a>>,
    /// To what, and where.
    #[serde(borrow)]
    pub resource: Object<Resource<'a>>,
    #[serde(rename = "context")]
    _context: Option<Object<Ignored>>,
    /// Which page.
    #[serde(borrow)]
    pub page: Option<Object<Page<'a>>>,
}

/// The scope that a resource's id means: `project:12`, or the names on the way down to it, `/berlin/research/vision`.
pub fn place(id: &str, account: AccountId) -> Place<'_> {
    if id.starts_with('/') {
        return Place::Names(id);
    }
    access_rules::node_word(id, account).map_or(Place::Nonsense, Place::Id)
}

/// The same, of a scope that is.
pub fn scope(id: &str, world: &rolecall_core::World) -> Option<Scope> {
    place(id, world.account().id).scope(world)
}
