//! What was read of each provider, kept for a while: providers are asked when needed, and not at each sign-in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolecall_core::identity::{Provider, ProviderId};
use rolecall_core::{Revision, Timestamp};

use super::Failure;
use crate::app::App;

/// How long a document is used before it is read again.
pub(super) const USUAL_AGE: Duration = Duration::from_secs(10 * 60);
/// How old a document is at most where a key is missing: the provider may have rotated its keys. Wrong tokens make this
/// server ask no more often.
pub(super) const FRESH: Duration = Duration::from_secs(5);
/// How long a failure is repeated without asking again.
const FAILED: Duration = Duration::from_secs(5);

/// What was read of all providers of a kind.
#[derive(Debug)]
pub(super) struct Kept<T>(Mutex<HashMap<ProviderId, Known<T>>>);

#[derive(Debug)]
struct Known<T> {
    changed: Revision,
    read_at: Timestamp,
    found: Result<Arc<T>, Failure>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// What was read of that provider, at most that old; otherwise it is read now.
    pub(super) async fn or_read(
        &self,
        app: &App,
        provider: &Provider,
        at_most: Duration,
        read: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Arc<T>, Failure> {
        if let Some(found) = self.serving(provider, at_most, app.clock.now()) {
            return found;
        }
        let found = read.await.map(Arc::new);
        let world = app.engine.known()?.world;
        let known = Known { changed: provider.changed, read_at: app.clock.now(), found: found.clone() };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|id, _| world.provider(*id).is_some());
        all.insert(provider.id, known);
        found
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn serving(&self, provider: &Provider, at_most: Duration, now: Timestamp) -> Option<Result<Arc<T>, Failure>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(&provider.id).filter(|known| known.changed == provider.changed)?;
        let at_most = if known.found.is_ok() { at_most } else { FAILED };
        (now.since(known.read_at) < at_most).then(|| known.found.clone())
    }
}
