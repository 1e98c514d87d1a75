//! The keys of access tokens, and what is remembered of verified tokens.

use std::fmt;

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

/// What a token said when its signature was verified.
#[derive(Debug, Clone)]
struct Verified {
    actor: Actor,
    purpose: Purpose,
    expires_at: UnixSeconds,
}

/// The keys that sign and verify access tokens.
pub struct TokenKeys {
    signing: SigningKey,
    verifying: VerifyingKeys,
    verified: Cache<SecretHash, Verified>,
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeys").finish_non_exhaustive()
    }
}

impl TokenKeys {
    /// Takes the key from the store, where all replicas share it; the first start makes it.
    ///
    /// # Errors
    /// When the store cannot be read or written, or what it holds is no key.
    pub async fn open(store: &Store, now: Timestamp) -> Result<Self> {
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
        Ok(Self { signing, verifying, verified: Cache::new(REMEMBERED) })
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

    /// The identity that an access token speaks for, and what it is good for. Whether the identity still exists, is enabled and
    /// signed in, the world decides.
    ///
    /// # Errors
    /// Unauthenticated when it is no token of ours or has expired.
    pub fn actor_of_token(&self, token: &str, policy: &Policy, now: Timestamp) -> Result<(Actor, Purpose)> {
        let refused = |e: TokenError| Error::unauthenticated(e.to_string());
        let now = UnixSeconds(now.seconds());
        let hash = SecretHash::of(token);
        if let Some(known) = self.verified.get(&hash) {
            let is_good = now < known.expires_at;
            return if is_good { Ok((known.actor, known.purpose)) } else { Err(refused(TokenError::Expired)) };
        }
        let claims = self.verifying.verify(token, now, &policy.public_url).map_err(refused)?;
        let session = SessionId::new(claims.session);
        let actor = match claims.kind {
            PrincipalKind::User => {
                Actor::User { email: Email::parse("sub", &claims.subject)?, id: UserId::new(claims.identity), session }
            }
            PrincipalKind::ServiceAccount => Actor::ServiceAccount {
                client_id: ClientId::parse("sub", &claims.subject)?,
                id: ServiceAccountId::new(claims.identity),
                session,
            },
        };
        let purpose = claims.purpose;
        self.verified.insert(hash, Verified { actor: actor.clone(), purpose, expires_at: claims.expires_at });
        Ok((actor, purpose))
    }
}
