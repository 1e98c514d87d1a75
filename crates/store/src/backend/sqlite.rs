//! SQLite: a few reader threads and one writer thread, each with its own connection.
//!
//! SQLite's calls block, so they never run on a thread of the async runtime. All writes of this process use one
//! connection. Another process (`rolecall admin`) may write to the same file; the busy timeout covers that.

mod file;
mod statement;

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rolecall_core::{Error, Result};
use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use self::file::{Identity, cannot_open, connect, connect_to_read, create};
use self::statement::{failure, read_together, run, send_all};
use super::Done;
use super::failure::{not_writable, unavailable};
use super::stream::{self, Kept, Rows};
use crate::sql::{Row, Sql};

/// Maximum concurrent queries.
const READERS: usize = 4;
/// Maximum queries that wait for a reader; more are refused at once.
const MOST_WAITING_READS: usize = 1024;
/// Maximum wait of a transaction for its turn, and for another writing process.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// SQLite steps between checks for cancellation: about ten thousand checks a second.
const STEPS: i32 = 10_000;

type Answer<T> = oneshot::Sender<Result<T>>;

enum Read {
    Query { statements: Vec<Sql>, answer: Answer<Vec<Vec<Row>>> },
    Stop,
}

enum Write {
    Begin(Answer<()>),
    Run(Sql, Answer<Done>),
    Batch(String, Answer<()>),
    Commit(Answer<()>),
    Rollback,
    Stop,
}

/// An open SQLite database.
#[derive(Debug)]
pub(crate) struct Sqlite {
    file: PathBuf,
    /// The identity of the file when it was opened.
    identity: Identity,
    reads: SyncSender<Read>,
    writes: Sender<Write>,
    /// The holder of its only permit may use the writing connection.
    turn: Arc<Semaphore>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Sqlite {
    pub(super) async fn open(file: &Path) -> Result<Self> {
        let file = file.to_owned();
        tokio::task::spawn_blocking(move || {
            create(&file).map_err(|error| cannot_open(&file, &error))?;
            let writer = connect(&file).map_err(|error| cannot_open(&file, &error))?;
            let (writes, to_write) = mpsc::channel();
            let writing = start("sqlite-writer", move || write_all(&writer, &to_write))?;
            Self::with_readers(&file, writes, vec![writing], connect)
        })
        .await
        .map_err(Error::internal)?
    }

    /// Without a writer thread, on read-only connections.
    pub(super) async fn open_to_read(file: &Path) -> Result<Self> {
        let file = file.to_owned();
        let nobody_writes = mpsc::channel().0;
        tokio::task::spawn_blocking(move || Self::with_readers(&file, nobody_writes, Vec::new(), connect_to_read))
            .await
            .map_err(Error::internal)?
    }

    fn with_readers(
        file: &Path,
        writes: Sender<Write>,
        mut threads: Vec<JoinHandle<()>>,
        connect: fn(&Path) -> rusqlite::Result<Connection>,
    ) -> Result<Self> {
        let (reads, to_read) = mpsc::sync_channel(MOST_WAITING_READS);
        let to_read = Arc::new(Mutex::new(to_read));
        for _ in 0..READERS {
            let reader = connect(file).and_then(|reader| {
                reader.execute_batch("PRAGMA query_only = ON;")?;
                Ok(reader)
            });
            let mut reader = reader.map_err(|error| cannot_open(file, &error))?;
            let to_read = Arc::clone(&to_read);
            threads.push(start("sqlite-reader", move || read_all(&mut reader, &to_read))?);
        }
        Ok(Self {
            file: file.to_owned(),
            identity: Identity::of(file).map_err(|error| cannot_open(file, &error))?,
            reads,
            writes,
            turn: Arc::new(Semaphore::new(1)),
            threads: Mutex::new(threads),
        })
    }

    pub(super) async fn read(&self, statements: Vec<Sql>) -> Result<Vec<Vec<Row>>> {
        let (answer, answered) = oneshot::channel();
        self.ask_reader(Read::Query { statements, answer })?;
        answered.await.map_err(|_| unavailable(CLOSED))?
    }

    fn ask_reader(&self, job: Read) -> Result<()> {
        self.reads.try_send(job).map_err(|error| {
            unavailable(match error {
                mpsc::TrySendError::Full(_) => "too many queries wait for a reader",
                mpsc::TrySendError::Disconnected(_) => CLOSED,
            })
        })
    }

    /// On its own thread and connection: it may take long, and readers of pages do not wait for it.
    pub(super) fn stream(&self, statements: Vec<Sql>, part: NonZeroU16, kept: Kept) -> Result<Rows> {
        let (source, rows) = stream::rows(kept);
        let (file, runtime) = (self.file.clone(), Handle::current());
        start("sqlite-stream", move || {
            let how = connect_to_read(&file)
                .map_err(|error| failure(&error))
                .and_then(|mut connection| send_all(&mut connection, &statements, part, &source, &runtime));
            runtime.block_on(source.end(how));
        })?;
        Ok(rows)
    }

    /// Checks that the open file is still the one at the path: writes to a replaced file would be lost.
    pub(super) fn ensure_in_place(&self) -> Result<()> {
        if Identity::of(&self.file).is_ok_and(|identity| identity == self.identity) {
            return Ok(());
        }
        let file = self.file.display();
        Err(not_writable(&format!("the file {file} was replaced or removed while this server ran; restart the server")))
    }

    pub(super) async fn begin(&self) -> Result<Transaction> {
        self.ensure_in_place()?;
        let turn = tokio::time::timeout(LONGEST_WAIT, Arc::clone(&self.turn).acquire_owned())
            .await
            .map_err(|_| unavailable("too many transactions wait for the writer"))?
            .map_err(|_| unavailable(CLOSED))?;
        // Created before it begins, so that dropping it during BEGIN rolls back.
        let transaction = Transaction { writes: self.writes.clone(), _turn: turn };
        transaction.ask(Write::Begin).await?;
        Ok(transaction)
    }

    /// Stops the threads and waits for them: the last connection to close merges the WAL into the file.
    pub(super) async fn close(&self) {
        self.turn.close();
        let _ = self.writes.send(Write::Stop);
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let reads = self.reads.clone();
        let joined = tokio::task::spawn_blocking(move || {
            for _ in 0..READERS {
                let _ = reads.send(Read::Stop);
            }
            threads.into_iter().for_each(|thread| drop(thread.join()));
        });
        let _ = joined.await;
    }
}

const CLOSED: &str = "the database is closed";

/// A transaction on the writing connection, exclusive until it is dropped.
#[derive(Debug)]
pub(crate) struct Transaction {
    writes: Sender<Write>,
    _turn: OwnedSemaphorePermit,
}

impl Transaction {
    async fn ask<T>(&self, job: impl FnOnce(Answer<T>) -> Write) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        self.writes.send(job(answer)).map_err(|_| unavailable(CLOSED))?;
        answered.await.map_err(|_| unavailable(CLOSED))?
    }

