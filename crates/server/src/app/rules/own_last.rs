//! The order of several deletions. It decides nothing: each deletion is permitted or refused by itself.

use std::cmp::Reverse;

use rolecall_core::World;
use rolecall_core::access::{Actor, Rule, RuleId};
use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::org::ScopeKind;

/// Moves the caller's own rules to the end, including those through a group, and keeps the order of all others.
///
/// Deleting an own rule first would remove the right to delete the others; they would be refused or become invisible to
/// the caller. Of the own rules, those that let the caller delete rules come last, the widest scope at the very end.
pub(in crate::app) fn own_last<T>(world: &World, actor: &Actor, items: &mut [T], id: impl Fn(&T) -> Option<RuleId>) {
    let Ok(caller) = world.principal(actor) else { return };
    let subjects: Vec<_> = caller.subjects().collect();
    items.sort_by_key(|item| match id(item).and_then(|id| world.rule(id)) {
        Some(rule) if subjects.contains(&rule.subject) => {
            Place::Own { deletes: deletes_rules(world, &rule), scope: Reverse(rule.scope.kind()) }
        }
        _ => Place::AsGiven,
    });
}

/// When a rule is deleted, in the order of the variants and their fields.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    AsGiven,
    Own { deletes: bool, scope: Reverse<ScopeKind> },
}

fn deletes_rules(world: &World, rule: &Rule) -> bool {
    let delete = Permission::new(ResourceType::AccessRules, Action::Delete);
    world.role(rule.role).is_some_and(|role| role.enabled && role.permissions().contains(delete))
}
