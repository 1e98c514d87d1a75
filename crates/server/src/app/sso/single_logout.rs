//! Single logout of SAML 2.0 (profiles, section 4.4), in both directions: asks a provider to sign someone out, reads its
//! answer, and ends sessions here when the provider asks for it. What a page posts is kept first, and read when the
//! browser comes back, as answers to sign-ins are.

use std::sync::Arc;

use rolecall_core::Error;
use rolecall_core::identity::Provider;
use rolecall_signin::saml::assertion::Qualifiers;
use rolecall_signin::saml::logout::{
    Content, Expectations, Incoming, LogoutRequest, Outgoing, verify_request, verify_response,
};
use rolecall_signin::saml::metadata::{Addresses as TheirAddresses, IdentityProvider};
use rolecall_signin::saml::redirect::MAX_RELAY_STATE_BYTES;
use rolecall_signin::saml::service_provider::ServiceProvider;
use rolecall_signin::saml::{SamlError, message_id};
use rolecall_store::NamedSessions;
use serde::{Deserialize, Serialize};

use super::code_flow::seconds;
use super::ended_there::{EndSessions, Message, begun_by};
use super::metadata::{self, Wanted};
use super::provider_session::{SamlSession, word};
use super::registered::Registered;
use super::sign_out::{SignOutThere, no_address};
use super::{Destination, Failure, saml, usable};
use crate::app::identity_providers::SamlSettings;
use crate::app::{App, RequestInfo};

/// A logout message, as a browser brings it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogoutMessage {
    /// The raw query (HTTP-Redirect).
    Query(String),
    /// The fields of a form (HTTP-POST).
    Form {
        /// `SAMLRequest` or `SAMLResponse`.
        message: String,
        /// Whether it is a request.
        is_request: bool,
        /// `RelayState`.
        relay_state: Option<String>,
    },
}

impl LogoutMessage {
    fn incoming(&self) -> Incoming<'_> {
        match self {
            Self::Query(query) => Incoming::Query(query),
            Self::Form { message, .. } => Incoming::Field(message),
        }
    }

    fn is_request(&self) -> bool {
        match self {
            Self::Query(query) => query.split('&').any(|pair| pair.starts_with("SAMLRequest=")),
            Self::Form { is_request, .. } => *is_request,
        }
    }
}

/// What a logout message led to.
#[derive(Debug)]
pub enum LoggedOut {
    /// The provider signed the person out, as this server asked.
    There,
    /// Its answer to what this server asked proves nothing.
    Unproven(Failure),
    /// It says something that belongs to no sign-out of this browser.
    Unasked,
    /// The provider asked, and gets this answer; `None` where it announces no address for one.
    Here(Option<Destination>),
}

/// Asks a provider to sign a person out, in a request with that id.
pub(super) async fn ask(
    app: &App,
    provider: &Provider,
    settings: &SamlSettings,
    session: SamlSession,
    id: &str,
) -> Result<Destination, Failure> {
    let qualifiers = Qualifiers { name: session.name_qualifier, service_provider: session.sp_name_qualifier };
    let content = Content::Request {
        name_id: &session.name_id,
        name_id_format: session.format.as_deref(),
        qualifiers: &qualifiers,
        session_index: session.session_index.as_deref(),
    };
    let theirs = metadata::of(app, provider, settings, Wanted::Known).await?;
    let ours = saml::service_provider(app, provider, settings).await?;
    let TheirAddresses { redirect, post, .. } = &theirs.log_out;
    let to = send(app, &ours, (redirect.as_deref(), post.as_deref()), id, content, None)?;
    to.ok_or_else(|| no_address(provider))
}

/// Sends a message by the first binding for which there is an address.
fn send(
    app: &App,
    ours: &ServiceProvider,
    (redirect, post): (Option<&str>, Option<&str>),
    id: &str,
    content: Content<'_>,
    relay_state: Option<&str>,
) -> Result<Option<Destination>, Failure> {
    let key = ours.keys.first().ok_or_else(|| Error::internal("this server has no key for SAML"))?;
    let to = |destination| Outgoing { id, destination, issuer: &ours.entity_id, content, now: seconds(app) };
    let sent = match (redirect, post) {
        (Some(address), _) => to(address).redirect(relay_state, key).map(Destination::Address).map(Some),
        (None, Some(address)) => to(address).form(relay_state, key).map(Destination::Form).map(Some),
        (None, None) => Ok(None),
    };
    sent.map_err(refused)
}

/// Keeps a message that a page of the provider had the browser post, and returns the id with which it comes back.
///
/// # Errors
/// When nobody can sign in with that provider, or too many messages are kept.
pub async fn keep(app: &App, request: &RequestInfo, alias: &str, message: &LogoutMessage) -> Result<String, Failure> {
    let text = serde_json::to_string(message).map_err(Error::internal)?;
    saml::keep(app, request, alias, text).await
}

/// Reads the message with that id.
///
/// # Errors
/// As [`receive`]; when it was read before, or is too old.
pub async fn receive_kept(
    app: &Arc<App>,
    request: &RequestInfo,
    alias: &str,
    id: &str,
    cookie: Option<&str>,
) -> Result<LoggedOut, Failure> {
    let world = app.engine.current(app.clock.now())?;
    let text = saml::take(app, saml::saml_provider(usable(&world, alias)?)?, id).await?;
    let message: LogoutMessage = serde_json::from_str(&text)
        .map_err(|_| Failure::new("saml-answer-gone", "what was posted is no logout message"))?;
    receive(app, request, alias, message, cookie).await
}

