//! Users by their rules: by name or through a group, with only the rules that the caller may see.

use rolecall_core::access::Subtrees;
use rolecall_core::filter::{Comparison, Condition, Filter, Search, Test};
use rolecall_core::identity::Subject;
use rolecall_core::org::ScopePath;
use rolecall_store::{
    AccessIn, Database, RULE_FIELDS, RuleRecord, Store, USER_FIELDS, UserQuery, UserRecord, Visibility,
};

use crate::common::{on_both_databases, past_the_store};
use crate::naive::{Dice, conditions, parsed, passes, quoted};
use crate::organisation::{Organisation, organisation};
use crate::rules::cell;
use crate::rules_visible::sees;
use crate::users::{emails, query, users, users_text};

on_both_databases!(databases:
    each_question_about_rules_is_answered_as_a_naive_reading_does,
    the_opposite_is_all_other_users,
    several_conditions_speak_of_one_rule,
    no_user_is_found_by_a_rule_that_the_caller_does_not_see,
    many_groups_of_the_caller_and_many_conditions_fit_into_a_statement,
);

/// The organization with its users.
pub async fn filled(database: &Database, organisation: &Organisation, users: &[UserRecord]) -> Store {
    let store = organisation.filled(database).await;
    past_the_store(database, &users_text(users)).await;
    let everything = Visibility { own: Vec::new(), subtrees: Subtrees::Everything };
    let count = |user: &UserRecord| {
        let rules = held(organisation, &everything, user).len();
        format!("UPDATE rule_counts SET rules = {rules} WHERE email = {}", quoted(user.email.as_str()))
    };
    past_the_store(database, &users.iter().map(count).collect::<Vec<_>>().join(";")).await;
    store
}

/// The rules of a user that the caller sees.
pub fn held<'o>(organisation: &'o Organisation, visible: &Visibility, user: &UserRecord) -> Vec<&'o RuleRecord> {
    let about = |rule: &RuleRecord| match rule.subject_type.as_str() {
        "user" => rule.subject == user.email.as_str(),
        "group" => user.groups.iter().any(|group| group.as_str() == rule.subject),
        _ => false,
    };
    let live = organisation.rules.iter().filter(|rule| rule.deleted_at.is_none());
    live.filter(|rule| about(rule) && sees(organisation, visible, rule)).collect()
}

/// Whether rules match the conditions.
pub fn suits(rules: &[&RuleRecord], filter: &Filter, access_in: &[AccessIn]) -> bool {
    let is = |rule: &RuleRecord, condition: &Condition| {
        passes(&Filter { conditions: vec![condition.clone()] }, |field| cell(rule, field))
    };
    let counts = |rule: &RuleRecord, path: &Option<ScopePath>| path.is_some_and(|path| path.includes(rule.scope));
    let (denials, wanted): (Vec<_>, Vec<_>) = filter.conditions.iter().partition(|condition| {
        matches!(condition.test, Test::Compare(Comparison::NotEqual, _) | Test::Search(Search::NotContains, _))
    });
    let one_is_such = rules.iter().any(|rule| {
        wanted.iter().all(|condition| is(rule, condition))
            && access_in.iter().filter(|access| access.wanted).all(|access| counts(rule, &access.path))
    });
    let asks_for_none = wanted.is_empty() && !access_in.iter().any(|access| access.wanted);
    (asks_for_none || one_is_such)
        && denials.iter().all(|denial| rules.iter().all(|rule| is(rule, denial)))
        && access_in.iter().filter(|access| !access.wanted).all(|it| !rules.iter().any(|rule| counts(rule, &it.path)))
}

/// Scopes to ask about: every existing node, and one that does not exist.
pub fn paths(organisation: &Organisation) -> Vec<Option<ScopePath>> {
    let live = organisation.nodes.iter().filter(|node| !node.deleted);
    live.map(|node| Some(node.path)).chain([None]).collect()
}

/// Each condition on the role of a rule.
pub fn on_roles(organisation: &Organisation) -> Vec<String> {
    let of_roles: Vec<_> = RULE_FIELDS.iter().copied().filter(|field| field.name.starts_with("role")).collect();
    assert!(of_roles.iter().all(|field| USER_FIELDS.contains(field)), "they are the same questions");
    conditions(&of_roles, &organisation.rules, cell)
}

/// A caller who sees everything, a part, their own, or nothing.
pub fn viewer(dice: &mut Dice, organisation: &Organisation) -> Visibility {
    let some_own = dice.some(&organisation.subjects, 4);
    match dice.roll(5) {
        0 => Visibility { own: Vec::new(), subtrees: Subtrees::Everything },
        1 => Visibility { own: some_own, subtrees: Subtrees::NOTHING },
        2 => Visibility { own: Vec::new(), subtrees: Subtrees::NOTHING },
        _ => Visibility { own: some_own, subtrees: organisation.some_subtrees(dice) },
    }
}

async fn check(store: &Store, organisation: &Organisation, users: &[UserRecord], asked: &UserQuery) -> usize {
    let mut expected: Vec<_> = emails(
        users.iter().filter(|user| suits(&held(organisation, &asked.visible, user), &asked.filter, &asked.access_in)),
    );
    expected.sort_unstable();
    assert_eq!(emails(&store.users(asked).await.unwrap()), expected, "{asked:?}");
    assert_eq!(store.count_users(asked).await.unwrap(), u64::try_from(expected.len()).unwrap(), "{asked:?}");
    expected.len()
}

