//! The authorization code flow (RFC 6749, section 4.1), the same for OpenID Connect and OpenShift: there, back, and the
//! code exchanged. Who the person is differs: [`oidc`], [`openshift`].

use std::sync::Arc;

use rolecall_core::Error;
use rolecall_core::identity::{Binding, Provider};
use rolecall_signin::mapping::{Mappers, Received};
use rolecall_signin::oidc::discovery::ClientAuthentication;
use rolecall_signin::oidc::flow::{Callback, Client, RANDOM_BYTES, SignIn, Speaker};
use rolecall_signin::oidc::token_answer::{CODE_REFUSED, TokenAnswer};
use rolecall_signin::oidc::token_request::token_request;
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use serde_json::{Map, Value};

use super::finish::{Coming, Confirmed, Finished};
use super::flow::{Flow, Sent, Tester};
use super::progress::{Progress, Step};
use super::provider_session::There;
use super::registered::Registered;
use super::{Begun, Destination, Failure, known, oidc, openshift, person};
use crate::app::identity_providers::{Addresses, Settings, secret_name};
use crate::app::{App, RequestInfo};
use crate::outbound::{Address, Ask, OutboundError};

/// Begins a sign-in.
pub(super) async fn begin(
    app: &App,
    provider: &Provider,
    return_path: &str,
    tester: Option<Tester>,
) -> Result<Begun, Failure> {
    let random = app.random.bytes::<RANDOM_BYTES>()?;
    let sign_in = SignIn::begin(provider.alias.as_str(), return_path, &random, seconds(app))
        .map_err(|error| Failure::new(error.code(), error))?;
    let registered = Registered::read(app, provider).await?;
    let client = client(app, &registered).await?;
    let address = match &registered.settings {
        Settings::Oidc(settings) => oidc::authorization_address(app, provider, settings, &sign_in, &client).await,
        Settings::OpenShift(settings) => {
            openshift::authorization_address(app, provider, settings, &sign_in, &client).await
        }
        Settings::Saml(_) => Err(other_kind(provider)),
    };
    Ok(Begun { to: Destination::Address(address?), flow: Flow::new(provider, tester, Sent::Code(sign_in)).seal(app)? })
}

/// Finishes the sign-in that the browser keeps with the answer that it brings.
///
/// # Errors
/// When the answer does not belong to the sign-in, the provider does not confirm it, or the person may not come in.
pub async fn finish(
    app: &Arc<App>,
    request: &RequestInfo,
    alias: &str,
    query: &str,
    (cookie, session): (Option<&str>, Option<&str>),
) -> Result<Finished, Failure> {
    let callback = Callback::read(query).map_err(|error| Failure::new(error.code(), error))?;
    let flow = Flow::open(app, alias, cookie);
    let Some((flow, Sent::Code(sign_in))) = flow.as_ref().map(|flow| (flow, &flow.sent)) else {
        return Err(Failure::new("callback-state", "the answer belongs to no sign-in that began in this browser"));
    };
    flow.ensure_tester(session)?;
    let world = app.engine.current(app.clock.now())?;
    let provider = known(&world, alias).map_err(|failure| failure.on_the_way_to(&sign_in.return_path))?;
    let seed = sign_in.is_answered_by(&callback).then(|| flow.seed().to_owned());
    let (is_test, return_path) = (flow.tester.is_some(), sign_in.return_path.as_str());
    let coming = Coming { app, request, provider, is_test, seed, return_path };
    let mut progress = Progress::default();
    let confirmed = confirm(&coming, &callback, flow, sign_in, &mut progress).await;
    coming.finish(confirmed, progress).await
}

/// Has the provider confirm who signs in.
async fn confirm(
    coming: &Coming<'_>,
    callback: &Callback,
    flow: &Flow,
    sign_in: &SignIn,
    progress: &mut Progress,
) -> Result<Confirmed, Failure> {
    let Coming { app, request, provider, .. } = *coming;
    flow.ensure_usable(provider)?;
    let registered = Registered::read(app, provider).await?;
    let client = client(app, &registered).await?;
    let mappers = &registered.terms.mappers;
    let mut returning = Returning { app, request, provider, callback, sign_in, client, mappers, progress };
    let described = match &registered.settings {
        Settings::Oidc(settings) => oidc::describe(&mut returning, settings).await?,
        Settings::OpenShift(settings) => openshift::describe(&mut returning, settings).await?,
        Settings::Saml(_) => return Err(other_kind(provider)),
    };
    let received = Received::Claims(&described.claims);
    progress.said(received);
    progress.at(Step::ReadClaims);
    let binding = Arc::new(Binding::new(provider.id, &described.issuer, &described.subject)?);
    let world = app.engine.current(app.clock.now())?;
    progress.is_known = world.user_bound_to(&binding).is_some();
    let admission = person::admission(&world, &registered.terms, binding, received, &mut progress.reading)?;
    Ok(Confirmed { admission, there: described.there })
}

