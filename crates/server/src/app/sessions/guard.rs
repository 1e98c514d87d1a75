//! The sign-in guard: which attempts to prove an identity wait or are refused, and which browsers are known.

use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use rolecall_core::identity::UserId;
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::device::DeviceKey;
use rolecall_signin::throttle::attempts::{Attempts, Place};
use rolecall_signin::throttle::{LONGEST_DELAY, Throttle};
use rolecall_signin::time::{UnixMillis, UnixSeconds};
use rolecall_store::{Store, UserCredentials};

use crate::random::Random;

const DEVICE_KEY: &str = "device-proof";

/// The sign-in guard of this server. Replicas do not share it.
pub struct SignInGuard {
    device: ArcSwap<DeviceKey>,
    throttle: Mutex<Throttle>,
    attempts: Attempts,
    /// The users who are changing their password at this moment.
    changing: Arc<Mutex<HashSet<UserId>>>,
}

/// A user's turn to change the password; it ends when this is dropped, also when the request is canceled.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub struct PasswordTurn {
    user: UserId,
    changing: Arc<Mutex<HashSet<UserId>>>,
}

impl fmt::Debug for SignInGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInGuard").finish_non_exhaustive()
    }
}

impl SignInGuard {
    /// Takes the key of device proofs from the store, where all replicas share it; the first start makes it.
    ///
    /// # Errors
    /// When the store cannot be read or written, or what it holds is no key.
    pub async fn open(store: &Store, random: &Random, now: Timestamp) -> Result<Self> {
        Ok(Self {
            device: ArcSwap::from_pointee(read_device_key(store, random, now).await?),
            throttle: Mutex::new(Throttle::new()),
            attempts: Attempts::new(),
            changing: Arc::default(),
        })
    }

    /// Takes the key of the history that the database has now, after it lost another one.
    ///
    /// # Errors
    /// As [`SignInGuard::open`].
    pub async fn begin_anew(&self, store: &Store, random: &Random, now: Timestamp) -> Result<()> {
        self.device.store(Arc::new(read_device_key(store, random, now).await?));
        Ok(())
    }

    /// Waits until an attempt may be looked at, [`LONGEST_DELAY`] at most. The place has to be kept until its password was
    /// verified. Without a name only failures from the address count.
    ///
    /// # Errors
    /// `TooMany` for an address with failures of its own, or very many attempts at once, when too many are under way.
    pub async fn admit(&self, name: Option<&str>, address: IpAddr, now: Timestamp) -> Result<Place> {
        let check = lock(&self.throttle).check(name, address, UnixMillis(now.millis()));
        let Some(place) = self.attempts.enter(name, address, check.standing) else {
            return Err(Error::too_many("too many sign-ins are waiting; try again in a few seconds", LONGEST_DELAY));
        };
        if !check.delay.is_zero() {
            tokio::time::sleep(check.delay).await;
        }
        Ok(place)
    }

    /// Notes that an attempt failed. Without a name it counts for the address alone.
    pub fn failed(&self, name: Option<&str>, address: IpAddr, now: Timestamp) {
        lock(&self.throttle).failed(name, address, UnixMillis(now.millis()));
    }

    /// Notes that the owner of a name signed in.
    pub fn succeeded(&self, name: &str) {
        lock(&self.throttle).succeeded(name);
    }

    /// Takes a user's turn to change the password: a session guesses one password at a time.
    ///
    /// # Errors
    /// `TooMany` while the user has another change under way here.
    pub fn begin_password_change(&self, user: UserId) -> Result<PasswordTurn> {
        if !lock(&self.changing).insert(user) {
            let message = "another change of your password is under way; try again when it is done";
            return Err(Error::too_many(message, Duration::from_secs(1)));
        }
        Ok(PasswordTurn { user, changing: Arc::clone(&self.changing) })
    }

    /// What a browser keeps to show later that this user has signed in from it before.
    #[must_use]
    pub fn device_proof(&self, user: &UserCredentials, now: Timestamp) -> String {
        self.device.load().issue(user.id.uuid(), user.password_generation, UnixSeconds(now.seconds()))
    }

    /// Whether a browser shows that this user has signed in from it before, with the password of today.
    #[must_use]
    pub fn knows_device(&self, user: &UserCredentials, proof: &str, now: Timestamp) -> bool {
        self.device.load().verify(user.id.uuid(), user.password_generation, proof, UnixSeconds(now.seconds()))
    }
}

async fn read_device_key(store: &Store, random: &Random, now: Timestamp) -> Result<DeviceKey> {
    let key = store.key_or_insert(DEVICE_KEY, &random.bytes::<32>()?, now).await?;
    let key = key.as_slice().try_into().map_err(|_| Error::internal("the stored device key does not have 32 bytes"))?;
    Ok(DeviceKey::new(key))
}

impl Drop for PasswordTurn {
    fn drop(&mut self) {
        lock(&self.changing).remove(&self.user);
    }
}

/// Nothing can panic while one of the locks is held, so what is behind it is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
