//! Questions: one, or several at once.

use rolecall_core::text::quoted;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Action, Resource, Subject};
use crate::http::authzen::body::{Ignored, Object, unless_left_out};
use crate::http::extract::{self, List};
use crate::http::limits;
use crate::http::schema::EvaluationsSemantic;

/// The words of a question, for its answer.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// As given.
    pub subject_type: &'a str,
    /// As given.
    pub subject: &'a str,
    /// As given.
    pub action: &'a str,
    /// As given.
    pub resource_type: &'a str,
    /// As given.
    pub resource: &'a str,
}

/// May this subject do that there?
//
// Only described: it is read as an `Evaluation`, whose error names the missing member in the words of a batch.
#[derive(Debug, ToSchema)]
pub struct EvaluationRequest<'a> {
    /// Who.
    pub subject: Subject<'a>,
    /// What.
    pub action: Action<'a>,
    /// To what, and where.
    pub resource: Resource<'a>,
    /// Ignored.
    pub context: Option<serde_json::Map<String, serde_json::Value>>,
}

/// One question of several. What it leaves out is taken from the request.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EvaluationItem)]
pub struct Evaluation<'a> {
    /// Who.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    #[schema(value_type = Option<Subject<'a>>, nullable = false)]
    pub subject: Option<Object<Subject<'a>>>,
    /// What.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    #[schema(value_type = Option<Action<'a>>, nullable = false)]
    pub action: Option<Object<Action<'a>>>,
    /// To what, and where.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    #[schema(value_type = Option<Resource<'a>>, nullable = false)]
    pub resource: Option<Object<Resource<'a>>>,
    /// Ignored.
    #[serde(rename = "context")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _context: Option<Object<Ignored>>,
}

/// Several questions.
//
// `I` is the type of an item: an `Evaluation`, or any JSON where each item is read by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EvaluationsRequest)]
pub struct Evaluations<'a, I> {
    /// Who, where an evaluation does not say.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    #[schema(value_type = Option<Subject<'a>>, nullable = false)]
    pub subject: Option<Object<Subject<'a>>>,
    /// What.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    #[schema(value_type = Option<Action<'a>>, nullable = false)]
    pub action: Option<Object<Action<'a>>>,
    /// To what, and where.
    #[serde(borrow, default, deserialize_with = "unless_left_out")]
    #[schema(value_type = Option<Resource<'a>>, nullable = false)]
    pub resource: Option<Object<Resource<'a>>>,
    /// Ignored.
    #[serde(rename = "context")]
    #[schema(value_type = Option<serde_json::Map<String, serde_json::Value>>)]
    _context: Option<Object<Ignored>>,
    /// The questions; at most 1,000.
    #[schema(value_type = Option<Vec<Evaluation<'a>>>, max_items = 1000)]
    evaluations: Option<List<I, { limits::QUESTIONS }>>,
    /// How they are answered.
    #[schema(value_type = Option<Options>)]
    pub options: Option<Object<Options>>,
}

/// The request as the document names it.
pub type EvaluationsRequest = Evaluations<'static, ()>;

impl<'a, I> Evaluations<'a, I> {
    /// The questions; if none, the request itself is the question.
    pub fn items(&self) -> &[I] {
        self.evaluations.as_ref().map(List::as_slice).unwrap_or_default()
    }

    /// The same with another type of items.
    pub fn map_items<J>(self, read: impl Fn(I) -> J) -> Evaluations<'a, J> {
        let Self { subject, action, resource, _context, evaluations, options } = self;
        Evaluations { subject, action, resource, _context, evaluations: evaluations.map(|it| it.map(read)), options }
    }
}

/// How several questions are answered.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = EvaluationsOptions)]
pub struct Options {
    /// Which are answered; all when absent.
    #[schema(value_type = Option<EvaluationsSemantic>)]
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
