//! PostgreSQL: a connection pool, and conversions of values to the type of a parameter or column.
//!
//! `address`, `tls` and `connector` establish connections.

mod address;
mod connector;
mod tls;

use std::error::Error as _;
use std::future::Future;
use std::io::ErrorKind;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use rolecall_core::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{CancelToken, Config, IsolationLevel};
use tokio_postgres_rustls::MakeRustlsConnect;

use self::address::Address;
pub(super) use self::connector::{Connector, Stream};
use super::failure::{not_writable, taken, unavailable};
use super::listener::Listener;
use super::places::{Connection, Places};
use super::stream::{self, Abandoned, Kept, Rows, Source};
use super::{Done, Purpose, proven};
use crate::sql::{Row, Sql, Value};

/// Maximum connections of a process.
const CONNECTIONS: usize = 16;
/// Maximum wait for a pooled or new connection.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Maximum wait of a change for earlier changes in this process.
const LONGEST_TURN: Duration = Duration::from_secs(10);
/// How long sent bytes may stay unacknowledged before the connection counts as lost.
const LONGEST_SILENCE: Duration = Duration::from_secs(15);
/// Interval at which an abandoned statement is canceled again.
const SAID_AGAIN: Duration = Duration::from_secs(1);
/// Maximum prepared statements of a connection. Lists make many texts; without a limit they would accumulate.
const STATEMENTS: usize = 200;
/// Limits that the server enforces, in milliseconds: a waiting or idle transaction must not block others.
const LIMITS: &str = "-c lock_timeout=10000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=30000";
/// Begins a read-only transaction on one snapshot.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// The advisory lock under which the schema is changed: `rolecall` in ASCII.
const MIGRATION_LOCK: &str = "8245935277855761516";

/// An open PostgreSQL database.
#[derive(Debug)]
pub(crate) struct Postgres {
    pool: Pool,
    places: Places,
    /// Opens connections, also ones outside the pool.
    connector: Connector,
    /// The holder of its only permit may change access. The revision's row serializes changes anyway; waiting here
    /// keeps waiting changes from using up the connections.
    turn: Arc<Semaphore>,
}

impl Postgres {
    /// With writable sessions.
    pub(super) async fn open(url: &str) -> Result<Self> {
        Self::open_with(Address::parse(url)?.for_writing()?, LIMITS).await
    }

    /// With read-only sessions: the server rejects changes. A standby is sufficient.
    pub(super) async fn open_to_read(url: &str) -> Result<Self> {
        Self::open_with(Address::parse(url)?, &format!("{LIMITS} -c default_transaction_read_only=on")).await
    }

    async fn open_with(mut address: Address, limits: &str) -> Result<Self> {
        for host in &mut address.hosts {
            let options = host.get_options().map(|own| format!("{limits} {own}"));
            host.options(options.as_deref().unwrap_or(limits))
                .application_name("rolecall")
                .connect_timeout(LONGEST_WAIT)
                .keepalives_idle(LONGEST_SILENCE)
                .tcp_user_timeout(LONGEST_SILENCE);
        }
        let connector = Connector::new(address, LONGEST_WAIT)?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        // The connector has a configuration for each host.
        let manager = Manager::from_connect(Config::new(), connector.clone(), recycling);
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .wait_timeout(Some(LONGEST_WAIT))
            .create_timeout(Some(LONGEST_WAIT))
            .recycle_timeout(Some(LONGEST_WAIT))
            .pre_recycle(proven::hook())
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(Error::internal)?;
        let postgres = Self { pool, places: Places::new(CONNECTIONS), connector, turn: Arc::new(Semaphore::new(1)) };
        postgres.ensure_lets_in().await?;
        postgres.ensure_utf8().await?;
        Ok(postgres)
    }

    /// Connects for the first time. A failure caused by the address is reported as an invalid address, which is not
    /// worth retrying.
    async fn ensure_lets_in(&self) -> Result<()> {
        let Err(PoolError::Backend(error)) = self.pool.get().await else { return Ok(()) };
        let refused = match error.as_db_error() {
            Some(told) if is_about_address(told.code()) => Some(told.message().to_owned()),
            _ => tls::refusal(&error),
        };
        Err(refused.map_or_else(|| failure(&error), |why| Error::invalid(format!("database address: {why}"))))
    }

