//! The keys of access tokens, and what is remembered of verified tokens.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use moka::sync::Cache;
use rolecall_core::access::Actor;
use rolecall_core::identity::{ClientId, Email, ServiceAccountId, SessionId, UserId};
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::opaque::SecretHash;
use rolecall_signin::time::UnixSeconds;
use rolecall_signin::token::signing::SigningKey;
use rolecall_signin::token::verifying::{TokenError, VerifyingKeys};
use rolecall_signin::token::{PrincipalKind, Purpose};
use rolecall_store::Store;

use crate::app::Policy;

pub(in crate::app) const SIGNING_KEY: &str = "token-signing";

/// How many verified tokens are remembered, so that their signatures are not paid for twice.
const REMEMBERED: u64 = 100_000;

/// By how many seconds the clock of the replica that issued a token may be ahead of ours.
const CLOCK_SKEW: i64 = 60;

/// What a token said when its signature was verified.
#[derive(Debug, Clone)]
struct Verified {
    actor: Actor,
    purpose: Purpose,
    expires_at: UnixSeconds,
}

/// The keys that sign and verify access tokens.
pub struct TokenKeys {
    keys: ArcSwap<Keys>,
}

/// The keys of one history of the database, and what was verified by them.
pub struct Keys {
    signing: SigningKey,
    verifying: VerifyingKeys,
    /// Tokens that were issued until then may name a session that the database has lost, or the end of which it has lost.
    doubted_until: UnixSeconds,
    // INVARIANT: it goes with the keys, so that nothing verified outlives them.
    verified: Cache<SecretHash, Verified>,
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeys").finish_non_exhaustive()
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl TokenKeys {
    /// Takes the key from the store, where all replicas share it; the first start makes it.
    ///
    /// # Errors
    /// When the store cannot be read or written, or what it holds is no key.
    pub async fn open(store: &Store, now: Timestamp) -> Result<Self> {
        let keys = Keys::read(store, now, UnixSeconds(i64::MIN)).await?;
        Ok(Self { keys: ArcSwap::from_pointee(keys) })
    }

    /// Takes the keys of the history that the database has now, after it lost another one. Tokens from before count where
    /// that has their session.
    ///
    /// # Errors
    /// As [`TokenKeys::open`].
    pub async fn begin_anew(&self, store: &Store, now: Timestamp) -> Result<()> {
        let keys = Keys::read(store, now, UnixSeconds(now.seconds().saturating_add(CLOCK_SKEW))).await?;
        self.keys.store(Arc::new(keys));
        Ok(())
    }

    /// The keys, as they are now.
    #[must_use]
    pub fn current(&self) -> Arc<Keys> {
        self.keys.load_full()
    }

    /// The identity that an access token speaks for, and what it is good for. Whether the identity still exists, is enabled and
    /// signed in, the world decides.
    ///
    /// # Errors
    /// Unauthenticated when it is no token of ours or has expired.
    pub async fn actor_of_token(
        &self,
        store: &Store,
        token: &str,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<(Actor, Purpose)> {
        let refused = |e: TokenError| Error::unauthenticated(e.to_string());
        let now = UnixSeconds(now.seconds());
        let hash = SecretHash::of(token);
        // Borrowed: cloning the `Arc` costs an atomic increment on the hot path (decision 13).
        if let Some(known) = self.keys.load().verified.get(&hash) {
            let is_good = now < known.expires_at;
            return if is_good { Ok((known.actor, known.purpose)) } else { Err(refused(TokenError::Expired)) };
        }
        let keys = self.current();
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
        let purpose = claims.purpose;
        keys.verified.insert(hash, Verified { actor: actor.clone(), purpose, expires_at: claims.expires_at });
        Ok((actor, purpose))
    }
}

impl Keys {
    async fn read(store: &Store, now: Timestamp, doubted_until: UnixSeconds) -> Result<Self> {
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
        let verifying = VerifyingKeys::new(vec![signing.verifying_key()]);
        Ok(Self { signing, verifying, doubted_until, verified: Cache::new(REMEMBERED) })
    }

    /// The key that signs access tokens.
    #[must_use]
    pub const fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The keys that verify them, for relying parties.
    #[must_use]
    pub const fn verifying(&self) -> &VerifyingKeys {
        &self.verifying
    }
}
