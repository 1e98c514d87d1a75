//! The authorization code flow of OpenID Connect, with the provider's answers fetched and stored.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::identity::{Binding, Provider, ProviderAlias};
use rolecall_core::text::quoted;
use rolecall_core::{Error, World};
use rolecall_signin::mapping::{Mappers, Received};
use rolecall_signin::oidc::flow::{Callback, Client, RANDOM_BYTES, SignIn};
use rolecall_signin::oidc::id_token::{self, Expected, IdToken, IdTokenError};
use rolecall_signin::oidc::token_answer::{CODE_REFUSED, TokenAnswer};
use rolecall_signin::oidc::token_request::token_request;
use rolecall_signin::oidc::userinfo::Userinfo;
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;

use super::documents::{self, Document};
use super::flow::Flow;
use super::{Failure, admit, person};
use crate::app::identity_providers::{Addresses, Emails, OidcSettings, Settings, secret_name};
use crate::app::sessions::BrowserSession;
use crate::app::{App, RequestInfo};
use crate::outbound::{Address, Ask, OutboundError};

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes.
    pub address: String,
    /// What it keeps, for ten minutes at most.
    pub flow: String,
}

/// Begins a sign-in with that provider, which returns to a path of this server.
///
/// # Errors
/// When there is no such provider, it cannot be reached, or the path could lead to another site.
pub async fn begin(app: &App, alias: &str, return_path: &str) -> Result<Begun, Failure> {
    let world = app.engine.current(app.clock.now())?;
    let provider = usable(&world, alias)?;
    let random = app.random.bytes::<RANDOM_BYTES>()?;
    let sign_in =
        SignIn::begin(alias, return_path, &random, seconds(app)).map_err(|error| Failure::new(error.code(), error))?;
    let known = async {
        let registered = read(app, provider).await?;
        let document = registered.document(app, documents::USUAL_AGE).await?;
        Ok((registered, document))
    };
    let (registered, document) = known.await.map_err(|failure: Failure| failure.on_the_way_to(return_path))?;
    let address = sign_in.authorization_address(&document.provider, &registered.client);
    let flow = Flow { sign_in, provider: provider.id, changed: provider.changed };
    Ok(Begun { address, flow: flow.seal(app)? })
}

/// Finishes the sign-in that the browser keeps with the answer that it brings, and says where the person goes.
///
/// # Errors
/// When the answer does not belong to the sign-in, the provider does not confirm it, or the person may not come in.
pub async fn finish(
    app: &Arc<App>,
    request: &RequestInfo,
    alias: &str,
    query: &str,
    cookie: Option<&str>,
) -> Result<(BrowserSession, String), Failure> {
    let callback = Callback::read(query).map_err(|error| Failure::new(error.code(), error))?;
    let flow = cookie.and_then(|cookie| Flow::open(app, cookie)).filter(|flow| flow.sign_in.provider == alias);
    let flow = flow
        .ok_or_else(|| Failure::new("callback-state", "the answer belongs to no sign-in that began in this browser"))?;
    let opened = confirm(app, request, alias, &callback, &flow).await;
    let session = opened.map_err(|failure| failure.on_the_way_to(&flow.sign_in.return_path))?;
    Ok((session, flow.sign_in.return_path))
}

/// Has the provider confirm who signs in, and lets them in.
async fn confirm(
    app: &Arc<App>,
    request: &RequestInfo,
    alias: &str,
    callback: &Callback,
    flow: &Flow,
) -> Result<BrowserSession, Failure> {
    let world = app.engine.current(app.clock.now())?;
    let provider = usable(&world, alias)?;
    if provider.id != flow.provider || provider.changed != flow.changed {
        return Err(Failure::new("provider-changed", "the identity provider was changed during the sign-in"));
    }
    let registered = read(app, provider).await?;
    let document = registered.document(app, documents::USUAL_AGE).await?;
    let code = flow
        .sign_in
        .check(callback, &document.provider, seconds(app))
        .map_err(|error| Failure::new(error.code(), error))?;

    // A made-up code costs a request to the provider, so those count for the address. A provider that is away or set up
    // wrongly does not: its people, and the administrator beside them, still sign in with passwords.
    drop(app.guard.admit(None, request.source_ip, app.clock.now()).await?);
    let token = registered.describe(app, &document, &flow.sign_in, &code).await.inspect_err(|failure| {
        if failure.code == CODE_REFUSED {
            app.guard.failed(None, request.source_ip, app.clock.now());
        }
    })?;
    let received = Received::Claims(&token.claims);
    let binding = Arc::new(Binding::new(provider.id, &token.issuer, &token.subject)?);
    let mandatory = registered.settings.mandatory_claim.as_ref();
    let admission = person::admission(provider, binding, received, &registered.mappers, mandatory, &registered.emails)?;
    person::ensure_covered(&world, &admission, &registered.emails)?;
    admit::open(app, request, admission).await
}

/// The provider with that alias, if people can sign in with it.
fn usable<'a>(world: &'a World, alias: &str) -> Result<&'a Provider, Failure> {
    let alias_text = quoted(alias);
    let provider = ProviderAlias::parse("name", alias).ok().and_then(|alias| world.provider_named(&alias));
    let provider = provider
        .ok_or_else(|| Failure::new("provider-unknown", format!("there is no identity provider {alias_text}")))?;
    if !provider.enabled {
        return Err(Failure::new("provider-disabled", format!("the identity provider {alias_text} is disabled")));
    }
    Ok(provider)
}

