//! Detects idle connections by the work on their requests.
//!
//! Work on a request keeps a connection open: a running handler, or a response in production. What a client could do
//! endlessly (pings, not reading a response) does not.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, sleep};

/// The activity of one connection.
#[derive(Debug)]
pub(super) struct Activity(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Number of running handlers and responses in production.
    working: usize,
    /// When work last started or ended.
    newest: Instant,
}

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { working: 0, newest: Instant::now() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts work, which ends when the value is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Working {
        let mut state = self.state();
        state.working += 1;
        state.newest = Instant::now();
        drop(state);
        Working(self.clone())
    }

    /// Restarts the idle time.
    pub(super) fn touch(&self) {
        self.state().newest = Instant::now();
    }

    /// Returns after this much idle time.
    pub(super) async fn idle(&self, longest: Duration) {
        loop {
            let left = {
                let state = self.state();
                if state.working > 0 { longest } else { longest.saturating_sub(state.newest.elapsed()) }
            };
            if left.is_zero() {
                return;
            }
            sleep(left).await;
        }
    }
}

/// Work on a request.
#[derive(Debug)]
pub(super) struct Working(Arc<Activity>);

impl Drop for Working {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.working = state.working.saturating_sub(1);
        state.newest = Instant::now();
    }
}

/// Maximum bytes of a response handed over at once. A client that reads a large response slowly thus shows activity.
const PIECE: usize = 64 * 1024;

/// The body of a response. It counts as work while the connection waits for its next piece, but not while the previous
/// piece waits for the client.
#[derive(Debug)]
pub(super) struct Answer {
    body: Body,
    /// Data of the body that was not requested yet.
    rest: Bytes,
    activity: Arc<Activity>,
    working: Option<Working>,
}

impl Answer {
    pub(super) const fn new(body: Body, activity: Arc<Activity>) -> Self {
        Self { body, rest: Bytes::new(), activity, working: None }
    }

    fn piece(&mut self) -> Frame<Bytes> {
        let length = self.rest.len().min(PIECE);
        Frame::data(self.rest.split_to(length))
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.working.is_none() {
            self.working = Some(self.activity.begin());
        }
        if !self.rest.is_empty() {
            self.working = None;
            return Poll::Ready(Some(Ok(self.piece())));
        }
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if polled.is_ready() {
            self.working = None;
        }
        polled.map_ok(|frame| match frame.into_data() {
            Ok(data) => {
                self.rest = data;
                self.piece()
            }
            Err(trailers) => trailers,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.body.size_hint();
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        // The upper bound first: the lower one must not exceed it.
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(hint.lower().saturating_add(rest));
        hint
    }
}
