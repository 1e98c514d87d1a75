//! Users: filters, search, order, pages, records.

use rolecall_core::Timestamp;
use rolecall_core::access::Subtrees;
use rolecall_core::filter::{Field, Filter, Order};
use rolecall_core::identity::{Email, GroupName, PersonName, UserId};
use rolecall_core::text::folded;
use rolecall_store::{Database, Page, Sort, Store, USER_FIELDS, USER_SORTS, UserQuery, UserRecord, Visibility};
use uuid::Uuid;

use crate::common::{on_both_databases, past_the_store};
use crate::naive::{Cell, Dice, HOSTILE, conditions, date, makers, or_null, parsed, passes, quoted, sorted, text};

on_both_databases!(databases:
    users_are_filtered_as_a_naive_reading_does,
    users_are_sorted_and_paged_as_a_naive_reading_does,
    a_search_for_users_is_taken_literally,
    users_are_found_by_id,
);

/// The fields of the users themselves, without their rules.
pub fn own_fields() -> Vec<Field> {
    let on_rules = ["accessRules", "roleId", "roleName", "accessIn"];
    USER_FIELDS.iter().copied().filter(|field| !on_rules.contains(&field.name)).collect()
}

pub const WHOLE: Page = Page { offset: 0, limit: 500 };

/// 60 users, whose names, dates and creators repeat as far as possible. The first three have names that some rules
/// have; groups have names that other rules have, or similar ones.
pub fn users() -> Vec<UserRecord> {
    let mut dice = Dice::new(7);
    (0..60)
        .map(|n| {
            let (local, temporary) = (dice.roll(3) > 0, dice.roll(2) == 0);
            let name = dice.pick(&["ana", "b_b", "c%c", "d.d", "e+e", "f-f", "anaconda"]);
            let email = match n {
                0 => "ana@example.com".to_owned(),
                1 => "b_b@example.com".to_owned(),
                2 => "c%c@example.com".to_owned(),
                n => format!("{name}{}@example{}.com", n % 10, n / 10),
            };
            let mut groups = dice.some(HOSTILE, 2);
            groups.extend(dice.some(&["Dev", "dev", "DEV", "app", "build-1", "ana@example.com"], 1));
            // Some have both names, some one, and most have none.
            let hostile = HOSTILE.get(usize::try_from(n).unwrap() / 3).filter(|_| n % 3 == 0);
            let last_name = hostile.map(|name| PersonName::parse("lastName", name).unwrap_or_default());
            UserRecord {
                identity_provider: None,
                first_name: (n % 6 == 0).then(|| "Ana".to_owned()),
                last_name: last_name.flatten().map(|name| name.to_string()),
                email_there: (!local && n % 3 == 0).then(|| Email::parse("email", "there@example.com").unwrap()),
                id: UserId::new(Uuid::from_u128(u128::from(u32::MAX) * (60 - n) + 11)),
                email: Email::parse("email", &email).unwrap(),
                local,
                enabled: dice.roll(4) > 0,
                temporary_password: local && temporary,
                generated_password: local && !temporary && n % 2 == 0,
                groups: groups.iter().map(|name| GroupName::parse("group", name).unwrap()).collect(),
                created_by: (*dice.pick(&makers())).to_owned(),
                created_at: moment(dice.roll(5)),
                updated_at: moment(dice.roll(5)),
                last_login: (dice.roll(3) > 0).then(|| moment(dice.roll(4))),
                revision: rolecall_core::RevisionStamp::ZERO,
            }
        })
        .collect()
}

/// The first and the last name, as people write them.
pub fn names(user: &UserRecord) -> String {
    let names: Vec<&str> = [&user.first_name, &user.last_name].into_iter().flatten().map(String::as_str).collect();
    names.join(" ")
}

fn moment(n: usize) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_123 + i64::try_from(n).unwrap() * 86_400_000)
}

