//! Waits for observable events, with a deadline.

use std::future::Future;
use std::time::{Duration, Instant};

/// Maximum time for events that should come soon. Far more than they take, for busy machines.
pub const SOON: Duration = Duration::from_secs(30);

/// Polls until there is a result, and returns how long that took.
///
/// # Panics
/// When the deadline passes, naming `what` was expected.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> (T, Duration) {
    let began = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return (found, began.elapsed());
        }
        assert!(began.elapsed() < SOON, "waited {SOON:?} in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
