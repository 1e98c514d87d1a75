//! A budget for responses that clients have not read: they stay in memory until they are sent.
//!
//! Without it, a client with an access token could make the server hold one large response for each of its requests, on
//! each of its connections, by reading none of them.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use rolecall_core::Error;

use crate::http::error::HttpError;

/// Bytes of unread responses beyond which a connection gets no other response.
const OF_CONNECTION: usize = 16 * 1024 * 1024;
/// Bytes of unread responses beyond which no connection gets another large response.
const OF_SERVER: usize = 256 * 1024 * 1024;
/// Maximum bytes of a response that is not large. All such responses of a connection together are small as well.
const SMALL: usize = 16 * 1024;
/// `Retry-After` of a refused request.
const LATER: Duration = Duration::from_secs(1);

/// An extension of responses whose bytes all requests share: however many are unread, they are in memory once.
#[derive(Debug, Clone, Copy)]
pub struct Shared;

/// The unread bytes of one connection, and those of all connections.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    of_connection: Arc<AtomicUsize>,
    of_server: Arc<AtomicUsize>,
}

impl Unread {
    /// For another connection of the same server.
    #[must_use]
    pub fn of_new_connection(&self) -> Self {
        Self { of_connection: Arc::default(), of_server: self.of_server.clone() }
    }

    /// Whether the connection has read enough to get another response.
    fn ensure_read(&self) -> Result<(), Error> {
        if self.of_connection.load(Ordering::Relaxed) < OF_CONNECTION {
            return Ok(());
        }
        let message = "the answers to earlier requests on this connection wait to be read; read them first";
        Err(Error::overloaded(message, LATER))
    }

    /// Whether there is room for a response of that size. Small ones always have room, so that decisions and health
    /// checks do not suffer from others.
    fn ensure_room(&self, bytes: usize) -> Result<(), Error> {
        self.ensure_read()?;
        if bytes <= SMALL || self.of_server.load(Ordering::Relaxed) < OF_SERVER {
            return Ok(());
        }
        Err(Error::overloaded("too many large answers wait to be read by clients of this server; try again", LATER))
    }

    fn hold(&self, bytes: usize) -> Held {
        self.of_connection.fetch_add(bytes, Ordering::Relaxed);
        self.of_server.fetch_add(bytes, Ordering::Relaxed);
        Held { unread: self.clone(), bytes }
    }
}

/// Counts the response as unread until it was sent, and refuses a request while too much is unread.
// INVARIANT: a change is refused before it is made, not after it.
pub async fn bounded(request: Request, next: Next) -> Response {
    // A router without a listener has no connections.
    let Some(unread) = request.extensions().get::<Unread>().cloned() else { return next.run(request).await };
    if let Err(refused) = unread.ensure_read() {
        return HttpError(refused).into_response();
    }
    let reads =
        matches!(*request.method(), Method::GET | Method::HEAD) || request.uri().path().starts_with("/access/v1/");
    let response = next.run(request).await;
    if response.extensions().get::<Shared>().is_some() {
        return response;
    }
    let Some(size) = response.body().size_hint().exact().and_then(|size| usize::try_from(size).ok()) else {
        // A stream holds one piece at a time.
        return response;
    };
    if reads && let Err(refused) = unread.ensure_room(size) {
        return HttpError(refused).into_response();
    }
    let held = unread.hold(size);
    response.map(|body| Body::new(HeldBody { body, _held: held }))
}

/// Bytes of a response in memory.
#[derive(Debug)]
struct Held {
    unread: Unread,
    bytes: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.unread.of_connection.fetch_sub(self.bytes, Ordering::Relaxed);
        self.unread.of_server.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A body that is counted until it is dropped.
#[derive(Debug)]
struct HeldBody {
    body: Body,
    _held: Held,
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_with_much_unread_still_gives_small_answers_and_large_ones_once_it_is_read() {
        let first = Unread::default();
        let mut held = Vec::new();
        for _ in 0..OF_SERVER / OF_CONNECTION {
            let deaf = first.of_new_connection();
            deaf.ensure_room(OF_CONNECTION).unwrap();
            held.push(deaf.hold(OF_CONNECTION));
            let refused = deaf.ensure_read().unwrap_err();
            assert!(refused.message.contains("on this connection") && refused.retry_after.is_some(), "{refused:?}");
        }
        let other = first.of_new_connection();
        other.ensure_room(SMALL).unwrap();
        let refused = other.ensure_room(SMALL + 1).unwrap_err();
        assert!(refused.message.contains("clients of this server"), "{refused:?}");
        held.pop();
        other.ensure_room(SMALL + 1).unwrap();
    }
}
