//! The metadata of SAML providers: from the settings, or from an address, and then kept for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolecall_core::identity::{Provider, ProviderId};
use rolecall_core::{Error, Revision, Timestamp};
use rolecall_signin::saml::SamlError;
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_signin::time::UnixSeconds;

use super::Failure;
use crate::app::App;
use crate::app::identity_providers::{MetadataSource, SamlSettings};
use crate::outbound::{Address, Ask};

/// How long metadata is used before it is read again, where it does not say so itself.
const USUAL_AGE: Duration = Duration::from_secs(60 * 60);
/// The bounds of what it may say.
const SHORTEST: Duration = Duration::from_secs(5 * 60);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// How old metadata is at most where a certificate is missing. Wrong answers make this server ask no more often.
const FRESH: Duration = Duration::from_secs(5);
/// How long a failure is repeated without asking again.
const FAILED: Duration = Duration::from_secs(5);

/// Which metadata is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What is known.
    Known,
    /// What the provider says now: it may have new certificates.
    Fresh,
}

/// The metadata of all providers that have an address for it.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    known: Mutex<HashMap<ProviderId, Known>>,
    turns: Mutex<HashMap<ProviderId, Arc<tokio::sync::Mutex<()>>>>,
}

#[derive(Debug, Clone)]
struct Known {
    changed: Revision,
    asked_at: Timestamp,
    failed: Option<Failure>,
    found: Option<(Timestamp, Arc<IdentityProvider>)>,
}

impl Known {
    /// The metadata, if it was read within that time and has not expired.
    fn within(
        &self,
        longest: impl FnOnce(&IdentityProvider) -> Duration,
        now: Timestamp,
    ) -> Option<Arc<IdentityProvider>> {
        let (read_at, found) = self.found.as_ref()?;
        let expired = found.valid_until.is_some_and(|end| end.0 <= now.seconds());
        (!expired && now.since(*read_at) < longest(found)).then(|| found.clone())
    }
}

/// The metadata of a provider.
///
/// # Errors
/// When it cannot be read, or is no metadata that people could sign in with.
pub(super) async fn of(
    app: &App,
    provider: &Provider,
    settings: &SamlSettings,
    wanted: Wanted,
) -> Result<Arc<IdentityProvider>, Failure> {
    let url = match &settings.metadata {
        MetadataSource::File { xml, .. } => return parsed(xml.as_bytes(), app.clock.now()),
        MetadataSource::Url { url } => url,
        MetadataSource::StoredFile => return Err(Error::internal("a provider without metadata").into()),
    };
    if let Some(found) = app.sso.metadata.serving(provider, wanted, app.clock.now()) {
        return found;
    }
    // One reads it, and the others wait for what comes of it.
    let turn = app.sso.metadata.turn(provider);
    let _turn = turn.lock().await;
    if let Some(found) = app.sso.metadata.serving(provider, wanted, app.clock.now()) {
        return found;
    }
    let known = app.sso.metadata.known(provider);
    let read = fetch(app, url).await;
    let earlier = known.and_then(|known| known.found);
    let known = Known {
        changed: provider.changed,
        asked_at: app.clock.now(),
        failed: read.as_ref().err().cloned(),
        found: read.as_ref().ok().map(|found| (app.clock.now(), found.clone())).or(earlier),
    };
    app.sso.metadata.keep(app, provider, known.clone())?;
    read.or_else(|failure| {
        // A provider whose metadata is away for a while still signs people in.
        let still = known.within(|_| LONGEST, app.clock.now()).ok_or_else(|| failure.clone())?;
        tracing::warn!(provider = %provider.alias, "the metadata could not be read again: {}", failure.detail);
        Ok(still)
    })
}

impl Metadata {
    /// What is known of a provider's metadata, without asking.
    pub(super) fn read_before(&self, provider: &Provider) -> Option<Arc<IdentityProvider>> {
        self.known(provider)?.found.map(|(_, found)| found)
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What need not be read again.
    fn serving(
        &self,
        provider: &Provider,
        wanted: Wanted,
        now: Timestamp,
    ) -> Option<Result<Arc<IdentityProvider>, Failure>> {
        let known = self.known(provider)?;
        let longest = |it: &IdentityProvider| if wanted == Wanted::Fresh { FRESH } else { lasts(it) };
        if let Some(found) = known.within(longest, now) {
            return Some(Ok(found));
        }
        let failure = known.failed.as_ref().filter(|_| now.since(known.asked_at) < FAILED)?;
        Some(known.within(|_| LONGEST, now).ok_or_else(|| failure.clone()))
    }

    /// The turn to read that provider's.
    fn turn(&self, provider: &Provider) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that nobody waits for are not kept for providers that are gone.
        turns.retain(|id, turn| *id == provider.id || Arc::strong_count(turn) > 1);
        turns.entry(provider.id).or_default().clone()
    }

    fn known(&self, provider: &Provider) -> Option<Known> {
        let all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&provider.id).filter(|known| known.changed == provider.changed).cloned()
    }

    fn keep(&self, app: &App, provider: &Provider, known: Known) -> Result<(), Failure> {
        let world = app.engine.known()?.world;
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|id, _| world.provider(*id).is_some());
        all.insert(provider.id, known);
        Ok(())
    }
}

fn lasts(metadata: &IdentityProvider) -> Duration {
    let said = metadata.cache_seconds.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
    said.map_or(USUAL_AGE, |said| said.clamp(SHORTEST, LONGEST))
}

async fn fetch(app: &App, url: &str) -> Result<Arc<IdentityProvider>, Failure> {
    let address = Address::parse("metadataXmlUrl", url)?;
    let ask = Ask { accept: "application/samlmetadata+xml", ..Ask::default() };
    let answer =
        app.sso.outbound.send(&address, ask).await.map_err(|error| Failure::new("provider-unreachable", error))?;
    if !answer.status.is_success() {
        let detail = format!("{address} answered with status {}; check the provider's address", answer.status.as_u16());
        return Err(Failure::new("provider-status", detail));
    }
    parsed(&answer.body, app.clock.now())
}

fn parsed(bytes: &[u8], now: Timestamp) -> Result<Arc<IdentityProvider>, Failure> {
    let read = IdentityProvider::from_metadata(bytes, UnixSeconds(now.seconds()));
    read.map(Arc::new).map_err(|error: SamlError| Failure::new(error.code(), error))
}
