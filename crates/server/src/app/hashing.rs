//! Password hashing, on dedicated threads behind a bounded queue with two lanes.
//!
//! Hashing is slow on purpose. One thread per core does nothing else. A job that finds its lane full is refused at
//! once. The rest of the server never waits for hashing: not in a queue, and on Linux not for a core either.
//!
//! INVARIANT: attempts from addresses with failures queue in the second lane, so they take neither a place in the first
//! one nor more than a quarter of the threads while the first one has jobs.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rolecall_core::{Error, Result, World};
use rolecall_signin::password::hash::{Hasher, Matched, PasswordHash};
use rolecall_signin::password::policy;
use rolecall_signin::secret::Secret;
use rolecall_signin::throttle::attempts::Lane;
use tokio::sync::oneshot;

/// Maximum jobs that wait in the first lane: at about 15 ms each, more would wait longer than clients do.
const FIRST_LANE: usize = 128;

/// Maximum jobs that wait in the second lane.
const SECOND_LANE: usize = 64;

/// Of this many jobs, the second lane gets one while both have some.
const SECOND_LANE_GETS_ONE_OF: u32 = 4;

/// Niceness of the hashing threads: they get idle time, or about a tenth of a busy core.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

enum Job {
    Hash { password: Secret, salt: [u8; 16], answer: oneshot::Sender<Result<String>> },
    Judge { password: Secret, email: String, old: Secret, world: Arc<World>, answer: oneshot::Sender<Result<()>> },
    Verify { password: Secret, stored: Option<Box<PasswordHash>>, answer: oneshot::Sender<Matched> },
}

#[derive(Default)]
struct Lanes {
    first: VecDeque<Job>,
    second: VecDeque<Job>,
    taken: u32,
    closed: bool,
}

impl Lanes {
    fn take(&mut self) -> Option<Job> {
        self.taken = self.taken.wrapping_add(1);
        if self.taken.is_multiple_of(SECOND_LANE_GETS_ONE_OF) {
            self.second.pop_front().or_else(|| self.first.pop_front())
        } else {
            self.first.pop_front().or_else(|| self.second.pop_front())
        }
    }
}

#[derive(Default)]
struct Queue {
    lanes: Mutex<Lanes>,
    has_job: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; `None` when the pool was dropped and no job is left.
    fn next(&self) -> Option<Job> {
        let mut lanes = self.lock();
        loop {
            if let Some(job) = lanes.take() {
                return Some(job);
            }
            if lanes.closed {
                return None;
            }
            lanes = self.has_job.wait(lanes).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The hashing threads. They end when the pool is dropped.
pub struct HashingPool {
    queue: Arc<Queue>,
}

impl std::fmt::Debug for HashingPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashingPool")
    }
}

impl Drop for HashingPool {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.has_job.notify_all();
    }
}

impl HashingPool {
    /// Starts a thread for each core.
    ///
    /// # Errors
    /// `Internal` when the system cannot start threads.
    pub fn start() -> Result<Self> {
        let pool = Self { queue: Arc::default() };
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for number in 0..threads {
            let queue = Arc::clone(&pool.queue);
            thread::Builder::new()
                .name(format!("hashing-{number}"))
                .spawn(move || work(&queue))
                .map_err(|e| Error::internal(format!("a hashing thread could not be started: {e}")))?;
        }
        Ok(pool)
    }

    /// Hashes a password for storage, in the first lane: the caller is authenticated.
    ///
    /// # Errors
    /// `Invalid` when it is too long; `Overloaded` when the lane is full.
    pub async fn hash(&self, password: &Secret, salt: [u8; 16]) -> Result<String> {
        let (answer, answered) = oneshot::channel();
        self.send(Lane::First, Job::Hash { password: password.clone(), salt, answer })?;
        answered.await.map_err(Error::internal)?
    }

