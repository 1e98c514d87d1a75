//! Any query string to each list, on the real router and a real SQLite with the sample organisation: it is answered or
//! refused, and the list agrees with its count. So each filter that is understood becomes SQL that a database takes.
//!
//! An input is a digit that chooses the list, a letter that chooses who asks (`r` is root, anything else a Department
//! administrator), and the query string, where what a URL cannot hold is percent-encoded for it.
#![no_main]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use libfuzzer_sys::{Corpus, fuzz_target};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rolecall::app::founding::{FirstStart, found, sample};
use rolecall::app::{App, Policy};
use rolecall::clock::Clock;
use rolecall::http::layers::Metrics;
use rolecall::http::{Http, router};
use rolecall::random::Random;
use rolecall_core::Timestamp;
use rolecall_core::identity::Email;
use rolecall_signin::secret::Secret;
use rolecall_store::{Database, Store};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// The lists, and which member of the answer holds the rows; all have a count beside them.
const LISTS: [(&str, &str); 6] = [
    ("/api/v1/users", ""),
    ("/api/v1/authorization/access-rules", "/accessRules"),
    ("/api/v1/org-unit/departments", "/departments"),
    ("/api/v1/org-unit/projects", "/projects"),
    ("/api/v1/clusters", ""),
    ("/api/v1/authorization/me/access-rules", "/accessRules/accessRules"),
];

/// What the query of a URL cannot hold. Percent signs stay what they are, so that anything can be sent.
const NOT_IN_A_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

const PASSWORD: &str = "harbour-Quince-58-tundra";

static SERVER: OnceLock<Server> = OnceLock::new();

// Making the server takes seconds, which no input is to be blamed for.
fuzz_target!(init: { SERVER.get_or_init(Server::start) }, |data: &[u8]| -> Corpus {
    let [list, who, query @ ..] = data else { return Corpus::Reject };
    let Some((path, rows)) = LISTS.get(usize::from(list.wrapping_sub(b'0'))) else { return Corpus::Reject };
    let server = SERVER.get_or_init(Server::start);
    let token = if *who == b'r' { &server.root } else { &server.department_administrator };
    let query = String::from_utf8_lossy(query);
    let query = utf8_percent_encode(&query, NOT_IN_A_QUERY);

    let Some((status, page)) = server.get(&format!("{path}?{query}"), token) else { return Corpus::Reject };
    if status != 200 {
        refused(status, &page);
        return Corpus::Keep;
    }
    let page = page.pointer(rows).and_then(Value::as_array).expect("a list");
    let (status, count) = server.get(&format!("{path}/count?{query}"), token).expect("the same query string");
    assert_eq!(status, 200, "whoever may list may count: {count}");
    let count = count["count"].as_u64().expect("a number");
    assert!(page.len() <= 500 && page.len() as u64 <= count, "{} of {count}", page.len());
    Corpus::Keep
});

fn refused(status: u16, body: &Value) {
    let message = body["message"].as_str().unwrap_or_default();
    assert!(status == 400 && !message.is_empty() && message.len() < 1000, "{status} {body}");
}

/// A server in this process, whose clock stands still.
struct Server {
    runtime: Runtime,
    router: Router,
    root: String,
    department_administrator: String,
}

impl Server {
    fn start() -> Self {
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
    fn get(&self, path: &str, token: &str) -> Option<(u16, Value)> {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        Some(self.answer(request.body(Body::empty()).ok()?))
    }

    fn post(&self, path: &str, token: &str, body: &Value) -> Value {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        let (status, body) = self.answer(request.body(Body::from(body.to_string())).expect("a request"));
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
    let file = PathBuf::from("lists.db");
    for leftover in ["lists.db", "lists.db-wal", "lists.db-shm"] {
        drop(std::fs::remove_file(leftover));
    }
    let store = Store::open(&Database::Sqlite { file }).await.expect("a database");
    let clock = Clock::held_at(Timestamp::parse("2026-03-02T09:30:00Z").expect("a date"));
    let random = Random::seeded(1);
    let administrator = FirstStart {
        administrator: Email::parse("email", sample::ADMINISTRATOR).expect("an e-mail"),
        own_password: Some(Secret::from(PASSWORD)),
        sample: true,
    };
    found(&store, &clock, &random, administrator).await.expect("founded");
    let app = App::start(store, clock, random, Policy::default()).await.expect("a server");
    router(Http { app, trusted_proxies: Vec::new().into(), metrics: Metrics::new() })
}
