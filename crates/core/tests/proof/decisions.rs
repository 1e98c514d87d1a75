//! The core's decisions equal the naive ones.

use proptest::prelude::*;
use proptest::sample::subsequence;
use rolecall_core::World;
use rolecall_core::access::{Principal, Sight, Subtrees};
use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::identity::Subject;
use rolecall_core::org::Scope;

use crate::facts::{Facts, InWorld as _, scopes};
use crate::naive::{self, Who};
use crate::worlds::{all_identities, facts, permissions_of_roles};

pub fn principal<'w>(world: &'w World, who: &Who) -> Principal<'w> {
    match &who.name {
        Subject::User(email) => world.principal_of_user(world.user(email).unwrap()),
        Subject::ServiceAccount(id) => world.principal_of_service_account(world.service_account(id).unwrap()),
        Subject::Group(_) => panic!("a group does not ask"),
    }
}

/// A permission that no subject has, and some that subjects may have.
pub fn telling_permissions() -> impl Strategy<Value = Vec<Permission>> {
    subsequence(permissions_of_roles(), 12).prop_map(|mut some| {
        some.push(Permission::new(ResourceType::Project, Action::Sync));
        some
    })
}

/// The nodes of subtrees, in the order of [`scopes`].
fn nodes(subtrees: &Subtrees) -> Vec<Scope> {
    let Subtrees::Below { clusters, departments, projects } = subtrees else { return vec![Scope::Account] };
    let clusters = clusters.iter().copied().map(Scope::Cluster);
    let departments = departments.iter().copied().map(Scope::Department);
    clusters.chain(departments).chain(projects.iter().copied().map(Scope::Project)).collect()
}

/// The first question that `decide` answers differently than the naive evaluation.
pub fn first_disagreement(
    facts: &Facts,
    permissions: &[Permission],
    mut decide: impl FnMut(&Who, Permission, Scope) -> bool,
) -> Option<String> {
    for who in all_identities(facts) {
        for scope in scopes() {
            let held = naive::held(facts, &who, scope);
            for permission in permissions {
                let right = held.contains(permission);
                if decide(&who, *permission, scope) != right {
                    return Some(format!("{} may {permission} in {scope}: {right} is right", who.name));
                }
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(crate::config(64))]

    #[test]
    fn may_is_what_the_rules_say(facts in facts(), permissions in telling_permissions()) {
        let world = facts.world();
        let wrong = first_disagreement(&facts, &permissions, |who, permission, scope| {
            principal(&world, who).may(permission, scope)
        });
        prop_assert_eq!(wrong, None);
    }

    #[test]
    fn what_is_held_is_what_the_rules_say(facts in facts()) {
        let world = facts.world();
        for who in all_identities(&facts) {
            let principal = principal(&world, &who);
            for scope in scopes() {
                let held: naive::Permissions = principal.held_in(scope).iter().collect();
                prop_assert_eq!(held, naive::held(&facts, &who, scope), "{} in {}", who.name, scope);
                prop_assert_eq!(world.scope_path(scope).is_some(), naive::exists(&facts, scope));
                for role in world.roles() {
                    let right = &naive::listed(&facts, role.id) - &naive::held(&facts, &who, scope);
                    prop_assert_eq!(principal.lacks(role.permissions(), scope).iter().collect::<naive::Permissions>(), right);
                }
            }
        }
    }

    #[test]
    fn the_rule_that_allows_does_allow(facts in facts(), permissions in telling_permissions()) {
        let world = facts.world();
        for who in all_identities(&facts) {
            for scope in scopes() {
                for permission in &permissions {
                    let Some(id) = principal(&world, &who).allowing_rule(*permission, scope) else { continue };
                    let rule = facts.rules.iter().find(|rule| rule.id == id).unwrap();
                    prop_assert!(who.is_named_by(rule));
                    prop_assert!(naive::given(&facts, rule.role).contains(permission));
                    prop_assert!(naive::at_or_below(&facts, scope, rule.scope));
                }
            }
        }
    }

    #[test]
    fn reach_is_where_the_subject_may(facts in facts(), permissions in telling_permissions()) {
        let world = facts.world();
        for who in all_identities(&facts) {
            let principal = principal(&world, &who);
            for permission in &permissions {
                let subtrees = principal.permitted_in(*permission);
                for scope in scopes() {
                    let Some(path) = world.scope_path(scope) else { continue };
                    prop_assert_eq!(subtrees.includes(&path), naive::may(&facts, &who, *permission, scope));
                }
                if let Subtrees::Below { clusters, departments, projects } = &subtrees {
                    prop_assert!(clusters.is_sorted() && departments.is_sorted() && projects.is_sorted());
                }
                // With the fewest possible nodes: those where the subject may, none above.
                let may = |scope: Scope| naive::may(&facts, &who, *permission, scope);
                let mut topmost = scopes();
                topmost.retain(|scope| may(*scope) && !naive::parent(&facts, *scope).is_some_and(may));
                prop_assert_eq!(nodes(&subtrees), topmost, "{} of {}", permission, who.name);
                prop_assert_eq!(
                    principal.may_somewhere(*permission),
                    naive::may_somewhere(&facts, &who, *permission)
                );
            }
        }
    }

    #[test]
    fn what_is_held_somewhere_is_the_sum_of_all_places(facts in facts()) {
        let world = facts.world();
        for who in all_identities(&facts) {
            let sum: naive::Permissions = scopes().into_iter().flat_map(|it| naive::held(&facts, &who, it)).collect();
            let held: naive::Permissions = principal(&world, &who).held_somewhere().iter().collect();
            prop_assert_eq!(held, sum, "{}", who.name);
        }
    }

    #[test]
    fn a_caller_sees_what_they_may_read_and_the_names_above_it(facts in facts()) {
        let world = facts.world();
        for who in all_identities(&facts) {
            let principal = principal(&world, &who);
            for scope in scopes() {
                let reads = |it: Scope| {
                    naive::may(&facts, &who, Permission::new(it.kind().resource_type(), Action::Read), it)
                };
                let sight = principal.sight(scope);
                prop_assert_eq!(sight == Some(Sight::Full), reads(scope), "{} of {}", who.name, scope);
                prop_assert_eq!(sight.is_some(), naive::sees(&facts, &who, scope), "{} of {}", who.name, scope);
                // At least the names above everything that the subject may read.
                let reads_below = scopes().into_iter()
                    .any(|it| naive::exists(&facts, it) && naive::at_or_below(&facts, it, scope) && reads(it));
                prop_assert!(sight.is_some() || !reads_below, "{} of {}", who.name, scope);
                // A list filtered by subtrees shows the same nodes.
                if let Some(path) = world.scope_path(scope) {
                    prop_assert_eq!(principal.visible_names(scope.kind()).includes(&path), sight.is_some());
                }
            }
        }
    }
}
