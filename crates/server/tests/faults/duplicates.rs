//! Many create the same entity at once: one succeeds.

use std::future::Future;

use rolecall_store::Database;
use serde_json::json;

use crate::client::text;
use crate::harness::people::rule;
use crate::harness::{Answer, RULES, TestScope, on_both_databases};
use crate::process::Rolecall;
use crate::whole::ensure_whole;

on_both_databases!(databases: of_many_who_make_the_same_thing_one_does);

const AT_ONCE: usize = 64;

async fn of_many_who_make_the_same_thing_one_does(database: Database) {
    let (first, root) = Rolecall::start_signed_in(&database).await;
    // SQLite is for one server; on PostgreSQL every other request goes to a second one.
    let second = match &database {
        Database::Sqlite { .. } => None,
        Database::Postgres { .. } => Some(Rolecall::start(&database).await),
    };
    let at = |number: usize| second.as_ref().filter(|_| number % 2 == 1).map_or(first.client, |it| it.client);
    let cluster = first.client.post(&root, "/api/v1/clusters", json!({ "name": "berlin" })).await.created();
    let cluster = text(&cluster, "uuid");
    first.client.user(&root, "bo@example.com").await;
    let before = ensure_whole(&database).await.head();

    let users = |number| json!({ "email": in_some_case("ana@example.com", number) });
    let name = race(|number| at(number).ask("POST", "/api/v1/users").by(&root).json(&users(number)).send()).await;
    assert_eq!(text(&name, "username"), "ana@example.com");

    let bo = rule("user", "bo@example.com", 1710, &TestScope::account());
    race(|number| at(number).ask("POST", RULES).by(&root).json(&bo).send()).await;

    let department =
        |number| json!({ "name": in_some_case("research", number), "clusterId": cluster, "resources": [] });
    let path = "/api/v1/org-unit/departments";
    race(|number| at(number).ask("POST", path).by(&root).json(&department(number)).send()).await;

    assert_eq!(ensure_whole(&database).await.head(), before + 3, "those who were refused left nothing behind");
}

/// All at once; returns the response of the one that created it.
async fn race<F: Future<Output = Answer> + Send + 'static>(ask: impl Fn(usize) -> F) -> serde_json::Value {
    let asking: Vec<_> = (0..AT_ONCE).map(|number| tokio::spawn(ask(number))).collect();
    let mut made = Vec::new();
    for asked in asking {
        let answer = asked.await.unwrap();
        if answer.status == 201 {
            made.push(answer.created());
        } else {
            answer.refused(409).names("already exists");
        }
    }
    assert_eq!(made.len(), 1, "{made:?}");
    made.remove(0)
}

/// The same name in one of many spellings.
fn in_some_case(name: &str, number: usize) -> String {
    let spelled = |(place, letter): (usize, char)| {
        if number >> (place % 6) & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
    };
    name.chars().enumerate().map(spelled).collect()
}
