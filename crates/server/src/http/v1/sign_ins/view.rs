//! Sign-ins with identity providers, and what would come of them, as responses show them.

use rolecall_core::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::app::sso::{Access, Accesses, Names, Outcome, Reading, RecentSignIn};
use crate::http::schema;

/// A page of recent sign-ins.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignIns {
    /// How many match.
    total: u64,
    /// Newest first.
    sign_ins: Vec<SignInView>,
}

/// A recent sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInView {
    /// What the person was shown.
    #[schema(example = "7HQ2-9XKM")]
    reference: String,
    /// The name of the identity provider; null when it was removed.
    idp: Option<String>,
    /// When it ended.
    #[schema(format = DateTime)]
    at: String,
    /// The code of the problem; null when the person came in, or would have come in.
    #[schema(example = "groups-absent")]
    problem: Option<String>,
    /// The email, as far as the provider said one.
    email: Option<String>,
    /// Whether an administrator tested the provider: nobody came in.
    is_test: bool,
}

/// A recent sign-in, with each step.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInReport {
    /// What the person was shown.
    #[schema(example = "7HQ2-9XKM")]
    reference: String,
    /// The name of the identity provider; null when it was removed.
    idp: Option<String>,
    /// When it ended.
    #[schema(format = DateTime)]
    at: String,
    /// The code of the problem; null when the person came in, or would have come in.
    problem: Option<String>,
    /// The email, as far as the provider said one.
    email: Option<String>,
    /// Whether an administrator tested the provider: nobody came in.
    is_test: bool,
    /// The steps that were begun, in their order. With a problem, the last one failed.
    #[schema(value_type = Vec<schema::SignInStep>)]
    steps: Vec<&'static str>,
    /// What went wrong, with the values.
    failure: Option<String>,
    /// What the provider said, without secrets; null when nothing was verified.
    #[schema(value_type = Option<Object>)]
    claims: Option<Map<String, Value>>,
    /// What was made of the claims.
    reading: ReadingView,
    /// What would have come of a test.
    outcome: Option<OutcomeView>,
}

/// What was made of claims, as far as it came.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadingView {
    /// The email.
    email: Option<String>,
    /// Whether the provider says that it verified the email; null when it does not say.
    email_verified: Option<bool>,
    /// The groups, at most the first 100; null when the provider does not say.
    groups: Option<Vec<String>>,
    /// How many groups there are.
    groups_total: usize,
    /// The first name.
    first_name: Option<String>,
    /// The last name.
    last_name: Option<String>,
    /// The Linux user id.
    uid: Option<u32>,
    /// The Linux group id.
    gid: Option<u32>,
    /// The Linux supplementary groups.
    supplementary_groups: Vec<u32>,
    /// What was left out, or is worth a look.
    warnings: Vec<String>,
}

/// What would come of a sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    /// The email of the user.
    email: String,
    /// Whether the user would be created.
    is_new: bool,
    /// The groups that they would come into.
    groups_gained: NamesView,
    /// The groups that they would leave.
    groups_lost: NamesView,
    /// The access that they would gain.
    access_gained: AccessesView,
    /// The access that they would lose.
    access_lost: AccessesView,
}

/// Some groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamesView {
    /// How many these are.
    total: usize,
    /// The first of them, at most 50.
    first: Vec<String>,
}

/// What some access rules give.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessesView {
    /// How many rules these are.
    total: usize,
    /// The first of them, at most 50.
    first: Vec<AccessView>,
}

/// What an access rule gives.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessView {
    /// The name of the role.
    role: String,
    /// The kind of the scope.
    #[schema(value_type = schema::ScopeType)]
    scope_type: String,
    /// The name of the scope.
    scope: String,
    /// The group whose rule it is; null for a rule of the person.
    group: Option<String>,
}

impl SignIns {
    pub(super) fn new(sign_ins: Vec<RecentSignIn>, total: u64) -> Self {
        let view = |it: RecentSignIn| SignInView {
            reference: it.reference,
            idp: it.provider.map(|alias| alias.to_string()),
            at: it.at.to_string(),
            problem: it.problem,
            email: it.email,
            is_test: it.is_test,
        };
        Self { total, sign_ins: sign_ins.into_iter().map(view).collect() }
    }
}

impl SignInReport {
    pub(super) fn new(it: RecentSignIn) -> Result<Self> {
        let details = it.details.ok_or_else(|| Error::internal("a sign-in without details"))?;
        Ok(Self {
            reference: it.reference,
            idp: it.provider.map(|alias| alias.to_string()),
            at: it.at.to_string(),
            problem: it.problem,
            email: it.email,
            is_test: it.is_test,
            steps: details.steps.into_iter().map(crate::app::sso::Step::as_str).collect(),
            failure: details.failure,
            claims: match details.claims {
                Some(Value::Object(claims)) => Some(claims),
                _ => None,
            },
            reading: details.reading.into(),
            outcome: details.outcome.map(OutcomeView::from),
        })
    }
}

impl From<Reading> for ReadingView {
    fn from(it: Reading) -> Self {
        let Reading {
            email,
            email_verified,
            groups,
            groups_total,
            first_name,
            last_name,
            uid,
            gid,
            supplementary_groups,
            warnings,
        } = it;
        Self {
            email,
            email_verified,
            groups,
            groups_total,
            first_name,
            last_name,
            uid,
            gid,
            supplementary_groups,
            warnings,
        }
    }
}

impl From<Outcome> for OutcomeView {
    fn from(it: Outcome) -> Self {
        let names =
            |Names { total, first }| NamesView { total, first: first.iter().map(ToString::to_string).collect() };
        Self {
            email: it.email.to_string(),
            is_new: it.is_new,
            groups_gained: names(it.groups_gained),
            groups_lost: names(it.groups_lost),
            access_gained: it.access_gained.into(),
            access_lost: it.access_lost.into(),
        }
    }
}

impl From<Accesses> for AccessesView {
    fn from(it: Accesses) -> Self {
        let view = |Access { role, scope_type, scope, group }| AccessView { role, scope_type, scope, group };
        Self { total: it.total, first: it.first.into_iter().map(view).collect() }
    }
}
