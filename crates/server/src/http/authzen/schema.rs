//! What the API document says of requests and answers: the same members that `request` reads and the handlers write.

use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::view::DecisionView;

/// A subject.
#[derive(Debug, ToSchema)]
pub struct AuthzenSubject {
    /// user, group or service-account.
    #[schema(example = "user")]
    pub r#type: String,
    /// The e-mail of a user, the name of a group, the client id of a service account.
    #[schema(example = "ana@example.com")]
    pub id: String,
    /// Ignored; groups too, since the server knows who is in which.
    pub properties: Option<Map<String, Value>>,
}

/// An action.
#[derive(Debug, ToSchema)]
pub struct AuthzenAction {
    /// create, read, update, delete or sync.
    #[schema(example = "create")]
    pub name: String,
    /// Ignored.
    pub properties: Option<Map<String, Value>>,
}

/// A type of resource in a scope.
#[derive(Debug, ToSchema)]
pub struct AuthzenResource {
    /// A type of resource, as roles name it.
    #[schema(example = "workspaces")]
    pub r#type: String,
    /// The scope: scopeType:scopeId, or the names on the way down to it, each after a slash: /berlin/research/vision.
    #[schema(example = "project:12")]
    pub id: String,
    /// Ignored.
    pub properties: Option<Map<String, Value>>,
}

/// A type without an id.
#[derive(Debug, ToSchema)]
pub struct AuthzenType {
    /// The type.
    pub r#type: String,
    /// Ignored.
    pub properties: Option<Map<String, Value>>,
}

/// May this subject do that there?
#[derive(Debug, ToSchema)]
pub struct EvaluationRequest {
    /// Who.
    pub subject: AuthzenSubject,
    /// What.
    pub action: AuthzenAction,
    /// To what, and where.
    pub resource: AuthzenResource,
    /// Ignored.
    pub context: Option<Map<String, Value>>,
}

/// One question of several. What it leaves out is taken from the request.
#[derive(Debug, ToSchema)]
pub struct EvaluationItem {
    /// Who.
    pub subject: Option<AuthzenSubject>,
    /// What.
    pub action: Option<AuthzenAction>,
    /// To what, and where.
    pub resource: Option<AuthzenResource>,
    /// Ignored.
    pub context: Option<Map<String, Value>>,
}

/// Several questions.
#[derive(Debug, ToSchema)]
pub struct EvaluationsRequest {
    /// Who, where an evaluation does not say.
    pub subject: Option<AuthzenSubject>,
    /// What.
    pub action: Option<AuthzenAction>,
    /// To what, and where.
    pub resource: Option<AuthzenResource>,
    /// Ignored.
    pub context: Option<Map<String, Value>>,
    /// The questions; at most 1,000.
    pub evaluations: Option<Vec<EvaluationItem>>,
    /// How they are answered.
    pub options: Option<EvaluationsOptions>,
}

/// How several questions are answered.
#[derive(Debug, ToSchema)]
pub struct EvaluationsOptions {
    /// execute_all, deny_on_first_deny or permit_on_first_permit.
    #[schema(example = "execute_all")]
    pub evaluations_semantic: Option<String>,
}

/// The decisions, in the order of the questions.
#[derive(Debug, ToSchema)]
pub struct EvaluationsAnswer {
    /// One for each question that was answered.
    pub evaluations: Vec<DecisionView<'static>>,
}

/// Which page of a search.
#[derive(Debug, ToSchema)]
pub struct PageRequest {
    /// `page.next_token` of the page before; absent or empty for the first.
    pub token: Option<String>,
    /// How many results at most, from 1; more than 1,000 count as 1,000. 100 when absent.
    #[schema(example = 100)]
    pub limit: Option<u32>,
    /// Ignored.
    pub properties: Option<Map<String, Value>>,
}

/// Who may do that there?
#[derive(Debug, ToSchema)]
pub struct SubjectSearchRequest {
    /// Of which type: user, group or service-account.
    pub subject: AuthzenType,
    /// What.
    pub action: AuthzenAction,
    /// To what, and where.
    pub resource: AuthzenResource,
    /// Ignored.
    pub context: Option<Map<String, Value>>,
    /// Which page.
    pub page: Option<PageRequest>,
}

/// Where may he do that?
#[derive(Debug, ToSchema)]
pub struct ResourceSearchRequest {
    /// Who.
    pub subject: AuthzenSubject,
    /// What.
    pub action: AuthzenAction,
    /// To which type of resource.
    pub resource: AuthzenType,
    /// Ignored.
    pub context: Option<Map<String, Value>>,
    /// Which page.
    pub page: Option<PageRequest>,
}

/// What may he do there?
#[derive(Debug, ToSchema)]
pub struct ActionSearchRequest {
    /// Who.
    pub subject: AuthzenSubject,
    /// To what, and where.
    pub resource: AuthzenResource,
    /// Ignored.
    pub context: Option<Map<String, Value>>,
    /// Which page.
    pub page: Option<PageRequest>,
}
