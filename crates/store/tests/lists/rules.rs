//! Access rules: filters, order, pages, parameters, records.

use rolecall_core::ErrorKind;
use rolecall_core::Timestamp;
use rolecall_core::access::Subtrees;
use rolecall_core::filter::{Filter, Order};
use rolecall_core::org::ScopeKind;
use rolecall_core::text::folded;
use rolecall_store::{Database, Page, RULE_FIELDS, RULE_SORTS, RuleQuery, RuleRecord, Sort, Store, Visibility};

use crate::common::on_both_databases;
use crate::naive::{Cell, Dice, HOSTILE, conditions, date, parsed, passes, sorted, text};
use crate::organisation::{KINDS, NO_ROLE, moment, organisation};

on_both_databases!(databases:
    rules_are_filtered_as_a_naive_reading_does,
    rules_are_sorted_and_paged_as_a_naive_reading_does,
    rules_are_narrowed_by_each_parameter,
    a_search_for_rules_reads_three_names_literally,
    the_old_word_for_service_accounts_is_understood,
);

pub fn everything() -> RuleQuery {
    let visible = Visibility { own: Vec::new(), subtrees: Subtrees::Everything };
    RuleQuery { include_deleted: true, ..RuleQuery::all(visible, Page { offset: 0, limit: 500 }) }
}

pub fn cell(rule: &RuleRecord, field: &str) -> Cell {
    match field {
        "id" => Cell::Number(Some(rule.id.number().into())),
        "subjectId" => text(&rule.subject),
        "subjectType" => text(rule.subject_type.as_str()),
        "roleId" => Cell::Number(Some(rule.role.number().into())),
        "scopeId" => text(&rule.scope_id),
        "scopeType" => text(rule.scope.kind().as_str()),
        "roleName" => text(&rule.role_name),
        "scopeName" => text(&rule.scope_name),
        "createdAt" => date(rule.created_at),
        "deletedAt" => Cell::Number(rule.deleted_at.map(Timestamp::millis)),
        "createdBy" => text(&rule.created_by),
        "phase" => text(if rule.deleted_at.is_some() { "Deleting" } else { "Ready" }),
        "updatedAt" => date(rule.updated_at),
        other => panic!("the naive reading knows no {other}"),
    }
}

pub fn ids<'a>(rules: impl IntoIterator<Item = &'a RuleRecord>) -> Vec<i32> {
    rules.into_iter().map(|rule| rule.id.number()).collect()
}

/// The store's list must be the expected one, by id, and its total must match.
pub async fn check(
    store: &Store,
    query: &RuleQuery,
    rules: &[RuleRecord],
    expected: impl Fn(&RuleRecord) -> bool,
    what: &str,
) {
    let (listed, total) = store.rules(query).await.unwrap();
    assert_eq!(ids(&listed), ids(rules.iter().filter(|rule| expected(rule))), "{what}");
    assert_eq!(total, u64::try_from(listed.len()).unwrap(), "{what}");
    assert_eq!(store.count_rules(query).await.unwrap(), total, "{what}");
}

async fn rules_are_filtered_as_a_naive_reading_does(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let conditions = conditions(RULE_FIELDS, &organisation.rules, cell);
    let mut dice = Dice::new(5);
    let several = (0..40)
        .map(|_| [dice.pick(&conditions).as_str(), dice.pick(&conditions).as_str()].join(","))
        .collect::<Vec<_>>();
    for said in conditions.iter().chain(&several) {
        let filter = parsed(said, RULE_FIELDS);
        let query = RuleQuery { filter: filter.clone(), ..everything() };
        check(&store, &query, &organisation.rules, |rule| passes(&filter, |field| cell(rule, field)), said).await;
    }
    store.close().await;
}

async fn rules_are_sorted_and_paged_as_a_naive_reading_does(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let (whole, total) = store.rules(&everything()).await.unwrap();
    assert_eq!(whole, organisation.rules, "each record as it was written");
    assert_eq!(total, 150);
    for by in RULE_SORTS.iter().map(|by| Some(*by)).chain([None]) {
        for order in [Order::Ascending, Order::Descending] {
            let sort = Sort { by, order };
            let expected = sorted(organisation.rules.iter().collect(), sort, cell, |rule| rule.id);
            let mut paged = Vec::new();
            for offset in (0..170).step_by(17) {
                let page = Page { offset, limit: 17 };
                let (rules, total) = store.rules(&RuleQuery { sort, page, ..everything() }).await.unwrap();
                assert_eq!(total, 150, "the total is that of all pages, on every page");
                paged.extend(rules);
            }
            assert_eq!(ids(&paged), ids(expected), "{sort:?}");
        }
    }
    store.close().await;
}

