//! What the API document says of requests and answers: the same members that `request` reads, and `view` and
//! the searches write.

use serde_json::{Map, Value};
use utoipa::openapi::{OneOfBuilder, Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::search::{ActionView, EntityView, NextPage};
use crate::http::schema::{DenialCode, EvaluationsSemantic, ScopeId, ScopeType, SubjectType};

/// A subject.
#[derive(Debug, ToSchema)]
pub struct AuthzenSubject {
    /// user, group or service-account.
    #[schema(example = "user", max_length = 255)]
    pub r#type: String,
    /// The email of a user, the name of a group, the client id of a service account.
    #[schema(example = "ana@example.com", max_length = 255)]
    pub id: String,
    /// Ignored; groups too, since the server knows who is in which.
    pub properties: Option<Map<String, Value>>,
}

/// An action.
#[derive(Debug, ToSchema)]
pub struct AuthzenAction {
    /// create, read, update, delete or sync.
    #[schema(example = "create", max_length = 255)]
    pub name: String,
    /// Ignored.
    pub properties: Option<Map<String, Value>>,
}

/// A type of resource in a scope.
#[derive(Debug, ToSchema)]
pub struct AuthzenResource {
    /// A type of resource, as roles name it.
    #[schema(example = "workspaces", max_length = 255)]
    pub r#type: String,
    /// The scope: scopeType:scopeId, or the names on the way down to it, each after a slash: /berlin/research/vision.
    #[schema(example = "project:12", max_length = 768)]
    pub id: String,
    /// Ignored.
    pub properties: Option<Map<String, Value>>,
}

/// A type without an id.
#[derive(Debug, ToSchema)]
pub struct AuthzenType {
    /// The type.
    #[schema(max_length = 255)]
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
    #[schema(nullable = false)]
    pub subject: Option<AuthzenSubject>,
    /// What.
    #[schema(nullable = false)]
    pub action: Option<AuthzenAction>,
    /// To what, and where.
    #[schema(nullable = false)]
    pub resource: Option<AuthzenResource>,
    /// Ignored.
    pub context: Option<Map<String, Value>>,
}

/// Several questions.
#[derive(Debug, ToSchema)]
pub struct EvaluationsRequest {
    /// Who, where an evaluation does not say.
    #[schema(nullable = false)]
    pub subject: Option<AuthzenSubject>,
    /// What.
    #[schema(nullable = false)]
    pub action: Option<AuthzenAction>,
    /// To what, and where.
    #[schema(nullable = false)]
    pub resource: Option<AuthzenResource>,
    /// Ignored.
    pub context: Option<Map<String, Value>>,
    /// The questions; at most 1,000.
    #[schema(max_items = 1000)]
    pub evaluations: Option<Vec<EvaluationItem>>,
    /// How they are answered.
    pub options: Option<EvaluationsOptions>,
}

/// How several questions are answered.
#[derive(Debug, ToSchema)]
pub struct EvaluationsOptions {
    /// Which are answered; all when absent.
    pub evaluations_semantic: Option<EvaluationsSemantic>,
}

/// The decisions, or the one decision of a request without `evaluations`.
#[derive(Debug)]
pub enum EvaluationsAnswer {}

impl PartialSchema for EvaluationsAnswer {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(Ref::from_schema_name(Decisions::name()))
            .item(Ref::from_schema_name(DecisionAnswer::name()))
            .description(Some("The decisions, or the one decision of a request without `evaluations`."))
            .into()
    }
}

impl ToSchema for EvaluationsAnswer {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Decisions::name().into_owned(), Decisions::schema()));
        Decisions::schemas(schemas);
    }
}

/// The decisions, in the order of the questions.
#[derive(Debug, ToSchema)]
pub struct Decisions {
    /// One for each question that was answered.
    pub evaluations: Vec<DecisionAnswer>,
}

/// A decision, and why.
#[derive(Debug, ToSchema)]
pub struct DecisionAnswer {
    /// Whether the subject may.
    pub decision: bool,
    /// Why.
    pub context: DecisionContext,
}

