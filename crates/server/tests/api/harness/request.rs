//! Requests, built step by step and sent.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::net::SocketAddr;

use super::{Answer, Server, Token};

/// A request under construction.
#[derive(Debug)]
pub struct Ask<'s> {
    server: &'s Server,
    method: String,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

/// A path with percent-encoded parameters.
pub fn query(path: &str, parameters: &[(&str, &str)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("{path}?{}", pairs.join("&"))
}

impl Server {
    /// Starts a request.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        Ask { server: self, method: method.to_owned(), path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub async fn get(&self, who: &Token, path: &str) -> Answer {
        self.ask("GET", path).by(who).send().await
    }

    pub async fn post(&self, who: &Token, path: &str, body: Value) -> Answer {
        self.ask("POST", path).by(who).json(&body).send().await
    }

    pub async fn put(&self, who: &Token, path: &str, body: Value) -> Answer {
        self.ask("PUT", path).by(who).json(&body).send().await
    }

    pub async fn delete(&self, who: &Token, path: &str) -> Answer {
        self.ask("DELETE", path).by(who).send().await
    }
}

impl Ask<'_> {
    /// With a caller's access token.
    pub fn by(self, who: &Token) -> Self {
        self.header("authorization", &format!("Bearer {}", who.0))
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        self.raw_header(name, value.as_bytes())
    }

    pub fn raw_header(mut self, name: &str, value: &[u8]) -> Self {
        self.headers.push((name.to_owned(), value.to_vec()));
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.header(header::CONTENT_TYPE.as_str(), "application/json").body(body.to_string())
    }

    pub fn form(self, members: &[(&str, &str)]) -> Self {
        let encoded = query("", members);
        self.header(header::CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")
            .body(encoded.trim_start_matches('?'))
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it, and asserts that the response is not an internal error.
    pub async fn send(self) -> Answer {
        let asked = format!("{} {}", self.method, self.path);
        let server = self.server;
        let answer = server.answer(asked, self.request()).await;
        assert!(!matches!(answer.status, 500..=502), "{}: {} {}", answer.asked, answer.status, answer.text());
        assert!(answer.header("x-request-id").is_some(), "{}: no request id in {:?}", answer.asked, answer.headers);
        answer
    }

    /// Sends it, and returns the unread response.
    pub async fn response(self) -> Response<Body> {
        let server = self.server;
        server.response(self.request()).await
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.path);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            request = request.header("host", "localhost:8080");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value.as_slice());
        }
        let mut request = request.body(Body::from(self.body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        request
    }
}
