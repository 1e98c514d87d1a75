//! The caller of a request: by bearer token, or by a browser's cookie.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use rolecall_core::access::Actor;
use rolecall_core::{Error, ErrorKind};
use rolecall_signin::token::Purpose;

use crate::app::{Call, RequestInfo, sessions};
use crate::engine::NamedRevision;
use crate::http::error::HttpError;
use crate::http::{Http, cookies, etag, origin, reply};

/// An authenticated caller who may use the API.
#[derive(Debug)]
pub struct Caller(pub Call);

/// An authenticated caller, perhaps with a temporary password. Only for what they may do then: change it, sign out, and
/// see who they are.
#[derive(Debug)]
pub struct NewcomerCaller(pub Call);

/// Facts about a request, authenticated or not.
#[derive(Debug, Clone)]
pub struct Request(pub RequestInfo);

impl<S: Sync> FromRequestParts<S> for Request {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let info = parts.extensions.get::<RequestInfo>();
        info.cloned().map(Self).ok_or_else(|| Error::internal("the request was not described by the layers").into())
    }
}

impl FromRequestParts<Http> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Refused> {
        let turn = kind(parts);
        let identified = identify(parts, http, turn).await;
        let ready = identified.and_then(|(call, purpose)| {
            ensure_ready(&call, purpose)?;
            Ok(Self(call))
        });
        ready.map_err(|HttpError(error)| Refused::new(error, &parts.headers))
    }
}

impl FromRequestParts<Http> for NewcomerCaller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Refused> {
        // INVARIANT: nobody keeps a user from signing out or from changing the password with requests in that user's name.
        let turn = match kind(parts) {
            Kind::Change => Kind::Unlimited,
            kind => kind,
        };
        let identified = identify(parts, http, turn).await;
        identified.map(|(call, _)| Self(call)).map_err(|HttpError(error)| Refused::new(error, &parts.headers))
    }
}

/// Refuses a caller with a temporary password, and a token whose only purpose is to change it.
fn ensure_ready(call: &Call, purpose: Purpose) -> rolecall_core::Result<()> {
    call.principal()?.ensure_password_changed()?;
    // 401, so that a client requests another token: this one was for changing the password, which is done.
    if purpose == Purpose::PasswordChange {
        let message = "this access token is good for changing a temporary password and nothing else; get another one";
        return Err(Error::unauthenticated(message).with_reason("token-for-password-change"));
    }
    Ok(())
}

/// The caller, and the purpose of the credential.
async fn identify(parts: &mut Parts, http: &Http, kind: Kind) -> Result<(Call, Purpose), HttpError> {
    let Request(request) = Request::from_request_parts(parts, http).await?;
    let app = http.app.clone();
    let (actor, purpose) = authenticate(parts, http).await?;
    let turn = match kind {
        Kind::Read => Some(Arc::new(app.reads.turn(&actor).await?)),
        Kind::Change => Some(Arc::new(app.changes.turn(&actor).await?)),
        Kind::Unlimited => None,
    };
    // INVARIANT: the world that decides is read after the wait for a turn, in which the caller may have lost everything.
    let now = app.clock.now();
    let world = match revision(parts)? {
        Some(named) => app.engine.at_least(&app.store, named, now).await?,
        None => app.engine.current(now)?,
    };
    world.principal(&actor)?;
    let if_match = etag::if_match(&parts.headers)?;
    Ok((Call { app, actor, request, if_match, world, turn }, purpose))
}

/// What a request does, as far as turns are concerned.
enum Kind {
    Read,
    Change,
    /// A decision, which only reads memory, or what must not wait for other requests of the caller.
    Unlimited,
}

fn kind(parts: &Parts) -> Kind {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        Kind::Read
    } else if parts.uri.path().starts_with("/access/v1/") {
        Kind::Unlimited
    } else {
        Kind::Change
    }
}

/// Who sent a large body, before it is read.
///
/// # Errors
/// As for [`Caller`], except for what the caller may do.
pub async fn sender(parts: &Parts, http: &Http) -> Result<Actor, Refused> {
    let authenticated = authenticate(parts, http).await;
    authenticated.map(|(actor, _)| actor).map_err(|HttpError(error)| Refused::new(error, &parts.headers))
}

async fn authenticate(parts: &Parts, http: &Http) -> Result<(Actor, Purpose), HttpError> {
    let app = &http.app;
    let now = app.clock.now();
    // INVARIANT: this comes first. Without a fresh world, no caller is refused because of its content.
    app.engine.current(now)?;
    match bearer(&parts.headers)? {
        Some(token) => Ok(app.token_keys.actor_of_token(&app.store, token, &app.public_url, now).await?),
        None => match cookies::session(&parts.headers, &app.public_url) {
            Some(secret) => {
                // INVARIANT: browsers add a cookie to any request that a page makes, so it counts for a change only
                // where the browser reports that the page is ours.
                if !matches!(parts.method, Method::GET | Method::HEAD) {
                    origin::ensure_same(&parts.headers, &app.public_url)?;
                }
                Ok((sessions::actor_of_cookie(app, &secret, now).await?, Purpose::Api))
            }
            None => {
                let message = "sign in first: send an access token as `Authorization: Bearer …`";
                Err(Error::unauthenticated(message).into())
            }
        },
    }
}

/// A refused caller. The response challenges for another token (RFC 6750, section 3).
#[derive(Debug)]
pub struct Refused {
    error: Error,
    /// Why the request's token was refused; absent where there was none.
    challenge: Option<&'static str>,
}

impl Refused {
    fn new(error: Error, headers: &HeaderMap) -> Self {
        let challenge = match (bearer(headers), error.kind) {
            (Ok(Some(_)), ErrorKind::Unauthenticated) => Some("Bearer error=\"invalid_token\""),
            (Ok(Some(_)), ErrorKind::Forbidden) => Some("Bearer error=\"insufficient_scope\""),
            _ => None,
        };
        Self { error, challenge }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = HttpError(self.error).into_response();
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, HttpError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    // A proxy and this server might each believe another one.
    if values.next().is_some() {
        return Err(Error::unauthenticated("Authorization: this header was sent more than once; send it once").into());
    }
    let wrong = || Error::unauthenticated("Authorization: send `Bearer` and an access token");
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(wrong)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(token.trim())) } else { Err(wrong().into()) }
}

fn revision(parts: &Parts) -> Result<Option<NamedRevision>, HttpError> {
    let Some(value) = parts.headers.get(reply::REVISION) else { return Ok(None) };
    // Bytes that are not text are not a revision either.
    Ok(Some(NamedRevision::parse(value.to_str().unwrap_or_default())?))
}
