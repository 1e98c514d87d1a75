//! Connecting: the hosts of the address in turn, each with its share of the time, with the required TLS.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use deadpool_postgres::{ConfigConnectImpl, Connect};
use rolecall_core::{Error, Result};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::Address;
use super::tls::{Renewed, refusal};

/// The transport of a connection.
pub(in crate::backend) type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

type Failure = tokio_postgres::Error;

/// Connects to the first suitable host of an address. Clones share what is known about the hosts.
#[derive(Clone)]
pub(in crate::backend) struct Connector(Arc<Hosts>);

struct Hosts {
    first: Config,
    others: Vec<Config>,
    tls: Renewed,
    /// Index of the host that answered last. It is tried first, since earlier hosts in the address may be down.
    newest: AtomicUsize,
    /// Maximum time for one of several hosts, from resolving its name to a ready session.
    longest: Duration,
}

impl Connector {
    /// All hosts together may take `longest`.
    ///
    /// # Errors
    /// `Invalid` when a certificate or key cannot be used.
    pub(super) fn new(address: Address, longest: Duration) -> Result<Self> {
        let mut hosts = address.hosts.into_iter();
        let first = hosts.next().ok_or_else(|| Error::invalid("database address: no host"))?;
        let others: Vec<Config> = hosts.collect();
        let longest = longest / u32::try_from(1 + others.len()).unwrap_or(u32::MAX);
        let tls = Renewed::read(address.tls)?;
        Ok(Self(Arc::new(Hosts { first, others, tls, newest: AtomicUsize::new(0), longest })))
    }

    /// Cancels a statement.
    pub(super) fn tls(&self) -> MakeRustlsConnect {
        self.0.tls.connector()
    }

    /// A connection that the caller drives.
    pub(in crate::backend) async fn connect(&self) -> Result<(Client, Connection<Socket, Stream>), Failure> {
        self.0.first_that_answers(|host, tls| async move { host.connect(tls).await }).await
    }
}

impl Hosts {
    fn host(&self, place: usize) -> &Config {
        place.checked_sub(1).and_then(|place| self.others.get(place)).unwrap_or(&self.first)
    }

    async fn first_that_answers<T, F: Future<Output = Result<T, Failure>>>(
        &self,
        connect: impl Fn(Config, MakeRustlsConnect) -> F,
    ) -> Result<T, Failure> {
        let tls = self.tls.connector();
        let count = 1 + self.others.len();
        let mut place = self.newest.load(Ordering::Relaxed);
        for _ in 1..count {
            let attempt = with_or_without_tls(&connect, self.host(place), &tls);
            if let Ok(Ok(connected)) = timeout(self.longest, attempt).await {
                self.newest.store(place, Ordering::Relaxed);
                return Ok(connected);
            }
            place = (place + 1) % count;
        }
        // The last host reports the error; the callers have their own timeout.
        let connected = with_or_without_tls(&connect, self.host(place), &tls).await?;
        self.newest.store(place, Ordering::Relaxed);
        Ok(connected)
    }
}

/// `sslmode=prefer` continues without TLS where TLS fails, or where the server accepts only connections without it.
async fn with_or_without_tls<T, F: Future<Output = Result<T, Failure>>>(
    connect: &impl Fn(Config, MakeRustlsConnect) -> F,
    host: &Config,
    tls: &MakeRustlsConnect,
) -> Result<T, Failure> {
    match connect(host.clone(), tls.clone()).await {
        Err(error) if host.get_ssl_mode() == SslMode::Prefer && is_about_tls(&error) => {
            let mut without = host.clone();
            without.ssl_mode(SslMode::Disable);
            connect(without, tls.clone()).await
        }
        done => done,
    }
}

fn is_about_tls(error: &Failure) -> bool {
    refusal(error).is_some() || error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

/// For the pool: a task drives the connection.
impl Connect for Connector {
    fn connect(
        &self,
        _: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Failure>> + Send + '_>> {
        Box::pin(self.0.first_that_answers(|host, tls| async move { ConfigConnectImpl { tls }.connect(&host).await }))
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}
