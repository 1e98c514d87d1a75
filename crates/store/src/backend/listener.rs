//! Listening on PostgreSQL: a connection of its own that hears of changes as they are committed.
//!
//! Hearing something is a reason to look, and hearing nothing says nothing: what was announced while nobody listened is
//! not told later. So whoever listens looks now and then all the same.

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

/// Saying it again changes nothing, so it proves the connection as well.
const LISTEN: &str = "LISTEN rolecall_changes";
/// How long a connection may take to listen.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// After how long without a word the other end has to prove that it is there (decision 10).
const PROVEN_FOR: Duration = Duration::from_secs(5);
/// How long the proof may take.
const LONGEST_PROOF: Duration = Duration::from_secs(2);

/// A connection that listens. It goes when its value goes, and nobody has to be asked for that.
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
            // What arrives at once needs no remembering: whoever begins to listen looks first.
            within(&mut connection, client.batch_execute(LISTEN)).await?;
            Ok(Self { client, connection })
        });
        listening.await.map_err(|_| unavailable("no connection to listen on"))?
    }

    /// Waits until changes were committed, by whomever. Not for a race with something else: dropped before it is done, it
    /// forgets how long it has heard nothing.
    ///
    /// # Errors
    /// Overloaded when the connection is lost.
    pub(crate) async fn heard(&mut self) -> Result<()> {
        loop {
            let until = Instant::now() + PROVEN_FOR;
            if let Ok(told) = timeout_at(until, poll_fn(|cx| told(&mut self.connection, cx))).await {
                return told;
            }
            let proof = timeout(LONGEST_PROOF, self.client.batch_execute(LISTEN));
            tokio::select! {
                // As good a proof as an answer.
                told = poll_fn(|cx| told(&mut self.connection, cx)) => return told,
                answered = proof => {
                    let answered = answered.map_err(|_| unavailable("the connection that listens is silent"))?;
                    answered.map_err(|error| failure(&error))?;
                }
            }
        }
    }
}

/// Does something on a connection that somebody has to drive meanwhile.
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

/// Whether something was announced. All that has arrived counts as once.
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
