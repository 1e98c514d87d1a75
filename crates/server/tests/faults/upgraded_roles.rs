//! Predefined roles after an upgrade: the first start writes them, once, and no server answers without them.

use rolecall_store::{Database, Store};

use crate::doctor::run;
use crate::harness::on_both_databases;
use crate::process::Rolecall;
use crate::whole::ensure_whole;

on_both_databases!(
    databases: the_first_start_brings_the_predefined_roles,
);

const ROLES: &str = "/api/v1/authorization/roles";

async fn the_first_start_brings_the_predefined_roles(database: Database) {
    let (server, root) = Rolecall::start_signed_in(&database).await;
    let before = server.client.get(&root, ROLES).await.ok();
    drop(server);
    // As the migration leaves a database of a version in which roles were no facts.
    run(&database, "UPDATE roles SET permissions = NULL, description = ''").await;
    assert_eq!(head(&database).await, 1);

    // Several may start at once where the database is shared.
    let more = matches!(database, Database::Postgres { .. });
    let other = async { if more { Some(Rolecall::start(&database).await) } else { None } };
    let (one, other) = tokio::join!(Rolecall::start(&database), other);
    for server in [Some(one), other].into_iter().flatten() {
        assert_eq!(server.client.get(&root, ROLES).await.ok(), before, "from its first answer on");
    }
    assert_eq!(head(&database).await, 2, "in one revision");
    let told = ensure_whole(&database).await;
    assert_eq!(told.world.roles().count(), before.as_array().unwrap().len());

    drop(Rolecall::start(&database).await);
    assert_eq!(head(&database).await, 2, "the next start changes nothing");
}

async fn head(database: &Database) -> i64 {
    let store = Store::open(database).await.unwrap();
    let head = store.head().await.unwrap().number();
    store.close().await;
    head
}