async fn rules_are_narrowed_by_each_parameter(database: Database) {
    let organisation = organisation();
    let (store, rules) = (organisation.filled(&database).await, &organisation.rules);
    let live = RuleQuery { include_deleted: false, ..everything() };
    check(&store, &live, rules, |rule| rule.deleted_at.is_none(), "what was deleted is left out").await;
    for kind in KINDS {
        let query = RuleQuery { subject_type: Some(kind), ..everything() };
        check(&store, &query, rules, |rule| rule.subject_type == kind, kind.as_str()).await;
    }
    for kind in ScopeKind::ALL {
        let query = RuleQuery { scope_kind: Some(kind), ..everything() };
        check(&store, &query, rules, |rule| rule.scope.kind() == kind, kind.as_str()).await;
    }
    for node in &organisation.nodes {
        let query = RuleQuery { scope_id: Some(node.id.clone()), ..everything() };
        check(&store, &query, rules, |rule| rule.scope == node.scope, &node.id).await;
        if let Some(cluster) = node.path.cluster {
            let query = RuleQuery { cluster: Some(cluster), ..everything() };
            check(&store, &query, rules, |rule| rule.cluster == Some(cluster), "at or below a cluster").await;
        }
    }
    for named in HOSTILE.iter().copied().chain(["Dev", "ana@example.com", "a\0b"]) {
        let query = RuleQuery { subjects: Some(vec![named.to_owned(), "app".to_owned()]), ..everything() };
        check(&store, &query, rules, |rule| rule.subject == named || rule.subject == "app", named).await;
        let query = RuleQuery { scope_id: Some(named.to_owned()), ..everything() };
        check(&store, &query, rules, |rule| rule.scope_id == named, named).await;
    }
    let query = RuleQuery { subjects: Some(Vec::new()), ..everything() };
    check(&store, &query, rules, |_| false, "of no subject").await;
    for role in rules.iter().map(|rule| rule.role).chain([NO_ROLE]) {
        let query = RuleQuery { role: Some(role), ..everything() };
        check(&store, &query, rules, |rule| rule.role == role, "a role").await;
    }
    for since in (0..16).map(moment) {
        let query = RuleQuery { last_updated: Some(since), ..everything() };
        check(&store, &query, rules, |rule| rule.updated_at >= since, "since then").await;
    }
    let too_many = RuleQuery { subjects: Some(vec!["Dev".to_owned(); 1001]), ..everything() };
    let refusal = store.rules(&too_many).await.unwrap_err();
    assert_eq!(refusal.kind, ErrorKind::Invalid);
    assert!(refusal.message.contains("1001"), "{}", refusal.message);
    store.close().await;
}

async fn a_search_for_rules_reads_three_names_literally(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    for wanted in HOSTILE.iter().copied().chain(["RESEARCH", "administrator", "b_b@", "vision1", "", "a\0"]) {
        let query = RuleQuery { search: Some(wanted.to_owned()), ..everything() };
        let wanted = folded(wanted);
        let expected = |rule: &RuleRecord| {
            [&rule.subject, &rule.role_name, &rule.scope_name].iter().any(|name| folded(name).contains(&wanted))
        };
        check(&store, &query, &organisation.rules, expected, &wanted).await;
    }
    store.close().await;
}

async fn the_old_word_for_service_accounts_is_understood(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let listed = |said: &'static str| {
        let store = &store;
        async move {
            let filter: Filter = parsed(said, RULE_FIELDS);
            ids(&store.rules(&RuleQuery { filter, ..everything() }).await.unwrap().0)
        }
    };
    let accounts = listed("subjectType==service-account").await;
    assert!(!accounts.is_empty());
    assert_eq!(listed("subjectType==app").await, accounts);
    assert_eq!(listed("subjectType==APP").await, accounts);
    assert_eq!(listed("subjectType!=app").await, listed("subjectType!=service-account").await);
    assert!(listed("subjectId==app").await.len() > 1, "a subject may be called so, and is not renamed");
    store.close().await;
}
