//! The gate: the keys, what is remembered of verified tokens, and who has to wait.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use moka::sync::Cache;
use rolecall_core::access::Actor;
use rolecall_core::identity::{ClientId, Email, ServiceAccountId, SessionId, UserId};
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::device::DeviceKey;
use rolecall_signin::opaque::SecretHash;
use rolecall_signin::throttle::waiting::Waiting;
use rolecall_signin::throttle::{LONGEST_DELAY, Throttle};
use rolecall_signin::time::{UnixMillis, UnixSeconds};
use rolecall_signin::token::PrincipalKind;
use rolecall_signin::token::signing::SigningKey;
use rolecall_signin::token::verifying::{TokenError, VerifyingKeys};
use rolecall_store::Store;

use crate::app::Policy;
use crate::random::Random;

pub(in crate::app) const SIGNING_KEY: &str = "token-signing";
const DEVICE_KEY: &str = "device-proof";

/// How many verified tokens are remembered, so that their signatures are not paid for twice.
const REMEMBERED: u64 = 100_000;

/// By how many seconds the clock of the replica that issued a token may be ahead of ours.
const CLOCK_SKEW: i64 = 60;

/// What a token said when its signature was verified.
#[derive(Debug, Clone)]
struct Verified {
    actor: Actor,
    expires_at: UnixSeconds,
}

/// The gate through which everybody comes.
pub struct Gate {
    keys: ArcSwap<Keys>,
    throttle: Mutex<Throttle>,
    waiting: Waiting,
}