    async fn ensure_utf8(&self) -> Result<()> {
        let rows = self.read(vec![Sql::new("SELECT current_setting('server_encoding')")]).await?;
        match rows.first().and_then(|rows| rows.first()).map(|row| row.text(0)).transpose()? {
            Some("UTF8") => Ok(()),
            other => Err(Error::invalid(format!(
                "the database's encoding is {}; create the database with ENCODING 'UTF8' (and TEMPLATE template0)",
                other.unwrap_or("unknown")
            ))),
        }
    }

    async fn connection(&self) -> Result<Connection> {
        // The pool's own timeouts apply to single steps, of which there may be several.
        let connection = tokio::time::timeout(LONGEST_WAIT, self.places.connection(&self.pool)).await;
        let connection =
            connection.map_err(|_| unavailable("no connection of the pool answers, and there is no other"))?;
        let connection = connection.map_err(|error| match error {
            // For example a database that is being recreated.
            PoolError::Backend(error) => match failure(&error) {
                error if error.kind == rolecall_core::ErrorKind::Internal => unavailable(error),
                error => error,
            },
            error => unavailable(error),
        })?;
        if connection.statement_cache.size() > STATEMENTS {
            connection.statement_cache.clear();
        }
        Ok(connection)
    }

    pub(super) async fn read(&self, statements: Vec<Sql>) -> Result<Vec<Vec<Row>>> {
        let connection = self.connection().await?;
        let (mut answer, answered) = oneshot::channel();
        let tls = self.connector.tls();
        tokio::spawn(async move {
            let canceled = {
                let mut reading = pin!(read_together(&connection, &statements));
                tokio::select! {
                    rows = &mut reading => {
                        // The caller may have left.
                        let _ = answer.send(rows);
                        false
                    }
                    () = answer.closed() => {
                        let _ = cancel(&connection.cancel_token(), tls, reading).await;
                        true
                    }
                }
            };
            if canceled {
                connection.discard();
            }
        });
        answered.await.map_err(unavailable)?
    }

    /// In a transaction that fetches rows in parts, so that no statement timeout applies to the whole.
    pub(super) async fn stream(&self, statements: Vec<Sql>, part: NonZeroU16, kept: Kept) -> Result<Rows> {
        let mut connection = self.connection().await?;
        let (source, rows) = stream::rows(kept);
        let tls = self.connector.tls();
        tokio::spawn(async move {
            let token = connection.cancel_token();
            let (how, canceled) = {
                let mut reading = pin!(send_all(&mut connection, &statements, part, &source));
                tokio::select! {
                    how = &mut reading => (how, false),
                    // Otherwise it would be read up to its next rows, however far these are.
                    () = source.abandoned() => (cancel(&token, tls, reading).await, true),
                }
            };
            if canceled {
                connection.discard();
            } else {
                drop(connection);
            }
            source.end(how).await;
        });
        Ok(rows)
    }

    pub(super) async fn begin(&self, purpose: Purpose) -> Result<Transaction> {
        let turn = match purpose {
            Purpose::Record | Purpose::Migrate => None,
            Purpose::Change => {
                let turn = tokio::time::timeout(LONGEST_TURN, Arc::clone(&self.turn).acquire_owned());
                let turn = turn.await.map_err(|_| unavailable("too many changes wait for their turn"))?;
                Some(turn.map_err(unavailable)?)
            }
        };
        let text = match purpose {
            Purpose::Record | Purpose::Change => "BEGIN".to_owned(),
            // Rebuilding a large table may take longer than any timeout.
            Purpose::Migrate => format!(
                "BEGIN; SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = 0; \
                 SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
            ),
        };
        Transaction::begin(self.connection().await?, turn, &text).await
    }

