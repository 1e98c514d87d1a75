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
pub(super) struct Kept<T>(Mutex<HashMap<ProviderId, Arc<Known<T>>>>);

/// What is known of one provider, as it was at a change.
#[derive(Debug)]
struct Known<T> {
    changed: Revision,
    /// Held while it is read: the others wait for the result.
    turn: tokio::sync::Mutex<()>,
    last: Mutex<Last<T>>,
}

#[derive(Debug)]
struct Last<T> {
    read: Option<(Timestamp, Arc<T>)>,
    failed: Option<(Timestamp, Failure)>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// What was read of that provider, at most that old; otherwise it is read now, once for all who wait. A failure to read
    /// it anew leaves what is not too old for the usual purposes.
    pub(super) async fn or_read(
        &self,
        app: &App,
        provider: &Provider,
        at_most: Duration,
        read: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Arc<T>, Failure> {
        let known = self.of(app, provider)?;
        if let Some(found) = known.serving(at_most, app.clock.now()) {
            return found;
        }
        let _turn = known.turn.lock().await;
        if let Some(found) = known.serving(at_most, app.clock.now()) {
            return found;
        }
        let found = read.await.map(Arc::new);
        known.note(found, app.clock.now())
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn of(&self, app: &App, provider: &Provider) -> Result<Arc<Known<T>>, Failure> {
        let world = app.engine.known()?.world;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|id, _| world.provider(*id).is_some());
        if let Some(known) = all.get(&provider.id).filter(|known| known.changed == provider.changed) {
            return Ok(known.clone());
        }
        let last = Mutex::new(Last { read: None, failed: None });
        let known = Arc::new(Known { changed: provider.changed, turn: tokio::sync::Mutex::default(), last });
        all.insert(provider.id, known.clone());
        Ok(known)
    }
}

impl<T> Known<T> {
    /// What need not be read again.
    fn serving(&self, at_most: Duration, now: Timestamp) -> Option<Result<Arc<T>, Failure>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = last.within(at_most, now) {
            return Some(Ok(read));
        }
        let (failed_at, failure) = last.failed.as_ref()?;
        let is_recent = now.since(*failed_at) < FAILED;
        is_recent.then(|| last.within(USUAL_AGE, now).ok_or_else(|| failure.clone()))
    }

    fn note(&self, found: Result<Arc<T>, Failure>, now: Timestamp) -> Result<Arc<T>, Failure> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Ok(read) => {
                *last = Last { read: Some((now, read.clone())), failed: None };
                Ok(read)
            }
            Err(failure) => {
                last.failed = Some((now, failure.clone()));
                last.within(USUAL_AGE, now).ok_or(failure)
            }
        }
    }
}

impl<T> Last<T> {
    fn within(&self, at_most: Duration, now: Timestamp) -> Option<Arc<T>> {
        let (read_at, read) = self.read.as_ref()?;
        (now.since(*read_at) < at_most).then(|| read.clone())
    }
}
