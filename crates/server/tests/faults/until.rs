//! Waiting for what can be observed, with a deadline.

use std::future::Future;
use std::time::{Duration, Instant};

/// How long anything may take that should happen by itself soon. Far more than it takes, for busy machines.
pub const SOON: Duration = Duration::from_secs(30);

/// Asks again and again until there is an answer, and says how long that took.
///
/// # Panics
/// When the deadline passes, with `what` was waited for.
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
