//! Bodies that have not arrived: how much of them a stranger, a connection and a caller may have in memory.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use futures_util::{StreamExt as _, stream};
use rolecall::http::layers::Bodies;
use serde_json::json;

use crate::harness::{Server, Token, on_both_databases};

on_both_databases!(
    of_a_strangers_large_body_nothing_is_kept,
    a_connection_has_room_for_a_few_unfinished_bodies,
    a_caller_sends_a_few_large_bodies_at_once,
);

const EVALUATIONS: &str = "/access/v1/evaluations";

fn request(path: &str, room: &Bodies, who: Option<&Token>, body: Body) -> Request<Body> {
    let mut request = Request::post(path).header("host", "localhost:8080").header("content-type", "application/json");
    if let Some(Token(token)) = who {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut request = request.body(body).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
    request.extensions_mut().insert(room.clone());
    request
}

/// A body that never ends.
fn unfinished() -> Body {
    Body::from_stream(stream::pending::<Result<Bytes, Infallible>>())
}

/// A piece of a body that tells when nobody holds it any more.
struct Piece(Arc<AtomicBool>);

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &[b' '; 32 * 1024]
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A body of two pieces. The second comes with word of whether the first was kept.
fn watched() -> (Body, Arc<AtomicBool>) {
    let (forgotten, was_forgotten) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (first, told) = (forgotten.clone(), was_forgotten.clone());
    let pieces = stream::iter(0..2).map(move |number| {
        if number == 0 {
            return Ok::<_, Infallible>(Bytes::from_owner(Piece(first.clone())));
        }
        told.store(forgotten.load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(Bytes::from_static(b"{}"))
    });
    (Body::from_stream(pieces), was_forgotten)
}

async fn of_a_strangers_large_body_nothing_is_kept(server: Server) {
    let stranger = Token("a.b.c".to_owned());
    for who in [None, Some(&stranger)] {
        let (body, was_forgotten) = watched();
        let answer = server.response(request(EVALUATIONS, &Bodies::default(), who, body)).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert!(was_forgotten.load(Ordering::Relaxed), "the first piece was kept");
    }
    let (body, was_forgotten) = watched();
    let answer = server.response(request(EVALUATIONS, &Bodies::default(), Some(&server.root), body)).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{{}} is no question");
    assert!(!was_forgotten.load(Ordering::Relaxed), "a caller's body is read whole");
}

async fn a_connection_has_room_for_a_few_unfinished_bodies(server: Server) {
    let room = Bodies::default();
    let sign_in = || server.response(request("/api/v1/token", &room, None, unfinished()));
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let mut one = Box::pin(sign_in());
        assert!(poll_fn(|context| Poll::Ready(one.as_mut().poll(context).is_pending())).await);
        waiting.push(one);
    }
    let right = json!({ "grantType": "password", "clientID": "cli", "username": "x@example.com", "password": "wrong" });
    let small = || Body::from(right.to_string());
    let refused = server.response(request("/api/v1/token", &room, None, small())).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    let elsewhere = server.response(request("/api/v1/token", &Bodies::default(), None, small())).await;
    assert_eq!(elsewhere.status(), StatusCode::UNAUTHORIZED, "another connection has room of its own");
    let known = server.response(request(EVALUATIONS, &room, Some(&server.root), Body::from("{}"))).await;
    assert_eq!(known.status(), StatusCode::BAD_REQUEST, "and so has a known caller");
    waiting.pop();
    assert_eq!(
        server.response(request("/api/v1/token", &room, None, small())).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

async fn a_caller_sends_a_few_large_bodies_at_once(server: Server) {
    let room = Bodies::default();
    let large = |body| server.response(request(EVALUATIONS, &room, Some(&server.root), body));
    let mut unread = Vec::new();
    for _ in 0..8 {
        let mut one = Box::pin(large(unfinished()));
        assert!(poll_fn(|context| Poll::Ready(one.as_mut().poll(context).is_pending())).await);
        unread.push(one);
    }
    let mut next = pin!(large(Body::from(" ".repeat(20_000))));
    assert!(poll_fn(|context| Poll::Ready(next.as_mut().poll(context).is_pending())).await, "it waits");
    let other = server.sign_in("ana@example.com", &server.user("ana@example.com").await.1).await;
    let others = request(EVALUATIONS, &room, Some(&other), Body::from(" ".repeat(20_000)));
    assert_eq!(server.response(others).await.status(), StatusCode::BAD_REQUEST, "another caller does not wait");
    unread.pop();
    assert_eq!(next.await.status(), StatusCode::BAD_REQUEST);
}
