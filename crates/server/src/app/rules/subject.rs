//! Resolves a subject: by the name in rules, or by the id of an identity.

use rolecall_core::access::{Directory, Principal};
use rolecall_core::identity::{ClientId, Email, ServiceAccountId, Subject, SubjectKind, UserId};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};

/// The subject that `text` names: an email, a group, a client id, or the id of a user or service account that the
/// caller may see. Users and groups may be named before their first sign-in; a service account must exist.
///
/// # Errors
/// `Invalid` when it is not a name of that kind; `NotFound` when there is no such user or service account.
pub fn find(principal: &Principal<'_>, field: &str, kind: SubjectKind, text: &str) -> Result<Subject> {
    let unknown = || Error::not_found(format!("{field}: there is no {} {}", kind.noun(), quoted(text)));
    match kind {
        SubjectKind::User if UserId::parse(text).is_some() => user_of_id(principal, text).ok_or_else(unknown),
        SubjectKind::User | SubjectKind::Group => {
            let known = Subject::known(field, kind, text)?;
            // A name without any record is new.
            let exists = principal.world().principal_named(kind, known.name()).is_some();
            if exists { Ok(known) } else { Subject::parse(field, kind, text) }
        }
        SubjectKind::ServiceAccount => {
            let client_id = ClientId::known(field, text)?;
            // The name first: a client id may look like a UUID.
            if principal.world().service_account(&client_id).is_some() {
                return Ok(Subject::ServiceAccount(client_id));
            }
            service_account_of_id(principal, text).ok_or_else(unknown)
        }
    }
}

/// Every name under which rules may know `text`, to look them up: itself, an email in its stored form, and the name of
/// an id.
pub fn names(principal: &Principal<'_>, kind: Option<SubjectKind>, text: &str) -> Vec<String> {
    let is = |wanted: SubjectKind| kind.is_none_or(|kind| kind == wanted);
    let mut names = vec![text.to_owned()];
    if is(SubjectKind::User) {
        let email = Email::known("subjectIds", text).ok().filter(|email| email.as_str() != text);
        names.extend(email.map(|email| email.to_string()));
        names.extend(user_of_id(principal, text).map(|subject| subject.name().to_owned()));
    }
    if is(SubjectKind::ServiceAccount) {
        names.extend(service_account_of_id(principal, text).map(|subject| subject.name().to_owned()));
    }
    names
}

// An id is resolved for its owner and for callers who may see the identity; others must not learn names from ids.

fn user_of_id(principal: &Principal<'_>, text: &str) -> Option<Subject> {
    let user = principal.world().user_by_id(UserId::parse(text)?)?;
    known(principal, Subject::User(user.email.clone()), Directory::Users)
}

fn service_account_of_id(principal: &Principal<'_>, text: &str) -> Option<Subject> {
    let account = principal.world().service_account_by_id(ServiceAccountId::parse(text)?)?;
    known(principal, Subject::ServiceAccount(account.client_id.clone()), Directory::ServiceAccounts)
}

fn known(principal: &Principal<'_>, subject: Subject, of: Directory) -> Option<Subject> {
    let visible = *principal.subject() == subject || principal.reads(of);
    visible.then_some(subject)
}
