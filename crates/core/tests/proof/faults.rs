//! The comparison can fail: the random worlds reveal plausible wrong decisions of all kinds.

use rolecall_core::catalogue::{Action, Permission, ResourceType, RoleId};
use rolecall_core::identity::Subject;
use rolecall_core::org::Scope;

use crate::decisions::{first_disagreement, telling_permissions};
use crate::facts::Facts;
use crate::naive::{self, Who};
use crate::worlds::{fixed, fixed_of};

type Decision = fn(&Facts, &Who, Permission, Scope) -> bool;

fn lists(facts: &Facts, role: RoleId, permission: Permission) -> bool {
    naive::given(facts, role).contains(&permission)
}

fn ignores_groups(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    naive::may(facts, &Who::named(who.name.clone()), permission, scope)
}

fn looks_at_groups_only(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let nobody = Subject::User(crate::facts::email("nobody"));
    naive::may(facts, &Who { name: nobody, groups: who.groups.clone() }, permission, scope)
}

fn inherits_upward(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    naive::exists(facts, scope)
        && facts.rules.iter().any(|rule| {
            let related = naive::at_or_below(facts, scope, rule.scope) || naive::at_or_below(facts, rule.scope, scope);
            who.is_named_by(rule) && lists(facts, rule.role, permission) && related
        })
}

fn ignores_scope(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    naive::exists(facts, scope)
        && facts.rules.iter().any(|rule| who.is_named_by(rule) && lists(facts, rule.role, permission))
}

fn inherits_nothing(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    naive::exists(facts, scope)
        && facts
            .rules
            .iter()
            .any(|rule| who.is_named_by(rule) && lists(facts, rule.role, permission) && rule.scope == scope)
}

fn inherits_from_the_parent_only(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let near = |rule: Scope| rule == scope || naive::parent(facts, scope) == Some(rule);
    naive::exists(facts, scope)
        && facts
            .rules
            .iter()
            .any(|rule| who.is_named_by(rule) && lists(facts, rule.role, permission) && near(rule.scope))
}

fn takes_a_sibling_for_the_same(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let sibling = |rule: Scope| {
        rule.kind() == scope.kind()
            && naive::exists(facts, rule)
            && naive::parent(facts, rule) == naive::parent(facts, scope)
    };
    naive::may(facts, who, permission, scope)
        || naive::exists(facts, scope)
            && facts
                .rules
                .iter()
                .any(|rule| who.is_named_by(rule) && lists(facts, rule.role, permission) && sibling(rule.scope))
}

fn is_one_action_off(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let at = Action::ALL.iter().position(|it| *it == permission.action).unwrap();
    let next = Action::ALL[(at + 1) % Action::ALL.len()];
    naive::may(facts, who, Permission::new(permission.resource_type, next), scope)
}

fn is_one_resource_type_off(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let at = ResourceType::ALL.iter().position(|it| *it == permission.resource_type).unwrap();
    let next = ResourceType::ALL[(at + 1) % ResourceType::ALL.len()];
    naive::may(facts, who, Permission::new(next, permission.action), scope)
}

fn takes_reading_for_everything(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    naive::may(facts, who, Permission::new(permission.resource_type, Action::Read), scope)
}

fn stops_at_the_first_rule(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let mut here =
        facts.rules.iter().filter(|rule| who.is_named_by(rule) && naive::at_or_below(facts, scope, rule.scope));
    naive::exists(facts, scope) && here.next().is_some_and(|rule| lists(facts, rule.role, permission))
}

fn demands_that_all_rules_agree(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let mut here =
        facts.rules.iter().filter(|rule| who.is_named_by(rule) && naive::at_or_below(facts, scope, rule.scope));
    naive::may(facts, who, permission, scope) && here.all(|rule| lists(facts, rule.role, permission))
}

fn compares_names_without_their_kind(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let named = |subject: &Subject| {
        subject.name() == who.name.name() || who.groups.iter().any(|group| group.as_str() == subject.name())
    };
    naive::exists(facts, scope)
        && facts.rules.iter().any(|rule| {
            named(&rule.subject) && lists(facts, rule.role, permission) && naive::at_or_below(facts, scope, rule.scope)
        })
}

fn permits_in_scopes_that_are_gone(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    facts.rules.iter().any(|rule| {
        let there = rule.scope == Scope::Account || naive::at_or_below(facts, scope, rule.scope);
        who.is_named_by(rule) && lists(facts, rule.role, permission) && there
    })
}

fn compares_numbers_without_their_kind(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    let same_number = |rule: Scope| match (rule, scope) {
        (Scope::Department(a), Scope::Project(b)) => a.number() == b.number(),
        (Scope::Project(a), Scope::Department(b)) => a.number() == b.number(),
        _ => false,
    };
    naive::may(facts, who, permission, scope)
        || naive::exists(facts, scope)
            && facts
                .rules
                .iter()
                .any(|rule| who.is_named_by(rule) && lists(facts, rule.role, permission) && same_number(rule.scope))
}

fn forgets_service_accounts(facts: &Facts, who: &Who, permission: Permission, scope: Scope) -> bool {
    !matches!(who.name, Subject::ServiceAccount(_)) && naive::may(facts, who, permission, scope)
}

const FAULTS: &[(&str, Decision)] = &[
    ("ignores groups", ignores_groups),
    ("looks at groups only", looks_at_groups_only),
    ("inherits upward", inherits_upward),
    ("ignores scope", ignores_scope),
    ("inherits nothing", inherits_nothing),
    ("inherits from the parent only", inherits_from_the_parent_only),
    ("takes a sibling for the same", takes_a_sibling_for_the_same),
    ("is one action off", is_one_action_off),
    ("is one resource type off", is_one_resource_type_off),
    ("takes reading for everything", takes_reading_for_everything),
    ("stops at the first rule", stops_at_the_first_rule),
    ("demands that all rules agree", demands_that_all_rules_agree),
    ("compares names without their kind", compares_names_without_their_kind),
    ("permits in scopes that are gone", permits_in_scopes_that_are_gone),
    ("compares numbers without their kind", compares_numbers_without_their_kind),
    ("forgets service accounts", forgets_service_accounts),
];

/// This many worlds reveal every fault; the properties check several times as many.
const ENOUGH: usize = 16;

#[test]
fn every_seeded_fault_is_found_by_the_random_worlds() {
    let worlds = fixed(ENOUGH);
    let permissions = fixed_of(&telling_permissions(), ENOUGH);
    assert!(FAULTS.len() >= 10);
    for (name, wrong) in FAULTS {
        let found = worlds.iter().zip(&permissions).position(|(facts, permissions)| {
            first_disagreement(facts, permissions, |who, permission, scope| wrong(facts, who, permission, scope))
                .is_some()
        });
        assert!(found.is_some(), "a decision that {name} went unnoticed in {ENOUGH} worlds");
    }
}

#[test]
fn the_right_decision_is_not_taken_for_a_fault() {
    for (facts, permissions) in fixed(4).iter().zip(fixed_of(&telling_permissions(), 4)) {
        let wrong =
            first_disagreement(facts, &permissions, |who, permission, scope| naive::may(facts, who, permission, scope));
        assert_eq!(wrong, None);
    }
}