    pub(super) async fn run(&mut self, sql: Sql) -> Result<Done> {
        self.ask(|answer| Write::Run(sql, answer)).await
    }

    pub(super) async fn batch(&mut self, text: &str) -> Result<()> {
        self.ask(|answer| Write::Batch(text.to_owned(), answer)).await
    }

    pub(super) async fn commit(self) -> Result<()> {
        self.ask(Write::Commit).await
    }
}

impl Drop for Transaction {
    // INVARIANT: this is queued before the permit is released, so that the writer rolls back before it begins the next
    // transaction. After a commit there is nothing to roll back and the writer does nothing.
    fn drop(&mut self) {
        let _ = self.writes.send(Write::Rollback);
    }
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map_err(Error::internal)
}

fn read_all(connection: &mut Connection, jobs: &Mutex<Receiver<Read>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            // A dropped receiver needs no answer.
            Ok(Read::Query { answer, .. }) if answer.is_closed() => {}
            Ok(Read::Query { statements, answer }) => answer_unless_left(connection, &statements, answer),
            Ok(Read::Stop) | Err(_) => return,
        }
    }
}

/// Runs the statements, and stops when nobody waits for their rows any more.
fn answer_unless_left(connection: &mut Connection, statements: &[Sql], answer: Answer<Vec<Vec<Row>>>) {
    let answer = Arc::new(answer);
    let watched = Arc::clone(&answer);
    let rows = connection
        .progress_handler(STEPS, Some(move || watched.is_closed()))
        .map_err(|error| failure(&error))
        .and_then(|()| read_together(connection, statements));
    // Drops the other reference.
    let _ = connection.progress_handler(0, None::<fn() -> bool>);
    if let Some(answer) = Arc::into_inner(answer) {
        let _ = answer.send(rows);
    }
}

fn write_all(connection: &Connection, jobs: &Receiver<Write>) {
    let batch = |text: &str| connection.execute_batch(text).map_err(|error| failure(&error));
    while let Ok(job) = jobs.recv() {
        match job {
            Write::Begin(answer) => drop(answer.send(batch("BEGIN IMMEDIATE"))),
            Write::Run(sql, answer) => drop(answer.send(run(connection, &sql))),
            Write::Batch(text, answer) => drop(answer.send(batch(&text))),
            Write::Commit(answer) => drop(answer.send(batch("COMMIT"))),
            Write::Rollback => {
                if !connection.is_autocommit() {
                    // It fails only when SQLite has already rolled back.
                    let _ = batch("ROLLBACK");
                }
            }
            Write::Stop => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signals when it is dropped.
    struct Going(Option<oneshot::Sender<()>>);

    impl Drop for Going {
        fn drop(&mut self) {
            let _ = self.0.take().map(|gone| gone.send(()));
        }
    }

    /// It takes longer than any test waits.
    const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    #[tokio::test]
    async fn readers_are_free_again_when_nobody_waits_for_their_statements() {
        let folder = tempfile::tempdir().unwrap();
        let sqlite = Sqlite::open(&folder.path().join("rolecall.db")).await.unwrap();
        for _ in 0..READERS {
            let endless = sqlite.read(vec![Sql::new(ENDLESS)]);
            tokio::time::timeout(Duration::from_millis(50), endless).await.expect_err("it is endless");
        }
        let next = sqlite.read(vec![Sql::new("SELECT 1")]);
        let rows = tokio::time::timeout(LONGEST_WAIT, next).await.expect("all readers are busy").unwrap();
        assert_eq!(rows[0][0].int(0).unwrap(), 1);
        sqlite.close().await;
    }

    #[tokio::test]
    async fn an_endless_statement_is_canceled_when_its_receiver_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let sqlite = Sqlite::open(&folder.path().join("rolecall.db")).await.unwrap();
        let endless = Sql::new(ENDLESS);
        let (gone, is_gone) = oneshot::channel();
        let rows = sqlite.stream(vec![endless], NonZeroU16::MIN, Box::new(Going(Some(gone)))).unwrap();
        drop(rows);
        tokio::time::timeout(LONGEST_WAIT, is_gone).await.expect("it is read on").unwrap();
        sqlite.close().await;
    }
}
