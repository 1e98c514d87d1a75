//! Rehearsals of sign-ins, in and out.

use rolecall_core::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::form::ProviderForm;
use crate::app::sso::{Rehearsal, Rehearsed, Speech};
use crate::http::extract::Text;
use crate::http::limits;
use crate::http::v1::sign_ins::{OutcomeView, ReadingView};

/// What is rehearsed: one sign-in, with the first of `claims`, `token` and `assertion` that is there; or one of everybody who
/// signed in with the provider, with what it said last.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RehearsalForm {
    /// Claims of OpenID Connect or OpenShift, or attributes of SAML with their values.
    #[schema(value_type = Option<Object>)]
    claims: Option<Value>,
    /// An ID token. It may have expired: it is read, and not verified.
    #[schema(value_type = Option<String>, max_length = 131072)]
    token: Option<Text<{ limits::PASTED }>>,
    /// The answer of a SAML provider, or the assertion in it, as XML or in base64. It is read, and not verified.
    #[schema(value_type = Option<String>, max_length = 131072)]
    assertion: Option<Text<{ limits::PASTED }>>,
    /// Settings to try; those that are stored, when absent. They are not saved.
    #[schema(value_type = Option<ProviderForm>)]
    pub(super) settings: Option<ProviderForm>,
}

impl RehearsalForm {
    /// Whose sign-in it is.
    pub(super) fn speech(&mut self) -> Result<Speech> {
        match (self.claims.take(), self.token.take(), self.assertion.take()) {
            (None, None, None) => Ok(Speech::Everybody),
            (Some(claims), None, None) => Ok(Speech::Claims(claims)),
            (None, Some(token), None) => Ok(Speech::Token(token.as_str().to_owned())),
            (None, None, Some(assertion)) => Ok(Speech::Assertion(assertion.as_str().to_owned())),
            _ => Err(Error::invalid(
                "claims, token, assertion: more than one of them is given; give one, or none for everybody",
            )),
        }
    }
}

/// What would come of some sign-ins. Nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsalView {
    /// How many people.
    people: usize,
    /// How many would be refused.
    refused: usize,
    /// How many would appear as new users.
    new: usize,
    /// How many would gain access.
    gaining: usize,
    /// How many would lose access.
    losing: usize,
    /// Of how many nothing can be told: their claims are too large to be kept, or the provider's metadata has another address,
    /// which is asked once it is saved.
    unknown: usize,
    /// Those for whom something would change, at most 30; the person of a single rehearsal in any case.
    told: Vec<RehearsedView>,
    /// Whether more people are known than a rehearsal looks at (100,000, in ten seconds).
    more: bool,
}

/// What would come of the sign-in of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsedView {
    /// What would be made of the claims.
    reading: ReadingView,
    /// The code of the problem; null when they would come in.
    problem: Option<String>,
    /// What the problem is, with the values.
    failure: Option<String>,
    /// What would come of it; null with a problem.
    outcome: Option<OutcomeView>,
}

impl From<Rehearsal> for RehearsalView {
    fn from(it: Rehearsal) -> Self {
        let Rehearsal { people, refused, new, gaining, losing, unknown, told, more } = it;
        Self { people, refused, new, gaining, losing, unknown, told: told.into_iter().map(Into::into).collect(), more }
    }
}

impl From<Rehearsed> for RehearsedView {
    fn from(it: Rehearsed) -> Self {
        let reading = it.reading.into();
        match it.result {
            Ok(outcome) => Self { reading, problem: None, failure: None, outcome: Some(outcome.into()) },
            Err(failure) => {
                Self { reading, problem: Some(failure.code.to_owned()), failure: Some(failure.detail), outcome: None }
            }
        }
    }
}
