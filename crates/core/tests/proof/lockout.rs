//! Lockout protection: the check does what design 7 says, in every world.

use proptest::prelude::*;
use rolecall_core::ErrorKind;
use rolecall_core::access::{Rule, RuleId};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{Credential, Subject, User};
use rolecall_core::org::Scope;

use crate::facts::{Facts, InWorld as _, USERS, email, group, user_id};
use crate::naive::ways_in;
use crate::worlds::facts;

fn user(number: usize) -> User {
    User {
        id: user_id(number),
        email: email(&format!("u{number}")),
        enabled: true,
        credential: Credential::Own,
        groups: [].into(),
        binding: None,
        email_there: None,
    }
}

fn administrator(id: i32, number: usize) -> Rule {
    let subject = Subject::User(email(&format!("u{number}")));
    Rule { id: RuleId::new(id), subject, role: RoleId::SYSTEM_ADMINISTRATOR, scope: Scope::Account }
}

proptest! {
    #![proptest_config(crate::config(128))]

    #[test]
    fn the_guard_lets_pass_what_leaves_a_way_in(facts in facts()) {
        let world = facts.world();
        let ways = ways_in(&facts);
        prop_assert_eq!(world.ensure_way_in().is_ok(), !ways.is_empty());
        let found: std::collections::BTreeSet<_> = world.ways_in().map(|user| user.email.clone()).collect();
        prop_assert_eq!(&found, &ways);
        for email in (0..=USERS).map(|n| email(&format!("u{n}"))) {
            let last = ways.len() == 1 && ways.contains(&email);
            prop_assert_eq!(world.is_last_way_in(&email), last, "{}", email);
        }
    }
}

#[test]
fn another_identity_is_no_way_in() {
    let way_in = |users: &[User], rules: &[Rule]| {
        let facts = Facts { users: users.to_vec(), rules: rules.to_vec(), ..crate::facts::predefined() };
        facts.world().ensure_way_in().is_ok()
    };
    let rules = [administrator(1, 0)];
    assert!(way_in(&[user(0)], &rules));
    assert!(way_in(&[User { credential: Credential::LastingTemporary, ..user(0) }], &rules));
    for (user_there, why) in [
        (User { enabled: false, ..user(0) }, "they are disabled"),
        (User { credential: Credential::External, ..user(0) }, "their provider may be down"),
        (User { credential: Credential::Temporary, ..user(0) }, "their password expires"),
        (user(1), "they have no rule"),
    ] {
        assert!(!way_in(&[user_there], &rules), "{why}");
    }
    assert!(!way_in(&[], &rules), "no user has that name");
    let in_group = User { groups: [group("admins")].into(), ..user(0) };
    let by_group = Rule { subject: Subject::Group(group("admins")), ..administrator(1, 0) };
    assert!(!way_in(&[in_group], &[by_group]), "a provider decides who is in a group");
    let named_alike = Rule { subject: Subject::Group(group("u0@example.com")), ..administrator(1, 0) };
    assert!(!way_in(&[user(0)], &[named_alike]));
    assert!(!way_in(&[user(0)], &[Rule { role: RoleId::new(3), ..administrator(1, 0) }]));
}

#[test]
fn the_refusal_says_why_and_what_to_do_first() {
    let error = crate::facts::predefined().world().ensure_way_in().unwrap_err();
    assert_eq!((error.kind, error.reason), (ErrorKind::Conflict, Some("last-administrator")));
    assert!(error.message.contains("lock everyone out") && error.message.contains("First"), "{}", error.message);
}

#[test]
fn two_ways_in_are_none_the_last() {
    let facts = Facts {
        users: vec![user(0), user(1)],
        rules: vec![administrator(1, 0), administrator(2, 1), administrator(3, 1)],
        ..crate::facts::predefined()
    };
    assert!(!facts.world().is_last_way_in(&email("u0")));
    let one = Facts { rules: facts.rules[1..].to_vec(), ..facts };
    assert!(one.world().is_last_way_in(&email("u1")), "two rules of one user are one way in");
    assert!(!one.world().is_last_way_in(&email("u0")));
}