    pub(super) async fn listen(&self) -> Result<Listener> {
        Listener::connect(&self.connector).await
    }

    pub(super) fn renew(&self) {
        self.pool.retain(|_, _| false);
    }

    pub(super) fn close(&self) {
        self.turn.close();
        self.pool.close();
    }
}

/// A transaction on its own connection.
#[derive(Debug)]
pub(crate) struct Transaction {
    connection: Connection,
    _turn: Option<OwnedSemaphorePermit>,
    over: bool,
}

impl Transaction {
    async fn begin(connection: Connection, turn: Option<OwnedSemaphorePermit>, text: &str) -> Result<Self> {
        // Created before it begins, so that dropping it during BEGIN rolls back.
        let transaction = Self { connection, _turn: turn, over: false };
        transaction.connection.batch_execute(text).await.map_err(|error| failure(&error))?;
        Ok(transaction)
    }

    pub(super) async fn run(&mut self, sql: &Sql) -> Result<Done> {
        run(&self.connection, sql).await
    }

    pub(super) async fn batch(&mut self, text: &str) -> Result<()> {
        self.connection.batch_execute(text).await.map_err(|error| failure(&error))
    }

    pub(super) async fn commit(mut self) -> Result<()> {
        self.batch("COMMIT").await?;
        self.over = true;
        Ok(())
    }
}

