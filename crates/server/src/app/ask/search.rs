//! Searches: who may, where, and what; and all that somebody may, scope by scope.

use std::num::NonZeroUsize;

use rolecall_core::Result;
use rolecall_core::access::{Principal, WhatCan, WhereCan, WhoCan};
use rolecall_core::catalogue::{Action, Permission, PermissionSet, ResourceType};
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::org::{Lineage, Scope};

use crate::app::{Call, rules};

/// Who of that kind, with that in his name, may do that there, from behind a name on.
///
/// # Errors
/// Forbidden where the caller sees the scope and may not ask there about others; overloaded when too many search.
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

/// Where a subject may do that, as far as the caller may know, from behind a place on.
#[must_use]
pub fn scopes(
    asker: &Principal<'_>,
    subject: &Subject,
    permission: Permission,
    after: Option<&Lineage>,
    most: NonZeroUsize,
) -> WhereCan {
    asker.world().principal_of(subject).where_can(asker, permission, after, most)
}

/// What a subject may do to a type of resource in a scope.
///
/// # Errors
/// Forbidden where the caller sees the scope and may not ask there about others.
pub fn actions(
    asker: &Principal<'_>,
    subject: &Subject,
    resource_type: ResourceType,
    scope: Scope,
) -> Result<Vec<Action>> {
    let held = if asker.subject() == subject || asker.may_ask_at(scope)? {
        asker.world().effective(subject, scope)
    } else {
        PermissionSet::EMPTY
    };
    let holds = |action: &Action| held.contains(Permission::new(resource_type, *action));
    Ok(Action::ALL.iter().copied().filter(holds).collect())
}

/// All that a subject may do, as far as the caller may know.
///
/// # Errors
/// Invalid or not found when there is no such subject; forbidden when the caller may ask about others nowhere.
pub fn changes(call: &Call, kind: SubjectKind, name: &str) -> Result<(Subject, WhatCan)> {
    let asker = call.principal()?;
    let found = rules::find_subject(&asker, "subjectId", kind, name);
    // Before he is told that there is nobody of that name: it is not for everybody to know.
    if found.as_ref().ok() != Some(asker.subject()) {
        asker.ensure_may_somewhere(Permission::new(ResourceType::AccessRules, Action::Read))?;
    }
    let subject = found?;
    let known = call.world.what_can_as_known_to(&subject, &asker);
    Ok((subject, known))
}