/// Who signs in, as the provider describes them.
pub(super) struct Described {
    pub issuer: String,
    pub subject: String,
    pub claims: Map<String, Value>,
    pub there: There,
}

/// A browser that comes back.
pub(super) struct Returning<'a> {
    pub app: &'a App,
    request: &'a RequestInfo,
    pub provider: &'a Provider,
    callback: &'a Callback,
    pub sign_in: &'a SignIn,
    pub client: Client,
    pub mappers: &'a Mappers,
    pub progress: &'a mut Progress,
}

impl Returning<'_> {
    /// The code that it brings, if its answer belongs to the sign-in.
    pub(super) async fn code(&mut self, speaker: Speaker<'_>) -> Result<Secret, Failure> {
        self.progress.at(Step::CheckAnswer);
        let code = self.sign_in.check(self.callback, speaker, seconds(self.app));
        let code = code.map_err(|error| Failure::new(error.code(), error))?;
        // A made-up code costs a request to the provider, so those count for the address. A provider that is away or set
        // up wrongly does not: its people, and the administrator beside them, still sign in with passwords.
        drop(self.app.guard.admit(None, self.request.source_ip, self.app.clock.now()).await?);
        Ok(code)
    }

    /// Exchanges the code for tokens.
    pub(super) async fn exchange(
        &mut self,
        endpoint: &str,
        authentication: ClientAuthentication,
        code: &Secret,
    ) -> Result<TokenAnswer, Failure> {
        self.progress.at(Step::ExchangeCode);
        let request = token_request(authentication, &self.client, self.sign_in, code);
        let ask = Ask {
            accept: "application/json",
            form: Some(&request.body),
            authorization: request.authorization.as_ref(),
        };
        let answer = self.app.sso.outbound.send(&Address::parse("token_endpoint", endpoint)?, ask).await;
        let answer = answer.map_err(unreachable)?;
        TokenAnswer::read(answer.status.as_u16(), &answer.body).map_err(|error| {
            if error.code() == CODE_REFUSED {
                self.app.guard.failed(None, self.request.source_ip, self.app.clock.now());
            }
            Failure::new(error.code(), error)
        })
    }
}

/// How this server is registered at the provider.
async fn client(app: &App, registered: &Registered) -> Result<Client, Failure> {
    let (id, scopes) = match &registered.settings {
        Settings::Oidc(settings) => (&settings.client_id, &settings.scopes),
        Settings::OpenShift(settings) => (&settings.client_id, &settings.scopes),
        Settings::Saml(_) => return Err(other_kind(registered.provider())),
    };
    Ok(Client {
        id: id.clone(),
        secret: client_secret(app, registered).await?,
        redirect_uri: Addresses::new(app.public_url.as_str(), registered.provider()).answer,
        scopes: scopes.clone(),
    })
}

/// The client secret. One that is in the clear is encrypted on this occasion.
async fn client_secret(app: &App, registered: &Registered) -> Result<Secret, Failure> {
    let id = registered.provider().id;
    let name = secret_name(id);
    let stored = registered.secret.as_ref().ok_or_else(|| Error::internal("a provider without a client secret"))?;
    let opened = app.vault.open(&name, stored).map_err(|error| {
        Failure::new(
            "provider-secret",
            format!("the secret of the identity provider cannot be read, enter it again: {error}"),
        )
    })?;
    if app.vault.wants_sealing(stored) {
        let sealed = app.vault.seal(&name, &opened, &app.random)?;
        app.store.reseal_provider(id, stored, &sealed).await?;
    }
    Ok(Secret::from(std::str::from_utf8(&opened).map_err(Error::internal)?))
}

fn other_kind(provider: &Provider) -> Failure {
    let detail = format!("{} is not a provider of OpenID Connect or OpenShift", provider.alias);
    Failure::new("provider-kind", detail)
}

pub(super) fn unreachable(error: OutboundError) -> Failure {
    Failure::new("provider-unreachable", error)
}

pub(super) fn seconds(app: &App) -> UnixSeconds {
    UnixSeconds(app.clock.now().seconds())
}
