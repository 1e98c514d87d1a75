//! A PostgreSQL primary and a standby that follows it, started with PostgreSQL's own programs. They stop when dropped.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use rolecall_store::Database;
use tokio_postgres::NoTls;

use crate::until::until;

/// The name of the test database on it.
const NAME: &str = "rolecall";

/// A primary, and a standby that follows it with a short delay.
#[derive(Debug)]
pub struct Pair {
    /// The database on the primary.
    pub primary: Database,
    /// The same on the standby.
    pub standby: Database,
    script: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Pair {
    /// Starts both.
    pub async fn start() -> Self {
        let throwaway = std::env::var("ROLECALL_TEST_POSTGRES").expect("run `cargo xtask test`");
        let throwaway = Database::Postgres { url: throwaway };
        let ports = [free_port(), free_port()];
        let mut command = Command::new("sh");
        command.args(["-c", include_str!("pair.sh"), "pair.sh"]).arg(programs(&throwaway).await);
        command.args(ports.map(|port| port.to_string())).current_dir("/").process_group(0);
        let (user, group) = its_user(&throwaway).await;
        if user != std::fs::metadata("/proc/self").unwrap().uid() {
            command.uid(user).gid(group);
        }
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let [primary, standby] = ports.map(|port| database_at(port, "postgres"));
        let (orders, answers) = (script.stdin.take(), BufReader::new(script.stdout.take().unwrap()));
        let mut pair = Self { primary, standby, script, orders, answers };
        pair.ensure_done("start");
        postgres(&pair.primary, &format!("CREATE DATABASE {NAME}")).await;
        [pair.primary, pair.standby] = ports.map(|port| database_at(port, NAME));
        pair.follow().await;
        pair
    }

    /// Waits until the standby has everything that the primary has now.
    pub async fn follow(&self) {
        let written = answer(&self.primary, "SELECT pg_current_wal_lsn()::text").await;
        let reached = format!("SELECT (pg_last_wal_replay_lsn() >= '{written}')::text");
        until("the standby has it all", || async {
            (answer(&self.database_of_standby(), &reached).await == "true").then_some(())
        })
        .await;
    }

    /// The standby receives nothing from now on, and keeps its data.
    pub async fn cut_off(&self) {
        self.follow().await;
        postgres(&self.database_of_standby(), "ALTER SYSTEM SET primary_conninfo = ''").await;
        postgres(&self.database_of_standby(), "SELECT pg_reload_conf()").await;
        until("the standby is cut off", || async {
            let receivers =
                answer(&self.database_of_standby(), "SELECT count(*)::text FROM pg_stat_wal_receiver").await;
            (receivers == "0").then_some(())
        })
        .await;
    }

    /// Stops the primary abruptly.
    pub fn stop_primary(&mut self) {
        self.order("stop-primary");
    }

    /// Promotes the standby.
    pub fn promote(&mut self) {
        self.order("promote");
    }

    /// A database that exists on the standby from the start.
    fn database_of_standby(&self) -> Database {
        let Database::Postgres { url } = &self.standby else { panic!("{:?}", self.standby) };
        Database::Postgres { url: url.replace(&format!("/{NAME}"), "/postgres") }
    }

    fn order(&mut self, order: &str) {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        self.ensure_done(order);
    }

    fn ensure_done(&mut self, order: &str) {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        assert_eq!(line, "done\n", "{order}");
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        drop(self.orders.take());
        drop(self.script.wait());
    }
}

/// The directory of that server's programs, which must run on this machine.
pub async fn programs(of: &Database) -> PathBuf {
    let folder = PathBuf::from(answer(of, "SELECT setting FROM pg_config WHERE name = 'BINDIR'").await);
    for program in ["pg_basebackup", "pg_ctl", "pg_dump", "pg_restore"] {
        assert!(folder.join(program).is_file(), "{program} is not in {}; install it", folder.display());
    }
    folder
}

/// The user and group of the server: PostgreSQL refuses to run as root.
async fn its_user(of: &Database) -> (u32, u32) {
    let server = answer(of, "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)").await;
    let metadata = std::fs::metadata(format!("/proc/{server}")).unwrap();
    (metadata.uid(), metadata.gid())
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn database_at(port: u16, name: &str) -> Database {
    Database::Postgres { url: format!("postgres://postgres@127.0.0.1:{port}/{name}") }
}

/// Runs statements on a database, bypassing Rolecall.
pub async fn postgres(database: &Database, text: &str) {
    let Database::Postgres { url } = database else { panic!("{database:?}") };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(text).await.unwrap_or_else(|error| panic!("{text}: {error:?}"));
    drop(client);
    connection.await.unwrap().unwrap();
}

/// The only value of a query that bypasses Rolecall.
pub async fn answer(database: &Database, question: &str) -> String {
    let Database::Postgres { url } = database else { panic!("{database:?}") };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let answer = client.query_one(question, &[]).await.unwrap().get(0);
    drop(client);
    connection.await.unwrap().unwrap();
    answer
}
