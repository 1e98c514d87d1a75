//! Answers as they are written: straight from the world into one buffer.

use std::fmt;

use rolecall_core::access::{Denial, Explanation, Fix, Way, Ways};
use rolecall_core::org::{AccountId, Scope};
use rolecall_core::text::shortened;
use rolecall_core::{Error, World};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::app::ask::{Answer, Asking, Unknown};
use crate::http::error;

/// A decision, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionView<'a> {
    /// Whether the subject may.
    decision: bool,
    /// Why.
    context: ContextView<'a>,
}

/// Why it is allowed or denied. Each member is there where it says something.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContextView<'a> {
    /// Of a denial, for programs: no-rule, subject-disabled, no-such-scope, withheld, unknown-subject-type,
    /// unknown-subject, unknown-resource-type, unknown-action.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "no-rule")]
    code: Option<&'static str>,
    /// Of a denial, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    reason: Option<Reason<'a>>,
    /// The rules by which the subject may, oldest first; or would, were it not disabled. Those that the asker may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Vec<AllowingRuleView<'a>>>,
    /// How many more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden_rules: Option<usize>,
    /// Whether the subject is disabled, too: besides a rule it would have to be enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled: Option<bool>,
    /// The smallest rules of which each would allow it: the subject is that role in that scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<Vec<FixView<'a>>>,
    /// In a batch: what is wrong with this evaluation, or that the asker may not ask it.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<EvaluationErrorView>,
}

/// A rule by which a subject may: `subject` is a `role` in `scope`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllowingRuleView<'a> {
    /// Its id.
    id: i32,
    /// user, group or service-account.
    #[schema(example = "group")]
    subject_type: &'static str,
    /// Whom it names: the subject, or a group that the subject is in.
    #[schema(example = "ml-team")]
    subject_id: &'a str,
    /// The role that it gives.
    role_id: i32,
    /// The role's name.
    #[schema(example = "Department administrator")]
    role_name: &'static str,
    /// tenant, cluster, department or project.
    #[schema(example = "department")]
    scope_type: &'static str,
    /// Where it gives it.
    #[schema(value_type = String, example = "7")]
    scope_id: ScopeId,
    /// The scope's name.
    scope_name: &'a str,
    /// Whether its scope is above the one that was asked about.
    inherited: bool,
    /// Whether it names a group that the subject is in, and not the subject itself.
    via_group: bool,
}

/// A rule that is missing: the subject that was asked about is a `role` in `scope`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FixView<'a> {
    /// The role: none with the permission has fewer.
    role_id: i32,
    /// Its name.
    role_name: &'static str,
    /// tenant, cluster, department or project.
    scope_type: &'static str,
    /// Where: the scope that was asked about.
    #[schema(value_type = String)]
    scope_id: ScopeId,
    /// Its name.
    scope_name: &'a str,
    /// Whether the asker may make it himself.
    permitted: bool,
}

/// What is wrong with one evaluation of several.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluationErrorView {
    /// The HTTP status that it would be answered with alone.
    #[schema(example = 400)]
    status: u16,
    /// What is wrong, and what to do.
    message: String,
}

/// A scope's id as the API writes it.
#[derive(Debug, Clone, Copy)]
pub struct ScopeId(Scope, AccountId);

impl fmt::Display for ScopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Scope::Account => self.1.fmt(f),
            Scope::Cluster(id) => id.fmt(f),
            Scope::Department(id) => id.fmt(f),
            Scope::Project(id) => id.fmt(f),
        }
    }
}

impl Serialize for ScopeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The scope in one word, as `resource.id` names it.
pub fn scope_word(scope: Scope, account: AccountId) -> String {
    format!("{}:{}", scope.kind().as_str(), ScopeId(scope, account))
}

/// The words of a question, for its answer.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// As they were given.
    pub subject_type: &'a str,
    /// As they were given.
    pub subject: &'a str,
    /// As they were given.
    pub action: &'a str,
    /// As they were given.
    pub resource_type: &'a str,
    /// As they were given.
    pub resource: &'a str,
}

/// A reason for people, written where it goes.
#[derive(Debug)]
enum Reason<'a> {
    NoSuchScope(Asked<'a>),
    NoRule(Asked<'a>, &'a str),
    Disabled(Asked<'a>),
    Withheld,
    Unknown(Unknown, Asked<'a>),
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchScope(it) => {
                write!(f, "there is no scope {:?} that you may ask about", shortened(it.resource))
            }
            Self::NoRule(it, scope) => {
                write!(f, "no access rule permits {}:{} to {} in {scope}", it.resource_type, it.action, it.subject)
            }
            Self::Disabled(it) => write!(f, "{} is disabled", it.subject),
            Self::Withheld => f.write_str("it is denied; why is not for you to see"),
            Self::Unknown(Unknown::SubjectType, it) => {
                write!(
                    f,
                    "there is no subject type {:?}; user, group and service-account are",
                    shortened(it.subject_type)
                )
            }
            Self::Unknown(Unknown::SubjectName, it) => {
                write!(f, "{:?} is no name of a {}", shortened(it.subject), it.subject_type)
            }
            Self::Unknown(Unknown::ResourceType, it) => {
                write!(f, "there is no resource type {:?}", shortened(it.resource_type))
            }
            Self::Unknown(Unknown::Action, it) => {
                write!(f, "there is no action {:?}; create, read, update, delete and sync are", shortened(it.action))
            }
        }
    }
}

