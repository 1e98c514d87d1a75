//! Users with everything at once: their fields, their rules, a search, an order and a page, for a caller.

use rolecall_core::filter::Filter;
use rolecall_store::{AccessIn, Database, USER_FIELDS, USER_SORTS, UserQuery, UserRecord};

use crate::common::on_both_databases;
use crate::holders::{filled, held, on_roles, paths, suits, viewer};
use crate::naive::{Dice, conditions, drawn, found_in, pages, parsed, passes, shown, sorted};
use crate::organisation::organisation;
use crate::rule_counts::{counts, rule_count};
use crate::users::{cell, emails, names, own_fields, users};

on_both_databases!(databases: users_are_listed_as_a_naive_reading_does_whatever_is_asked_together);

const SEED: u64 = 101;

async fn users_are_listed_as_a_naive_reading_does_whatever_is_asked_together(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let (mut fields, mut dice) = (own_fields(), Dice::new(SEED));
    let mut conditions = conditions(&fields, &users, cell);
    fields.extend(USER_FIELDS.iter().filter(|field| field.name == "accessRules"));
    conditions.extend(counts());
    let (on_roles, paths) = (on_roles(&organisation), paths(&organisation));
    let mut found_some = 0;
    for case in 0..400 {
        let visible = viewer(&mut dice, &organisation);
        let cell = |user: &UserRecord, field: &str| match field {
            "accessRules" => rule_count(&held(&organisation, &visible, user)),
            field => cell(user, field),
        };
        let likely = dice.pick(&users);
        let asked =
            drawn(&mut dice, (&conditions, &fields, USER_SORTS), |field| cell(likely, field), &[likely.email.as_str()]);
        let of_rules = parsed(&dice.some(&on_roles, 2).join(","), USER_FIELDS);
        let access_in: Vec<_> =
            dice.some(&paths, 1).into_iter().map(|path| AccessIn { path, wanted: dice.roll(3) > 0 }).collect();
        let fits = |user: &&UserRecord| {
            passes(&asked.filter, |field| cell(user, field))
                && found_in(asked.search.as_deref(), &[user.email.as_str(), &names(user)])
                && suits(&held(&organisation, &visible, user), &of_rules, &access_in)
        };
        let expected = sorted(users.iter().filter(fits).collect(), asked.sort, cell, |user| user.email.clone());
        let expected = emails(expected);
        found_some += u32::from(!expected.is_empty());
        let filter = Filter { conditions: [asked.filter.conditions.clone(), of_rules.conditions].concat() };
        let query = UserQuery {
            visible: visible.clone(),
            filter,
            access_in: access_in.clone(),
            search: asked.search.clone(),
            sort: asked.sort,
            page: asked.page,
        };
        let what = format!("case {case} of seed {SEED}: {query:?}");
        assert_eq!(emails(&store.users(&query).await.unwrap()), shown(&expected, asked.page), "{what}");
        assert_eq!(store.count_users(&query).await.unwrap(), u64::try_from(expected.len()).unwrap(), "{what}");
        if case % 4 == 1 {
            let mut stream = store.all_users(&query, Box::new(())).await.unwrap();
            let mut all = Vec::new();
            while let Some(part) = stream.next().await.unwrap() {
                all.extend(part);
            }
            assert_eq!(emails(all.iter().map(|(user, _)| user)), expected, "{what}");
            for (user, rules) in &all {
                let held = held(&organisation, &visible, user).len();
                assert_eq!(*rules, u64::try_from(held).unwrap(), "{} of {what}", user.email);
            }
        }
        if case % 4 == 0 {
            let mut paged = Vec::new();
            for page in pages(expected.len(), asked.page.limit) {
                paged.extend(store.users(&UserQuery { page, ..query.clone() }).await.unwrap());
            }
            assert_eq!(emails(&paged), expected, "{what}");
        }
    }
    assert!(found_some > 150, "only {found_some} cases found a user");
    store.close().await;
}
