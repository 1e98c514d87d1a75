//! Password hashing, on threads of its own behind a bounded queue.
//!
//! Hashing is slow on purpose. As many threads as there are cores do nothing else; whoever comes when the queue is full is
//! told at once to come back, and nothing else of the server waits for any of it: not in a queue, and on Linux not for a
//! core either.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rolecall_core::{Error, Result};
use rolecall_signin::password::hash::{Hasher, PasswordHash};
use rolecall_signin::password::policy;
use rolecall_signin::secret::Secret;
use tokio::sync::oneshot;

/// How many may wait: at some 15 ms each, more would wait longer than they are willing to.
const QUEUE: usize = 128;

/// How far the hashing threads stand back: they get what the others leave, or about a tenth where those want everything.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

enum Job {
    Hash { password: Secret, salt: [u8; 16], answer: oneshot::Sender<Result<String>> },
    Judge { password: Secret, email: String, old: Secret, answer: oneshot::Sender<Result<()>> },
    Verify { password: Secret, stored: Option<Box<PasswordHash>>, answer: oneshot::Sender<bool> },
}

/// The hashing threads. They end when the pool is dropped.
#[derive(Debug)]
pub struct HashingPool {
    jobs: SyncSender<Job>,
}

impl HashingPool {
    /// Starts a thread for each core.
    ///
    /// # Errors
    /// Internal when the system gives no threads.
    pub fn start() -> Result<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for number in 0..threads {
            let queue = queue.clone();
            thread::Builder::new()
                .name(format!("hashing-{number}"))
                .spawn(move || work(&queue))
                .map_err(|e| Error::internal(format!("no thread for hashing: {e}")))?;
        }
        Ok(Self { jobs })
    }

    /// Hashes a password for storing.
    ///
    /// # Errors
    /// Invalid when it is too long; overloaded when too many wait already.
    pub async fn hash(&self, password: &Secret, salt: [u8; 16]) -> Result<String> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Hash { password: password.clone(), salt, answer })?;
        answered.await.map_err(Error::internal)?
    }

    /// Whether somebody may choose this password in place of `old`. Judging how easily it is guessed takes its time, too.
    ///
    /// # Errors
    /// Invalid, with what is wrong and how to do better; overloaded when too many wait already.
    pub async fn judge(&self, password: &Secret, email: &str, old: &Secret) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Judge { password: password.clone(), email: email.to_owned(), old: old.clone(), answer })?;
        answered.await.map_err(Error::internal)?
    }

    /// Whether a password is the stored one. `None` stands for nobody: false, after the same work.
    ///
    /// # Errors
    /// Overloaded when too many wait already; internal when what is stored is no hash.
    pub async fn verify(&self, password: &Secret, stored: Option<&str>) -> Result<bool> {
        let stored = stored.map(|text| PasswordHash::parse(text).map(Box::new)).transpose().map_err(Error::internal)?;
        let (answer, answered) = oneshot::channel();
        self.send(Job::Verify { password: password.clone(), stored, answer })?;
        answered.await.map_err(Error::internal)
    }

    fn send(&self, job: Job) -> Result<()> {
        self.jobs.try_send(job).map_err(|e| match e {
            TrySendError::Full(_) => Error::overloaded("too many sign-ins at once; try again", Duration::from_secs(1)),
            TrySendError::Disconnected(_) => Error::internal("the hashing threads have ended"),
        })
    }
}

/// Lets the system prefer all other threads to this one.
#[cfg(target_os = "linux")]
fn give_way() {
    // On Linux a thread has a niceness of its own. Without it hashing works all the same.
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "hashing has the same priority as everything else");
    }
}

/// Elsewhere a niceness is the whole process's.
#[cfg(not(target_os = "linux"))]
const fn give_way() {}

fn work(queue: &Mutex<Receiver<Job>>) {
    give_way();
    let mut hasher = Hasher::new();
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            // Whoever asked may have gone; then nobody takes the answer, and that is fine.
            Ok(Job::Hash { password, salt, answer }) => {
                let hash = hasher.hash(&password, &salt).map(|hash| hash.to_phc());
                let _ = answer.send(hash.map_err(|e| Error::invalid(e.to_string())));
            }
            Ok(Job::Judge { password, email, old, answer }) => {
                let judged = policy::check(&password, &email, Some(&old));
                let _ = answer.send(judged.map_err(|e| Error::invalid(format!("newPassword: {e}"))));
            }
            Ok(Job::Verify { password, stored, answer }) => {
                if !answer.is_closed() {
                    let _ = answer.send(hasher.verify(&password, stored.as_deref()));
                }
            }
            Err(_) => return,
        }
    }
}
