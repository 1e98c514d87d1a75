//! The database is restored from a backup while servers run: what the backup lacks has no effect, at once and
//! permanently.

use std::process::Command;

use rolecall_store::Database;
use serde_json::json;

use crate::client::Client;
use crate::harness::{Answer, Token, on_both_databases};
use crate::pair::programs;
use crate::process::Rolecall;
use crate::truth::{Ana, ensure_in_agreement, ensure_refused, root_when_ready};
use crate::until::until;
use crate::whole::ensure_whole;

on_both_databases!(databases: a_rule_that_the_backup_lacks_counts_for_nothing, a_session_that_the_backup_lacks_is_over,);

async fn a_rule_that_the_backup_lacks_counts_for_nothing(database: Database) {
    let (one, root) = Rolecall::start_signed_in(&database).await;
    let mut processes = vec![one];
    if matches!(database, Database::Postgres { .. }) {
        processes.push(Rolecall::start(&database).await);
    }
    let servers: Vec<_> = processes.iter().map(|process| process.client).collect();
    let ana = Ana::hired(servers[0], &root).await;
    let cluster = servers[0].post(&root, "/api/v1/clusters", json!({ "name": "oslo" })).await.created();
    let cluster = format!("/api/v1/clusters/{}", cluster["uuid"].as_str().unwrap());
    let backup = Backup::of(&database).await;

    renamed(servers[0], &root, &cluster, "lost").await.done();
    let lost_tag = servers[0].get(&root, &cluster).await;
    let lost_tag = lost_tag.header("etag").unwrap();
    let lost = Ana::allowed(servers[0], &root).await;
    let lost = lost.header("rolecall-revision").unwrap();
    // Signed in after the backup.
    let later = ana.again(servers[0]).await;
    let mut watches = Vec::new();
    for server in &servers {
        ana.until_allowed(*server).await;
        let _verified = later.reads(*server).await.ok();
        watches.push(ana.watch(*server));
    }
    backup.restore().await;

    for (server, process) in servers.iter().zip(&processes) {
        process.until_logged("all access rules were reloaded").await;
        until("it answers again", || async { (ana.reads(*server).await.status != 503).then_some(()) }).await;
        ana.reads(*server).await.denied();
        // Verified sessions that the backup lacks are dropped.
        later.reads(*server).await.refused(401).because("session-ended");
        process.until_logged(lost).await;
    }
    let root = root_when_ready(servers[0]).await;
    for server in &servers {
        ensure_refused(*server, &root, lost).await;
    }
    // Another change takes the number of the lost one. A client that read the cluster after that one must not overwrite this one.
    renamed(servers[0], &root, &cluster, "bergen").await.done();
    let tag = servers[0].get(&root, &cluster).await;
    let tag = tag.header("etag").unwrap();
    assert!(
        tag != lost_tag && tag.split_once('-').unwrap().0 == lost_tag.split_once('-').unwrap().0,
        "{tag} {lost_tag}"
    );
    let with_tag =
        |tag: &str| servers[0].ask("PUT", &cluster).by(&root).header("if-match", tag).json(&json!({ "name": "over" }));
    with_tag(lost_tag).send().await.refused(412).names("If-Match");
    with_tag(tag).send().await.done();

    ensure_in_agreement(&servers, &root).await;
    for watch in watches {
        watch.end().await;
    }
    // Another change has its number by now, and it is refused all the same.
    for server in &servers {
        ensure_refused(*server, &root, lost).await;
    }
    ensure_whole(&database).await;
}

/// Signing in takes no revision, so none is lost.
async fn a_session_that_the_backup_lacks_is_over(database: Database) {
    let (one, root) = Rolecall::start_signed_in(&database).await;
    let mut processes = vec![one];
    if matches!(database, Database::Postgres { .. }) {
        processes.push(Rolecall::start(&database).await);
    }
    let servers: Vec<_> = processes.iter().map(|process| process.client).collect();
    let ana = Ana::hired(servers[0], &root).await;
    Ana::allowed(servers[0], &root).await;
    for server in &servers {
        ana.until_allowed(*server).await;
    }
    let backup = Backup::of(&database).await;
    let mut lost = Vec::new();
    for server in &servers {
        lost.push(ana.again(*server).await);
    }
    for (session, server) in lost.iter().flat_map(|session| servers.iter().map(move |server| (session, server))) {
        session.reads(*server).await.ok();
    }
    backup.restore().await;

    for (server, process) in servers.iter().zip(&processes) {
        process.until_logged("the newest session is no longer in the database").await;
        for session in &lost {
            session.reads(*server).await.refused(401).because("session-ended");
        }
        ana.reads(*server).await.ok();
        assert!(!process.log().contains("all access rules were reloaded"), "no revision was lost");
    }
    ensure_whole(&database).await;
}

async fn renamed(server: Client, root: &Token, cluster: &str, name: &str) -> Answer {
    server.ask("PUT", cluster).by(root).json(&json!({ "name": name })).send().await
}

/// A backup, made and restored as docs/running.md says.
struct Backup<'a> {
    of: &'a Database,
    folder: tempfile::TempDir,
}

impl<'a> Backup<'a> {
    async fn of(database: &'a Database) -> Self {
        let backup = Self { of: database, folder: tempfile::tempdir().unwrap() };
        match database {
            Database::Sqlite { file } => {
                let into = format!("VACUUM INTO '{}'", backup.folder.path().join("copy.db").display());
                rusqlite::Connection::open(file).unwrap().execute_batch(&into).unwrap();
            }
            Database::Postgres { url } => {
                let mut dump = Command::new(programs(database).await.join("pg_dump"));
                dump.args(["--format=custom", "--dbname", url, "--file"]).arg(backup.folder.path().join("copy.dump"));
                assert!(dump.status().unwrap().success(), "{dump:?}");
            }
        }
        backup
    }

    async fn restore(&self) {
        match self.of {
            Database::Sqlite { file } => {
                let copy = self.folder.path().join("copy.db");
                let mut open = rusqlite::Connection::open(file).unwrap();
                open.restore("main", copy, None::<fn(rusqlite::backup::Progress)>).unwrap();
            }
            Database::Postgres { url } => {
                let mut restore = Command::new(programs(self.of).await.join("pg_restore"));
                restore.args(["--clean", "--if-exists", "--single-transaction", "--dbname", url]);
                restore.arg(self.folder.path().join("copy.dump"));
                assert!(restore.status().unwrap().success(), "{restore:?}");
            }
        }
    }
}
