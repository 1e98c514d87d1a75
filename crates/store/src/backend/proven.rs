//! Checks that a pooled connection still answers before it is used.
//!
//! A connection can be lost silently: a router drops it, or a host stops. Statements then go out without an answer for
//! as long as the network accepts bytes. Only an answer proves that the peer is alive. A request that already waits on
//! such a connection ends by its own timeout.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::{ClientWrapper, Hook, HookError, Metrics};
use tokio::time::timeout;

/// Time since the last use within which a connection needs no check: under load there are no checks.
const PROVEN_FOR: Duration = Duration::from_secs(1);
/// Maximum time for the check.
const LONGEST_PROOF: Duration = Duration::from_secs(2);

/// When a connection was last found dead.
type Silence = Mutex<Option<Instant>>;

/// The pool's check before it reuses a connection; a connection that fails is closed.
pub(super) fn hook() -> Hook {
    let silence = Arc::new(Silence::default());
    Hook::async_fn(move |connection, metrics| {
        let silence = Arc::clone(&silence);
        Box::pin(async move { prove(connection, metrics, &silence).await })
    })
}

async fn prove(connection: &ClientWrapper, metrics: &Metrics, silence: &Silence) -> Result<(), HookError> {
    let last_used = metrics.recycled.unwrap_or(metrics.created);
    let silent = *silence.lock().unwrap_or_else(PoisonError::into_inner);
    // If one idle connection is dead, assume all are: checking each would multiply the timeout, and new connections are
    // cheap.
    if silent.is_some_and(|noticed| last_used < noticed) {
        return Err(HookError::message("another connection was found silent since"));
    }
    if last_used.elapsed() < PROVEN_FOR {
        return Ok(());
    }
    match timeout(LONGEST_PROOF, connection.simple_query("")).await {
        Ok(answered) => answered.map(drop).map_err(HookError::Backend),
        Err(_) => {
            *silence.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            Err(HookError::message("it is silent"))
        }
    }
}