async fn each_question_about_rules_is_answered_as_a_naive_reading_does(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let mut dice = Dice::new(41);
    let mut found_some = 0;
    for said in on_roles(&organisation) {
        let visible = viewer(&mut dice, &organisation);
        let asked = UserQuery { visible, ..query(&parsed(&said, USER_FIELDS), None) };
        let found = check(&store, &organisation, &users, &asked).await;
        found_some += u32::from(found > 0 && found < users.len());
    }
    for path in paths(&organisation) {
        for wanted in [true, false] {
            for _ in 0..4 {
                let visible = viewer(&mut dice, &organisation);
                let access_in = vec![AccessIn { path, wanted }];
                let asked = UserQuery { visible, access_in, ..query(&Filter::default(), None) };
                let found = check(&store, &organisation, &users, &asked).await;
                found_some += u32::from(found > 0 && found < users.len());
            }
        }
    }
    assert!(found_some > 100, "only {found_some} questions told users apart");
    store.close().await;
}

async fn the_opposite_is_all_other_users(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let mut dice = Dice::new(43);
    for _ in 0..40 {
        let visible = viewer(&mut dice, &organisation);
        let rule = dice.pick(&organisation.rules);
        let path = *dice.pick(&paths(&organisation));
        let part: String = rule.role_name.chars().skip(1).take(3).collect();
        let counts = [
            (format!("roleId=={}", rule.role.number()), format!("roleId!={}", rule.role.number()), None),
            (format!("roleName=={}", rule.role_name), format!("roleName!={}", rule.role_name), None),
            (format!("roleName=@{part}"), format!("roleName!@{part}"), None),
            (String::new(), String::new(), Some(path)),
        ];
        for (yes, no, path) in counts {
            let mut together = 0;
            for (said, wanted) in [(&yes, true), (&no, false)] {
                let access_in = path.map(|path| AccessIn { path, wanted }).into_iter().collect();
                let visible = visible.clone();
                let asked = UserQuery { visible, access_in, ..query(&parsed(said, USER_FIELDS), None) };
                together += store.count_users(&asked).await.unwrap();
            }
            assert_eq!(together, 60, "{yes} and {no} in {path:?} for {visible:?}");
        }
    }
    store.close().await;
}

async fn several_conditions_speak_of_one_rule(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let visible = Visibility { own: Vec::new(), subtrees: Subtrees::Everything };
    let mut told_apart = 0;
    for path in paths(&organisation) {
        for rule in organisation.rules.iter().step_by(7) {
            let filter = parsed(&format!("roleName=={}", rule.role_name), USER_FIELDS);
            let access_in = vec![AccessIn { path, wanted: true }];
            let both = UserQuery { visible: visible.clone(), access_in: access_in.clone(), ..query(&filter, None) };
            let found = check(&store, &organisation, &users, &both).await;
            let separately = users.iter().filter(|user| {
                let held = held(&organisation, &visible, user);
                suits(&held, &filter, &[]) && suits(&held, &Filter::default(), &access_in)
            });
            told_apart += u32::from(separately.count() > found);
        }
    }
    assert!(told_apart > 50, "only {told_apart} times had someone a rule in the scope and a role, but not in one rule");
    store.close().await;
}

async fn no_user_is_found_by_a_rule_that_the_caller_does_not_see(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let mut dice = Dice::new(47);
    let sees_nothing = Visibility { own: Vec::new(), subtrees: Subtrees::NOTHING };
    for said in dice.some(&on_roles(&organisation), 60) {
        let answered = |visible: Visibility| {
            let asked = UserQuery { visible, ..query(&parsed(&said, USER_FIELDS), None) };
            let store = &store;
            async move { store.users(&asked).await.unwrap() }
        };
        let nothing = answered(sees_nothing.clone()).await;
        assert!(nothing.is_empty() || nothing.len() == users.len(), "{said} told {} users apart", nothing.len());
        // A user with the name of a group sees rules about the group, and none about a user with that name.
        let own = vec![dice.pick(&organisation.subjects).clone()];
        let visible = Visibility { own: own.clone(), subtrees: Subtrees::NOTHING };
        let asked = UserQuery { visible, ..query(&parsed(&said, USER_FIELDS), None) };
        check(&store, &organisation, &users, &asked).await;
        if let Subject::ServiceAccount(_) = own[0] {
            assert_eq!(store.users(&asked).await.unwrap(), nothing, "a machine's rules are nobody's");
        }
    }
    store.close().await;
}

async fn many_groups_of_the_caller_and_many_conditions_fit_into_a_statement(database: Database) {
    let (organisation, users) = (organisation(), users());
    let store = filled(&database, &organisation, &users).await;
    let group = |n| rolecall_core::identity::GroupName::parse("group", &format!("nobody-{n}")).unwrap();
    let mut own: Vec<_> = (0..5_000).map(|n| Subject::Group(group(n))).collect();
    own.extend(organisation.subjects.iter().cloned());
    let visible = Visibility { own, subtrees: Subtrees::NOTHING };
    let path = |wanted| AccessIn { path: Some(ScopePath::ACCOUNT), wanted };
    let said = (0..31).map(|n| format!("roleId!={n}")).collect::<Vec<_>>().join(",");
    for access_in in [vec![path(false); 32], vec![path(true); 32], Vec::new()] {
        let visible = visible.clone();
        let asked = UserQuery { visible, access_in, ..query(&parsed(&said, USER_FIELDS), None) };
        check(&store, &organisation, &users, &asked).await;
    }
    store.close().await;
}
