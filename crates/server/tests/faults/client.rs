//! A client that calls a server over a socket.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::harness::people::rule;
use crate::harness::{Answer, RULES, TestScope, Token};

/// Longer than any response may take: a server gives up after 30 seconds.
const LONGEST: Duration = Duration::from_secs(45);

/// No response: the server was unreachable, or stopped before it responded.
#[derive(Debug)]
pub struct Lost(pub String);

impl Lost {
    fn by(cause: impl fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

/// A caller of one server.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    address: SocketAddr,
}

/// A request under construction.
#[derive(Debug)]
pub struct Ask {
    client: Client,
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Client {
    pub const fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// The server's address.
    pub const fn address(self) -> SocketAddr {
        self.address
    }

    pub fn ask(self, method: &'static str, path: &str) -> Ask {
        Ask { client: self, method, path: path.to_owned(), headers: Vec::new(), body: String::new() }
    }

    pub async fn get(self, who: &Token, path: &str) -> Answer {
        self.ask("GET", path).by(who).send().await
    }

    pub async fn post(self, who: &Token, path: &str, body: Value) -> Answer {
        self.ask("POST", path).by(who).json(&body).send().await
    }

    pub async fn delete(self, who: &Token, path: &str) -> Answer {
        self.ask("DELETE", path).by(who).send().await
    }

    /// A sign-in request of a user.
    pub fn sign_in_request(self, username: &str, password: &str) -> Ask {
        let body = json!({ "grantType": "password", "clientID": "cli", "username": username, "password": password });
        self.ask("POST", "/api/v1/token").json(&body)
    }

    pub async fn sign_in(self, username: &str, password: &str) -> Token {
        token(&self.sign_in_request(username, password).send().await)
    }

    /// Creates a user with their own password; returns their id and the password.
    pub async fn user(self, by: &Token, email: &str) -> (String, String) {
        let created = self.post(by, "/api/v1/users", json!({ "email": email, "resetPassword": false })).await.created();
        (text(&created, "id"), text(&created, "tempPassword"))
    }

    /// Gives a role at the account to a subject, and returns the rule's id.
    pub async fn grant(self, by: &Token, kind: &str, subject: &str, role: i32) -> i64 {
        let created = self.post(by, RULES, rule(kind, subject, role, &TestScope::account())).await.created();
        created["id"].as_i64().unwrap()
    }

    /// A service account that is System administrator, signed in. It is not a way in.
    pub async fn administering_machine(self, by: &Token, name: &str) -> Token {
        let created = self.post(by, "/api/v1/service-accounts", json!({ "name": name })).await.created();
        let (id, secret) = (text(&created, "clientId"), text(&created, "clientSecret"));
        self.grant(by, "service-account", &id, 1).await;
        let wanted = json!({ "grantType": "app_token", "AppId": id, "AppSecret": secret });
        token(&self.ask("POST", "/api/v1/token").json(&wanted).send().await)
    }

    /// A connection that has not been used yet.
    pub async fn connect(self) -> Result<Connection, Lost> {
        let stream = TcpStream::connect(self.address).await.map_err(Lost::by)?;
        stream.set_nodelay(true).map_err(Lost::by)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(Lost::by)?;
        tokio::spawn(connection);
        Ok(Connection(sender))
    }
}

/// The access token of a successful sign-in.
#[track_caller]
pub fn token(answer: &Answer) -> Token {
    Token(text(&answer.ok(), "accessToken"))
}

/// A text of a JSON object.
#[track_caller]
pub fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap_or_else(|| panic!("no {name} in {of}")).to_owned()
}

impl Ask {
    pub fn by(self, who: &Token) -> Self {
        self.header("authorization", format!("Bearer {}", who.0))
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn json(self, body: &Value) -> Self {
        Self { body: body.to_string(), ..self.header("content-type", "application/json") }
    }

    /// Sends it on a new connection; a missing response fails the test.
    pub async fn send(self) -> Answer {
        let asked = format!("{} {}", self.method, self.path);
        self.try_send().await.unwrap_or_else(|Lost(cause)| panic!("{asked}: no answer: {cause}"))
    }

    /// Sends it on a new connection.
    pub async fn try_send(self) -> Result<Answer, Lost> {
        let connection = timeout(LONGEST, self.client.connect()).await.map_err(Lost::by)??;
        self.send_on(connection).await
    }

    /// Sends it on an existing connection.
    pub async fn send_on(self, Connection(mut sender): Connection) -> Result<Answer, Lost> {
        let asked = format!("{} {}", self.method, self.path);
        let mut request = Request::builder().method(self.method).uri(self.path).header("host", "localhost");
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(self.body)).unwrap();
        let answered = async {
            let (parts, body) = sender.send_request(request).await.map_err(Lost::by)?.into_parts();
            let body = to_bytes(Body::new(body), usize::MAX).await.map_err(Lost::by)?.to_vec();
            Ok(Answer { asked: asked.clone(), status: parts.status.as_u16(), headers: parts.headers, body })
        };
        timeout(LONGEST, answered).await.unwrap_or_else(|_| panic!("{asked}: no answer within {LONGEST:?}"))
    }
}

/// A connection to a server.
#[derive(Debug)]
pub struct Connection(SendRequest<Body>);
