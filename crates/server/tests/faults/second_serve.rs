//! One server per data directory.

use rolecall_store::Database;

use crate::harness::with_sqlite;
use crate::process::{Rolecall, data_directory};

#[tokio::test]
async fn a_second_server_is_refused_and_the_first_goes_on() {
    with_sqlite(|database| async move {
        let Database::Sqlite { file } = &database else { panic!("{database:?}") };
        let directory = data_directory(file).display().to_string();
        let (mut first, root) = Rolecall::start_signed_in(&database).await;

        let refused = Rolecall::try_to_start(&database, &[]).await.expect_err("two servers on one directory");
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        let said = refused.log.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
        assert!(said.contains("another rolecall server uses") && said.contains(&directory), "{refused:?}");
        assert!(said.contains("--data-dir") && said.contains("--database-url"), "it says what to do: {said}");

        first.client.user(&root, "ana@example.com").await;

        // The process keeps others out, not a file that it might leave behind.
        first.kill();
        let second = Rolecall::try_to_start(&database, &[]).await.expect("the first is dead");
        assert_eq!(second.client.get(&root, "/api/v1/users/count").await.ok()["count"], 2);
    })
    .await;
}