pub fn cell(user: &UserRecord, field: &str) -> Cell {
    match field {
        "username" => text(user.email.as_str()),
        "createdBy" => text(&user.created_by),
        "lastLogin" => Cell::Number(user.last_login.map(Timestamp::millis)),
        "creationTime" => date(user.created_at),
        "lastUpdated" => date(user.updated_at),
        "isLocal" => Cell::Bool(user.local),
        "enabled" => Cell::Bool(user.enabled),
        "temporaryPassword" => Cell::Bool(user.temporary_password),
        "generatedPassword" => Cell::Bool(user.generated_password),
        "neverSignedIn" => Cell::Bool(user.last_login.is_none()),
        "emailChanged" => Cell::Bool(user.email_there.is_some()),
        "type" => text(if user.local { "local" } else { "sso" }),
        // Where there are no rules.
        "accessRules" => Cell::Number(Some(0)),
        other => panic!("the naive reading knows no {other}"),
    }
}

async fn filled(database: &Database, users: &[UserRecord]) -> Store {
    let store = Store::open(database).await.unwrap();
    past_the_store(database, &users_text(users)).await;
    store
}

/// The statements that write these users.
pub fn users_text(users: &[UserRecord]) -> String {
    let rows: Vec<_> = users
        .iter()
        .map(|user| {
            let credential = match (user.local, user.temporary_password, user.enabled) {
                (false, ..) => "external",
                (true, true, true) => "temporary",
                (true, true, false) => "lasting-temporary",
                (true, false, _) => "own",
            };
            format!(
                "('{}', {}, {}, '{credential}', {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
                user.id,
                quoted(user.email.as_str()),
                i32::from(user.enabled),
                quoted(&serde_json::to_string(&user.groups).unwrap()),
                quoted(&user.created_by),
                user.created_at.millis(),
                user.updated_at.millis(),
                or_null(user.last_login.map(Timestamp::millis)),
                i32::from(user.generated_password),
                user.email_there.as_ref().map_or_else(|| "NULL".to_owned(), |email| quoted(email.as_str())),
                user.first_name.as_deref().map_or_else(|| "NULL".to_owned(), quoted),
                user.last_name.as_deref().map_or_else(|| "NULL".to_owned(), quoted),
                quoted(&folded(&names(user))),
            )
        })
        .collect();
    let columns = "id, email, enabled, credential, group_names, created_by, created_at, updated_at, last_login, \
                   generated_password, email_there, first_name, last_name, names_key";
    let member =
        |user: &UserRecord, group: &GroupName| format!("({}, {})", quoted(group.as_str()), quoted(user.email.as_str()));
    let members: std::collections::BTreeSet<_> =
        users.iter().flat_map(|user| user.groups.iter().map(|group| member(user, group))).collect();
    let members: Vec<_> = members.into_iter().collect();
    let counts: Vec<_> = users.iter().map(|user| format!("({}, 0)", quoted(user.email.as_str()))).collect();
    format!(
        "INSERT INTO users ({columns}) VALUES {}; INSERT INTO user_groups (group_name, email) VALUES {}; \
         INSERT INTO rule_counts (email, rules) VALUES {}",
        rows.join(", "),
        members.join(", "),
        counts.join(", ")
    )
}

pub fn query(filter: &Filter, search: Option<&str>) -> UserQuery {
    UserQuery {
        visible: Visibility { own: Vec::new(), subtrees: Subtrees::NOTHING },
        filter: filter.clone(),
        access_in: Vec::new(),
        search: search.map(str::to_owned),
        sort: Sort::default(),
        page: WHOLE,
    }
}

pub fn emails<'a>(users: impl IntoIterator<Item = &'a UserRecord>) -> Vec<&'a str> {
    users.into_iter().map(|user| user.email.as_str()).collect()
}

/// The store's list must equal the naive one, and its total must match.
async fn check(store: &Store, users: &[UserRecord], said: &str) {
    let filter = parsed(said, USER_FIELDS);
    let listed = store.users(&query(&filter, None)).await.unwrap();
    let passing = users.iter().filter(|user| passes(&filter, |field| cell(user, field))).collect();
    let expected = sorted(passing, Sort::default(), cell, |user| user.email.clone());
    assert_eq!(emails(&listed), emails(expected), "{said}");
    let counted = store.count_users(&query(&filter, None)).await.unwrap();
    assert_eq!(counted, u64::try_from(listed.len()).unwrap(), "{said}");
}

