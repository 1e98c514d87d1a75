//! The rules of several users: their own and those through their groups, as far as the caller may see them.

use rolecall_core::access::Subtrees;
use rolecall_core::identity::{SubjectKind, UserId};
use rolecall_core::org::ScopeKind;
use rolecall_store::{Database, HeldRules, RuleRecord, UserRecord, Visibility, most_held_rules};
use uuid::Uuid;

use crate::common::{on_both_databases, past_the_store};
use crate::holders::{filled, held, viewer};
use crate::naive::Dice;
use crate::organisation::{Organisation, organisation};
use crate::users::users;

on_both_databases!(databases:
    what_users_hold_is_what_a_naive_reading_shows,
    of_very_many_rules_the_widest_are_listed_and_all_are_counted,
);

fn naive(organisation: &Organisation, visible: &Visibility, user: &UserRecord) -> HeldRules {
    let mut rules: Vec<RuleRecord> = held(organisation, visible, user).into_iter().cloned().collect();
    rules.sort_by_key(widest_first);
    HeldRules { id: user.id, email: user.email.clone(), total: u64::try_from(rules.len()).unwrap(), rules }
}

fn widest_first(rule: &RuleRecord) -> (ScopeKind, bool, i32) {
    (rule.scope.kind(), rule.subject_type == SubjectKind::Group, rule.id.number())
}

async fn what_users_hold_is_what_a_naive_reading_shows(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let mut dice = Dice::new(53);
    let nobody = UserId::new(Uuid::nil());
    let mut rules = 0;
    for _ in 0..80 {
        let visible = viewer(&mut dice, &organisation);
        let mut asked = dice.some(&users, 6);
        asked.dedup_by_key(|user| user.id);
        let mut seen = std::collections::HashSet::new();
        asked.retain(|user| seen.insert(user.id));
        let expected: Vec<_> = asked.iter().map(|user| naive(&organisation, &visible, user)).collect();
        rules += expected.iter().map(|held| held.rules.len()).sum::<usize>();
        let mut ids: Vec<_> = asked.iter().map(|user| user.id).collect();
        ids.insert(dice.roll(ids.len() + 1), nobody);
        assert_eq!(store.held_rules(&visible, &ids).await.unwrap(), expected, "{visible:?}");
    }
    assert!(rules > 200, "only {rules} rules were shown");
    let everything = Visibility { own: Vec::new(), subtrees: Subtrees::Everything };
    assert_eq!(store.held_rules(&everything, &[]).await.unwrap(), []);
    store.close().await;
}

async fn of_very_many_rules_the_widest_are_listed_and_all_are_counted(database: Database) {
    let (mut organisation, users) = (organisation(), users());
    let ana = &users[0];
    let pattern = organisation.rules[0].clone();
    organisation.rules = (1..=130)
        .map(|n: i32| RuleRecord {
            id: rolecall_core::access::RuleId::new(n),
            subject_type: SubjectKind::parse(if n % 3 == 0 { "group" } else { "user" }).unwrap(),
            subject: if n % 3 == 0 { "many".to_owned() } else { ana.email.to_string() },
            role: rolecall_core::catalogue::PredefinedRole::all()[usize::try_from(n).unwrap() % 10].id,
            role_name: rolecall_core::catalogue::PredefinedRole::all()[usize::try_from(n).unwrap() % 10]
                .name
                .to_owned(),
            scope: organisation.nodes[usize::try_from(130 - n).unwrap() / 10].scope,
            deleted_at: None,
            ..pattern.clone()
        })
        .collect();
    let store = filled(&database, &organisation, &users).await;
    let member = format!("INSERT INTO user_groups (group_name, email) VALUES ('many', '{}')", ana.email);
    past_the_store(&database, &member).await;
    let everything = Visibility { own: Vec::new(), subtrees: Subtrees::Everything };
    let held = store.held_rules(&everything, &[users[1].id, ana.id]).await.unwrap();
    assert_eq!((held[0].id, held[0].total, held[0].rules.len()), (users[1].id, 0, 0));
    assert_eq!((held[1].id, held[1].total), (ana.id, 130));
    organisation.rules.sort_by_key(widest_first);
    let ids = |rules: &[RuleRecord]| rules.iter().map(|rule| rule.id.number()).collect::<Vec<_>>();
    assert_eq!(ids(&held[1].rules), ids(&organisation.rules[..50]));
    assert!(held[1].rules[0].id.number() > 100, "the widest is among the newest");
    assert_eq!([0, 1, 10, 11, 100, 501].map(most_held_rules), [1, 50, 50, 45, 5, 1]);
    // The more users, the fewer rules of each: the response does not grow.
    let ids: Vec<_> = (0..99).map(|n| UserId::new(Uuid::from_u128(n))).chain([ana.id]).collect();
    let held = store.held_rules(&everything, &ids).await.unwrap();
    let of_ana = held.iter().find(|held| held.id == ana.id).unwrap();
    assert_eq!((of_ana.total, of_ana.rules.len()), (130, 5));
    store.close().await;
}
