//! Single questions.

use rolecall_core::access::{Denial, Explanation, Principal};
use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result, World};

use super::ScopeRef;
use crate::app::Call;

/// May this subject do that there? In the caller's words.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// user, group or service-account.
    pub subject_type: &'a str,
    /// The subject's name.
    pub subject: &'a str,
    /// The action.
    pub action: &'a str,
    /// The type of resource.
    pub resource_type: &'a str,
    /// The scope.
    pub scope: ScopeRef<'a>,
}

/// A word of a question that has no meaning here; the answer is then no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// The type of subject.
    SubjectType,
    /// A name that such a subject cannot have.
    SubjectName,
    /// The type of resource.
    ResourceType,
    /// The action.
    Action,
}

/// The answer.
#[derive(Debug)]
pub enum Answer<'w> {
    /// Yes or no, and why; with the scope of the question, if it exists.
    Explained(Explanation<'w>, Option<Scope>),
    /// No: a word has no meaning.
    Unknown(Unknown),
    /// The caller may not ask this.
    Refused(Error),
}

/// The caller, in the world that answers all questions of a request. The last subject is cached: most requests are
/// about one subject.
#[derive(Debug)]
pub struct Asking<'w, 'a> {
    caller: Principal<'w>,
    about: Option<(&'a str, &'a str, Principal<'w>)>,
    to: Option<(&'a str, &'a str, Permission)>,
    at: Option<(&'a str, Option<Scope>)>,
}

impl<'w, 'a> Asking<'w, 'a> {
    /// Finds the caller.
    ///
    /// # Errors
    /// `Unauthenticated` when the caller no longer exists.
    pub fn new(call: &'w Call) -> Result<Self> {
        Ok(Self { caller: call.principal()?, about: None, to: None, at: None })
    }

    /// The caller.
    #[must_use]
    pub const fn caller(&self) -> &Principal<'w> {
        &self.caller
    }

    /// The subject of the last question; `None` when it named none.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.about.as_ref().map(|(.., subject)| subject.subject())
    }

    /// Answers a question.
    pub fn answer(&mut self, question: &Question<'a>) -> Answer<'w> {
        let world = self.caller.world();
        let Question { resource_type, action, .. } = *question;
        let permission = match self.to {
            Some((known_type, known_action, known)) if (known_type, known_action) == (resource_type, action) => known,
            _ => match permission(resource_type, action) {
                Ok(permission) => self.to.insert((resource_type, action, permission)).2,
                Err(unknown) => return Answer::Unknown(unknown),
            },
        };
        let known = |(kind, name, _): &(&str, &str, _)| *kind == question.subject_type && *name == question.subject;
        let about = match self.about.take().filter(known) {
            Some(about) => about,
            None => match principal(world, question) {
                Ok(principal) => (question.subject_type, question.subject, principal),
                Err(unknown) => return Answer::Unknown(unknown),
            },
        };
        let subject = &self.about.insert(about).2;
        let scope = match (question.scope, self.at) {
            (ScopeRef::Names(text), Some((known, scope))) if known == text => scope,
            (scope, _) => scope.find(world),
        };
        if let ScopeRef::Names(text) = question.scope {
            self.at = Some((text, scope));
        }
        let Some(scope) = scope else {
            return Answer::Explained(Explanation::Denied(Denial::NoSuchScope), None);
        };
        match subject.explain_to(&self.caller, permission, scope) {
            Ok(explanation) => Answer::Explained(explanation, Some(scope)),
            Err(refusal) => Answer::Refused(refusal),
        }
    }
}

/// The principal of a question.
fn principal<'w>(world: &'w World, question: &Question<'_>) -> Result<Principal<'w>, Unknown> {
    let kind = subject_kind(question.subject_type)?;
    match world.principal_named(kind, question.subject) {
        Some(principal) => Ok(principal),
        None => Ok(world.principal_of(&subject(kind, question.subject)?)),
    }
}

/// The kind of subject with that name. The old word `app` is not part of the standard API.
///
/// # Errors
/// When there is no such kind.
pub fn subject_kind(text: &str) -> Result<SubjectKind, Unknown> {
    SubjectKind::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(Unknown::SubjectType)
}

/// The subject with that kind and name, with or without an identity.
///
/// # Errors
/// When such a subject cannot have that name.
pub fn subject(kind: SubjectKind, name: &str) -> Result<Subject, Unknown> {
    Subject::known("subject", kind, name).map_err(|_| Unknown::SubjectName)
}

/// The permission of two words.
///
/// # Errors
/// When one of them has no meaning.
pub fn permission(resource_type: &str, action: &str) -> Result<Permission, Unknown> {
    let resource_type = ResourceType::parse(resource_type).ok_or(Unknown::ResourceType)?;
    Ok(Permission::new(resource_type, Action::parse(action).ok_or(Unknown::Action)?))
}
