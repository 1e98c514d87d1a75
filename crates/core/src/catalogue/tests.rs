//! Facts of the catalogue that scripts and the guards rely on. The whole of it is in `policy-table.txt`.

use std::collections::BTreeSet;

use super::*;

fn every_permission() -> Vec<Permission> {
    let of = |resource_type: &ResourceType| {
        Action::ALL.iter().map(|action| Permission::new(*resource_type, *action)).collect()
    };
    ResourceType::ALL.iter().flat_map::<Vec<_>, _>(of).collect()
}

fn role(id: i32) -> &'static PredefinedRole {
    PredefinedRole::find(RoleId::new(id)).expect("a predefined role")
}

/// A holder of `grantor` in a scope may grant the roles with these ids there.
fn grants(grantor: i32) -> Vec<i32> {
    let held = role(grantor).permissions;
    PredefinedRole::all()
        .iter()
        .filter(|role| role.permissions.minus(held).is_empty())
        .map(|role| role.id.number())
        .collect()
}

#[test]
fn every_permission_has_a_bit_of_its_own() {
    let all = every_permission();
    assert_eq!(all.len(), 43 * 5);
    for one in &all {
        let set = PermissionSet::EMPTY.with(*one);
        assert!(!set.is_empty());
        assert_eq!(set.iter().collect::<Vec<_>>(), [*one], "{one} and nothing else");
        for other in &all {
            assert_eq!(set.contains(*other), one == other, "{one} against {other}");
        }
    }
    assert_eq!(all.iter().copied().collect::<PermissionSet>().iter().collect::<Vec<_>>(), all);
}

#[test]
fn sets_are_sets() {
    let all = every_permission();
    let pick = |every: usize, from: usize| all.iter().copied().skip(from).step_by(every).collect::<BTreeSet<_>>();
    let as_set = |of: &BTreeSet<Permission>| of.iter().copied().collect::<PermissionSet>();
    for (a, b) in [
        (pick(2, 0), pick(3, 0)),
        (pick(7, 1), pick(1, 0)),
        (pick(5, 4), BTreeSet::new()),
        (pick(64, 63), pick(63, 62)),
    ] {
        assert_eq!(as_set(&a).union(as_set(&b)), as_set(&a.union(&b).copied().collect()));
        assert_eq!(as_set(&a).minus(as_set(&b)), as_set(&a.difference(&b).copied().collect()));
        assert_eq!(as_set(&a).iter().collect::<BTreeSet<_>>(), a);
        assert_eq!(as_set(&a).is_empty(), a.is_empty());
    }
    assert_eq!(PermissionSet::EMPTY.iter().count(), 0);
}

#[test]
fn there_are_43_resource_types_and_19_roles() {
    assert_eq!(ResourceType::ALL.len(), 43);
    assert_eq!(PredefinedRole::all().len(), 19);
    assert_eq!(Action::ALL.len(), 5);
}

#[test]
fn words_lead_back_to_what_they_name() {
    let names: BTreeSet<&str> = ResourceType::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(names.len(), 43, "no word twice");
    for resource_type in ResourceType::ALL {
        assert_eq!(ResourceType::parse(resource_type.as_str()), Some(*resource_type));
        let word = serde_json::to_value(resource_type).unwrap();
        assert_eq!(word, resource_type.as_str(), "one spelling, in JSON too");
        assert_eq!(serde_json::to_value(resource_type.group()).unwrap(), resource_type.group().as_str());
        assert!(!resource_type.display_name().is_empty());
    }
    for action in Action::ALL {
        assert_eq!(Action::parse(action.as_str()), Some(*action));
        assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
    }
    for text in ["", "Users", "user", "access-rules", "pvc_assets", "Create", "list", "*"] {
        assert_eq!(ResourceType::parse(text), None, "{text:?}");
        assert_eq!(Action::parse(text), None, "{text:?}");
    }
}

#[test]
fn role_ids_are_stable_unique_and_ascending() {
    let ids: Vec<i32> = PredefinedRole::all().iter().map(|role| role.id.number()).collect();
    assert_eq!(ids, [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 373, 1708, 1710, 2256]);
    for role in PredefinedRole::all() {
        assert_eq!(PredefinedRole::find(role.id).map(|found| found.name), Some(role.name));
    }
    for id in [i32::MIN, -1, 0, 2, 17, 1709, i32::MAX] {
        assert!(PredefinedRole::find(RoleId::new(id)).is_none(), "there is no role {id}");
    }
    let names: BTreeSet<&str> = PredefinedRole::all().iter().map(|role| role.name).collect();
    assert_eq!(names.len(), 19, "scripts look roles up by name");
}

