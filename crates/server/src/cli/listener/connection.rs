//! One connection, from its handshake to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use super::Patience;
use super::activity::{Activity, Answer};
use super::certificate::Certificate;
use crate::http::layers::{Bodies, Unread};

/// Maximum concurrent requests of an HTTP/2 connection. What it may leave unread is limited by [`Unread`].
const STREAMS: u32 = 32;
/// Maximum size of an HTTP/2 request's headers, in bytes.
const HEAD: u32 = 16 * 1024;
/// Bytes that an HTTP/1 connection reads at once; also the maximum size of a request's line and headers.
const BUFFER: usize = 64 * 1024;
/// Bytes of a request's body that a client may send before they are read.
const WINDOW: u32 = 64 * 1024;

/// The phase of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Serving,
    /// Requests in progress are answered, and no others.
    Ending,
    Over,
}

/// The settings that all connections share.
pub(super) struct Connections {
    router: Router,
    certificate: Option<Arc<Certificate>>,
    builder: Builder<TokioExecutor>,
    patience: Patience,
    unread: Unread,
}

impl Connections {
    pub(super) fn new(router: Router, certificate: Option<Arc<Certificate>>, patience: Patience) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        // hyper itself limits streams that are reset as fast as they are opened.
        builder.http1().max_buf_size(BUFFER);
        builder
            .http2()
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(HEAD)
            .initial_stream_window_size(WINDOW)
            // INVARIANT: bodies that wait for their turn leave room for those that are read.
            .initial_connection_window_size(STREAMS.saturating_mul(WINDOW));
        Self { router, certificate, builder, patience, unread: Unread::default() }
    }

    /// Serves a connection until it ends.
    pub(super) async fn serve(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        mut stage: watch::Receiver<Stage>,
        wanted: &Notify,
    ) {
        // Responses are written whole; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let mut over = stage.clone();
        tokio::select! {
            () = self.open(stream, peer, &mut stage, wanted) => {}
            _ = over.wait_for(|stage| *stage == Stage::Over) => {}
        }
    }

    async fn open(&self, stream: TcpStream, peer: SocketAddr, stage: &mut watch::Receiver<Stage>, wanted: &Notify) {
        let Some(certificate) = &self.certificate else {
            return self.speak(TokioIo::new(stream), peer, stage, wanted).await;
        };
        let handshake = timeout(self.patience.handshake, certificate.acceptor().accept(stream));
        let shaken = tokio::select! {
            shaken = handshake => shaken,
            () = ending(stage) => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.speak(TokioIo::new(stream), peer, stage, wanted).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "the TLS handshake failed"),
            Err(_) => tracing::debug!(%peer, "the TLS handshake took too long"),
        }
    }

    /// Speaks HTTP until the connection ends: the client closes it, it is idle for too long, it gives way to one that waits,
    /// or the server stops.
    async fn speak<I: Read + Write + Unpin + Send + 'static>(
        &self,
        io: I,
        peer: SocketAddr,
        stage: &mut watch::Receiver<Stage>,
        wanted: &Notify,
    ) {
        let activity = Activity::new();
        let (unread, bodies) = (self.unread.of_new_connection(), Bodies::default());
        let service = service_fn(|mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(unread.clone());
            request.extensions_mut().insert(bodies.clone());
            answer(self.router.clone(), request, activity.clone())
        });
        let mut connection = pin!(self.builder.serve_connection(io, service));
        tokio::select! {
            _ = connection.as_mut() => return,
            () = activity.idle(self.patience.idle) => {}
            () = turn_over(wanted, self.patience.turn) => {}
            () = ending(stage) => {}
        }
        // A request of the client may be in transit and is answered; the client learns to send no more on this
        // connection.
        connection.as_mut().graceful_shutdown();
        activity.touch();
        tokio::select! {
            _ = connection => {}
            () = activity.idle(self.patience.farewell) => {}
        }
    }
}

/// The connection has had its time, and another one waits.
async fn turn_over(wanted: &Notify, turn: Duration) {
    sleep(turn).await;
    wanted.notified().await;
}

async fn ending(stage: &mut watch::Receiver<Stage>) {
    let _ = stage.wait_for(|stage| *stage != Stage::Serving).await;
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    activity: Arc<Activity>,
) -> Result<Response<Answer>, Infallible> {
    let _working = activity.begin();
    let response = router.oneshot(request.map(Body::new)).await?;
    Ok(response.map(|body| Answer::new(body, activity)))
}