/// The keys of one history of the database, and what was verified by them.
pub struct Keys {
    signing: SigningKey,
    verifying: VerifyingKeys,
    device: DeviceKey,
    /// Tokens that were issued until then may name a session that the database has lost, or the end of which it has lost.
    doubted_until: UnixSeconds,
    // INVARIANT: it goes with the keys, so that nothing verified outlives them.
    verified: Cache<SecretHash, Verified>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Gate {
    /// Takes the keys from the store, where all replicas share them; the first start makes them.
    ///
    /// # Errors
    /// When the store cannot be read or written, or what it holds is no key.
    pub async fn open(store: &Store, random: &Random, now: Timestamp) -> Result<Self> {
        let keys = Keys::read(store, random, now, UnixSeconds(i64::MIN)).await?;
        Ok(Self { keys: ArcSwap::from_pointee(keys), throttle: Mutex::new(Throttle::new()), waiting: Waiting::new() })
    }

    /// Takes the keys of the history that the database has now, after it lost another one. Tokens from before count where
    /// that has their session.
    ///
    /// # Errors
    /// As [`Gate::open`].
    pub async fn begin_anew(&self, store: &Store, random: &Random, now: Timestamp) -> Result<()> {
        let keys = Keys::read(store, random, now, UnixSeconds(now.seconds().saturating_add(CLOCK_SKEW))).await?;
        self.keys.store(Arc::new(keys));
        Ok(())
    }

    /// The keys, as they are now.
    #[must_use]
    pub fn keys(&self) -> Arc<Keys> {
        self.keys.load_full()
    }

    /// Who an access token speaks for. Whether he is still there, enabled and signed in is for the world to say.
    ///
    /// # Errors
    /// Unauthenticated when it is no token of ours or has expired.
    pub async fn actor_of_token(&self, store: &Store, token: &str, policy: &Policy, now: Timestamp) -> Result<Actor> {
        let refused = |e: TokenError| Error::unauthenticated(e.to_string());
        let now = UnixSeconds(now.seconds());
        let hash = SecretHash::of(token);
        // Borrowed: cloning the `Arc` costs an atomic increment on the hot path (decision 13).
        if let Some(known) = self.keys.load().verified.get(&hash) {
            return if now < known.expires_at { Ok(known.actor) } else { Err(refused(TokenError::Expired)) };
        }
        let keys = self.keys();
        let claims = keys.verifying.verify(token, now, &policy.public_url).map_err(refused)?;
        let session = SessionId::new(claims.session);
        if claims.issued_at <= keys.doubted_until && !store.is_session_open(session).await? {
            return Err(Error::unauthenticated(
                "the database was restored or failed over, and does not have the session of this access token; sign in again",
            )
            .with_reason("session-ended"));
        }
        let actor = match claims.kind {
            PrincipalKind::User => {
                Actor::User { email: Email::known("sub", &claims.subject)?, id: UserId::new(claims.identity), session }
            }
            PrincipalKind::ServiceAccount => Actor::ServiceAccount {
                client_id: ClientId::known("sub", &claims.subject)?,
                id: ServiceAccountId::new(claims.identity),
                session,
            },
        };
        keys.verified.insert(hash, Verified { actor: actor.clone(), expires_at: claims.expires_at });
        Ok(actor)
    }

    /// Holds back whoever failed too often, by name and by address; never for longer than [`LONGEST_DELAY`].
    ///
    /// # Errors
    /// Too many when others wait for the same already.
    pub async fn hold_back(&self, name: &str, address: IpAddr, known_browser: bool, now: Timestamp) -> Result<()> {
        let delay = self.throttle().delay(name, address, known_browser, UnixMillis(now.millis()));
        if delay.is_zero() {
            return Ok(());
        }
        let Some(place) = self.waiting.enter(name, address, known_browser) else {
            return Err(Error::too_many("too many sign-ins are waiting; try again in a few seconds", LONGEST_DELAY));
        };
        tokio::time::sleep(delay).await;
        drop(place);
        Ok(())
    }

    /// Notes that a sign-in failed.
    pub fn failed(&self, name: &str, address: IpAddr, now: Timestamp) {
        self.throttle().failed(name, address, UnixMillis(now.millis()));
    }

    /// Notes that a sign-in succeeded.
    pub fn succeeded(&self, name: &str) {
        self.throttle().succeeded(name);
    }

    /// What a browser keeps to show later that this name has signed in from it before.
    #[must_use]
    pub fn device_proof(&self, name: &str, now: Timestamp) -> String {
        self.keys.load().device.issue(name, UnixSeconds(now.seconds()))
    }

    /// Whether a browser shows that this name has signed in from it before.
    #[must_use]
    pub fn knows_device(&self, name: &str, proof: Option<&str>, now: Timestamp) -> bool {
        proof.is_some_and(|proof| self.keys.load().device.verify(name, proof, UnixSeconds(now.seconds())))
    }

    fn throttle(&self) -> std::sync::MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    async fn read(store: &Store, random: &Random, now: Timestamp, doubted_until: UnixSeconds) -> Result<Self> {
        let der = match store.key(SIGNING_KEY).await? {
            Some(der) => der,
            None => {
                let generate = || -> Result<Vec<u8>> {
                    let key = SigningKey::generate().map_err(Error::internal)?;
                    Ok(key.to_pkcs8().map_err(Error::internal)?.to_vec())
                };
                let candidate = tokio::task::spawn_blocking(generate).await.map_err(Error::internal)??;
                store.key_or_insert(SIGNING_KEY, &candidate, now).await?
            }
        };
        let signing = SigningKey::from_pkcs8(&der).map_err(Error::internal)?;
        let device = store.key_or_insert(DEVICE_KEY, &random.bytes::<32>()?, now).await?;
        let device =
            device.as_slice().try_into().map_err(|_| Error::internal("the stored device key has not 32 bytes"))?;
        Ok(Self {
            verifying: VerifyingKeys::new(vec![signing.verifying_key()]),
            signing,
            device: DeviceKey::new(device),
            doubted_until,
            verified: Cache::new(REMEMBERED),
        })
    }

    /// The key that signs access tokens.
    #[must_use]
    pub const fn signing_key(&self) -> &SigningKey {
        &self.signing
    }

    /// The keys that verify them, for relying parties.
    #[must_use]
    pub const fn verifying_keys(&self) -> &VerifyingKeys {
        &self.verifying
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}
