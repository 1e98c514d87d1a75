//! Alterations behind the program's back are found: so the proof of the lists can fail.

use rolecall::app::doctor::Doctor;
use rolecall_store::{Database, Store};

use crate::common::people::bootstrapped;
use crate::common::{on_both_databases, past_the_store};
use crate::lists::verified;
use crate::on_another;
use crate::worlds::{Story, fixed};

on_both_databases!(databases: each_alteration_is_noticed);

/// An alteration need not have an effect in every world.
const WORLDS: usize = 6;

const ALTERATIONS: [(&str, &str); 11] = [
    ("a rule gone", "UPDATE access_rules SET deleted_at = 1 WHERE id = 5"),
    ("a rule about someone else", "UPDATE access_rules SET subject = 'nobody@example.com' WHERE id > 1"),
    ("a rule elsewhere", "UPDATE access_rules SET scope = 'tenant' WHERE id > 1 AND scope LIKE 'project:%'"),
    ("a role without a name", "DELETE FROM roles WHERE id = 1"),
    ("a group without members", "DELETE FROM user_groups"),
    ("a group with another member", "INSERT INTO user_groups (group_name, email) VALUES ('g0', 'root@example.com')"),
    ("a user with more rules than they have", "UPDATE rule_counts SET rules = 99 WHERE email = 'u1@example.com'"),
    (
        "a user gone",
        "DELETE FROM rule_counts WHERE email = 'u3@example.com'; DELETE FROM users WHERE email = 'u3@example.com'",
    ),
    ("a service account gone", "DELETE FROM service_accounts WHERE client_id = 'm1'"),
    ("a department gone", "UPDATE nodes SET deleted_at = 1 WHERE kind = 'department' AND name = 'research'"),
    (
        "a project that carries another cluster",
        "UPDATE nodes SET cluster = (SELECT max(o.cluster) FROM nodes o WHERE o.cluster <> nodes.cluster) \
         WHERE kind = 'project'",
    ),
];

async fn each_alteration_is_noticed(database: Database) {
    let stories = fixed(WORLDS);
    for (what, alteration) in ALTERATIONS {
        let mut differing = 0;
        for story in &stories {
            differing = differing_after(&database, story, alteration).await;
            if differing > 0 {
                break;
            }
        }
        assert!(differing > 0, "{what}: nobody noticed");
    }
}

async fn differing_after(like: &Database, story: &Story, alteration: &str) -> u64 {
    let mut differing = None;
    on_another(like, |database| {
        let differing = &mut differing;
        async move {
            let store = Store::open(&database).await.unwrap();
            bootstrapped(&store, &story.bootstrap()).await;
            let mut doctor = Doctor::load(&store, |_| ()).await.unwrap();
            past_the_store(&database, alteration).await;
            *differing = Some(verified(&mut doctor).await.differing);
            store.close().await;
        }
    })
    .await;
    differing.unwrap()
}
