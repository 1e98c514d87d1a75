//! Signing in with an identity provider, from the click to the session. `rolecall_signin` decides what of the provider's
//! messages to believe, and `rolecall_core` whom they mean and whether that person may come in.
//!
//! | step | here |
//! |---|---|
//! | which providers people can sign in with | [`offers`] |
//! | send the browser to the provider | [`begin`] |
//! | check its answer and open the session | [`finish`] |

mod admit;
mod documents;
mod failure;
mod flow;
mod oidc;
mod person;

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rolecall_core::identity::{Provider, ProviderAlias, ProviderKind};
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::sealed::SealingKey;
use rolecall_store::Store;
use zeroize::Zeroizing;

use super::{App, Vault};
use crate::outbound::Outbound;
use crate::random::Random;
use documents::Documents;

pub use failure::Failure;
pub use oidc::{Begun, begin, finish};

/// The name of the key that seals what a browser keeps during a sign-in.
const FLOW_KEY: &str = "sign-in-flow";

/// What sign-ins with identity providers need.
pub struct Sso {
    outbound: Outbound,
    flows: ArcSwap<SealingKey>,
    documents: Documents,
}

impl fmt::Debug for Sso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sso").finish_non_exhaustive()
    }
}

impl Sso {
    /// Reads the key of flows from the store, which all replicas share; the first start creates it.
    ///
    /// # Errors
    /// When the store cannot be read or written, or its value is not a key.
    pub async fn open(
        store: &Store,
        vault: &Vault,
        random: &Random,
        now: Timestamp,
        outbound: Outbound,
    ) -> Result<Self> {
        let flows = ArcSwap::from_pointee(read_flow_key(store, vault, random, now).await?);
        Ok(Self { outbound, flows, documents: Documents::default() })
    }

    /// Reads the key of the database's current history, after it lost the previous one.
    ///
    /// # Errors
    /// As [`Sso::open`].
    pub async fn begin_anew(&self, store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<()> {
        self.flows.store(Arc::new(read_flow_key(store, vault, random, now).await?));
        Ok(())
    }
}

async fn read_flow_key(store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<SealingKey> {
    let make = async || Ok(Zeroizing::new(random.bytes::<{ SealingKey::LENGTH }>()?.to_vec()));
    let key = vault.secret((store, random, now), FLOW_KEY, make).await?;
    let key = key.as_slice().try_into().map_err(|_| Error::internal("the stored flow key does not have 32 bytes"))?;
    SealingKey::new(key).map_err(Error::internal)
}

/// A provider that people can sign in with.
#[derive(Debug)]
pub struct Offer {
    /// Its alias.
    pub alias: ProviderAlias,
    /// Its protocol.
    pub kind: ProviderKind,
}

/// The providers that people can sign in with, by alias.
///
/// # Errors
/// `Overloaded` when this server does not know the newest changes.
pub fn offers(app: &App) -> Result<Vec<Offer>> {
    let world = app.engine.current(app.clock.now())?;
    let usable = |provider: &&Provider| provider.enabled && provider.kind == ProviderKind::Oidc;
    let mut offers: Vec<_> =
        world.providers().filter(usable).map(|it| Offer { alias: it.alias.clone(), kind: it.kind }).collect();
    offers.sort_by(|one, other| one.alias.cmp(&other.alias));
    Ok(offers)
}
