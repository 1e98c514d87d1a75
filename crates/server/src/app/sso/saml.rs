//! Web Browser SSO of SAML 2.0: sends a request, keeps the answer that a browser posts, and reads it when the browser
//! comes back with its cookie.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_core::identity::{Binding, Provider, ProviderKind};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Timestamp};
use rolecall_signin::mapping::Received;
use rolecall_signin::oidc::flow::check_age;
use rolecall_signin::opaque::SecretHash;
use rolecall_signin::saml::assertion::Assertion;
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_signin::saml::request::SignOnRequest;
use rolecall_signin::saml::response::{self, Expectations};
use rolecall_signin::saml::service_provider::ServiceProvider;
use rolecall_signin::saml::{SamlError, message_id};
use rolecall_signin::throttle::network;
use rolecall_signin::time::UnixSeconds;
use rolecall_store::PostedAnswer;

use super::finish::{Coming, Confirmed, Finished};
use super::flow::{Flow, SamlRequest, Sent, Tester};
use super::metadata::{self, Wanted};
use super::progress::{Progress, Step};
use super::provider_session::There;
use super::registered::Registered;
use super::{Begun, Destination, Failure, ensure_enabled, known, person, saml_keys};
use crate::app::identity_providers::{Addresses, SamlSettings, Settings};
use crate::app::{App, RequestInfo};

/// The attribute under which mappers find the NameID, unless the provider sends one of that name.
pub(super) const NAME_ID: &str = "NameID";

/// How much longer than necessary a used assertion is kept in mind.
const REPLAY_MARGIN: Duration = Duration::from_secs(10 * 60);

/// Begins a sign-in.
pub(super) async fn begin(
    app: &App,
    provider: &Provider,
    return_path: &str,
    tester: Option<Tester>,
) -> Result<Begun, Failure> {
    let registered = Registered::read(app, provider).await?;
    let settings = settings(&registered)?;
    let theirs = metadata::of(app, provider, settings, Wanted::Known).await?;
    let ours = service_provider(app, provider, settings).await?;
    let request = SamlRequest {
        id: message_id(&app.random.bytes()?),
        provider: provider.alias.to_string(),
        return_path: return_path.to_owned(),
        started_at: seconds(app),
    };
    let to = send(&request, &theirs, &ours).map_err(|error| Failure::new(error.code(), error))?;
    Ok(Begun { to, flow: Flow::new(provider, tester, Sent::Saml(request)).seal(app)? })
}

fn send(request: &SamlRequest, theirs: &IdentityProvider, ours: &ServiceProvider) -> Result<Destination, SamlError> {
    let to = |destination| SignOnRequest {
        id: &request.id,
        destination,
        issuer: &ours.entity_id,
        assertion_consumer: &ours.assertion_consumer,
        // The provider knows better than this server which names it has.
        name_id_format: None,
        force_authn: false,
        now: request.started_at,
    };
    let key = ours.keys.first();
    match (&theirs.sign_on.redirect, &theirs.sign_on.post) {
        (Some(address), _) => to(address).redirect(None, key).map(Destination::Address),
        (None, Some(address)) => to(address).form(None, key).map(Destination::Form),
        (None, None) => Err(SamlError::NoSignOnAddress),
    }
}

/// Keeps an answer that a browser posted, and returns the id with which it comes back. Nothing is read of it yet: it comes
/// by a page of another site, so without the cookie.
///
/// # Errors
/// When nobody can sign in with that provider, or too many answers are kept.
pub async fn keep(app: &App, request: &RequestInfo, alias: &str, response: String) -> Result<String, Failure> {
    let world = app.engine.current(app.clock.now())?;
    // Also of a disabled one, which an administrator may test.
    let provider = saml_provider(known(&world, alias)?)?;
    let id = URL_SAFE_NO_PAD.encode(app.random.bytes::<32>()?);
    let answer = PostedAnswer {
        hash: *SecretHash::of(&id).as_bytes(),
        provider: provider.id,
        network: network(request.source_ip).to_string(),
        response,
        at: app.clock.now(),
    };
    // INVARIANT: nothing here counts as a failure of the address: any page can have its visitors post.
    let _turn = app.sso.answers.acquire().await.map_err(Error::internal)?;
    if app.store.keep_answer(answer).await? {
        return Ok(id);
    }
    Err(Failure::new("busy", "too many answers of SAML providers are waiting for their browsers"))
}

