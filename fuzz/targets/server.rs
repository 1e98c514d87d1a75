//! A real server in this process, with SQLite and the sample organisation, for targets that ask it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use rolecall::app::bootstrap::{FirstStart, bootstrap, sample};
use rolecall::app::{App, Vault};
use rolecall::clock::Clock;
use rolecall::config::{self, Lifetimes, PublicUrl};
use rolecall::http::layers::Metrics;
use rolecall::http::{Http, router};
use rolecall::outbound::Outbound;
use rolecall::random::Random;
use rolecall_core::Timestamp;
use rolecall_core::identity::Email;
use rolecall_signin::secret::Secret;
use rolecall_store::{Database, Store};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const PASSWORD: &str = "harbour-Quince-58-tundra";

const HOST: &str = "localhost";

/// A server in this process, whose clock stands still.
pub struct Server {
    runtime: Runtime,
    router: Router,
    /// The token of the administrator.
    pub root: String,
    /// The token of a Department administrator.
    pub department_administrator: String,
}

impl Server {
    /// A new one, over a fresh database.
    pub fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let router = runtime.block_on(with_the_sample());
        let server = Self { runtime, router, root: String::new(), department_administrator: String::new() };
        let root = server.sign_in(sample::ADMINISTRATOR, PASSWORD);
        let (_, departments) = server.get("/api/v1/org-unit/departments?limit=1", &root).expect("a URL");
        let email = "dina@meridian.example";
        let user = server.post("/api/v1/users", &root, &json!({ "email": email, "resetPassword": false }));
        let rule = json!({ "subjectType": "user", "subjectId": email, "roleId": 1710, "scopeType": "department",
            "scopeId": departments["departments"][0]["id"] });
        server.post("/api/v1/authorization/access-rules", &root, &rule);
        let password = user["tempPassword"].as_str().expect("a password");
        Self { department_administrator: server.sign_in(email, password), root, ..server }
    }

    fn sign_in(&self, username: &str, password: &str) -> String {
        let wanted = json!({ "grantType": "password", "clientID": "cli", "username": username, "password": password });
        let tokens = self.post("/api/v1/token", "", &wanted);
        tokens["accessToken"].as_str().expect("a token").to_owned()
    }

    /// The answer; none where the text is no URL.
    pub fn get(&self, path: &str, token: &str) -> Option<(u16, Value)> {
        let request = Request::get(path).header("host", HOST).header("authorization", format!("Bearer {token}"));
        Some(self.answer(request.body(Body::empty()).ok()?))
    }

    /// The answer to any bytes that say they are JSON.
    pub fn send(&self, path: &str, token: &str, body: &[u8]) -> (u16, Value) {
        let request = Request::post(path)
            .header("host", HOST)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        self.answer(request.body(Body::from(body.to_vec())).expect("a request"))
    }

    fn post(&self, path: &str, token: &str, body: &Value) -> Value {
        let (status, body) = self.send(path, token, body.to_string().as_bytes());
        assert!(matches!(status, 200 | 201), "{path}: {status} {body}");
        body
    }

    fn answer(&self, mut request: Request<Body>) -> (u16, Value) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
            (status, serde_json::from_slice(&body).expect("JSON"))
        })
    }
}

/// A router over a fresh database in the current directory.
async fn with_the_sample() -> Router {
    let file = PathBuf::from("fuzz.db");
    for leftover in ["fuzz.db", "fuzz.db-wal", "fuzz.db-shm"] {
        drop(std::fs::remove_file(leftover));
    }
    let store = Store::open(&Database::Sqlite { file }).await.expect("a database");
    let clock = Clock::held_at(Timestamp::parse("2026-03-02T09:30:00Z").expect("a date"));
    let random = Random::seeded(1);
    let administrator = FirstStart {
        administrator: Email::parse("email", sample::ADMINISTRATOR).expect("an email"),
        own_password: Some(Secret::from(PASSWORD)),
        sample: true,
    };
    bootstrap(&store, &clock, &random, administrator).await.expect("bootstrapped");
    let outbound = Outbound::new(&[], None).expect("a client");
    let lifetimes: Lifetimes = config::parse([""]).expect("the defaults");
    let app =
        App::start(store, clock, random, Vault::default(), outbound, PublicUrl::localhost(8080, false), lifetimes)
            .await
            .expect("a server");
    router(Http { app, trusted_proxies: Vec::new().into(), metrics: Arc::new(Metrics::new()) })
}
