//! Demoted while the request is in transit: only the permissions at the time of the change count, not those at the time
//! of the request.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::Request;
use hyper::body::{Bytes, Frame};
use rolecall::app::{OpenChange, RequestInfo};
use rolecall_core::access::RuleId;
use rolecall_core::acts::{DeleteRule, DeleteUser, DisableUser};
use rolecall_core::identity::UserId;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::harness::people::rule;
use crate::harness::{Answer, RULES, Server, TestScope, Token, on_both_databases};
use crate::until::SOON;
use crate::whole::ensure_in_memory_as_loaded;

on_both_databases!(a_request_whose_body_is_on_its_way_writes_nothing, a_request_that_waits_for_its_turn_writes_nothing,);

/// How a caller stops being an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Demotion {
    RuleRemoved,
    Disabled,
    Deleted,
}

impl Demotion {
    /// The answer to a caller who still sees the entity but may not change it, and to a caller who was deleted.
    const fn answer(self) -> u16 {
        match self {
            Self::RuleRemoved => 403,
            Self::Disabled | Self::Deleted => 401,
        }
    }
}

const DEMOTIONS: [Demotion; 3] = [Demotion::RuleRemoved, Demotion::Disabled, Demotion::Deleted];

/// An administrator who is about to be demoted.
#[derive(Debug)]
struct Dan {
    email: String,
    id: String,
    rule: i64,
    token: Token,
}

impl Dan {
    async fn hired(server: &Server, number: usize) -> Self {
        let email = format!("dan-{number}@example.com");
        let (id, password) = server.user(&email).await;
        // Also a Project administrator, who therefore still sees the entity afterwards.
        server.grant(&email, 15, &TestScope::account()).await;
        let rule = server.grant(&email, 1, &TestScope::account()).await;
        Self { token: server.sign_in(&email, &password).await, email, id, rule }
    }

    /// The demotion makes the newest revision, and no record shows any act of the caller except a sign-in.
    async fn ensure_wrote_nothing(&self, server: &Server, demotion: Demotion, answer: &Answer, demoted_at: i64) {
        answer.refused(demotion.answer());
        assert_eq!(server.head().await.number(), demoted_at, "{}", answer.asked);
        let rows = server.app.store.audit_newest(u32::MAX).await.unwrap();
        let own: Vec<_> = rows.iter().filter(|row| row.subject == self.email && row.action != "sign-in").collect();
        assert!(own.is_empty(), "{}: {own:#?}", answer.asked);
    }
}

async fn a_request_whose_body_is_on_its_way_writes_nothing(server: Server) {
    let place = server.organisation().await;
    server.user("bo@example.com").await;
    for (number, demotion) in DEMOTIONS.into_iter().enumerate() {
        let department = json!({ "name": "late", "clusterId": place.berlin.id, "resources": [] });
        for (case, (path, body)) in [
            ("/api/v1/users", json!({ "email": "late@example.com" })),
            (RULES, rule("user", "bo@example.com", 1710, &place.vision)),
            ("/api/v1/org-unit/departments", department),
            ("/api/v1/service-accounts", json!({ "name": "late" })),
        ]
        .into_iter()
        .enumerate()
        {
            let dan = Dan::hired(&server, number * 10 + case).await;
            let (held, own) = HeldBody::of(&body);
            let asking = server.answer(format!("POST {path}, {demotion:?}"), request(&dan.token, "POST", path, own));
            let mut asking = pin!(asking);
            // The server reads the body only after it has authenticated the caller.
            tokio::select! {
                answer = &mut asking => panic!("answered without its body: {answer:?}"),
                asked_for = timeout(SOON, held.asked_for) => asked_for.unwrap().unwrap(),
            }
            let (user, rules) = (format!("/api/v1/users/{}", dan.id), format!("{RULES}/{}", dan.rule));
            let demoted = match demotion {
                Demotion::RuleRemoved => server.delete(&server.root, &rules).await,
                Demotion::Disabled => server.post(&server.root, &format!("{user}/disable"), json!({})).await,
                Demotion::Deleted => server.delete(&server.root, &user).await,
            };
            held.rest.send(()).unwrap();
            let answer = asking.await;
            dan.ensure_wrote_nothing(&server, demotion, &answer, demoted.revision()).await;
        }
    }
    ensure_in_memory_as_loaded(&server).await;
}

