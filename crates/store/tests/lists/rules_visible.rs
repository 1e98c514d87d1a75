//! The access rules that a caller sees: their own, those in their part of the tree, and no others by any query.

use rolecall_core::access::Subtrees;
use rolecall_core::filter::Order;
use rolecall_core::identity::SubjectKind;
use rolecall_core::org::{ClusterId, DepartmentId, ProjectId, Scope};
use rolecall_store::{Database, Page, RULE_FIELDS, RULE_SORTS, RuleQuery, RuleRecord, Sort, Visibility};
use uuid::Uuid;

use crate::common::{on_both_databases, past_the_store};
use crate::naive::{Dice, conditions, parsed, passes, quoted, sorted};
use crate::organisation::{Organisation, moment, organisation};
use crate::rules::{cell, everything, ids};

on_both_databases!(databases:
    what_is_visible_is_what_a_naive_reading_shows,
    a_rule_is_found_by_id_where_it_is_visible_and_lives,
    a_reach_may_have_very_many_places,
    deleted_rules_of_a_former_user_of_the_name_are_not_ones_own,
);

/// Before any user of the organization was created, so that a deleted rule about a name was another user's.
pub fn sees(organisation: &Organisation, visible: &Visibility, rule: &RuleRecord) -> bool {
    let own = visible.own.iter().any(|own| own.kind() == rule.subject_type && own.name() == rule.subject)
        && (rule.deleted_at.is_none() || rule.subject_type != SubjectKind::User);
    own || visible.subtrees.includes(&organisation.scope_path(rule.scope))
}

async fn what_is_visible_is_what_a_naive_reading_shows(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let conditions = conditions(RULE_FIELDS, &organisation.rules, cell);
    let mut dice = Dice::new(17);
    let mut seen_in_part = 0;
    for round in 0..200 {
        let own = dice.some(&organisation.subjects, 3);
        let visible = Visibility { own, subtrees: organisation.some_subtrees(&mut dice) };
        let filter = parsed(&dice.some(&conditions, 1).join(","), RULE_FIELDS);
        let include_deleted = dice.roll(2) == 0;
        let order = *dice.pick(&[Order::Ascending, Order::Descending]);
        let sort = Sort { by: (dice.roll(3) > 0).then(|| *dice.pick(RULE_SORTS)), order };
        let passing: Vec<_> = organisation
            .rules
            .iter()
            .filter(|rule| sees(&organisation, &visible, rule) && (include_deleted || rule.deleted_at.is_none()))
            .filter(|rule| passes(&filter, |field| cell(rule, field)))
            .collect();
        seen_in_part += u32::from(!passing.is_empty() && passing.len() < 100);
        let expected = ids(sorted(passing, sort, cell, |rule| rule.id));
        let query = RuleQuery { visible, include_deleted, filter, sort, ..everything() };
        let mut paged = Vec::new();
        for offset in (0..).step_by(11) {
            let page = Page { offset, limit: 11 };
            let (rules, total) = store.rules(&RuleQuery { page, ..query.clone() }).await.unwrap();
            assert_eq!(total, u64::try_from(expected.len()).unwrap(), "round {round}: {query:?}");
            paged.extend(ids(&rules));
            if rules.len() < 11 {
                break;
            }
        }
        assert_eq!(paged, expected, "round {round}: {query:?}");
    }
    assert!(seen_in_part > 60, "only {seen_in_part} rounds showed a part of the rules");
    store.close().await;
}

async fn a_rule_is_found_by_id_where_it_is_visible_and_lives(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let mut dice = Dice::new(23);
    for rule in &organisation.rules {
        let own = dice.some(&organisation.subjects, 2);
        let visible = Visibility { own, subtrees: organisation.some_subtrees(&mut dice) };
        let expected = (rule.deleted_at.is_none() && sees(&organisation, &visible, rule)).then_some(rule);
        assert_eq!(store.rule(&visible, rule.id).await.unwrap().as_ref(), expected, "{visible:?}");
        let own = Visibility { own: vec![subject_of(&organisation, rule)], subtrees: Subtrees::NOTHING };
        let expected = rule.deleted_at.is_none().then_some(rule);
        assert_eq!(store.rule(&own, rule.id).await.unwrap().as_ref(), expected, "one's own");
    }
    store.close().await;
}

async fn deleted_rules_of_a_former_user_of_the_name_are_not_ones_own(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let (made, ana) = (moment(11), &organisation.subjects[0]);
    past_the_store(
        &database,
        &format!(
            "INSERT INTO users (id, email, enabled, credential, group_names, created_by, created_at, updated_at) \
             VALUES ('{}', {}, 1, 'own', '[]', 'root', {made}, {made})",
            Uuid::from_u128(7),
            quoted(ana.name()),
            made = made.millis(),
        ),
    )
    .await;
    let theirs = |rule: &&RuleRecord| rule.subject_type == ana.kind() && rule.subject == ana.name();
    let (seen, hidden): (Vec<_>, Vec<_>) =
        organisation.rules.iter().filter(theirs).partition(|rule| rule.deleted_at.is_none_or(|deleted| deleted > made));
    assert!(!hidden.is_empty() && seen.iter().any(|rule| rule.deleted_at.is_some()), "both kinds are there");
    let own = Visibility { own: vec![ana.clone()], subtrees: Subtrees::NOTHING };
    let (listed, total) = store.rules(&RuleQuery { visible: own, ..everything() }).await.unwrap();
    assert_eq!(ids(&listed), ids(seen));
    assert_eq!(total, u64::try_from(listed.len()).unwrap());
    let all = RuleQuery { filter: parsed("subjectId==ana@example.com", RULE_FIELDS), ..everything() };
    assert!(store.rules(&all).await.unwrap().1 > total, "who reads all rules sees those of both");
    store.close().await;
}

fn subject_of(organisation: &Organisation, rule: &RuleRecord) -> rolecall_core::identity::Subject {
    let same = |subject: &&rolecall_core::identity::Subject| {
        subject.kind() == rule.subject_type && subject.name() == rule.subject
    };
    organisation.subjects.iter().find(same).unwrap().clone()
}

async fn a_reach_may_have_very_many_places(database: Database) {
    let organisation = organisation();
    let store = organisation.filled(&database).await;
    let department = organisation.nodes.iter().find_map(|node| match node.scope {
        Scope::Department(id) => Some(id),
        _ => None,
    });
    let subtrees = Subtrees::Below {
        clusters: (1..20_000).map(|n| ClusterId::new(Uuid::from_u128(n))).collect(),
        departments: department.into_iter().chain((1_000_000..1_040_000).map(DepartmentId::new)).collect(),
        projects: (2_000_000..2_040_000).map(ProjectId::new).collect(),
    };
    let group = |n| rolecall_core::identity::GroupName::parse("group", &format!("nobody-{n}")).unwrap();
    let own = (0..2_000).map(|n| rolecall_core::identity::Subject::Group(group(n))).collect();
    let visible = Visibility { own, subtrees };
    let expected: Vec<_> = organisation.rules.iter().filter(|rule| sees(&organisation, &visible, rule)).collect();
    assert!(!expected.is_empty());
    let (rules, total) = store.rules(&RuleQuery { visible, ..everything() }).await.unwrap();
    assert_eq!(ids(&rules), ids(expected));
    assert_eq!(total, u64::try_from(rules.len()).unwrap());
    store.close().await;
}
