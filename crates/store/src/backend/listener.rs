//! Listening on PostgreSQL: a dedicated connection that is notified of committed changes.
//!
//! A notification is a reason to look; its absence proves nothing, since notifications are not repeated for later
//! listeners. Followers therefore also poll.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use rolecall_core::{Error, Result};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::{AsyncMessage, Client, Connection, Socket};

use super::failure::unavailable;
use super::postgres::{Connector, Stream, failure};

/// Idempotent, so it also proves that the connection works.
const LISTEN: &str = "LISTEN rolecall_changes";
/// Maximum time until a connection listens.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Silence after which the peer has to prove that it is alive (decision 10).
const PROVEN_FOR: Duration = Duration::from_secs(5);
/// Maximum time for the proof.
const LONGEST_PROOF: Duration = Duration::from_secs(2);

/// A listening connection. Dropping it closes it.
pub(crate) struct Listener {
    client: Client,
    connection: Connection<Socket, Stream>,
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}

impl Listener {
    pub(super) async fn connect(connector: &Connector) -> Result<Self> {
        let listening = timeout(LONGEST_WAIT, async {
            let (client, mut connection) = connector.connect().await.map_err(|error| failure(&error))?;
            // Notifications that arrive before are not recorded: a new listener looks first.
            within(&mut connection, client.batch_execute(LISTEN)).await?;
            Ok(Self { client, connection })
        });
        listening.await.map_err(|_| unavailable("no connection to listen on"))?
    }

    /// Waits until changes are committed, by any process. Not cancellation-safe: dropping it loses the time of silence.
    ///
    /// # Errors
    /// `Overloaded` when the connection is lost.
    pub(crate) async fn heard(&mut self) -> Result<()> {
        loop {
            let until = Instant::now() + PROVEN_FOR;
            if let Ok(told) = timeout_at(until, poll_fn(|cx| told(&mut self.connection, cx))).await {
                return told;
            }
            let proof = timeout(LONGEST_PROOF, self.client.batch_execute(LISTEN));
            tokio::select! {
                // Proves the connection as an answer would.
                told = poll_fn(|cx| told(&mut self.connection, cx)) => return told,
                answered = proof => {
                    let answered = answered.map_err(|_| unavailable("the connection that listens is silent"))?;
                    answered.map_err(|error| failure(&error))?;
                }
            }
        }
    }
}

/// Runs a query on a connection while driving it.
async fn within(
    connection: &mut Connection<Socket, Stream>,
    work: impl Future<Output = Result<(), tokio_postgres::Error>>,
) -> Result<()> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done.map_err(|error| failure(&error)),
            told = poll_fn(|cx| told(connection, cx)) => told?,
        }
    }
}

/// Whether anything was announced. Everything that has arrived counts as one.
fn told(connection: &mut Connection<Socket, Stream>, cx: &mut Context<'_>) -> Poll<Result<()>> {
    let mut heard = false;
    loop {
        match connection.poll_message(cx) {
            Poll::Ready(Some(Ok(AsyncMessage::Notification(_)))) => heard = true,
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(failure(&error))),
            Poll::Ready(None) => return Poll::Ready(Err(closed())),
            Poll::Pending if heard => return Poll::Ready(Ok(())),
            Poll::Pending => return Poll::Pending,
        }
    }
}

fn closed() -> Error {
    unavailable("the connection that listens was closed")
}