impl Drop for Transaction {
    // INVARIANT: a connection returns to the pool idle. Requests of one connection are sent in the order in which they
    // are first polled and answered in that order, so polling once is enough: the next user of the connection comes
    // after the rollback. If the connection is lost, so is the transaction.
    fn drop(&mut self) {
        if !self.over {
            let rollback = pin!(self.connection.batch_execute("ROLLBACK"));
            let _ = rollback.poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}

/// Ends a statement that nobody waits for. The caller then discards the connection, because a late cancel request must
/// not end another statement on it.
async fn cancel<T>(token: &CancelToken, tls: MakeRustlsConnect, mut reading: Pin<&mut impl Future<Output = T>>) -> T {
    loop {
        // Repeated because the first request may have arrived before the statement. Its end shows whether the request
        // was heard.
        let _ = token.cancel_query(tls.clone()).await;
        if let Ok(how) = tokio::time::timeout(SAID_AGAIN, &mut reading).await {
            return how;
        }
    }
}

/// The rows of each statement, from one snapshot.
async fn read_together(connection: &Connection, statements: &[Sql]) -> Result<Vec<Vec<Row>>> {
    if let [one] = statements {
        return Ok(vec![run(connection, one).await?.rows]);
    }
    let failed = |error: tokio_postgres::Error| failure(&error);
    connection.batch_execute(SNAPSHOT).await.map_err(failed)?;
    let mut answers = Vec::with_capacity(statements.len());
    for sql in statements {
        match run(connection, sql).await {
            Ok(done) => answers.push(done.rows),
            Err(error) => {
                connection.batch_execute("ROLLBACK").await.map_err(failed)?;
                return Err(error);
            }
        }
    }
    connection.batch_execute("COMMIT").await.map_err(failed)?;
    Ok(answers)
}

/// Sends the rows of the statements as they are received.
async fn send_all(connection: &mut Connection, statements: &[Sql], part: NonZeroU16, source: &Source) -> Result<()> {
    let failed = |error: tokio_postgres::Error| failure(&error);
    let snapshot = connection.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let snapshot = snapshot.start().await.map_err(failed)?;
    for (place, sql) in statements.iter().enumerate() {
        let statement = snapshot.prepare_cached(sql.text()).await.map_err(failed)?;
        let portal = snapshot.bind(&statement, &parameters(sql)).await.map_err(failed)?;
        loop {
            let rows = snapshot.query_portal(&portal, i32::from(part.get())).await.map_err(failed)?;
            let is_last = rows.len() < usize::from(part.get());
            let rows: Result<Vec<Row>, _> = rows.iter().map(row).collect();
            let sent = source.send(place, rows.map_err(failed)?).await;
            sent.map_err(|Abandoned| unavailable("nobody takes the rows"))?;
            if is_last {
                break;
            }
        }
    }
    snapshot.commit().await.map_err(failed)
}

fn parameters(sql: &Sql) -> Vec<&(dyn ToSql + Sync)> {
    sql.values().iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

async fn run(connection: &Connection, sql: &Sql) -> Result<Done> {
    run_raw(connection, sql).await.map_err(|error| failure(&error))
}

async fn run_raw(connection: &Connection, sql: &Sql) -> Result<Done, tokio_postgres::Error> {
    let statement = connection.prepare_cached(sql.text()).await?;
    let values = parameters(sql);
    if statement.columns().is_empty() {
        let touched = connection.execute(&statement, &values).await?;
        return Ok(Done { rows: Vec::new(), touched });
    }
    let rows: Result<Vec<Row>, _> = connection.query(&statement, &values).await?.iter().map(row).collect();
    let rows = rows?;
    let touched = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    Ok(Done { rows, touched })
}

fn row(row: &tokio_postgres::Row) -> Result<Row, tokio_postgres::Error> {
    (0..row.len()).map(|column| row.try_get(column)).collect::<Result<_, _>>().map(Row::new)
}

/// The file with the private key in an address; `None` where the address is invalid.
pub(crate) fn client_key(url: &str) -> Option<PathBuf> {
    Address::parse(url).ok()?.tls.key().map(Path::to_owned)
}

/// Whether the server refuses this user or database.
fn is_about_address(code: &SqlState) -> bool {
    [SqlState::INVALID_AUTHORIZATION_SPECIFICATION, SqlState::INVALID_PASSWORD, SqlState::INVALID_CATALOG_NAME]
        .contains(code)
}

/// Whether the session was refused because it cannot write. The library finds that out itself.
fn is_read_only(error: &tokio_postgres::Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    source.is_some_and(|source| source.kind() == ErrorKind::PermissionDenied && source.raw_os_error().is_none())
}

pub(super) fn failure(error: &tokio_postgres::Error) -> Error {
    if let Some(why) = tls::refusal(error) {
        return unavailable(why);
    }
    if is_read_only(error) {
        return not_writable(
            "it is a standby or read-only; set the primary's host, or several hosts, in the database address",
        )
        .with_cause(error);
    }
    let told = match error.source() {
        Some(source) => format!("PostgreSQL: {error}: {source}"),
        None => format!("PostgreSQL: {error}"),
    };
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => taken(&told),
        Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => not_writable("it is read-only, or a standby").with_cause(told),
        Some(&SqlState::DISK_FULL) => not_writable("its disk is full").with_cause(told),
        Some(&SqlState::IO_ERROR) => not_writable("its disk reports an error").with_cause(told),
        Some(
            &(SqlState::LOCK_NOT_AVAILABLE
            | SqlState::QUERY_CANCELED
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::TOO_MANY_CONNECTIONS
            | SqlState::ADMIN_SHUTDOWN
            | SqlState::CRASH_SHUTDOWN
            | SqlState::CANNOT_CONNECT_NOW
            | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT),
        ) => unavailable(told),
        Some(_) => Error::internal(told),
        // Without a message from the server it is the connection, or a value of the wrong type.
        None if error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()) => {
            unavailable(told)
        }
        None => Error::internal(told),
    }
}

type Misfit = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Misfit> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Self::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::INT2) => i16::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::BOOL) => (*value != 0).to_sql(ty, out),
            (Self::Text(value), ty) if <&str as ToSql>::accepts(ty) => value.to_sql(ty, out),
            (Self::Bytes(value), &Type::BYTEA) => value.to_sql(ty, out),
            (value, ty) => Err(format!("a parameter of type {ty} is given {}", value.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Misfit> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT2 => Self::Int(i64::from(i16::from_sql(ty, raw)?)),
            Type::BOOL => Self::Int(i64::from(bool::from_sql(ty, raw)?)),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            _ => Self::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Misfit> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL | Type::BYTEA)
            || <String as FromSql<'_>>::accepts(ty)
    }
}
