//! Users by the number of their rules that the caller may see.

use rolecall_core::access::Subtrees;
use rolecall_core::filter::{Filter, Order};
use rolecall_store::{Database, Page, RuleRecord, Sort, USER_FIELDS, UserQuery, UserRecord, Visibility};

use crate::common::on_both_databases;
use crate::holders::{filled, held, viewer};
use crate::naive::{Cell, Dice, pages, parsed, passes, sorted};
use crate::organisation::organisation;
use crate::users::{emails, query, users};

on_both_databases!(databases:
    users_are_sorted_by_the_number_of_rules_that_the_caller_sees,
    users_are_filtered_by_the_number_of_rules_that_the_caller_sees,
    the_number_is_what_is_said_to_be_held,
);

/// The cell of a user with these rules.
pub fn rule_count(held: &[&RuleRecord]) -> Cell {
    Cell::Number(Some(i64::try_from(held.len()).unwrap()))
}

/// Conditions on the number of rules.
pub fn counts() -> Vec<String> {
    let numbers = [-1, 0, 1, 2, 3, 5, 8, 100];
    let on = |number: i32| ["==", "!=", "<=", ">="].map(|operator| format!("accessRules{operator}{number}"));
    numbers.into_iter().flat_map(on).collect()
}

const SORTS: [Sort; 2] = [
    Sort { by: Some("accessRules"), order: Order::Ascending },
    Sort { by: Some("accessRules"), order: Order::Descending },
];

async fn users_are_sorted_by_the_number_of_rules_that_the_caller_sees(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let mut dice = Dice::new(59);
    let mut orders = std::collections::BTreeSet::new();
    let everything = Visibility { own: Vec::new(), subtrees: Subtrees::Everything };
    let viewers: Vec<_> = (0..30).map(|_| viewer(&mut dice, &organisation)).chain([everything]).collect();
    for visible in &viewers {
        for sort in SORTS {
            let cell = |user: &UserRecord, _: &str| rule_count(&held(&organisation, visible, user));
            let expected = emails(sorted(users.iter().collect(), sort, cell, |user| user.email.clone()));
            let mut paged = Vec::new();
            for page in pages(users.len(), 7) {
                let asked = UserQuery { visible: visible.clone(), sort, page, ..query(&Filter::default(), None) };
                paged.extend(store.users(&asked).await.unwrap());
            }
            assert_eq!(emails(&paged), expected, "{sort:?} for {visible:?}");
            orders.insert(expected.join(" "));
        }
    }
    assert!(orders.len() > 20, "only {} orders differed", orders.len());
    let beyond = Page { offset: u64::MAX, limit: u32::MAX };
    let asked =
        UserQuery { visible: viewers[0].clone(), sort: SORTS[0], page: beyond, ..query(&Filter::default(), None) };
    assert!(store.users(&asked).await.unwrap().is_empty());
    store.close().await;
}

async fn users_are_filtered_by_the_number_of_rules_that_the_caller_sees(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let mut dice = Dice::new(61);
    let mut told_apart = 0;
    for said in counts() {
        for _ in 0..6 {
            let visible = viewer(&mut dice, &organisation);
            let filter = parsed(&said, USER_FIELDS);
            let fits = |user: &&UserRecord| passes(&filter, |_| rule_count(&held(&organisation, &visible, user)));
            let mut expected = emails(users.iter().filter(fits));
            expected.sort_unstable();
            let asked = UserQuery { visible: visible.clone(), ..query(&filter, None) };
            assert_eq!(emails(&store.users(&asked).await.unwrap()), expected, "{said} for {visible:?}");
            assert_eq!(store.count_users(&asked).await.unwrap(), u64::try_from(expected.len()).unwrap(), "{said}");
            told_apart += u32::from(!expected.is_empty() && expected.len() < users.len());
        }
    }
    assert!(told_apart > 50, "only {told_apart} questions told users apart");
    store.close().await;
}

async fn the_number_is_what_is_said_to_be_held(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let mut dice = Dice::new(67);
    for _ in 0..20 {
        let visible = viewer(&mut dice, &organisation);
        let ids: Vec<_> = users.iter().map(|user| user.id).collect();
        for held in store.held_rules(&visible, &ids).await.unwrap() {
            let filter = parsed(&format!("accessRules=={},username=={}", held.total, held.email), USER_FIELDS);
            let asked = UserQuery { visible: visible.clone(), ..query(&filter, None) };
            assert_eq!(
                store.count_users(&asked).await.unwrap(),
                1,
                "{} holds {} for {visible:?}",
                held.email,
                held.total
            );
        }
    }
    store.close().await;
}