/// Finishes the sign-in that the browser keeps with the answer that it posted.
///
/// # Errors
/// When the answer does not belong to the sign-in, is not what the provider signs, or the person may not come in.
pub async fn finish(
    app: &Arc<App>,
    request: &RequestInfo,
    alias: &str,
    id: &str,
    (cookie, session): (Option<&str>, Option<&str>),
) -> Result<Finished, Failure> {
    let flow = Flow::open(app, alias, cookie);
    let sent = match flow.as_ref().map(|flow| &flow.sent) {
        Some(Sent::Saml(sent)) => Some(sent),
        Some(Sent::Code(_)) | None => None,
    };
    let world = app.engine.current(app.clock.now())?;
    let provider = saml_provider(known(&world, alias)?)?;
    if let Some(flow) = &flow {
        flow.ensure_tester(session)?;
    }
    let mut coming = Coming {
        app,
        request,
        provider,
        is_test: flow.as_ref().is_some_and(|flow| flow.tester.is_some()),
        seed: flow.as_ref().map(|flow| flow.seed().to_owned()),
        return_path: sent.map_or("/", |sent| sent.return_path.as_str()),
    };
    let mut progress = Progress::default();
    let confirmed = confirm(&coming, id, flow.as_ref().zip(sent), &mut progress).await;
    // One that began at the provider, once its answer was taken, which happens once.
    if coming.seed.is_none() && progress.steps.contains(&Step::VerifyIdentity) {
        coming.seed = Some(id.to_owned());
    }
    coming.finish(confirmed, progress).await
}

/// Verifies what the provider says of who signs in.
async fn confirm(
    coming: &Coming<'_>,
    id: &str,
    begun: Option<(&Flow, &SamlRequest)>,
    progress: &mut Progress,
) -> Result<Confirmed, Failure> {
    let Coming { app, provider, .. } = *coming;
    progress.at(Step::CheckAnswer);
    match begun {
        Some((flow, sent)) => {
            flow.ensure_usable(provider)?;
            check_age(sent.started_at, seconds(app)).map_err(|error| Failure::new(error.code(), error))?;
        }
        None => ensure_enabled(provider)?,
    }
    let registered = Registered::read(app, provider).await?;
    let settings = settings(&registered)?;
    let asked = begun.map(|(_, sent)| sent.id.clone());
    if asked.is_none() && !settings.idp_initiated {
        return Err(Failure::new(
            "callback-state",
            "the answer belongs to no sign-in that began in this browser, and sign-ins that begin at the provider are not \
             enabled (allowIdpInitiated)",
        ));
    }
    let response = take(app, provider, id).await?;
    progress.at(Step::VerifyIdentity);
    let is_test = coming.is_test;
    let assertion = Answer { app, provider, settings, is_test }.verify(response, asked).await?;
    ensure_unused(app, provider, &assertion).await?;

    let binding = Arc::new(Binding::new(provider.id, &assertion.issuer, &subject(&assertion, settings))?);
    let attributes = attributes(&assertion);
    let received = Received::Attributes(&attributes);
    progress.said(received);
    progress.at(Step::ReadClaims);
    let world = app.engine.current(app.clock.now())?;
    progress.is_known = world.user_bound_to(&binding).is_some();
    let admission = person::admission(&world, &registered.terms, binding, received, &mut progress.reading)?;
    let theirs = metadata::of(app, provider, settings, Wanted::Known).await?;
    Ok(Confirmed { admission, there: There::of_assertion(&assertion, &theirs) })
}

/// The answer with that id.
pub(super) async fn take(app: &App, provider: &Provider, id: &str) -> Result<String, Failure> {
    let _turn = app.sso.answers.acquire().await.map_err(Error::internal)?;
    let taken = app.store.take_answer(SecretHash::of(id).as_bytes(), provider.id, app.clock.now()).await?;
    taken.ok_or_else(|| Failure::new("saml-answer-gone", "the answer was read before, or is too old"))
}

/// Who the person is at the provider: what names them, and what kind of name it is. The same text may name another person in
/// another format, and people can ask a provider for another one.
fn subject(assertion: &Assertion, settings: &SamlSettings) -> String {
    let kind = match (&settings.subject_attribute, &assertion.name_id_format) {
        (Some(attribute), _) => attribute.as_str(),
        (None, Some(format)) => format.rsplit(':').next().unwrap_or_default(),
        (None, None) => "unspecified",
    };
    subject_of_kind(kind, &assertion.subject)
}

/// A person, by what names them and by that name: one of a kind is never one of another.
pub(super) fn subject_of_kind(kind: &str, name: &str) -> String {
    format!("{kind}={name}")
}

/// An answer being verified.
struct Answer<'a> {
    app: &'a App,
    provider: &'a Provider,
    settings: &'a SamlSettings,
    is_test: bool,
}

