//! What the API document says of requests and answers: the same members that `request` reads, and `view` and
//! the searches write.

use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A subject.
#[derive(Debug, ToSchema)]
pub struct AuthzenSubject {
    /// user, group or service-account.
    #[schema(example = "user", max_length = 255)]
    pub r#type: String,
    /// The e-mail of a user, the name of a group, the client id of a service account.
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
    /// execute_all, deny_on_first_deny or permit_on_first_permit.
    #[schema(example = "execute_all", max_length = 255)]
    pub evaluations_semantic: Option<String>,
}

/// The decisions, in the order of the questions.
#[derive(Debug, ToSchema)]
pub struct EvaluationsAnswer {
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
    /// Of a denial, for programs: no-rule, subject-disabled, no-such-scope, withheld, unknown-subject-type,
    /// unknown-subject, unknown-resource-type, unknown-action.
    #[schema(nullable = false, example = "no-rule")]
    pub code: Option<String>,
    /// Of a denial, for people.
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// The rules by which the subject may, oldest first; or would, were it not disabled. Those that the asker may see, and
    /// no more than 100.
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
    /// In a batch: what is wrong with this evaluation, or that the asker may not ask it.
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
    #[schema(example = "group")]
    pub subject_type: String,
    /// Whom it names: the subject, or a group that the subject is in.
    #[schema(example = "ml-team")]
    pub subject_id: String,
    /// The role that it gives.
    pub role_id: i32,
    /// The role's name.
    #[schema(example = "Department administrator")]
    pub role_name: String,
    /// tenant, cluster, department or project.
    #[schema(example = "department")]
    pub scope_type: String,
    /// Where it gives it.
    #[schema(example = "7")]
    pub scope_id: String,
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
    /// tenant, cluster, department or project.
    pub scope_type: String,
    /// Where: the scope that was asked about.
    pub scope_id: String,
    /// Its name.
    pub scope_name: String,
    /// Whether the asker may make it himself.
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
    /// How many results at most, from 1; more than 1,000 count as 1,000. 100 when absent.
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
    /// How many results at most, from 1; more than 1,000 count as 1,000. 100 when absent.
    #[schema(example = 100)]
    pub limit: Option<u32>,
    /// What narrows the search.
    pub properties: Option<SubjectNarrowing>,
}

/// What narrows a search for subjects.
#[derive(Debug, ToSchema)]
pub struct SubjectNarrowing {
    /// Only those whose names hold this; the case of ASCII letters does not matter. All when absent or empty.
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