impl Serialize for Reason<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'a> DecisionView<'a> {
    /// What is written of an answer; the refusal when the asker may not ask.
    pub fn of(answer: Answer<'a>, asking: &'a Asking<'_, '_>, asked: Asked<'a>) -> Result<Self, Error> {
        let world = asking.asker().world();
        // The name as rules spell it.
        let asked = Asked { subject: asking.subject().map_or(asked.subject, |subject| subject.name()), ..asked };
        let denied = |code, reason| ContextView { code: Some(code), reason: Some(reason), ..ContextView::default() };
        let (explanation, scope) = match answer {
            Answer::Refused(refusal) => return Err(refusal),
            Answer::Unknown(unknown) => {
                let code = match unknown {
                    Unknown::SubjectType => "unknown-subject-type",
                    Unknown::SubjectName => "unknown-subject",
                    Unknown::ResourceType => "unknown-resource-type",
                    Unknown::Action => "unknown-action",
                };
                return Ok(Self { decision: false, context: denied(code, Reason::Unknown(unknown, asked)) });
            }
            Answer::Explained(explanation, scope) => (explanation, scope.unwrap_or(Scope::Account)),
        };
        let name = world.name_of(scope).unwrap_or_default();
        let with_ways = |ways: Ways<'a>, context: ContextView<'a>| ContextView {
            hidden_rules: (ways.hidden > 0).then_some(ways.hidden),
            rules: Some(ways.shown.iter().map(|way| AllowingRuleView::new(way, asking, world)).collect()),
            ..context
        };
        let (decision, context) = match explanation {
            Explanation::Allowed(ways) => (true, with_ways(ways, ContextView::default())),
            Explanation::Denied(denial) => (
                false,
                match denial {
                    Denial::NoSuchScope => denied("no-such-scope", Reason::NoSuchScope(asked)),
                    Denial::Withheld => denied("withheld", Reason::Withheld),
                    Denial::Disabled(ways) => with_ways(ways, denied("subject-disabled", Reason::Disabled(asked))),
                    Denial::NoRule { disabled, fixes } => ContextView {
                        disabled: disabled.then_some(true),
                        fixes: Some(fixes.iter().map(|fix| FixView::new(fix, scope, name, world)).collect()),
                        ..denied("no-rule", Reason::NoRule(asked, name))
                    },
                },
            ),
        };
        Ok(Self { decision, context })
    }

    /// What is written of an evaluation in a batch that is wrong or may not be asked.
    pub fn failed(refusal: Error) -> Self {
        error::log(&refusal);
        let status = error::status(refusal.kind).as_u16();
        let error = Some(EvaluationErrorView { status, message: refusal.message });
        Self { decision: false, context: ContextView { error, ..ContextView::default() } }
    }

    /// Whether the subject may.
    pub const fn is_allow(&self) -> bool {
        self.decision
    }
}

impl<'a> AllowingRuleView<'a> {
    fn new(way: &Way<'a>, asking: &'a Asking<'_, '_>, world: &'a World) -> Self {
        let (subject_type, subject_id) = match (way.group(), asking.subject()) {
            (Some(group), _) => ("group", group.as_str()),
            (None, Some(subject)) => (subject.kind().as_str(), subject.name()),
            (None, None) => ("", ""),
        };
        Self {
            id: way.rule().number(),
            subject_type,
            subject_id,
            role_id: way.role().id.number(),
            role_name: way.role().name,
            scope_type: way.scope().kind().as_str(),
            scope_id: ScopeId(way.scope(), world.account().id),
            scope_name: world.name_of(way.scope()).unwrap_or_default(),
            inherited: way.is_inherited(),
            via_group: way.group().is_some(),
        }
    }
}

impl<'a> FixView<'a> {
    fn new(fix: &Fix, scope: Scope, scope_name: &'a str, world: &World) -> Self {
        Self {
            role_id: fix.role.id.number(),
            role_name: fix.role.name,
            scope_type: scope.kind().as_str(),
            scope_id: ScopeId(scope, world.account().id),
            scope_name,
            permitted: fix.yours,
        }
    }
}