    /// Checks that the user with this email may choose this password instead of `old`, which was verified. In the first
    /// lane.
    ///
    /// # Errors
    /// `Invalid`, with what is wrong and how to improve it; `Overloaded` when the lane is full.
    pub async fn judge(&self, password: &Secret, email: &str, world: Arc<World>, old: &Secret) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        let (password, email, old) = (password.clone(), email.to_owned(), old.clone());
        self.send(Lane::First, Job::Judge { password, email, old, world, answer })?;
        answered.await.map_err(Error::internal)?
    }

    /// Whether a password matches the stored one. `None` stands for no user: no match, after the same work.
    ///
    /// # Errors
    /// `Overloaded` when this lane is full; `Internal` when the stored text is not a hash.
    pub async fn verify(&self, password: &Secret, stored: Option<&str>, lane: Lane) -> Result<Matched> {
        let stored = stored.map(|text| PasswordHash::parse(text).map(Box::new)).transpose().map_err(Error::internal)?;
        let (answer, answered) = oneshot::channel();
        self.send(lane, Job::Verify { password: password.clone(), stored, answer })?;
        answered.await.map_err(Error::internal)
    }

    fn send(&self, lane: Lane, job: Job) -> Result<()> {
        let mut lanes = self.queue.lock();
        let (lane, most) = match lane {
            Lane::First => (&mut lanes.first, FIRST_LANE),
            Lane::Second => (&mut lanes.second, SECOND_LANE),
        };
        if lane.len() >= most {
            return Err(Error::overloaded("too many sign-ins at once; try again", Duration::from_secs(1)));
        }
        lane.push_back(job);
        self.queue.has_job.notify_one();
        Ok(())
    }
}

/// Makes the system prefer all other threads to this one.
#[cfg(target_os = "linux")]
fn give_way() {
    // On Linux each thread has its own niceness. If this fails, hashing works all the same.
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "the priority of the hashing threads could not be lowered");
    }
}

/// Elsewhere niceness applies to the whole process.
#[cfg(not(target_os = "linux"))]
const fn give_way() {}

fn work(queue: &Queue) {
    give_way();
    let mut hasher = Hasher::new();
    // A canceled request needs no answer: its job is skipped, or its answer is dropped.
    while let Some(job) = queue.next() {
        match job {
            Job::Hash { password, salt, answer } => {
                if !answer.is_closed() {
                    let hash = hasher.hash(&password, &salt).map(|hash| hash.to_phc());
                    let _ = answer.send(hash.map_err(|e| Error::invalid(e.to_string())));
                }
            }
            Job::Judge { password, email, old, world, answer } => {
                if !answer.is_closed() {
                    let judged = policy::check(&password, &email, names(&world), Some(&old));
                    let _ = answer.send(judged.map_err(|e| Error::invalid(format!("newPassword: {e}"))));
                }
            }
            Job::Verify { password, stored, answer } => {
                if !answer.is_closed() {
                    let _ = answer.send(hasher.verify(&password, stored.as_deref()));
                }
            }
        }
    }
}

/// Widely known names of the account: its own, and those of its clusters and departments.
fn names(world: &World) -> impl Iterator<Item = &str> {
    let clusters = world.clusters().filter_map(move |id| world.cluster(id)).map(|cluster| cluster.name.as_str());
    let departments = world.clusters().flat_map(move |cluster| world.departments_of(cluster));
    let departments = departments.filter_map(move |id| world.department(id)).map(|department| department.name.as_str());
    std::iter::once(world.account().name.as_str()).chain(clusters).chain(departments)
}

#[cfg(test)]
mod tests {
    use super::{Job, Lanes, SECOND_LANE_GETS_ONE_OF};
    use rolecall_signin::secret::Secret;
    use tokio::sync::oneshot;

    fn job() -> Job {
        Job::Hash { password: Secret::from(""), salt: [0; 16], answer: oneshot::channel().0 }
    }

    #[test]
    fn the_second_lane_gets_a_quarter_while_both_have_jobs_and_everything_otherwise() {
        let mut lanes = Lanes::default();
        lanes.first.extend((0..30).map(|_| job()));
        lanes.second.extend((0..30).map(|_| job()));
        for _ in 0..40 {
            assert!(lanes.take().is_some());
        }
        assert_eq!((lanes.first.len(), lanes.second.len()), (0, 20));
        assert_eq!(SECOND_LANE_GETS_ONE_OF, 4);
        for _ in 0..20 {
            assert!(lanes.take().is_some());
        }
        assert!(lanes.take().is_none());
    }
}
