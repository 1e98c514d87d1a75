//! Reads the whole body before the handler runs, up to the operation's limit.
//!
//! A body that has not arrived whole stays in memory, so a stranger may have little of it there: a connection has room
//! for [`Bodies`], and a large body is read only for a caller who is known, a few at a time for each.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, FromRequest, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::app::Turn;
use crate::http::error::{HttpError, respond};
use crate::http::{Http, extract, limits, sso};

/// Maximum bytes of a body that is not large.
const SMALL: usize = 16 * 1024;
/// Bytes of such bodies of one connection in memory. More are read for known callers only, as large ones are.
const OF_CONNECTION: usize = 4 * SMALL;
/// Maximum time for a body to arrive.
const LONGEST: Duration = Duration::from_secs(20);

/// The operations whose bodies contain lists, or metadata of a SAML provider.
const WITH_LISTS: [&str; 7] = [
    "/access/v1/evaluations",
    "/api/v1/authorization/access-rules/batch",
    "/api/v1/authorization/access-rules/batch-create",
    "/api/v1/authorization/impact",
    "/api/v1/idps",
    "/api/v1/idps/{idp}",
    "/api/v1/idps/{idp}/rehearsal",
];

/// The operations that strangers call with a body: they sign in, or are providers that signed someone out. Forms of SAML
/// providers come from strangers, too.
const OF_STRANGERS: [&str; 5] =
    ["/api/v1/token", "/api/v2/token", "/v1/k8s/auth/oauth/apptoken", "/api/v1/session", sso::BACK_CHANNEL_LOGOUT];

/// The room for small bodies of a connection.
#[derive(Debug, Clone)]
pub struct Bodies(Arc<Semaphore>);

impl Default for Bodies {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(OF_CONNECTION)))
    }
}

/// What a request occupies while its body is in memory.
enum Room {
    Large { _turn: Turn },
    Small { _room: Option<OwnedSemaphorePermit> },
}

/// Drain the body before responding: an early response would close a keep-alive connection under the client's next
/// request.
pub async fn whole(State(http): State<Http>, request: Request, next: Next) -> Response {
    let most = most(&request);
    let size = request.body().size_hint().upper().map(|size| usize::try_from(size).unwrap_or(usize::MAX));
    let (parts, body) = request.into_parts();
    let room = match room(&parts, &http, size.unwrap_or(most).min(most)).await {
        Ok(room) => room,
        Err(refused) => {
            drain(body, most).await;
            return refused;
        }
    };
    let mut unread = Request::from_parts(parts.clone(), body);
    DefaultBodyLimit::max(most).apply(&mut unread);
    let arrived = match timeout(LONGEST, Bytes::from_request(unread, &())).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(rejection)) => return refused(&parts, rejection.status(), most),
        Err(_) => return too_slow(),
    };
    let response = next.run(Request::from_parts(parts, Body::from(arrived))).await;
    drop(room);
    response
}

/// Maximum bytes of the body.
fn most(request: &Request) -> usize {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if WITH_LISTS.contains(&path) && *request.method() != Method::GET {
        limits::LIST_BODY
    } else if sso::FORMS_OF_SAML.contains(&path) {
        OF_CONNECTION
    } else if OF_STRANGERS.contains(&path) {
        SMALL
    } else {
        limits::BODY
    }
}

/// Room for a body of that size.
///
/// INVARIANT: the body of a stranger never waits unread: it would occupy the connection's window as well.
async fn room(parts: &Parts, http: &Http, size: usize) -> Result<Room, Response> {
    // A router without a listener has no connections.
    let Some(Bodies(room)) = parts.extensions.get::<Bodies>() else { return Ok(Room::Small { _room: None }) };
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    // Answers of SAML providers are large and come from strangers: one has all the room of its connection.
    let fits = size <= SMALL || sso::FORMS_OF_SAML.contains(&path);
    let small = u32::try_from(size).ok().filter(|_| fits);
    if let Some(room) = small.and_then(|size| room.clone().try_acquire_many_owned(size).ok()) {
        return Ok(Room::Small { _room: Some(room) });
    }
    if OF_STRANGERS.contains(&path) || sso::FORMS_OF_SAML.contains(&path) {
        let message = "too many requests at once on this connection; wait for the answers to earlier ones";
        return Err(HttpError(Error::overloaded(message, Duration::from_secs(1))).into_response());
    }
    let sender = extract::sender(parts, http).await.map_err(IntoResponse::into_response)?;
    let turn = http.app.large_bodies.turn(&sender).await;
    turn.map(|turn| Room::Large { _turn: turn }).map_err(|error| HttpError(error).into_response())
}

/// Reads and forgets a body, as far as one could be accepted.
async fn drain(mut body: Body, most: usize) {
    let mut left = most;
    let reading = async {
        while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            let Some(still) = left.checked_sub(bytes) else { break };
            left = still;
        }
    };
    // Whether it ends in time or not, the response is the same.
    let _ = timeout(LONGEST, reading).await;
}

/// The answer to a body that was not read. A person waits for that to the form of a SAML provider.
fn refused(parts: &Parts, status: StatusCode, most: usize) -> Response {
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if status == StatusCode::PAYLOAD_TOO_LARGE && sso::FORMS_OF_SAML.contains(&path) {
        let alias = parts.uri.path().split('/').nth(2).unwrap_or_default();
        return sso::too_large(alias, most).unwrap_or_else(|error| HttpError(error).into_response());
    }
    HttpError(refusal(status, most)).into_response()
}

fn refusal(status: StatusCode, most: usize) -> Error {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Error::too_large(format!("the body is larger than the {} KiB that this operation accepts", most / 1024))
    } else {
        Error::invalid("the body could not be read to its end")
    }
}

fn too_slow() -> Response {
    let error =
        Error::invalid(format!("the body did not arrive within {} seconds; nothing was changed", LONGEST.as_secs()));
    respond(&error, StatusCode::REQUEST_TIMEOUT)
}
