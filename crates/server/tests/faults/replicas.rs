//! Two servers on one PostgreSQL database: changes of one take effect on the other.

use std::time::Duration;

use crate::client::Client;
use crate::harness::people::rule;
use crate::harness::{Answer, ROOT, RULES, TestScope, Token, query, with_postgres};
use crate::process::Rolecall;
use crate::until::until;

/// The promised delay.
const WITHIN: Duration = Duration::from_secs(1);
/// Number of measurements. One may be late on a busy machine, most are not.
const LOOKS: usize = 7;
/// A role that may read users: Department administrator.
const READER: i32 = 1710;

#[tokio::test]
async fn a_rule_counts_on_the_other_server_within_a_second() {
    with_postgres(|database| async move {
        let (one, root) = Rolecall::start_signed_in(&database).await;
        let other = Rolecall::start(&database).await;
        let (here, there) = (one.client, other.client);
        let path = path_of_a_user(here, &root).await;

        let mut took = Vec::new();
        for look in 0..LOOKS {
            let (who, email) = newcomer(here, &root, look).await;
            // The user may be unknown there yet, or known and without a rule.
            there.get(&who, &path).await;
            let rule = here.grant(&root, "user", &email, READER).await;
            let (_, gained) = until("the rule counts there", || async {
                let answer = there.get(&who, &path).await;
                (answer.status == 200).then_some(())
            })
            .await;
            here.delete(&root, &format!("{RULES}/{rule}")).await.gone();
            let (_, lost) = until("it counts there no more", || async {
                let answer = there.get(&who, &path).await;
                (answer.status != 200).then(|| answer.denied())
            })
            .await;
            took.push(gained.max(lost));
        }
        took.sort();
        assert!(took[LOOKS / 2] <= WITHIN, "{took:?}");
    })
    .await;
}

#[tokio::test]
async fn a_rule_counts_at_once_for_a_request_with_its_revision() {
    with_postgres(|database| async move {
        let (one, root) = Rolecall::start_signed_in(&database).await;
        let other = Rolecall::start(&database).await;
        let (here, there) = (one.client, other.client);
        let path = path_of_a_user(here, &root).await;

        for look in 0..LOOKS {
            let (who, email) = newcomer(here, &root, look).await;
            let made = here.post(&root, RULES, rule("user", &email, READER, &TestScope::account())).await;
            let at = |revision: &str| there.ask("GET", &path).by(&who).header("rolecall-revision", revision);
            let stamp = |answer: &Answer| answer.header("rolecall-revision").unwrap().to_owned();
            at(&stamp(&made)).send().await.ok();
            // The number alone is enough, and the id must be the right one.
            let number = made.revision().to_string();
            at(&number).send().await.ok();
            let other = format!("{number}-0123456789abcdef");
            at(&other).send().await.refused(400).names(&other).because("revision-gone");
            let next = (made.revision() + 1).to_string();
            at(&next).send().await.refused(400).names("does not exist yet").names(&next);

            let gone = here.delete(&root, &format!("{RULES}/{}", made.created()["id"])).await;
            gone.gone();
            at(&stamp(&gone)).send().await.denied();
        }
    })
    .await;
}

/// The path of a user, visible only to callers who may read users.
async fn path_of_a_user(server: Client, root: &Token) -> String {
    let found = server.get(root, &query("/api/v1/users", &[("filterBy", &format!("username=={ROOT}"))])).await.ok();
    format!("/api/v1/users/{}", found[0]["id"].as_str().unwrap())
}

/// A user without a rule.
async fn newcomer(server: Client, root: &Token, number: usize) -> (Token, String) {
    let email = format!("ana-{number}@example.com");
    let (_, password) = server.user(root, &email).await;
    (server.sign_in(&email, &password).await, email)
}