async fn users_are_filtered_as_a_naive_reading_does(database: Database) {
    let users = users();
    let store = filled(&database, &users).await;
    let conditions = conditions(&own_fields(), &users, cell);
    assert!(conditions.len() > 200, "{} conditions are not many", conditions.len());
    for said in &conditions {
        check(&store, &users, said).await;
    }
    for text in HOSTILE {
        for operator in ["==", "!=", "<=", ">=", "=@", "!@", "=^", "=$"] {
            check(&store, &users, &format!("createdBy{operator}{text}")).await;
        }
    }
    // Several conditions must all hold.
    let mut dice = Dice::new(3);
    for _ in 0..60 {
        let several =
            [dice.pick(&conditions).as_str(), dice.pick(&conditions).as_str(), dice.pick(&conditions).as_str()]
                .join(",");
        check(&store, &users, &several).await;
    }
    store.close().await;
}

async fn users_are_sorted_and_paged_as_a_naive_reading_does(database: Database) {
    let users = users();
    let store = filled(&database, &users).await;
    for by in USER_SORTS.iter().map(|by| Some(*by)).chain([None]) {
        for order in [Order::Ascending, Order::Descending] {
            let sort = Sort { by, order };
            let expected = sorted(users.iter().collect(), sort, cell, |user| user.email.clone());
            let mut paged = Vec::new();
            for offset in (0..70).step_by(7) {
                let page = Page { offset, limit: 7 };
                paged.extend(store.users(&UserQuery { sort, page, ..query(&Filter::default(), None) }).await.unwrap());
            }
            assert_eq!(emails(&paged), emails(expected), "{sort:?}");
        }
    }
    let beyond = Page { offset: u64::MAX, limit: u32::MAX };
    assert!(store.users(&UserQuery { page: beyond, ..query(&Filter::default(), None) }).await.unwrap().is_empty());
    store.close().await;
}

async fn a_search_for_users_is_taken_literally(database: Database) {
    let users = users();
    let store = filled(&database, &users).await;
    let found = |text: String| {
        let store = &store;
        async move {
            let listed = store.users(&query(&Filter::default(), Some(&text))).await.unwrap();
            let counted = store.count_users(&query(&Filter::default(), Some(&text))).await.unwrap();
            assert_eq!(counted, u64::try_from(listed.len()).unwrap(), "{text}");
            listed
        }
    };
    for text in HOSTILE.iter().copied().chain(["B_B", "c%C", "@EXAMPLE1.", "aNA", "ana ", "a\0b", "\0"]) {
        let in_names = |user: &&UserRecord| {
            user.email.as_str().contains(&folded(text)) || folded(&names(user)).contains(&folded(text))
        };
        let mut expected: Vec<_> = emails(users.iter().filter(in_names));
        expected.sort_unstable();
        assert_eq!(emails(&found(text.to_owned()).await), expected, "{text:?}");
    }
    assert_eq!(found(String::new()).await.len(), users.len());
    assert_eq!(found("a".repeat(100_000)).await.len(), 0);
    assert_eq!(found("%".repeat(8_000)).await.len(), 0);
    let all = store.count_users(&query(&Filter::default(), None)).await.unwrap();
    assert_eq!(all, 60, "nothing was dropped");
    store.close().await;
}

async fn users_are_found_by_id(database: Database) {
    let users = users();
    let store = filled(&database, &users).await;
    past_the_store(
        &database,
        &format!(r#"UPDATE users SET group_names = '["Dev","ops"]' WHERE id = '{}'"#, users[0].id),
    )
    .await;
    let found = store.user(users[0].id).await.unwrap().unwrap();
    let groups = ["Dev", "ops"].map(|group| GroupName::parse("group", group).unwrap());
    assert_eq!(found, UserRecord { groups: groups.to_vec(), ..users[0].clone() });
    assert_eq!(store.user(users[1].id).await.unwrap().as_ref(), Some(&users[1]));
    assert_eq!(store.user(UserId::new(Uuid::nil())).await.unwrap(), None);
    store.close().await;
}
