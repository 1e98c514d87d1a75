//! The limit of concurrent connections.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use rolecall_core::{Error, Result};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// File descriptors reserved for the database, the log and the system.
const OTHER_FILES: u64 = 64;
/// The default where the system allows more: a connection also costs memory.
const USUAL_MOST: u64 = 10_000;
/// Minimum interval between the same log lines.
const AGAIN: Duration = Duration::from_secs(60);

/// How long one open connection has to give way before another one is asked.
const GIVING_WAY: Duration = Duration::from_millis(250);

/// Permits for connections.
pub(super) struct Places {
    free: Arc<Semaphore>,
    /// Notified when a connection waits: one of those that wait to be asked gives way.
    wanted: Arc<Notify>,
    most: u64,
    told: Seldom,
}

impl Places {
    /// As many as the setting; by default the process's file limit without the reserve.
    ///
    /// # Errors
    /// `Invalid` when the process may not open that many files.
    pub(super) fn new(setting: Option<NonZeroU32>) -> Result<Self> {
        let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        let most = most(setting, files)?;
        let places = usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS);
        Ok(Self { free: Arc::new(Semaphore::new(places)), wanted: Arc::default(), most, told: Seldom::default() })
    }

    /// Where an open connection waits until it is asked to give way.
    pub(super) fn wanted(&self) -> Arc<Notify> {
        self.wanted.clone()
    }

    /// Waits for a permit, which is released on drop. Open connections are asked to give way, the first that can be asked
    /// first, so that nobody holds them all for long.
    pub(super) async fn take(&mut self) -> OwnedSemaphorePermit {
        if let Ok(place) = self.free.clone().try_acquire_owned() {
            return place;
        }
        if self.told.is_due() {
            let most = self.most;
            tracing::warn!(most, "all --max-connections connections are in use; new ones wait until one gives way");
        }
        loop {
            self.wanted.notify_one();
            // The semaphore is never closed.
            if let Ok(Ok(place)) = timeout(GIVING_WAY, self.free.clone().acquire_owned()).await {
                return place;
            }
        }
    }
}

fn most(setting: Option<NonZeroU32>, files: Option<u64>) -> Result<u64> {
    let files = files.unwrap_or(u64::MAX);
    let room = files.saturating_sub(OTHER_FILES).max(1);
    let Some(wanted) = setting.map(|number| u64::from(number.get())) else { return Ok(room.min(USUAL_MOST)) };
    if wanted > room {
        return Err(Error::invalid(format!(
            "max-connections: {wanted} connections and {OTHER_FILES} other files exceed the {files} files that this process may \
             open; raise that limit (ulimit -n, or LimitNOFILE of systemd) or set fewer connections"
        )));
    }
    Ok(wanted)
}

/// A rate limit for a log line.
#[derive(Debug, Default)]
pub(super) struct Seldom(Option<Instant>);

impl Seldom {
    pub(super) fn is_due(&mut self) -> bool {
        let is_due = self.0.is_none_or(|told| told.elapsed() >= AGAIN);
        if is_due {
            self.0 = Some(Instant::now());
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::most;

    #[test]
    fn the_file_limit_leaves_room_for_other_files() {
        assert_eq!(most(None, Some(1024)).unwrap(), 960);
        assert_eq!(most(None, Some(10)).unwrap(), 1);
        assert_eq!(most(None, Some(1_048_576)).unwrap(), 10_000);
        assert_eq!(most(None, None).unwrap(), 10_000);
        assert_eq!(most(NonZeroU32::new(960), Some(1024)).unwrap(), 960);
        assert_eq!(most(NonZeroU32::new(50_000), None).unwrap(), 50_000);
        let error = most(NonZeroU32::new(961), Some(1024)).unwrap_err();
        assert!(error.message.contains("961") && error.message.contains("1024"), "{error}");
    }
}
