//! Access rules with everything at once: conditions, parameters, a search, an order and a page, for a caller.

use rolecall_store::{Database, RULE_FIELDS, RULE_SORTS, RuleQuery, RuleRecord};

use crate::common::on_both_databases;
use crate::holders::viewer;
use crate::naive::{Dice, conditions, drawn, found_in, pages, passes, shown, sorted};
use crate::organisation::{moment, organisation};
use crate::rules::{cell, ids};
use crate::rules_visible::sees;

on_both_databases!(databases: rules_are_listed_as_a_naive_reading_does_whatever_is_asked_together);

const SEED: u64 = 103;

async fn rules_are_listed_as_a_naive_reading_does_whatever_is_asked_together(database: Database) {
    let organisation = organisation();
    let (store, rules) = (organisation.filled(&database).await, &organisation.rules);
    let (conditions, mut dice) = (conditions(RULE_FIELDS, rules, cell), Dice::new(SEED));
    let (mut found_some, mut live) = (0, 0);
    for case in 0..500 {
        let likely = dice.pick(rules);
        let names = [likely.subject.as_str(), &likely.role_name, &likely.scope_name];
        let asked = drawn(&mut dice, (&conditions, RULE_FIELDS, RULE_SORTS), |field| cell(likely, field), &names);
        let query = RuleQuery {
            visible: viewer(&mut dice, &organisation),
            subject_type: (dice.roll(5) == 0).then_some(likely.subject_type),
            subjects: (dice.roll(5) == 0).then(|| vec![likely.subject.clone(), dice.pick(rules).subject.clone()]),
            role: (dice.roll(8) == 0).then_some(likely.role),
            scope_kind: (dice.roll(6) == 0).then(|| likely.scope.kind()),
            scope_id: (dice.roll(6) == 0).then(|| likely.scope_id.clone()),
            cluster: if dice.roll(6) == 0 { likely.cluster } else { None },
            last_updated: (dice.roll(4) == 0).then(|| moment(dice.roll(14))),
            include_deleted: dice.roll(2) == 0,
            filter: asked.filter,
            search: asked.search,
            sort: asked.sort,
            page: asked.page,
        };
        let fits = |rule: &&RuleRecord| {
            sees(&organisation, &query.visible, rule)
                && (query.include_deleted || rule.deleted_at.is_none())
                && query.subject_type.is_none_or(|kind| rule.subject_type == kind)
                && query.subjects.as_ref().is_none_or(|subjects| subjects.contains(&rule.subject))
                && query.role.is_none_or(|role| rule.role == role)
                && query.scope_kind.is_none_or(|kind| rule.scope.kind() == kind)
                && query.scope_id.as_ref().is_none_or(|id| rule.scope_id == *id)
                && query.cluster.is_none_or(|cluster| rule.cluster == Some(cluster))
                && query.last_updated.is_none_or(|since| rule.updated_at >= since)
                && passes(&query.filter, |field| cell(rule, field))
                && found_in(query.search.as_deref(), &[&rule.subject, &rule.role_name, &rule.scope_name])
        };
        let expected = ids(sorted(rules.iter().filter(fits).collect(), query.sort, cell, |rule| rule.id));
        found_some += u32::from(!expected.is_empty());
        live += u32::from(!expected.is_empty() && !query.include_deleted);
        let what = format!("case {case} of seed {SEED}: {query:?}");
        let (page, total) = store.rules(&query).await.unwrap();
        assert_eq!(ids(&page), shown(&expected, query.page), "{what}");
        assert_eq!(total, u64::try_from(expected.len()).unwrap(), "{what}");
        assert_eq!(store.count_rules(&query).await.unwrap(), total, "{what}");
        if case % 4 == 0 {
            let mut paged = Vec::new();
            for page in pages(expected.len(), query.page.limit) {
                let (rules, total_here) = store.rules(&RuleQuery { page, ..query.clone() }).await.unwrap();
                assert_eq!(total_here, total, "{what}");
                paged.extend(ids(&rules));
            }
            assert_eq!(paged, expected, "{what}");
        }
    }
    assert!(found_some > 150 && live > 50, "only {found_some} cases found a rule, {live} of them live ones alone");
    store.close().await;
}
