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
mod cache;
mod claim_settings;
mod claims;
mod code_flow;
mod documents;
mod ended_there;
mod failure;
mod finish;
mod flow;
mod groups;
mod metadata;
mod oidc;
mod openshift;
mod outcome;
mod person;
mod progress;
mod provider_session;
mod recent;
mod registered;
mod rehearsal;
mod renaming;
mod saml;
mod saml_keys;
mod sign_out;
mod single_logout;

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
use rolecall_signin::throttle::network;
use rolecall_store::Store;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::{App, Call, RequestInfo, Vault};
use crate::outbound::Outbound;
use crate::random::Random;
use cache::Kept;
use documents::Document;
use flow::Tester;
use metadata::Metadata;
use progress::Progress;
use recent::Ended;

pub use back_channel::end_named_by_token;
pub use code_flow::finish as finish_with_code;
pub use failure::Failure;
pub use finish::Finished;
pub use groups::{are_held, forget_old as forget_old_groups};
pub use outcome::{Access, Accesses, Names, Outcome};
pub use person::Reading;
pub use progress::Step;
pub use recent::{RecentSignIn, get as recent, list as list_recent};
pub use rehearsal::{Rehearsal, Rehearsed, Speech, rehearse};
pub use saml::{finish as finish_saml, keep as keep_saml, own_metadata};
pub use saml_keys::{RollOver, roll_over, shown as saml_keys};
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
    /// The turn to rehearse.
    pub(in crate::app) rehearsals: Semaphore,
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
            rehearsals: Semaphore::new(1),
        })
    }

    /// How often since the start someone kept their groups because those of many people vanished.
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
pub async fn begin(app: &App, request: &RequestInfo, alias: &str, return_path: &str) -> Result<Begun, Failure> {
    let world = app.engine.current(app.clock.now())?;
    let provider = usable(&world, alias)?;
    check_return_path(return_path).map_err(|error| Failure::new(error.code(), error))?;
    match begin_with(app, provider, return_path, None).await {
        Ok(begun) => Ok(begun),
        Err(failure) => {
            let reference = note_unbegun(app, request, provider, false, &failure).await;
            Err(failure.on_the_way_to(return_path).kept_as(reference))
        }
    }
}

/// Begins a test of a provider by an administrator, also of a disabled one. Nobody comes in. When it cannot even begin, the
/// reference of the test that failed.
///
/// # Errors
/// When the caller may not see identity providers, or there is no such provider.
pub async fn begin_test(call: &Call, alias: &str, session: Option<&str>) -> Result<Result<Begun, String>, Failure> {
    if !call.principal()?.reads_providers() {
        let detail = format!("{} may not see identity providers, so they cannot test one", call.actor.name());
        return Err(Failure::new("test-forbidden", detail));
    }
    let (app, provider) = (&call.app, known(&call.world, alias)?);
    match begin_with(app, provider, "/", Some(Tester::new(session))).await {
        Ok(begun) => Ok(Ok(begun)),
        Err(failure) => note_unbegun(app, &call.request, provider, true, &failure).await.map(Err).ok_or(failure),
    }
}

async fn begin_with(
    app: &App,
    provider: &Provider,
    return_path: &str,
    tester: Option<Tester>,
) -> Result<Begun, Failure> {
    match provider.kind {
        ProviderKind::Oidc | ProviderKind::OpenShiftV4 => code_flow::begin(app, provider, return_path, tester).await,
        ProviderKind::Saml => saml::begin(app, provider, return_path, tester).await,
    }
}

/// Keeps a sign-in that could not begin: the provider is away, or set up wrongly.
async fn note_unbegun(
    app: &App,
    request: &RequestInfo,
    provider: &Provider,
    is_test: bool,
    failure: &Failure,
) -> Option<String> {
    let mut progress = Progress::default();
    progress.at(Step::ReadProvider);
    // Once a minute for each network: who begins can be anybody.
    let minute = app.clock.now().seconds() / 60;
    let seed = format!("{}\n{}\n{minute}\n{is_test}", network(request.source_ip), failure.code);
    let ended = Ended { provider, is_test, failure: Some(failure), outcome: None, progress, seed: &seed };
    recent::note(app, request, ended).await
}

/// The provider with that alias.
fn known<'a>(world: &'a World, alias: &str) -> Result<&'a Provider, Failure> {
    let unknown = || Failure::new("provider-unknown", format!("there is no identity provider {}", quoted(alias)));
    named(world, alias).ok_or_else(unknown)
}

/// The provider with that alias, if people can sign in with it.
fn usable<'a>(world: &'a World, alias: &str) -> Result<&'a Provider, Failure> {
    let provider = known(world, alias)?;
    ensure_enabled(provider)?;
    Ok(provider)
}

fn ensure_enabled(provider: &Provider) -> Result<(), Failure> {
    if provider.enabled {
        return Ok(());
    }
    Err(Failure::new("provider-disabled", format!("the identity provider {} is disabled", provider.alias)))
}

fn named<'a>(world: &'a World, alias: &str) -> Option<&'a Provider> {
    ProviderAlias::parse("name", alias).ok().and_then(|alias| world.provider_named(&alias))
}

/// What is known of the metadata of a SAML provider that has an address for it.
#[must_use]
pub fn known_metadata(app: &App, provider: &Provider) -> Option<Arc<IdentityProvider>> {
    app.sso.metadata.read_before(provider)
}

/// Reads the metadata of SAML providers where it is old: certificates are then known, and their end is, before anybody signs in.
///
/// # Errors
/// When the world is not known.
pub async fn read_metadata(app: &App) -> Result<()> {
    let world = app.engine.current(app.clock.now())?;
    for provider in world.providers().filter(|it| it.enabled && it.kind == ProviderKind::Saml) {
        if let Err(failure) = saml::read_metadata(app, provider).await {
            tracing::warn!(provider = %provider.alias, code = failure.code, "the metadata could not be read: {}", failure.detail);
        }
    }
    Ok(())
}

/// A provider that people can sign in with.
#[derive(Debug)]
pub struct Offer {
    /// Its alias.
    pub alias: ProviderAlias,
    /// Its protocol.
    pub kind: ProviderKind,
    /// Whether the sign-in page leads there by itself.
    pub auto_redirect: bool,
}

/// The providers that people can sign in with, by alias.
///
/// # Errors
/// `Overloaded` when this server does not know the newest changes, or the database does not answer.
pub async fn offers(app: &App) -> Result<Vec<Offer>> {
    let world = app.engine.current(app.clock.now())?;
    let enabled: Vec<&Provider> = world.providers().filter(|provider| provider.enabled).collect();
    let chosen = if enabled.is_empty() { None } else { app.store.auto_redirect().await? };
    let offer = |it: &Provider| Offer { alias: it.alias.clone(), kind: it.kind, auto_redirect: chosen == Some(it.id) };
    let mut offers: Vec<_> = enabled.into_iter().map(offer).collect();
    offers.sort_by(|one, other| one.alias.cmp(&other.alias));
    Ok(offers)
}
