//! What providers say of themselves, and their keys.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::identity::Provider;
use rolecall_signin::oidc::LoopbackHttp;
use rolecall_signin::oidc::discovery::{self, address_of};
use rolecall_signin::oidc::keys::KeySet;
use rolecall_signin::oidc::openshift::{self, Cluster};

use super::Failure;
use super::cache::USUAL_AGE;
use crate::app::App;
use crate::outbound::{Address, Ask, Outbound};

/// What an OpenID Connect provider says of itself, and its keys.
#[derive(Debug)]
pub(super) struct Document {
    pub provider: discovery::Provider,
    pub keys: KeySet,
}

/// The document of a provider, at most that old.
pub(super) async fn of(
    app: &App,
    provider: &Provider,
    discovery_url: &str,
    at_most: Duration,
) -> Result<Arc<Document>, Failure> {
    app.sso.documents.or_read(app, provider, at_most, read(&app.sso.outbound, discovery_url)).await
}

/// The OAuth server of a cluster.
pub(super) async fn of_cluster(app: &App, provider: &Provider, base: &str) -> Result<Arc<Cluster>, Failure> {
    app.sso.clusters.or_read(app, provider, USUAL_AGE, read_cluster(&app.sso.outbound, base)).await
}

async fn read(outbound: &Outbound, discovery_url: &str) -> Result<Document, Failure> {
    let url =
        if discovery_url.contains("/.well-known/") { discovery_url.to_owned() } else { address_of(discovery_url) };
    let address = Address::parse("discoverDocumentUrl", &url)?;
    let document = get(outbound, &address).await?;
    let provider = discovery::Provider::read(&document, &address.to_string(), http(&address))
        .map_err(|error| Failure::new(error.code(), error))?;
    let keys = get(outbound, &Address::parse("jwks_uri", &provider.jwks_uri)?).await?;
    let keys = KeySet::read(&keys).map_err(|error| Failure::new(error.code(), error))?;
    Ok(Document { provider, keys })
}

async fn read_cluster(outbound: &Outbound, base: &str) -> Result<Cluster, Failure> {
    let address = Address::parse("idpBaseUrl", &openshift::metadata_address(base))?;
    let document = get(outbound, &address).await?;
    Cluster::read(&document, http(&address)).map_err(|error| Failure::new(error.code(), error))
}

/// Where loopback may be asked in the clear, what it says of itself may be in the clear, too.
const fn http(address: &Address) -> LoopbackHttp {
    if address.is_secure() { LoopbackHttp::Refused } else { LoopbackHttp::Allowed }
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
