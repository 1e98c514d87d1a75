//! Answers: their members, as the document describes them and as `write` writes them. They borrow from the world, so that
//! an answer copies no name.

use std::borrow::Cow;

use rolecall_core::access::{Fix, Way, Ways};
use rolecall_core::identity::Subject;
use rolecall_core::org::{ClusterId, Scope};
use rolecall_core::{Error, World};
use utoipa::ToSchema;

use crate::http::schema::{DenialCode, ScopeId, ScopeType, SubjectType};
use crate::http::{error, limits};

/// The decisions, or the one decision of a request without `evaluations`.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
pub enum EvaluationsAnswer<'a> {
    /// Of a request with `evaluations`.
    Decisions(Decisions<'a>),
    /// Of a request without.
    Decision(DecisionAnswer<'a>),
}

/// The decisions, in the order of the questions.
#[derive(Debug, ToSchema)]
pub struct Decisions<'a> {
    /// One for each question that was answered.
    pub evaluations: Vec<DecisionAnswer<'a>>,
}

/// A decision, and why.
#[derive(Debug, ToSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct DecisionAnswer<'a> {
    /// Whether the subject may.
    pub decision: bool,
    /// Why.
    pub context: DecisionContext<'a>,
}

/// Why it is allowed or denied. Each member is there where it says something.
#[derive(Debug, Default, ToSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(rename_all = "camelCase")]
pub struct DecisionContext<'a> {
    /// Of a denial, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DenialCode>, nullable = false)]
    pub code: Option<&'static str>,
    /// Of a denial, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<Cow<'a, str>>,
    /// The rules by which the subject may, oldest first; or would, were it not disabled. Those that the caller may see, at most
    /// 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rules: Option<Vec<AllowingRule<'a>>>,
    /// How many more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hidden_rules: Option<usize>,
    /// Whether the subject is disabled, too: besides a rule it would have to be enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub disabled: Option<bool>,
    /// The smallest rules of which each would allow it: the subject is that role in that scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fixes: Option<Vec<MissingRule<'a>>>,
    /// In a batch: what is wrong with this evaluation, or that the caller may not ask it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<EvaluationError<'a>>,
}

/// A rule by which a subject may: `subject` is a `role` in `scope`.
#[derive(Debug, ToSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(rename_all = "camelCase")]
pub struct AllowingRule<'a> {
    /// Its id.
    pub id: i32,
    /// user, group or service-account.
    #[schema(value_type = SubjectType)]
    pub subject_type: &'static str,
    /// Whom it names: the subject, or a group that the subject is in.
    #[schema(example = "ml-team")]
    pub subject_id: &'a str,
    /// The role that it gives.
    pub role_id: i32,
    /// The role's name.
    #[schema(example = "Department administrator")]
    pub role_name: &'a str,
    /// tenant, cluster, department or project.
    #[schema(value_type = ScopeType)]
    pub scope_type: &'static str,
    /// Where it gives it.
    #[schema(value_type = ScopeId)]
    pub scope_id: Id,
    /// The scope's name.
    pub scope_name: &'a str,
    /// Whether its scope is above the one that was asked about.
    pub inherited: bool,
    /// Whether it names a group that the subject is in, and not the subject itself.
    pub via_group: bool,
}

/// A rule that is missing: the subject that was asked about is a `role` in `scope`.
#[derive(Debug, ToSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(rename_all = "camelCase")]
pub struct MissingRule<'a> {
    /// The role: none with the permission has fewer.
    pub role_id: i32,
    /// Its name.
    pub role_name: &'a str,
    /// The level of the scope.
    #[schema(value_type = ScopeType)]
    pub scope_type: &'static str,
    /// The scope that was asked about.
    #[schema(value_type = ScopeId)]
    pub scope_id: Id,
    /// Its name.
    pub scope_name: &'a str,
    /// Whether the caller may create it.
    pub permitted: bool,
}

/// What is wrong with one evaluation of several.
#[derive(Debug, ToSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct EvaluationError<'a> {
    /// The HTTP status that it would be answered with alone.
    #[schema(example = 400)]
    pub status: u16,
    /// What is wrong, and what to do.
    pub message: &'a str,
}

/// The id of a scope: digits or a UUID, as text.
#[derive(Debug, Clone, Copy)]
pub enum Id {
    /// Of the account, a department or a project.
    Number(i64),
    /// Of a cluster.
    Cluster(ClusterId),
}

impl<'a> DecisionAnswer<'a> {
    /// Allowed in these ways.
    pub fn allowed(ways: &Ways<'a>, subject: Option<&'a Subject>, world: &'a World) -> Self {
        Self { decision: true, context: DecisionContext::default() }.with(ways, subject, world)
    }

    /// Denied, with a word of [`DenialCode`] and a sentence.
    pub fn denied(code: &'static str, reason: impl Into<Cow<'a, str>>) -> Self {
        let reason = Some(reason.into());
        Self { decision: false, context: DecisionContext { code: Some(code), reason, ..DecisionContext::default() } }
    }

    /// Of an evaluation in a batch that is wrong or may not be asked.
    pub fn failed(refusal: &'a Error) -> Self {
        error::log(refusal);
        let error = EvaluationError { status: error::status(refusal.kind).as_u16(), message: &refusal.message };
        Self { decision: false, context: DecisionContext { error: Some(error), ..DecisionContext::default() } }
    }

    /// The same with the rules of these ways.
    pub fn with(mut self, ways: &Ways<'a>, subject: Option<&'a Subject>, world: &'a World) -> Self {
        let more = ways.hidden.saturating_add(ways.shown.len().saturating_sub(limits::REASONS));
        let shown = ways.shown.iter().take(limits::REASONS);
        self.context.rules = Some(shown.map(|way| AllowingRule::of(way, subject, world)).collect());
        self.context.hidden_rules = Some(more).filter(|more| *more > 0);
        self
    }
}

impl<'a> AllowingRule<'a> {
    fn of(way: &Way<'a>, subject: Option<&'a Subject>, world: &'a World) -> Self {
        let (subject_type, subject_id) = match (way.group(), subject) {
            (Some(group), _) => ("group", group.as_str()),
            (None, Some(subject)) => (subject.kind().as_str(), subject.name()),
            (None, None) => ("", ""),
        };
        Self {
            id: way.rule().number(),
            subject_type,
            subject_id,
            role_id: way.role().id.number(),
            role_name: way.role().name(),
            scope_type: way.scope().kind().as_str(),
            scope_id: Id::of(way.scope(), world),
            scope_name: world.name_of(way.scope()).unwrap_or_default(),
            inherited: way.is_inherited(),
            via_group: way.group().is_some(),
        }
    }
}

impl<'a> MissingRule<'a> {
    /// The rule of a fix in that scope, with its name.
    pub fn of(fix: &Fix<'a>, scope: Scope, scope_name: &'a str, world: &World) -> Self {
        Self {
            role_id: fix.role.id.number(),
            role_name: fix.role.name(),
            scope_type: scope.kind().as_str(),
            scope_id: Id::of(scope, world),
            scope_name,
            permitted: fix.yours,
        }
    }
}

impl Id {
    fn of(scope: Scope, world: &World) -> Self {
        match scope {
            Scope::Account => Self::Number(world.account().id.number().into()),
            Scope::Cluster(id) => Self::Cluster(id),
            Scope::Department(id) => Self::Number(id.number()),
            Scope::Project(id) => Self::Number(id.number()),
        }
    }
}

/// The scope in one word, as in `resource.id`.
pub fn scope_word(scope: Scope, world: &World) -> String {
    format!("{}:{}", scope.kind().as_str(), world.id_of(scope))
}