/// Why it is allowed or denied. Each member is there where it says something.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct DecisionContext {
    /// Of a denial, for programs.
    #[schema(nullable = false)]
    pub code: Option<DenialCode>,
    /// Of a denial, for people.
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// The rules by which the subject may, oldest first; or would, were it not disabled. Those that the caller may see, at most
    /// 100.
    #[schema(nullable = false)]
    pub rules: Option<Vec<AllowingRule>>,
    /// How many more there are.
    #[schema(nullable = false)]
    pub hidden_rules: Option<usize>,
    /// Whether the subject is disabled, too: besides a rule it would have to be enabled.
    #[schema(nullable = false)]
    pub disabled: Option<bool>,
    /// The smallest rules of which each would allow it: the subject is that role in that scope.
    #[schema(nullable = false)]
    pub fixes: Option<Vec<MissingRule>>,
    /// In a batch: what is wrong with this evaluation, or that the caller may not ask it.
    #[schema(nullable = false)]
    pub error: Option<EvaluationError>,
}

/// A rule by which a subject may: `subject` is a `role` in `scope`.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct AllowingRule {
    /// Its id.
    pub id: i32,
    /// user, group or service-account.
    pub subject_type: SubjectType,
    /// Whom it names: the subject, or a group that the subject is in.
    #[schema(example = "ml-team")]
    pub subject_id: String,
    /// The role that it gives.
    pub role_id: i32,
    /// The role's name.
    #[schema(example = "Department administrator")]
    pub role_name: String,
    /// tenant, cluster, department or project.
    pub scope_type: ScopeType,
    /// Where it gives it.
    pub scope_id: ScopeId,
    /// The scope's name.
    pub scope_name: String,
    /// Whether its scope is above the one that was asked about.
    pub inherited: bool,
    /// Whether it names a group that the subject is in, and not the subject itself.
    pub via_group: bool,
}

/// A rule that is missing: the subject that was asked about is a `role` in `scope`.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct MissingRule {
    /// The role: none with the permission has fewer.
    pub role_id: i32,
    /// Its name.
    pub role_name: String,
    /// The level of the scope.
    pub scope_type: ScopeType,
    /// The scope that was asked about.
    pub scope_id: ScopeId,
    /// Its name.
    pub scope_name: String,
    /// Whether the caller may create it.
    pub permitted: bool,
}

/// What is wrong with one evaluation of several.
#[derive(Debug, ToSchema)]
pub struct EvaluationError {
    /// The HTTP status that it would be answered with alone.
    #[schema(example = 400)]
    pub status: u16,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Which page of a search.
#[derive(Debug, ToSchema)]
pub struct PageRequest {
    /// `page.next_token` of the page before, with the same request; absent or empty for the first.
    #[schema(max_length = 4096)]
    pub token: Option<String>,
    /// How many results at most; more than 1,000 count as 1,000. 100 when absent. 0 answers no results, and the token that was sent.
    #[schema(example = 100)]
    pub limit: Option<u32>,
    /// Ignored.
    pub properties: Option<Map<String, Value>>,
}

/// Which page of a search for subjects.
#[derive(Debug, ToSchema)]
pub struct SubjectPageRequest {
    /// `page.next_token` of the page before, with the same request; absent or empty for the first.
    #[schema(max_length = 4096)]
    pub token: Option<String>,
    /// How many results at most; more than 1,000 count as 1,000. 100 when absent. 0 answers no results, and the token that was sent.
    #[schema(example = 100)]
    pub limit: Option<u32>,
    /// What narrows the search.
    pub properties: Option<SubjectNarrowing>,
}

/// What narrows a search for subjects.
#[derive(Debug, ToSchema)]
pub struct SubjectNarrowing {
    /// Only those whose names hold this; the case of the letters from a to z does not matter. All when absent or empty.
    #[schema(example = "ana", max_length = 255)]
    pub search: Option<String>,
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
    pub page: Option<SubjectPageRequest>,
}

/// Where may the subject do that?
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

/// What may the subject do there?
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

/// A page of subjects or resources.
#[derive(Debug, ToSchema)]
pub struct EntitySearchAnswer {
    /// What was found.
    pub results: Vec<EntityView>,
    /// Where the next page begins.
    pub page: NextPage,
}

/// A page of actions.
#[derive(Debug, ToSchema)]
pub struct ActionSearchAnswer {
    /// What was found.
    pub results: Vec<ActionView>,
    /// Where the next page begins.
    pub page: NextPage,
}