impl Answer<'_> {
    /// Verifies a response, with the provider's newest certificates where those known do not fit.
    async fn verify(&self, response: String, asked: Option<String>) -> Result<Assertion, Failure> {
        let response = Arc::new(response);
        let mut verified = self.verify_with(Wanted::Known, &response, asked.as_ref()).await?;
        if verified.as_ref().is_err_and(SamlError::wants_fresh_metadata) {
            verified = self.verify_with(Wanted::Fresh, &response, asked.as_ref()).await?;
        }
        // A sign-in that began at the provider, while another one is open in this browser.
        if self.settings.idp_initiated && !self.is_test && matches!(verified, Err(SamlError::WrongInResponseTo)) {
            verified = self.verify_with(Wanted::Known, &response, None).await?;
        }
        verified.map_err(|error| Failure::new(error.code(), error))
    }

    async fn verify_with(
        &self,
        wanted: Wanted,
        response: &Arc<String>,
        asked: Option<&String>,
    ) -> Result<Result<Assertion, SamlError>, Failure> {
        let theirs = metadata::of(self.app, self.provider, self.settings, wanted).await?;
        let ours = service_provider(self.app, self.provider, self.settings).await?;
        let (response, asked, subject) = (response.clone(), asked.cloned(), self.settings.subject());
        let now = seconds(self.app);
        // Parsing, hashing and decrypting take their time.
        let verify = move || {
            let expected = Expectations {
                issuer: &theirs.entity_id,
                audience: &ours.entity_id,
                recipient: &ours.assertion_consumer,
                in_response_to: asked.as_deref(),
                subject: &subject,
                now,
            };
            response::verify(&response, &theirs.certificates, &ours.keys, &expected)
        };
        Ok(tokio::task::spawn_blocking(verify).await.map_err(Error::internal)?)
    }
}

/// Refuses an assertion that was used before.
async fn ensure_unused(app: &App, provider: &Provider, assertion: &Assertion) -> Result<(), Failure> {
    let key = assertion.replay_key();
    let hash = SecretHash::of(&format!("{}\n{}\n{}", provider.id, key.issuer, key.assertion_id));
    // Longer than it is accepted: the clocks of replicas differ.
    let forget_at = Timestamp::from_millis(key.forget_at.0.saturating_mul(1000)).plus(REPLAY_MARGIN);
    if app.store.use_assertion(hash.as_bytes(), forget_at, app.clock.now()).await? {
        return Ok(());
    }
    Err(Failure::new("saml-replayed", format!("the assertion {} was used before", quoted(&key.assertion_id))))
}

/// What mappers read.
fn attributes(assertion: &Assertion) -> BTreeMap<String, Vec<String>> {
    let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for attribute in &assertion.attributes {
        attributes.entry(attribute.name.clone()).or_default().extend(attribute.values.iter().cloned());
    }
    if let Some(name_id) = &assertion.name_id {
        attributes.entry(NAME_ID.to_owned()).or_insert_with(|| vec![name_id.clone()]);
    }
    attributes
}

/// Reads the provider's metadata, if it is old.
pub(super) async fn read_metadata(app: &App, provider: &Provider) -> Result<(), Failure> {
    let registered = Registered::read(app, provider).await?;
    metadata::of(app, provider, settings(&registered)?, Wanted::Known).await.map(drop)
}

/// This server's own metadata, as that provider needs it; also before anybody may sign in.
///
/// # Errors
/// `NotFound` when there is no such SAML provider.
pub async fn own_metadata(app: &App, alias: &str) -> rolecall_core::Result<String> {
    let unknown = || Error::not_found(format!("there is no SAML identity provider {}", quoted(alias)));
    let world = app.engine.current(app.clock.now())?;
    let provider = super::named(&world, alias).filter(|it| it.kind == ProviderKind::Saml).ok_or_else(unknown)?;
    let registered = Registered::read(app, provider).await.map_err(|_| unknown())?;
    let settings = settings(&registered).map_err(|_| unknown())?;
    Ok(service_provider(app, provider, settings).await?.metadata())
}

pub(super) async fn service_provider(
    app: &App,
    provider: &Provider,
    settings: &SamlSettings,
) -> rolecall_core::Result<ServiceProvider> {
    let addresses = Addresses::new(app.public_url.as_str(), provider);
    Ok(ServiceProvider {
        entity_id: settings.entity_id.clone().unwrap_or(addresses.metadata),
        assertion_consumer: addresses.answer,
        log_out: Some(addresses.log_out),
        keys: saml_keys::read(app).await?,
    })
}

pub(super) fn settings(registered: &Registered) -> Result<&SamlSettings, Failure> {
    match &registered.settings {
        Settings::Saml(settings) => Ok(settings),
        Settings::Oidc(_) | Settings::OpenShift(_) => Err(other_kind(registered.provider())),
    }
}

pub(super) fn saml_provider(provider: &Provider) -> Result<&Provider, Failure> {
    if provider.kind == ProviderKind::Saml { Ok(provider) } else { Err(other_kind(provider)) }
}

fn other_kind(provider: &Provider) -> Failure {
    Failure::new("provider-kind", format!("{} is not a SAML provider", provider.alias))
}

fn seconds(app: &App) -> UnixSeconds {
    UnixSeconds(app.clock.now().seconds())
}