#[test]
fn the_roles_that_scripts_name_by_id_keep_their_names() {
    for (id, name) in [
        (1, "System administrator"),
        (3, "Editor"),
        (4, "Research manager"),
        (5, "L1 researcher"),
        (6, "ML engineer"),
        (7, "Viewer"),
        (8, "L2 researcher"),
        (9, "Environment administrator"),
        (10, "Data source administrator"),
        (11, "Compute resource administrator"),
        (12, "Template administrator"),
        (13, "Department viewer"),
        (1708, "Application administrator"),
        (1710, "Department administrator"),
    ] {
        assert_eq!(role(id).name, name);
    }
    assert_eq!(RoleId::SYSTEM_ADMINISTRATOR, RoleId::new(1));
}

#[test]
fn what_a_role_lists_is_what_it_permits() {
    for role in PredefinedRole::all() {
        let mut seen = BTreeSet::new();
        let mut permissions = BTreeSet::new();
        for grant in role.listed {
            assert!(seen.insert(grant.resource_type), "{}: {:?} has one line", role.name, grant.resource_type);
            assert!(!grant.actions.is_empty(), "{}: {:?} without actions", role.name, grant.resource_type);
            assert!(grant.actions.is_sorted(), "actions are listed in their order");
            permissions.extend(grant.actions.iter().map(|action| Permission::new(grant.resource_type, *action)));
        }
        assert_eq!(role.permissions.iter().collect::<BTreeSet<_>>(), permissions, "{}", role.name);
        assert!(role.listed.is_sorted_by_key(|grant| grant.resource_type), "{}: in the catalogue's order", role.name);
    }
}

#[test]
fn every_role_reads_the_account_and_its_way_down() {
    for role in PredefinedRole::all() {
        for resource_type in [ResourceType::Tenant, ResourceType::Cluster, ResourceType::Project] {
            assert!(role.permissions.contains(Permission::new(resource_type, Action::Read)), "{}", role.name);
        }
    }
}

#[test]
fn a_role_that_changes_a_resource_also_reads_it() {
    for role in PredefinedRole::all() {
        for permission in role.permissions.iter() {
            let read = Permission::new(permission.resource_type, Action::Read);
            assert!(role.permissions.contains(read), "{}: {permission} without {read}", role.name);
        }
    }
}

#[test]
fn only_the_system_administrator_manages_identities() {
    for role in PredefinedRole::all().iter().filter(|role| role.id != RoleId::SYSTEM_ADMINISTRATOR) {
        for resource_type in [
            ResourceType::Users,
            ResourceType::Apps,
            ResourceType::ServiceAccount,
            ResourceType::AccessKeys,
            ResourceType::Settings,
            ResourceType::SecuritySettings,
            ResourceType::Roles,
        ] {
            for action in [Action::Create, Action::Update, Action::Delete] {
                assert!(!role.permissions.contains(Permission::new(resource_type, action)), "{}", role.name);
            }
        }
    }
}

#[test]
fn who_may_grant_which_roles() {
    let all: Vec<i32> = PredefinedRole::all().iter().map(|role| role.id.number()).collect();
    assert_eq!(grants(1), all, "the System administrator grants all");
    let but = |without: &[i32]| all.iter().copied().filter(|id| !without.contains(id)).collect::<Vec<_>>();
    assert_eq!(grants(1710), but(&[1, 3, 1708]), "the Department administrator all but those above it");
    // Its own role, and those that manage one kind of asset or only read: environments 9, data sources 10, compute
    // resources 11, templates 12, the Department viewer 13, data volumes 2256. Not those that manage credentials (16,
    // 373).
    assert_eq!(grants(4), [4, 9, 10, 11, 12, 13, 2256], "the Research manager");
}

#[test]
fn a_role_without_rule_creation_grants_nothing() {
    let create = Permission::new(ResourceType::AccessRules, Action::Create);
    let grantors: Vec<i32> = PredefinedRole::all()
        .iter()
        .filter(|role| role.permissions.contains(create))
        .map(|role| role.id.number())
        .collect();
    assert_eq!(grantors, [1, 3, 4, 15, 1708, 1710]);
}