async fn a_request_that_waits_for_its_turn_writes_nothing(server: Server) {
    let place = server.organisation().await;
    let (bo, _) = server.user("bo@example.com").await;
    let bos_rule = server.grant("bo@example.com", 1710, &place.vision).await;
    for (number, demotion) in DEMOTIONS.into_iter().enumerate() {
        for (case, (method, path, body)) in [
            ("DELETE", format!("{RULES}/{bos_rule}"), Value::Null),
            ("DELETE", place.pricing.path(), Value::Null),
            ("DELETE", format!("/api/v1/users/{bo}"), Value::Null),
            ("POST", format!("/api/v1/users/{bo}/password"), json!({})),
            ("POST", format!("/api/v1/users/{bo}/disable"), json!({})),
            ("POST", RULES.to_owned(), rule("user", "bo@example.com", 1710, &place.speech)),
        ]
        .into_iter()
        .enumerate()
        {
            let dan = Dan::hired(&server, number * 10 + case).await;
            // Root's change is open, so no other can begin.
            let app = server.app.clone();
            let (root, _) = app
                .token_keys
                .actor_of_token(&app.store, &server.root.0, &app.public_url, server.clock.now())
                .await
                .unwrap();
            let mut demotes = OpenChange::open(app, root, request_info()).await.unwrap();

            // Authentication waits for nothing: a stranger gets an answer at once. So a request without an immediate
            // answer is past that.
            let asked = format!("{method} {path}, {demotion:?}");
            let send = |who: &Token| {
                let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
                Box::pin(server.answer(asked.clone(), request(who, method, &path, body)))
            };
            let Poll::Ready(stranger) = first_look(&mut send(&Token("a.b.c".to_owned()))).await else {
                panic!("{asked}: a stranger waits for a refusal")
            };
            stranger.refused(401);
            let mut own = send(&dan.token);
            assert!(first_look(&mut own).await.is_pending(), "{asked}: it is not their turn");

            let user = UserId::new(dan.id.parse().unwrap());
            let demoted = match demotion {
                Demotion::RuleRemoved => {
                    let id = RuleId::parse(&dan.rule.to_string()).unwrap();
                    let permit = demotes.authorize(DeleteRule(id)).await.unwrap();
                    demotes.tx.delete_rule(&permit).await.unwrap();
                    demotes.commit(permit, ()).await
                }
                Demotion::Disabled => {
                    let permit = demotes.authorize(DisableUser(user)).await.unwrap();
                    demotes.tx.disable_user(&permit).await.unwrap();
                    demotes.commit(permit, ()).await
                }
                Demotion::Deleted => {
                    let permit = demotes.authorize(DeleteUser(user)).await.unwrap();
                    demotes.tx.delete_user(&permit).await.unwrap();
                    demotes.commit(permit, ()).await
                }
            };
            let demoted = demoted.unwrap();

            let answer = own.await;
            dan.ensure_wrote_nothing(&server, demotion, &answer, demoted.revision.number()).await;
        }
    }
    ensure_in_memory_as_loaded(&server).await;
}

fn request(who: &Token, method: &str, path: &str, body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", who.0));
    request.header("host", "localhost").header("content-type", "application/json").body(body).unwrap()
}

fn request_info() -> RequestInfo {
    RequestInfo {
        source_ip: [127, 0, 0, 1].into(),
        method: "DELETE".to_owned(),
        url: "/".to_owned(),
        id: "demotes".to_owned(),
        success: 204,
        refusal: |_| 400,
    }
}

/// Polls it once.
async fn first_look<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(Pin::new(&mut *future).poll(cx))).await
}

/// The test's end of a body that it holds back.
struct Held {
    /// Resolves when the server asks for the body.
    asked_for: oneshot::Receiver<()>,
    /// Releases it.
    rest: oneshot::Sender<()>,
}

/// A body that signals when it is polled, and waits for the test before it arrives.
struct HeldBody {
    asked_for: Option<oneshot::Sender<()>>,
    rest: Option<oneshot::Receiver<()>>,
    bytes: Bytes,
}

impl HeldBody {
    fn of(body: &Value) -> (Held, Body) {
        let (ask, asked_for) = oneshot::channel();
        let (rest, go_on) = oneshot::channel();
        let bytes = Bytes::from(body.to_string());
        (Held { asked_for, rest }, Body::new(Self { asked_for: Some(ask), rest: Some(go_on), bytes }))
    }
}

impl hyper::body::Body for HeldBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(asked_for) = self.asked_for.take() {
            asked_for.send(()).unwrap();
        }
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        Pin::new(rest).poll(cx).map(|told| {
            told.unwrap();
            self.rest = None;
            Some(Ok(Frame::data(std::mem::take(&mut self.bytes))))
        })
    }
}
