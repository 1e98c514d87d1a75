//! SQLite: a few reader threads and one writer thread, each with its own connection.
//!
//! SQLite's calls block, so they never run on a thread of the async runtime. All writes of this process use one
//! connection. Another process (`rolecall admin`) may write to the same file; the busy timeout covers that.

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rolecall_core::{Error, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::Done;
use super::failure::{not_writable, taken, unavailable};
use super::stream::{self, Abandoned, Kept, Rows, Source};
use crate::sql::{Row, Sql, Value};

/// Maximum concurrent queries.
const READERS: usize = 4;
/// Maximum queries that wait for a reader; more are refused at once.
const MOST_WAITING_READS: usize = 1024;
/// Maximum wait of a transaction for its turn, and for another writing process.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Maximum prepared statements of a connection.
const STATEMENTS: usize = 200;
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

/// Device and inode of a file.
#[derive(Debug, PartialEq, Eq)]
struct Identity(u64, u64);

impl Identity {
    fn of(file: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(file).map(|metadata| Self(metadata.dev(), metadata.ino()))
    }
}

/// Creates the file, which contains secrets, readable for its owner alone; and its directory if missing.
fn create(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // SQLite gives the files beside it (-wal, -shm) the same mode.
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(file)?;
    Ok(())
}

fn cannot_open(file: &Path, cause: &dyn std::fmt::Display) -> Error {
    let file: PathBuf = file.to_owned();
    Error::invalid(format!("the database file {} cannot be opened: {cause}", file.display()))
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = open_with(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    write_ahead(&connection)?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    Ok(connection)
}

/// Has a new file use a write-ahead log. Of two connections that do so at once SQLite refuses one without waiting, since each
/// would wait for the other; the next try finds it done.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    const PAUSE: Duration = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    loop {
        match connection.execute_batch("PRAGMA journal_mode = WAL;") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && waited < LONGEST_WAIT => {
                thread::sleep(PAUSE);
                waited += PAUSE;
            }
            done => return done,
        }
    }
}

/// A connection that writes nothing, not even the WAL into the file when it closes last.
fn connect_to_read(file: &Path) -> rusqlite::Result<Connection> {
    open_with(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn open_with(file: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(LONGEST_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
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

fn read_together(connection: &Connection, statements: &[Sql]) -> Result<Vec<Vec<Row>>> {
    if let [one] = statements {
        return Ok(vec![run(connection, one)?.rows]);
    }
    let snapshot = connection.unchecked_transaction().map_err(|error| failure(&error))?;
    statements.iter().map(|sql| run(&snapshot, sql).map(|done| done.rows)).collect()
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

fn run(connection: &Connection, sql: &Sql) -> Result<Done> {
    run_raw(connection, sql).map_err(|error| failure(&error))
}

fn run_raw(connection: &Connection, sql: &Sql) -> rusqlite::Result<Done> {
    let mut statement = connection.prepare_cached(&in_its_words(sql))?;
    bind(&mut statement, sql)?;
    let columns = statement.column_count();
    if columns == 0 {
        let touched = statement.raw_execute()?;
        return Ok(Done { rows: Vec::new(), touched: u64::try_from(touched).unwrap_or(u64::MAX) });
    }
    let mut rows = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next()? {
        rows.push(values_of(row, columns)?);
    }
    let touched = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    Ok(Done { rows, touched })
}

/// Sends the rows of the statements as they are received.
fn send_all(
    connection: &mut Connection,
    statements: &[Sql],
    part: NonZeroU16,
    source: &Source,
    runtime: &Handle,
) -> Result<()> {
    let failed = |error: rusqlite::Error| failure(&error);
    connection.progress_handler(STEPS, Some(source.is_abandoned())).map_err(failed)?;
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let most = usize::from(part.get());
    for (place, sql) in statements.iter().enumerate() {
        let send = |rows| {
            let sent = runtime.block_on(source.send(place, rows));
            sent.map_err(|Abandoned| unavailable("nobody takes the rows"))
        };
        let mut statement = snapshot.prepare(&in_its_words(sql)).map_err(failed)?;
        bind(&mut statement, sql).map_err(failed)?;
        let columns = statement.column_count();
        let mut cursor = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = cursor.next().map_err(failed)? {
            rows.push(values_of(row, columns).map_err(failed)?);
            if rows.len() == most {
                send(std::mem::take(&mut rows))?;
            }
        }
        send(rows)?;
    }
    Ok(())
}

/// The text of a statement. It contains `$` only in parameters, since all input of callers is bound as values.
fn in_its_words(sql: &Sql) -> String {
    sql.text().replace('$', "?")
}

fn bind(statement: &mut rusqlite::Statement<'_>, sql: &Sql) -> rusqlite::Result<()> {
    sql.values().iter().enumerate().try_for_each(|(at, value)| statement.raw_bind_parameter(at + 1, bound(value)))
}

fn bound(value: &Value) -> rusqlite::types::ToSqlOutput<'_> {
    rusqlite::types::ToSqlOutput::Borrowed(match value {
        Value::Null => ValueRef::Null,
        Value::Int(value) => ValueRef::Integer(*value),
        Value::Text(value) => ValueRef::Text(value.as_bytes()),
        Value::Bytes(value) => ValueRef::Blob(value),
    })
}

fn values_of(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Row> {
    let values = (0..columns).map(|column| row.get_ref(column).and_then(|value| value_of(column, value)));
    values.collect::<rusqlite::Result<_>>().map(Row::new)
}

fn value_of(column: usize, value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Text(_) => Value::Text(value.as_str()?.to_owned()),
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
        ValueRef::Real(_) => {
            return Err(rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Real));
        }
    })
}

fn failure(error: &rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(code, message) = error {
        let message = message.as_deref().unwrap_or_default();
        match (code.code, code.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => return taken(message),
            (ErrorCode::DiskFull, _) => return not_writable("its disk is full").with_cause(error),
            (ErrorCode::ReadOnly, _) => return not_writable("it is read-only").with_cause(error),
            (_, ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ) => return unavailable(error),
            (ErrorCode::SystemIoFailure, _) => return not_writable("its disk reports an error").with_cause(error),
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::OperationInterrupted, _) => {
                return unavailable(error);
            }
            _ => {}
        }
    }
    Error::internal(format!("SQLite: {error}"))
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

    #[test]
    fn a_new_file_is_opened_by_all_who_come_at_once() {
        for _ in 0..100 {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("rolecall.db");
            create(&file).unwrap();
            let together = std::sync::Barrier::new(8);
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        together.wait();
                        connect(&file).unwrap();
                    });
                }
            });
        }
    }

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
