//! PostgreSQL has fewer connections than the server wants: requests wait for an open one.

use rolecall_store::Database;
use tokio::task::JoinSet;

use crate::harness::with_postgres;
use crate::pair::postgres;
use crate::process::Rolecall;

/// Number of connections: one that listens, and these.
const CONNECTIONS: usize = 1 + 3;
/// Number of concurrent callers.
const ASKING: usize = 60;

#[tokio::test]
async fn many_requests_wait_for_few_connections() {
    with_postgres(|database| async move {
        let Database::Postgres { url } = &database else { panic!("{database:?}") };
        let (server, name) = url.rsplit_once('/').unwrap();
        let (scheme, address) = (server.split_once("://").unwrap().0, server.rsplit_once('@').unwrap().1);
        let role = format!("few_{name}");
        postgres(&database, &format!("CREATE ROLE {role} LOGIN CONNECTION LIMIT {CONNECTIONS}")).await;
        postgres(&database, &format!("ALTER DATABASE {name} OWNER TO {role}")).await;
        let limited = Database::Postgres { url: format!("{scheme}://{role}@{address}/{name}") };

        let (mut process, root) = Rolecall::start_signed_in(&limited).await;
        let mut asking = JoinSet::new();
        for _ in 0..ASKING {
            let (server, root) = (process.client, root.clone());
            asking.spawn(async move { server.get(&root, "/api/v1/users").await });
        }
        for answer in asking.join_all().await {
            answer.ok();
        }
        process.kill();
        let remove =
            format!("ALTER DATABASE {name} OWNER TO postgres; REASSIGN OWNED BY {role} TO postgres; DROP ROLE {role}");
        postgres(&database, &remove).await;
    })
    .await;
}
