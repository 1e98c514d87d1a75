//! What providers say of themselves, and their keys: asked for when needed, and kept for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolecall_core::identity::{Provider, ProviderId};
use rolecall_core::{Revision, Timestamp};
use rolecall_signin::oidc::LoopbackHttp;
use rolecall_signin::oidc::discovery::{self, address_of};
use rolecall_signin::oidc::keys::KeySet;

use super::Failure;
use crate::app::App;
use crate::outbound::{Address, Ask, Outbound};

/// How long a document is used before it is read again.
pub(super) const USUAL_AGE: Duration = Duration::from_secs(10 * 60);
/// How old a document is at most where a key is missing: the provider may have rotated its keys. Wrong tokens make this
/// server ask no more often.
pub(super) const FRESH: Duration = Duration::from_secs(5);
/// How long a failure is repeated without asking again.
const FAILED: Duration = Duration::from_secs(5);

/// What a provider says of itself, and its keys.
#[derive(Debug)]
pub(super) struct Document {
    pub provider: discovery::Provider,
    pub keys: KeySet,
}

/// The documents of all providers.
#[derive(Debug, Default)]
pub(super) struct Documents(Mutex<HashMap<ProviderId, Known>>);

#[derive(Debug, Clone)]
struct Known {
    changed: Revision,
    read_at: Timestamp,
    found: Result<Arc<Document>, Failure>,
}

impl Known {
    fn serves(&self, provider: &Provider, at_most: Duration, now: Timestamp) -> bool {
        let at_most = if self.found.is_ok() { at_most } else { FAILED };
        self.changed == provider.changed && now.since(self.read_at) < at_most
    }
}

/// The document of a provider, at most that old.
pub(super) async fn of(
    app: &App,
    provider: &Provider,
    discovery_url: &str,
    at_most: Duration,
) -> Result<Arc<Document>, Failure> {
    let documents = || app.sso.documents.0.lock().unwrap_or_else(PoisonError::into_inner);
    let known = documents().get(&provider.id).cloned();
    if let Some(known) = known.filter(|known| known.serves(provider, at_most, app.clock.now())) {
        return known.found;
    }
    let found = read(&app.sso.outbound, discovery_url).await.map(Arc::new);
    let world = app.engine.known()?.world;
    let mut documents = documents();
    documents.retain(|id, _| world.provider(*id).is_some());
    documents.insert(provider.id, Known { changed: provider.changed, read_at: app.clock.now(), found: found.clone() });
    found
}

async fn read(outbound: &Outbound, discovery_url: &str) -> Result<Document, Failure> {
    let url =
        if discovery_url.contains("/.well-known/") { discovery_url.to_owned() } else { address_of(discovery_url) };
    let address = Address::parse("discoverDocumentUrl", &url)?;
    // Where loopback may be asked in the clear, what it says of itself may be in the clear, too.
    let http = if address.is_secure() { LoopbackHttp::Refused } else { LoopbackHttp::Allowed };
    let document = get(outbound, &address).await?;
    let provider = discovery::Provider::read(&document, &address.to_string(), http)
        .map_err(|error| Failure::new(error.code(), error))?;
    let keys = get(outbound, &Address::parse("jwks_uri", &provider.jwks_uri)?).await?;
    let keys = KeySet::read(&keys).map_err(|error| Failure::new(error.code(), error))?;
    Ok(Document { provider, keys })
}

async fn get(outbound: &Outbound, address: &Address) -> Result<axum::body::Bytes, Failure> {
    let ask = Ask { accept: "application/json", ..Ask::default() };
    let answer = outbound.send(address, ask).await.map_err(|error| Failure::new("provider-unreachable", error))?;
    if !answer.status.is_success() {
        let detail = format!("{address} answered with status {}; check the provider's address", answer.status.as_u16());
        return Err(Failure::new("provider-status", detail));
    }
    Ok(answer.body)
}