/// Reads a logout message of a provider.
///
/// # Errors
/// When it is not signed by that provider for this server, is too old, or was used before; `sign-out-refused` when the
/// provider says that it did not sign the person out.
pub async fn receive(
    app: &Arc<App>,
    request: &RequestInfo,
    alias: &str,
    message: LogoutMessage,
    cookie: Option<&str>,
) -> Result<LoggedOut, Failure> {
    let world = app.engine.current(app.clock.now())?;
    let provider = saml::saml_provider(usable(&world, alias)?)?;
    let registered = Registered::read(app, provider).await?;
    let settings = saml::settings(&registered)?;
    let reading = Reading { app, provider, settings, message: Arc::new(message) };
    if reading.message.is_request() {
        return reading.end(request).await.map(LoggedOut::Here);
    }
    match SignOutThere::open(app, alias, cookie) {
        None => Ok(LoggedOut::Unasked),
        Some(sign_out) => reading.confirm(sign_out.id).await,
    }
}

/// A message being read.
struct Reading<'a> {
    app: &'a Arc<App>,
    provider: &'a Provider,
    settings: &'a SamlSettings,
    message: Arc<LogoutMessage>,
}

impl Reading<'_> {
    /// The provider's answer to our request.
    async fn confirm(&self, asked: String) -> Result<LoggedOut, Failure> {
        let verify = move |message: &LogoutMessage, theirs: &IdentityProvider, expected: &Expectations<'_>| {
            verify_response(message.incoming(), &asked, &theirs.certificates, expected)
        };
        match self.verified(Arc::new(verify)).await? {
            Ok(()) => Ok(LoggedOut::There),
            Err(error @ SamlError::StatusNotSuccess { .. }) => Err(Failure::new("sign-out-refused", error)),
            Err(error) => Ok(LoggedOut::Unproven(refused(error))),
        }
    }

    /// Ends the sessions that a request of the provider names, and says what to answer.
    async fn end(&self, request: &RequestInfo) -> Result<Option<Destination>, Failure> {
        let verify = |message: &LogoutMessage, theirs: &IdentityProvider, expected: &Expectations<'_>| {
            verify_request(message.incoming(), &theirs.certificates, expected)
        };
        let asked = self.verified(Arc::new(verify)).await?.map_err(refused)?;
        let (app, provider) = (self.app, self.provider);
        let theirs = metadata::of(app, provider, self.settings, Wanted::Known).await?;
        let issuer = &theirs.entity_id;
        let message = Message { kind: "logout request", issuer, id: &asked.id, remember_until: asked.remember_until };
        let sessions = NamedSessions {
            provider: provider.id,
            person: Some(word(issuer, &asked.name_id)),
            sessions: asked.session_indexes.iter().map(|index| word(issuer, index)).collect(),
            begun_by: begun_by(asked.issued_at),
        };
        let ended = EndSessions::new(provider, &message, sessions).carry_out(app, request).await?;
        tracing::info!(provider = %provider.alias, ended, "the identity provider ended sessions");
        self.answer(&theirs, &asked).await
    }

    async fn answer(&self, theirs: &IdentityProvider, asked: &LogoutRequest) -> Result<Option<Destination>, Failure> {
        let ours = saml::service_provider(self.app, self.provider, self.settings).await?;
        let relay_state = match &*self.message {
            LogoutMessage::Query(_) => asked.relay_state.as_deref(),
            LogoutMessage::Form { relay_state, .. } => relay_state.as_deref(),
        };
        // A longer one is none of the binding, and must not keep the answer from the provider.
        let relay_state = relay_state.filter(|state| state.len() <= MAX_RELAY_STATE_BYTES);
        let logout = &theirs.log_out;
        let redirect = logout.redirect_response.as_deref().or(logout.redirect.as_deref());
        let post = logout.post_response.as_deref().or(logout.post.as_deref());
        let id = message_id(&self.app.random.bytes()?);
        send(self.app, &ours, (redirect, post), &id, Content::Response { in_response_to: &asked.id }, relay_state)
    }

    /// Verifies it, with the provider's newest certificates where those known do not fit.
    async fn verified<T: Send + 'static>(&self, verify: Arc<Verify<T>>) -> Result<Result<T, SamlError>, Failure> {
        let verified = self.verified_with(Wanted::Known, verify.clone()).await?;
        if verified.as_ref().is_err_and(SamlError::wants_fresh_metadata) {
            return self.verified_with(Wanted::Fresh, verify).await;
        }
        Ok(verified)
    }

    async fn verified_with<T: Send + 'static>(
        &self,
        wanted: Wanted,
        verify: Arc<Verify<T>>,
    ) -> Result<Result<T, SamlError>, Failure> {
        let theirs = metadata::of(self.app, self.provider, self.settings, wanted).await?;
        let ours = saml::service_provider(self.app, self.provider, self.settings).await?;
        let (message, now) = (self.message.clone(), seconds(self.app));
        // Parsing and hashing take their time. A provider that does not answer keeps nobody else waiting.
        let _turn = self.app.sso.logouts.acquire().await.map_err(Error::internal)?;
        let work = move || {
            let destination = ours.log_out.as_deref().unwrap_or_default();
            let expected = Expectations { issuer: &theirs.entity_id, destination, now };
            verify(&message, &theirs, &expected)
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(Error::internal)?)
    }
}

type Verify<T> = dyn Fn(&LogoutMessage, &IdentityProvider, &Expectations<'_>) -> Result<T, SamlError> + Send + Sync;

fn refused(error: SamlError) -> Failure {
    Failure::new(error.code(), error)
}
