//! The keys of access tokens, and the cache of verified tokens.

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

use crate::app::Vault;
use crate::config::PublicUrl;
use crate::random::Random;

pub(in crate::app) const SIGNING_KEY: &str = "token-signing";

/// Maximum cached tokens, so that their signatures are verified once.
const REMEMBERED: u64 = 100_000;

/// Allowed clock difference, in seconds, to the replica that issued a token.
const CLOCK_SKEW: i64 = 60;

/// The claims of a verified token.
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

/// The keys of one history of the database, and the tokens verified with them.
pub struct Keys {
    signing: SigningKey,
    verifying: VerifyingKeys,
    /// Tokens issued up to this time may name a session that the database has lost, or whose end it has lost.
    doubted_until: UnixSeconds,
    // INVARIANT: it is replaced with the keys, so that no verified token outlives them.
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
    /// Reads the key from the store, which all replicas share; the first start creates it.
    ///
    /// # Errors
    /// When the store cannot be read or written, or its value is not a key.
    pub async fn open(store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<Self> {
        let keys = Keys::read(store, vault, random, now, UnixSeconds(i64::MIN)).await?;
        Ok(Self { keys: ArcSwap::from_pointee(keys) })
    }

    /// Reads the keys of the database's current history, after it lost the previous one. Earlier tokens remain valid if
    /// their session still exists.
    ///
    /// # Errors
    /// As [`TokenKeys::open`].
    pub async fn begin_anew(&self, store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<()> {
        let doubted_until = UnixSeconds(now.seconds().saturating_add(CLOCK_SKEW));
        let keys = Keys::read(store, vault, random, now, doubted_until).await?;
        self.keys.store(Arc::new(keys));
        Ok(())
    }

    /// The current keys.
    #[must_use]
    pub fn current(&self) -> Arc<Keys> {
        self.keys.load_full()
    }

    /// The identity and purpose of an access token. The world decides whether the identity exists, is enabled and
    /// signed in.
    ///
    /// # Errors
    /// `Unauthenticated` when it is not a token of this server or has expired.
    pub async fn actor_of_token(
        &self,
        store: &Store,
        token: &str,
        public_url: &PublicUrl,
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
        let claims = keys.verifying.verify(token, now, public_url.as_str()).map_err(refused)?;
        let session = SessionId::new(claims.session);
        if claims.issued_at <= keys.doubted_until && !store.is_session_open(session).await? {
            return Err(Error::unauthenticated(
                "the database was restored or failed over and lost this session; sign in again",
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
    async fn read(
        store: &Store,
        vault: &Vault,
        random: &Random,
        now: Timestamp,
        doubted_until: UnixSeconds,
    ) -> Result<Self> {
        let generate = async || {
            let generate = || SigningKey::generate().and_then(|key| key.to_pkcs8()).map_err(Error::internal);
            tokio::task::spawn_blocking(generate).await.map_err(Error::internal)?
        };
        let der = vault.secret((store, random, now), SIGNING_KEY, generate).await?;
        let signing = SigningKey::from_pkcs8(&der).map_err(Error::internal)?;
        let verifying = VerifyingKeys::new(vec![signing.verifying_key()]);
        Ok(Self { signing, verifying, doubted_until, verified: Cache::new(REMEMBERED) })
    }

    /// The key that signs access tokens.
    #[must_use]
    pub const fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The keys that verify tokens, for relying parties.
    #[must_use]
    pub const fn verifying(&self) -> &VerifyingKeys {
        &self.verifying
    }
}
