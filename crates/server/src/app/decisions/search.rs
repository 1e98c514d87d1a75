//! Searches: who may, where, and what; and all permissions of a subject, scope by scope.

use std::num::NonZeroUsize;

use rolecall_core::Result;
use rolecall_core::access::{Principal, WhatCan, WhereCan, WhoCan};
use rolecall_core::catalogue::{Action, Permission, PermissionSet, ResourceType};
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::org::{Scope, ScopePath};

use crate::app::{Call, rules};

/// The subjects of a kind, with a text in their name, that may do that there, after a name.
///
/// # Errors
/// `Forbidden` where the caller sees the scope but may not ask about others there; `Overloaded` when too many searches
/// run.
pub async fn subjects(
    call: &Call,
    part: &str,
    kind: SubjectKind,
    permission: Permission,
    scope: Scope,
    after: Option<String>,
    most: NonZeroUsize,
) -> Result<WhoCan> {
    if !call.principal()?.may_ask_at(scope)? {
        return Ok(WhoCan { subjects: Vec::new(), more: false });
    }
    let (world, part) = (call.world.clone(), part.to_owned());
    let search = move |wanted: &dyn Fn() -> bool| {
        world.who_can_named((&part, wanted), kind, permission, scope, after.as_deref(), most)
    };
    call.app.searches.run(&call.actor, search).await
}

/// The scopes in which a subject may do that, as far as the caller may know, after a scope.
#[must_use]
pub fn scopes(
    caller: &Principal<'_>,
    subject: &Subject,
    permission: Permission,
    after: Option<&ScopePath>,
    most: NonZeroUsize,
) -> WhereCan {
    caller.world().principal_of(subject).where_can(caller, permission, after, most)
}

/// A page of what a subject may do to a type of resource in a scope.
#[derive(Debug)]
pub struct Actions {
    /// The actions, in their order.
    pub actions: Vec<Action>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// What a subject may do to a type of resource in a scope, after an action.
///
/// # Errors
/// `Forbidden` where the caller sees the scope but may not ask about others there.
pub fn actions(
    caller: &Principal<'_>,
    subject: &Subject,
    (resource_type, scope): (ResourceType, Scope),
    after: Option<Action>,
    most: NonZeroUsize,
) -> Result<Actions> {
    let held = if caller.subject() == subject || caller.may_ask_at(scope)? {
        caller.world().effective(subject, scope)
    } else {
        PermissionSet::EMPTY
    };
    let holds = |action: &Action| held.contains(Permission::new(resource_type, *action));
    let mut behind =
        Action::ALL.iter().copied().filter(holds).filter(|action| after.is_none_or(|after| *action > after));
    let actions = behind.by_ref().take(most.get()).collect();
    Ok(Actions { actions, more: behind.next().is_some() })
}

/// All permissions of a subject, as far as the caller may know.
///
/// # Errors
/// `Invalid` or `NotFound` when there is no such subject; `Forbidden` when the caller may ask about others in no scope.
pub fn changes(call: &Call, kind: SubjectKind, name: &str) -> Result<(Subject, WhatCan)> {
    let caller = call.principal()?;
    let found = rules::find_subject(&caller, "subjectId", kind, name);
    // Before the subject is looked up: whether a name exists is not public.
    if found.as_ref().ok() != Some(caller.subject()) {
        caller.ensure_reads_rules_somewhere()?;
    }
    let subject = found?;
    let known = call.world.what_can_as_known_to(&subject, &caller);
    Ok((subject, known))
}
