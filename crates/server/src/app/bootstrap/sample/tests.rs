use std::collections::{BTreeMap, BTreeSet};

use rolecall_core::Timestamp;
use rolecall_core::catalogue::PredefinedRole;
use rolecall_core::identity::{Credential, Email, UserId};
use rolecall_store::{Bootstrap, BootstrapScope, BootstrapUser};
use uuid::Uuid;

use super::{ADMINISTRATOR, organization};
use crate::random::Random;

fn sample() -> Bootstrap {
    let administrator = BootstrapUser {
        id: UserId::new(Uuid::from_u128(1)),
        email: Email::parse("email", ADMINISTRATOR).unwrap(),
        credential: Credential::LastingTemporary,
        password_hash: Some("a hash".to_owned()),
        password_expires_at: None,
        enabled: true,
        groups: Vec::new(),
        created_by: "host".to_owned(),
        created_at: Timestamp::from_millis(0),
        updated_at: Timestamp::from_millis(0),
        last_login: None,
    };
    organization(administrator, &Random::seeded(7)).unwrap()
}

#[test]
fn the_sample_is_as_large_as_it_says() {
    let sample = sample();
    let departments: Vec<_> = sample.clusters.iter().flat_map(|cluster| &cluster.departments).collect();
    let projects = departments.iter().map(|department| department.projects.len()).sum::<usize>();
    assert_eq!((sample.clusters.len(), departments.len(), projects, sample.users.len()), (2, 5, 20, 80));

    let by_sso: Vec<_> = sample.users.iter().filter(|user| user.credential == Credential::External).collect();
    assert_eq!(by_sso.len(), 27, "a third");
    assert!(by_sso.iter().all(|user| !user.groups.is_empty() && user.password_hash.is_none()));
    assert_eq!(sample.users.iter().map(|user| &user.email).collect::<BTreeSet<_>>().len(), 80, "no name twice");
}

#[test]
fn every_role_is_held_at_every_level_and_no_rule_is_there_twice() {
    let sample = sample();
    let mut levels: BTreeMap<i32, BTreeSet<u8>> = BTreeMap::new();
    for rule in &sample.rules {
        let level = match rule.scope {
            BootstrapScope::Account => 0,
            BootstrapScope::Cluster(_) => 1,
            BootstrapScope::Department(..) => 2,
            BootstrapScope::Project(..) => 3,
        };
        levels.entry(rule.role.number()).or_default().insert(level);
    }
    for role in PredefinedRole::all() {
        assert_eq!(levels.get(&role.id.number()).map(BTreeSet::len), Some(4), "{}", role.name);
    }
    let mut seen = BTreeSet::new();
    assert!(sample.rules.iter().all(|rule| seen.insert(format!("{} {:?} {:?}", rule.subject, rule.role, rule.scope))));
}

#[test]
fn it_is_the_same_at_each_start() {
    let (one, other) = (sample(), sample());
    let told = |sample: &Bootstrap| {
        let users = sample.users.iter().map(|user| format!("{} {} {}", user.id, user.email, user.created_at));
        let rules = sample.rules.iter().map(|rule| format!("{} {:?} {}", rule.subject, rule.scope, rule.at));
        users.chain(rules).collect::<Vec<_>>()
    };
    assert_eq!(told(&one), told(&other));
}
