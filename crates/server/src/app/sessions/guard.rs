//! The sign-in guard: which sign-in attempts wait or are refused, and which browsers are known.

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
use zeroize::Zeroizing;

use crate::app::Vault;
use crate::random::Random;

const DEVICE_KEY: &str = "device-proof";

/// The sign-in guard of this server. Replicas do not share it.
pub struct SignInGuard {
    device: ArcSwap<DeviceKey>,
    throttle: Mutex<Throttle>,
    attempts: Attempts,
    /// The users with a password change in progress.
    changing: Arc<Mutex<HashSet<UserId>>>,
}

/// A user's turn to change their password; it ends when this is dropped, also when the request is canceled.
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
    /// Reads the key of device proofs from the store, which all replicas share; the first start creates it.
    ///
    /// # Errors
    /// When the store cannot be read or written, or its value is not a key.
    pub async fn open(store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<Self> {
        Ok(Self {
            device: ArcSwap::from_pointee(read_device_key(store, vault, random, now).await?),
            throttle: Mutex::new(Throttle::new()),
            attempts: Attempts::new(),
            changing: Arc::default(),
        })
    }

    /// Reads the key of the database's current history, after it lost the previous one.
    ///
    /// # Errors
    /// As [`SignInGuard::open`].
    pub async fn begin_anew(&self, store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<()> {
        self.device.store(Arc::new(read_device_key(store, vault, random, now).await?));
        Ok(())
    }

    /// Waits until an attempt may be verified, at most [`LONGEST_DELAY`]. Keep the place until its password is
    /// verified. Without a name only failures from the address count.
    ///
    /// # Errors
    /// `TooMany` for an address with failures, or with very many concurrent attempts, when too many are in progress.
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

    /// Records a failed attempt. Without a name it counts for the address alone.
    pub fn failed(&self, name: Option<&str>, address: IpAddr, now: Timestamp) {
        lock(&self.throttle).failed(name, address, UnixMillis(now.millis()));
    }

    /// Records that the owner of a name signed in.
    pub fn succeeded(&self, name: &str) {
        lock(&self.throttle).succeeded(name);
    }

    /// Takes a user's turn to change their password: a session guesses one password at a time.
    ///
    /// # Errors
    /// `TooMany` while the user has another change in progress here.
    pub fn begin_password_change(&self, user: UserId) -> Result<PasswordTurn> {
        if !lock(&self.changing).insert(user) {
            let message = "another change of your password is in progress; try again when it has finished";
            return Err(Error::too_many(message, Duration::from_secs(1)));
        }
        Ok(PasswordTurn { user, changing: Arc::clone(&self.changing) })
    }

    /// The device proof for a browser from which this user signed in.
    #[must_use]
    pub fn device_proof(&self, user: &UserCredentials, now: Timestamp) -> String {
        self.device.load().issue(user.id.uuid(), user.password_generation, UnixSeconds(now.seconds()))
    }

    /// Whether a browser proves that this user has signed in from it before, with the current password.
    #[must_use]
    pub fn knows_device(&self, user: &UserCredentials, proof: &str, now: Timestamp) -> bool {
        self.device.load().verify(user.id.uuid(), user.password_generation, proof, UnixSeconds(now.seconds()))
    }
}

async fn read_device_key(store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<DeviceKey> {
    let make = async || Ok(Zeroizing::new(random.bytes::<32>()?.to_vec()));
    let key = vault.secret((store, random, now), DEVICE_KEY, make).await?;
    let key = key.as_slice().try_into().map_err(|_| Error::internal("the stored device key does not have 32 bytes"))?;
    Ok(DeviceKey::new(key))
}

impl Drop for PasswordTurn {
    fn drop(&mut self) {
        lock(&self.changing).remove(&self.user);
    }
}

/// Nothing panics while a lock is held, so a poisoned lock holds consistent data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
