//! Responses, and what all of them have in common.

use axum::http::HeaderMap;
use serde_json::Value;

/// A response.
#[derive(Debug)]
pub struct Answer {
    /// The request, for assertion messages.
    pub asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// An error in the API's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub message: String,
    pub reason: Option<String>,
}

impl Refusal {
    /// Asserts that the message names what is wrong.
    #[track_caller]
    pub fn names(&self, word: &str) -> &Self {
        assert!(self.message.contains(word), "expected {word:?} in: {}", self.message);
        self
    }

    /// Asserts the reason for programs.
    #[track_caller]
    pub fn because(&self, reason: &str) -> &Self {
        assert_eq!(self.reason.as_deref(), Some(reason), "{}", self.message);
        self
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let content_type = self.header("content-type").unwrap_or_default();
        assert!(content_type.starts_with("application/json"), "{}: {content_type}: {}", self.asked, self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{}: {e}: {}", self.asked, self.text()))
    }

    #[track_caller]
    fn is(&self, status: u16) {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
    }

    /// 200, with this body.
    #[track_caller]
    pub fn ok(&self) -> Value {
        self.is(200);
        self.json()
    }

    /// 201, with this body, and the revision of the change.
    #[track_caller]
    pub fn created(&self) -> Value {
        self.is(201);
        self.revision();
        self.json()
    }

    /// A change that worked, with or without a body.
    #[track_caller]
    pub fn done(&self) -> &Self {
        assert!(matches!(self.status, 200 | 201 | 204), "{}: {} {}", self.asked, self.status, self.text());
        self.revision();
        self
    }

    /// 204, with the revision of the change and nothing else.
    #[track_caller]
    pub fn gone(&self) {
        self.is(204);
        self.revision();
        assert!(self.body.is_empty(), "{}: {}", self.asked, self.text());
    }

    /// An error with this status, in the shape of all errors.
    #[track_caller]
    pub fn refused(&self, status: u16) -> Refusal {
        self.is(status);
        let body = self.json();
        assert_eq!(body["code"], status, "{}", self.asked);
        assert!(body["details"].is_string(), "{}: {body}", self.asked);
        let message = body["message"].as_str().unwrap_or_default().to_owned();
        assert!(!message.is_empty(), "{}: {body}", self.asked);
        Refusal { message, reason: body.get("reason").and_then(Value::as_str).map(str::to_owned) }
    }

    /// A refusal of an entity that is missing or not permitted for this caller.
    #[track_caller]
    pub fn denied(&self) -> Refusal {
        assert!(matches!(self.status, 403 | 404), "{}: {} {}", self.asked, self.status, self.text());
        self.refused(self.status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The number of the change's revision.
    #[track_caller]
    pub fn revision(&self) -> i64 {
        let header = self.header("rolecall-revision");
        header
            .and_then(|text| text.split_once('-')?.0.parse().ok())
            .unwrap_or_else(|| panic!("{}: no revision: {header:?}", self.asked))
    }

    /// The whole `Set-Cookie` header of the cookie with that name.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        cookies.filter(|cookie| cookie.split_once('=').is_some_and(|(key, _)| key == name)).map(str::to_owned).next()
    }
}