/// What is registered here and at the provider.
struct Registered {
    provider: Provider,
    settings: OidcSettings,
    mappers: Mappers,
    emails: Emails,
    client: Client,
}

async fn read(app: &App, provider: &Provider) -> Result<Registered, Failure> {
    let changed = || Failure::new("provider-changed", "the identity provider was changed during the sign-in");
    let record = app.store.provider(provider.id).await?.ok_or_else(changed)?;
    if record.provider != *provider {
        return Err(changed());
    }
    let settings: Settings = serde_json::from_str(&record.settings).map_err(Error::internal)?;
    let Settings::Oidc(settings) = settings else {
        let detail = format!("signing in with {} is not supported yet", provider.kind.as_str());
        return Err(Failure::new("provider-kind", detail));
    };
    let secret = client_secret(app, provider, record.secret).await?;
    let client = Client {
        id: settings.client_id.clone(),
        secret,
        redirect_uri: Addresses::new(&app.policy.public_url, provider).answer,
        scopes: settings.scopes.clone(),
    };
    let mappers = serde_json::from_str(&record.mappers).map_err(Error::internal)?;
    let emails = serde_json::from_str(&record.emails).map_err(Error::internal)?;
    Ok(Registered { provider: record.provider, settings, mappers, emails, client })
}

/// The client secret. One that is in the clear is encrypted on this occasion.
async fn client_secret(app: &App, provider: &Provider, stored: Option<Vec<u8>>) -> Result<Secret, Failure> {
    let name = secret_name(provider.id);
    let stored = stored.ok_or_else(|| Error::internal("an OpenID Connect provider without a secret"))?;
    let opened = app.vault.open(&name, &stored).map_err(|error| {
        Failure::new(
            "provider-secret",
            format!("the secret of the identity provider cannot be read, enter it again: {error}"),
        )
    })?;
    if app.vault.wants_sealing(&stored) {
        let sealed = app.vault.seal(&name, &opened, &app.random)?;
        app.store.reseal_provider(provider.id, &stored, &sealed).await?;
    }
    Ok(Secret::from(std::str::from_utf8(&opened).map_err(Error::internal)?))
}

impl Registered {
    async fn document(&self, app: &App, at_most: Duration) -> Result<Arc<Document>, Failure> {
        documents::of(app, &self.provider, &self.settings.discovery_url, at_most).await
    }

    /// Exchanges the code, verifies the ID token, and adds what the userinfo endpoint says.
    async fn describe(
        &self,
        app: &App,
        document: &Document,
        sign_in: &SignIn,
        code: &Secret,
    ) -> Result<IdToken, Failure> {
        let provider = &document.provider;
        let request = token_request(provider.client_authentication, &self.client, sign_in, code);
        let ask = Ask {
            accept: "application/json",
            form: Some(&request.body),
            authorization: request.authorization.as_ref(),
        };
        let answer = app.sso.outbound.send(&endpoint("token_endpoint", &provider.token_endpoint)?, ask).await;
        let answer = answer.map_err(unreachable)?;
        let tokens = TokenAnswer::read(answer.status.as_u16(), &answer.body);
        let tokens = tokens.map_err(|error| Failure::new(error.code(), error))?;
        let raw = tokens.id_token().map_err(|error| Failure::new(error.code(), error))?;

        let verify = |document: &Document| {
            let expected = Expected {
                issuer: &document.provider.issuer,
                client_id: &self.client.id,
                algorithms: &document.provider.algorithms,
                nonce: &sign_in.nonce,
                access_token: Some(&tokens.access_token),
            };
            id_token::verify(raw, &document.keys, &expected, seconds(app))
        };
        let verified = match verify(document) {
            Err(error) if error.wants_fresh_keys() => verify(&*self.document(app, documents::FRESH).await?),
            verified => verified,
        };
        let mut token = verified.map_err(|error: IdTokenError| Failure::new(error.code(), error))?;
        if let Some(address) = &provider.userinfo_endpoint {
            self.ask_more(app, address, &tokens.access_token, &mut token).await?;
        }
        Ok(token)
    }

    /// Asks the userinfo endpoint where the ID token lacks a claim that is mapped.
    async fn ask_more(
        &self,
        app: &App,
        address: &str,
        access_token: &Secret,
        token: &mut IdToken,
    ) -> Result<(), Failure> {
        let has = |claim: &str| Received::Claims(&token.claims).has(claim);
        if has(&self.mappers.email) && has(&self.mappers.groups) {
            return Ok(());
        }
        let bearer = Secret::from(format!("Bearer {}", access_token.expose()));
        let ask = Ask { accept: "application/json", authorization: Some(&bearer), ..Ask::default() };
        let answer = app.sso.outbound.send(&endpoint("userinfo_endpoint", address)?, ask).await.map_err(unreachable)?;
        if !answer.status.is_success() {
            let detail = format!("the userinfo endpoint answered with status {}", answer.status.as_u16());
            return Err(Failure::new("userinfo-status", detail));
        }
        let more = Userinfo::read(&answer.body, token).map_err(|error| Failure::new(error.code(), error))?;
        more.fill(token);
        Ok(())
    }
}

fn endpoint(member: &str, address: &str) -> Result<Address, Failure> {
    Ok(Address::parse(member, address)?)
}

fn unreachable(error: OutboundError) -> Failure {
    Failure::new("provider-unreachable", error)
}

fn seconds(app: &App) -> UnixSeconds {
    UnixSeconds(app.clock.now().seconds())
}
