//! `/access/v1/evaluation` and `/access/v1/evaluations`.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rolecall_core::access::Explanation;
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result};

use super::body::{Body, Object};
use super::denial;
use super::json::Json;
use super::request::evaluation::{Asked, Evaluation, EvaluationRequest, Evaluations, EvaluationsRequest, Semantic};
use super::request::{Action, Resource, Subject, scope_ref};
use super::view::{DecisionAnswer, EvaluationsAnswer};
use crate::app::Call;
use crate::app::decisions::{Answer, Asking, Question};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::Caller;
use crate::http::json::{self, Tree};
use crate::http::limits;

/// Ask whether a subject may do something
///
/// The Access Evaluation API of AuthZEN 1.0. A denial is a 200. Callers may ask about themselves, and about others in scopes
/// where they may read access rules. A scope that the caller cannot see does not exist for them.
#[utoipa::path(post, path = "/access/v1/evaluation", tag = "Decisions", request_body = EvaluationRequest<'static>, responses(
    (status = 200, description = "Whether it may, and why", body = DecisionAnswer<'static>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn evaluate(Caller(call): Caller, body: Body) -> HttpResult<Response> {
    let evaluation: Evaluation<'_> = body.object()?;
    let asked = Members::of(&evaluation).asked()?;
    let mut json = Json::with_capacity(512);
    answer(&mut Asking::new(&call)?, asked, &mut json)?;
    Ok(response(json))
}

/// Ask several such questions at once
///
/// The Access Evaluations API of AuthZEN 1.0, with its three semantics; up to 1,000 evaluations. One that is malformed, or
/// may not be asked, is denied with `context.error`. Without `evaluations` the request itself is the one question, and the
/// answer is its decision.
#[utoipa::path(post, path = "/access/v1/evaluations", tag = "Decisions", request_body = EvaluationsRequest, responses(
    (status = 200, description = "The decisions, in the order of the questions", body = EvaluationsAnswer<'static>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn evaluate_all(Caller(call): Caller, body: Body) -> HttpResult<Response> {
    // One pass if everything is well formed. Otherwise each evaluation is read by itself, so that a bad one does not
    // affect the others.
    let json = match body.object::<Evaluations<'_, Object<Evaluation<'_>>>>() {
        Ok(request) => all(&call, &request, |Object(evaluation)| Ok(evaluation))?,
        Err(_) => {
            let request: Evaluations<'_, Tree<'_>> = body.object()?;
            let request = request.map_items(|item| json::read_tree::<Object<Evaluation<'_>>>(&item));
            all(&call, &request, |item| match item {
                Ok(Object(evaluation)) => Ok(evaluation),
                Err(e) => Err(Error::invalid(e.message.clone())),
            })?
        }
    };
    Ok(response(json))
}

/// Answers all evaluations of a request, or the request itself if it has none.
fn all<'a, I>(
    call: &Call,
    request: &'a Evaluations<'a, I>,
    read: impl Fn(&'a I) -> Result<&'a Evaluation<'a>>,
) -> Result<Json> {
    let items = request.items();
    let semantic = request.options.as_ref().and_then(|options| options.0.evaluations_semantic).unwrap_or_default();
    let mut asking = Asking::new(call)?;
    let defaults = Members::of_request(request);
    let mut json = Json::with_capacity(64 + 384 * items.len());
    if items.is_empty() {
        answer(&mut asking, defaults.asked()?, &mut json)?;
        return Ok(json);
    }
    // `Decisions`, written one by one: each borrows what `asking` knows of its question alone, and the limit is looked at
    // before the next.
    json.raw(r#"{"evaluations":["#);
    for (number, item) in items.iter().enumerate() {
        json.raw(if number > 0 { "," } else { "" });
        let asked = read(item).and_then(|item| Members::of(item).or(&defaults).asked());
        let allowed = match asked.and_then(|asked| answer(&mut asking, asked, &mut json)) {
            Ok(allowed) => allowed,
            Err(refusal) => {
                DecisionAnswer::failed(&refusal).write(&mut json);
                false
            }
        };
        if json.len() > limits::ANSWER {
            return Err(Error::too_large(format!(
                "the answer exceeds {} bytes after {} evaluations; send fewer at once",
                limits::ANSWER,
                number + 1
            )));
        }
        let last = match semantic {
            Semantic::ExecuteAll => false,
            Semantic::DenyOnFirstDeny => !allowed,
            Semantic::PermitOnFirstPermit => allowed,
        };
        if last {
            break;
        }
    }
    json.raw("]}");
    Ok(json)
}

/// Answers one question, and returns whether it is allowed; writes nothing when the caller may not ask.
fn answer<'s>(asking: &mut Asking<'_, 's>, asked: Asked<'s>, json: &mut Json) -> Result<bool> {
    let question = Question {
        subject_type: asked.subject_type,
        subject: asked.subject,
        action: asked.action,
        resource_type: asked.resource_type,
        scope: scope_ref(asked.resource, asking.caller().world().account().id),
    };
    let answer = asking.answer(&question);
    let (world, subject) = (asking.caller().world(), asking.subject());
    match answer {
        Answer::Refused(refusal) => return Err(refusal),
        Answer::Unknown(word) => denial::unknown(word, asked).write(json),
        Answer::Explained(Explanation::Allowed(ways), _) => {
            DecisionAnswer::allowed(&ways, subject, world).write(json);
            return Ok(true);
        }
        Answer::Explained(Explanation::Denied(denial), scope) => {
            let scope = scope.unwrap_or(Scope::Account);
            denial::explained(&denial, scope, asking, asked).write(json);
        }
    }
    Ok(false)
}

/// The three parts of a question, as far as given.
#[derive(Debug, Clone, Copy)]
struct Members<'a> {
    subject: Option<&'a Subject<'a>>,
    action: Option<&'a Action<'a>>,
    resource: Option<&'a Resource<'a>>,
}

impl<'a> Members<'a> {
    fn of(evaluation: &'a Evaluation<'a>) -> Self {
        Self {
            subject: evaluation.subject.as_ref().map(|it| &it.0),
            action: evaluation.action.as_ref().map(|it| &it.0),
            resource: evaluation.resource.as_ref().map(|it| &it.0),
        }
    }

    fn of_request<I>(request: &'a Evaluations<'a, I>) -> Self {
        Self {
            subject: request.subject.as_ref().map(|it| &it.0),
            action: request.action.as_ref().map(|it| &it.0),
            resource: request.resource.as_ref().map(|it| &it.0),
        }
    }

    /// The defaults of the request for missing parts. Each part is replaced as a whole: half of one subject and half of
    /// another would make one that no caller named.
    fn or(self, defaults: &Self) -> Self {
        Self {
            subject: self.subject.or(defaults.subject),
            action: self.action.or(defaults.action),
            resource: self.resource.or(defaults.resource),
        }
    }

    fn asked(self) -> Result<Asked<'a>> {
        let missing = |name: &str| Error::invalid(format!("{name}: missing; every evaluation needs one"));
        let subject = self.subject.ok_or_else(|| missing("subject"))?;
        let action = self.action.ok_or_else(|| missing("action"))?;
        let resource = self.resource.ok_or_else(|| missing("resource"))?;
        Ok(Asked {
            subject_type: subject.kind.as_str(),
            subject: subject.id.as_str(),
            action: action.name.as_str(),
            resource_type: resource.kind.as_str(),
            resource: resource.id.as_str(),
        })
    }
}

fn response(json: Json) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json.into_bytes()).into_response()
}
