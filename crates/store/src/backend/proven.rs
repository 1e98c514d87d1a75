//! Whether a connection of the pool still answers, found out before somebody relies on it.
//!
//! A connection can be lost without a word: a router forgets it, a host stops amid everything. Statements then go out and no
//! answer comes, for as long as the network in between takes the bytes. Only what is asked of the other end proves that it
//! is there. Whoever waits on such a connection already is not helped from here; his own limit ends that.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::{ClientWrapper, Hook, HookError, Metrics};
use tokio::time::timeout;

/// How long after its last use a connection needs no proof: under load none is asked for any.
const PROVEN_FOR: Duration = Duration::from_secs(1);
/// How long the proof may take.
const LONGEST_PROOF: Duration = Duration::from_secs(2);

/// When a connection was last found silent.
type Silence = Mutex<Option<Instant>>;

/// What the pool asks before it hands out a connection again; one that fails is closed.
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
    // What befell one befell the others: to ask each of them would take as many times as long, and new ones cost little.
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
