//! Signing in with an identity provider, from the click to the session. `rolecall_signin` decides what of the provider's
//! messages to believe, and `rolecall_core` whom they mean and whether that person may come in.
//!
//! | step | here |
//! |---|---|
//! | which providers people can sign in with | [`offers`] |
//! | send the browser to the provider | [`begin`] |
//! | check its answer and open the session | [`finish_with_code`]; [`keep_saml`], then [`finish_saml`] |
//! | tell a SAML provider who asks | [`own_metadata`] |
//! | sign out at the provider, too, and come back | [`way_out`], then [`sign_out_there`], then [`is_signed_out_there`] |
//! | end sessions because the provider says so | [`end_named_by_token`]; [`receive_logout`] |

mod admit;
mod back_channel;
mod code_flow;
mod documents;
mod failure;
mod flow;
mod groups;
mod kept;
mod metadata;
mod named;
mod oidc;
mod openshift;
mod person;
mod registered;
mod saml;
mod saml_keys;
mod sign_out;
mod single_logout;
mod there;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use rolecall_core::identity::{Provider, ProviderAlias, ProviderKind};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result, Timestamp, World};
use rolecall_signin::oidc::flow::check_return_path;
use rolecall_signin::oidc::openshift::Cluster;
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_signin::saml::request::Form;
use rolecall_signin::sealed::SealingKey;
use rolecall_store::Store;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::{App, Vault};
use crate::outbound::Outbound;
use crate::random::Random;
use documents::Document;
use kept::Kept;
use metadata::Metadata;

pub use back_channel::end_named_by_token;
pub use code_flow::finish as finish_with_code;
pub use failure::Failure;
pub use groups::{are_held, forget_old as forget_old_groups};
pub use saml::{finish as finish_saml, keep as keep_saml, own_metadata};
pub use sign_out::{WayOut, is_signed_out_there, sign_out_there, way_out};
pub use single_logout::{
    LoggedOut, LogoutMessage, keep as keep_logout, receive as receive_logout, receive_kept as receive_kept_logout,
};

/// The name of the key that seals what a browser keeps during a sign-in.
const FLOW_KEY: &str = "sign-in-flow";

/// How many answers of SAML providers are written or taken at once.
const ANSWERS_AT_ONCE: usize = 2;

/// How many messages that say whom a provider signed out are verified at once.
const LOGOUTS_AT_ONCE: usize = 4;

/// What sign-ins with identity providers need.
pub struct Sso {
    outbound: Outbound,
    flows: ArcSwap<SealingKey>,
    documents: Kept<Document>,
    clusters: Kept<Cluster>,
    metadata: Metadata,
    held_groups: AtomicU64,
    /// Turns to keep and to take answers of SAML providers: strangers occupy a small part of the database.
    answers: Semaphore,
    /// Turns to verify what may say whom a provider signed out: strangers occupy a small part of this server.
    logouts: Semaphore,
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
        Ok(Self {
            outbound,
            flows,
            documents: Kept::default(),
            clusters: Kept::default(),
            metadata: Metadata::default(),
            held_groups: AtomicU64::new(0),
            answers: Semaphore::new(ANSWERS_AT_ONCE),
            logouts: Semaphore::new(LOGOUTS_AT_ONCE),
        })
    }

    /// How often since the start somebody kept their groups because those of many people vanished.
    #[must_use]
    pub fn held_groups(&self) -> u64 {
        self.held_groups.load(Ordering::Relaxed)
    }

    /// Reads the key of the database's current history, after it lost the previous one.
    ///
    /// # Errors
    /// As [`Sso::open`].
    pub async fn begin_anew(&self, store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<()> {
        self.flows.store(Arc::new(read_flow_key(store, vault, random, now).await?));
        // What was read belongs to providers of the lost history, whose revisions may come again.
        self.documents.clear();
        self.clusters.clear();
        self.metadata.clear();
        Ok(())
    }
}

async fn read_flow_key(store: &Store, vault: &Vault, random: &Random, now: Timestamp) -> Result<SealingKey> {
    let make = async || Ok(Zeroizing::new(random.bytes::<{ SealingKey::LENGTH }>()?.to_vec()));
    let key = vault.secret((store, random, now), FLOW_KEY, make).await?;
    let key = key.as_slice().try_into().map_err(|_| Error::internal("the stored flow key does not have 32 bytes"))?;
    SealingKey::new(key).map_err(Error::internal)
}

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes.
    pub to: Destination,
    /// What it keeps, for ten minutes at most.
    pub flow: String,
}

/// Where a browser is sent.
#[derive(Debug)]
pub enum Destination {
    /// An address.
    Address(String),
    /// An address with a form to post.
    Form(Form),
}

/// Begins a sign-in with that provider, which returns to a path of this server.
///
/// # Errors
/// When there is no such provider, it cannot be reached, or the path could lead to another site.
pub async fn begin(app: &App, alias: &str, return_path: &str) -> Result<Begun, Failure> {
    let world = app.engine.current(app.clock.now())?;
    let provider = usable(&world, alias)?;
    check_return_path(return_path).map_err(|error| Failure::new(error.code(), error))?;
    let begun = match provider.kind {
        ProviderKind::Oidc | ProviderKind::OpenShiftV4 => code_flow::begin(app, provider, return_path).await,
        ProviderKind::Saml => saml::begin(app, provider, return_path).await,
    };
    begun.map_err(|failure| failure.on_the_way_to(return_path))
}

/// The provider with that alias, if people can sign in with it.
fn usable<'a>(world: &'a World, alias: &str) -> Result<&'a Provider, Failure> {
    let provider = named(world, alias)
        .ok_or_else(|| Failure::new("provider-unknown", format!("there is no identity provider {}", quoted(alias))))?;
    if !provider.enabled {
        return Err(Failure::new("provider-disabled", format!("the identity provider {} is disabled", provider.alias)));
    }
    Ok(provider)
}

fn named<'a>(world: &'a World, alias: &str) -> Option<&'a Provider> {
    ProviderAlias::parse("name", alias).ok().and_then(|alias| world.provider_named(&alias))
}

/// What is known of the metadata of a SAML provider that has an address for it.
#[must_use]
pub fn known_metadata(app: &App, provider: &Provider) -> Option<Arc<IdentityProvider>> {
    app.sso.metadata.read_before(provider)
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
    let enabled = world.providers().filter(|provider| provider.enabled);
    let mut offers: Vec<_> = enabled.map(|it| Offer { alias: it.alias.clone(), kind: it.kind }).collect();
    offers.sort_by(|one, other| one.alias.cmp(&other.alias));
    Ok(offers)
}
