//! An OpenID Connect provider on loopback that says what a test wants it to say, and the browser between it and the server.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Answer, Server, Token, query};

/// What administrators read about the codes.
const CODES: &str = include_str!("../../../../../docs/sso/codes.md");

/// The provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its issuer: its address.
    pub issuer: String,
    script: Arc<Mutex<Script>>,
}

/// What it does next.
#[derive(Debug, Default)]
pub struct Script {
    /// The ID token of the next exchange.
    pub id_token: String,
    /// What the userinfo endpoint says, and as a cluster its user API.
    pub userinfo: Value,
    /// The key id in its key set.
    pub key_id: String,
    /// Whether it refuses the client.
    pub refuses: bool,
    /// The forms that were posted to it.
    pub posted: Vec<String>,
    /// How often its key set was read.
    pub keys_read: usize,
    /// Whether it signs people out.
    pub signs_out: bool,
    /// Whether it answers nothing but errors.
    pub away: bool,
}

/// A browser that was sent to the provider.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The parameters that it brings there.
    pub asked: HashMap<String, String>,
    /// The cookie of the sign-in in progress.
    pub cookie: String,
}

impl Provider {
    /// Starts it.
    pub async fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", socket.local_addr().unwrap());
        let script = Arc::new(Mutex::new(Script { key_id: "one".to_owned(), ..Script::default() }));
        let provider = Self { issuer, script };
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .route("/.well-known/oauth-authorization-server", get(oauth_server))
            .route("/apis/user.openshift.io/v1/users/{name}", get(user))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(socket, routes).await });
        provider
    }

    /// Changes what it does.
    pub fn script<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap())
    }

    /// What an administrator enters.
    pub fn settings(&self) -> Value {
        json!({ "type": "oidc", "oidcData": { "clientId": "rolecall", "clientSecret": "hush-hush",
            "discoverDocumentUrl": format!("{}/.well-known/openid-configuration", self.issuer),
            "scopes": ["email", "groups"], "mandatoryClaim": null },
            "mappers": { "groups": "groups" } })
    }

    /// The claims of a person at this time, for the browser that was sent.
    pub fn claims(&self, server: &Server, sent: &Sent, person: &Value) -> Value {
        let now = server.clock.now().seconds();
        let mut claims = json!({ "iss": self.issuer, "aud": "rolecall", "iat": now, "exp": now + 300,
            "nonce": sent.asked["nonce"], "email_verified": true });
        claims.as_object_mut().unwrap().extend(person.as_object().unwrap().clone());
        claims
    }

    /// The claims of a logout token at this time, for whom `named` names.
    pub fn logout_claims(&self, server: &Server, named: &Value) -> Value {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let now = server.clock.now().seconds();
        let mut claims = json!({ "iss": self.issuer, "aud": "rolecall", "iat": now, "exp": now + 120,
            "jti": NUMBER.fetch_add(1, Ordering::SeqCst).to_string(),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} } });
        claims.as_object_mut().unwrap().extend(named.as_object().unwrap().clone());
        claims
    }

    /// A token with these claims, signed with the provider's key.
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "RS256", "kid": self.script(|script| script.key_id.clone()) });
        let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encoded(&header), encoded(claims));
        let key = key();
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn key() -> RsaKeyPair {
    let keys: Value = serde_json::from_str(include_str!("../../../../signin/tests/oidc/vectors/keys.json")).unwrap();
    RsaKeyPair::from_pkcs8(&STANDARD.decode(keys["rsa"].as_str().unwrap()).unwrap()).unwrap()
}

async fn discovery(State(provider): State<Provider>) -> Result<Json<Value>, StatusCode> {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    let (signs_out, away) = provider.script(|script| (script.signs_out, script.away));
    if away {
        return Err(StatusCode::BAD_GATEWAY);
    }
    Ok(Json(
        json!({ "issuer": provider.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"), "userinfo_endpoint": at("/userinfo"), "response_types_supported": ["code"],
        "end_session_endpoint": signs_out.then(|| at("/end")), "id_token_signing_alg_values_supported": ["RS256"] }),
    ))
}

async fn oauth_server(State(provider): State<Provider>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    Json(json!({ "issuer": "https://oauth-openshift.apps.gpu.example.com", "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"), "response_types_supported": ["code", "token"] }))
}

/// The user whom the token acts for, or the refusal.
async fn user(State(provider): State<Provider>, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let asked = headers.get("authorization").and_then(|value| value.to_str().ok());
    match provider.script(|script| script.userinfo.clone()) {
        user if asked == Some("Bearer at") && user["kind"] == "User" => (StatusCode::OK, Json(user)),
        _ => (StatusCode::UNAUTHORIZED, Json(json!({ "kind": "Status", "code": 401 }))),
    }
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let key_id = provider.script(|script| {
        script.keys_read += 1;
        script.key_id.clone()
    });
    let public = key().public_key().clone();
    let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (n, e) =
        (public.modulus().big_endian_without_leading_zero(), public.exponent().big_endian_without_leading_zero());
    Json(
        json!({ "keys": [{ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": key_id, "n": number(n), "e": number(e) }] }),
    )
}

async fn token(State(provider): State<Provider>, form: String) -> Response {
    provider.script(|script| {
        script.posted.push(form);
        if script.refuses {
            return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" }))).into_response();
        }
        Json(json!({ "access_token": "at", "token_type": "Bearer", "id_token": script.id_token })).into_response()
    })
}

async fn userinfo(State(provider): State<Provider>) -> Json<Value> {
    Json(provider.script(|script| script.userinfo.clone()))
}

/// The parameters that a browser brings to that address of a provider.
pub fn parameters(address: &str) -> HashMap<String, String> {
    let (_, asked) = address.split_once('?').unwrap_or_else(|| panic!("not sent to a provider: {address}"));
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned();
    let asked = asked.split('&').filter_map(|pair| pair.split_once('='));
    asked.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

impl Server {
    /// A browser goes to sign in with the provider `oidc`.
    pub async fn begin_sign_in(&self, path: &str) -> Sent {
        Self::sent_away(&self.ask("GET", path).send().await)
    }

    /// An administrator goes to test the provider.
    pub async fn begin_sign_in_by(&self, path: &str, who: &Token) -> Sent {
        Self::sent_away(&self.ask("GET", path).by(who).send().await)
    }

    fn sent_away(begun: &Answer) -> Sent {
        assert_eq!(begun.status, 303, "{}", begun.text());
        let to = begun.header("location").unwrap().to_owned();
        let asked = parameters(&to);
        let cookie = begun.set_cookie("rolecall_sign_in").unwrap_or_else(|| panic!("no cookie: {to}"));
        Sent { asked, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    /// The browser comes back.
    pub async fn come_back(&self, sent: &Sent) -> Answer {
        let path = query("/sso/oidc/callback", &[("code", "abc"), ("state", &sent.asked["state"])]);
        self.ask("GET", &path).header("cookie", &sent.cookie).send().await
    }

    /// A person signs in, as the provider describes them.
    pub async fn sign_in_with(&self, provider: &Provider, person: Value) -> Answer {
        let sent = self.begin_sign_in("/sso/oidc").await;
        let token = provider.sign(&provider.claims(self, &sent, &person));
        provider.script(|script| script.id_token = token);
        self.come_back(&sent).await
    }
}

impl Answer {
    /// The code of the problem with which a sign-in ended.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text());
        assert!(self.set_cookie("rolecall_session").is_none(), "{} opened a session", self.asked);
        let to = self.header("location").unwrap();
        let code = to.strip_prefix("/sign-in?problem=").unwrap_or_else(|| panic!("{} leads to {to}", self.asked));
        let code = code.split('&').next().unwrap();
        let code = percent_decode_str(code).decode_utf8().unwrap().into_owned();
        self.is_explained(&code);
        code
    }

    /// Asserts that administrators are told what the code means.
    #[track_caller]
    pub fn is_explained(&self, code: &str) {
        let is_told = |it: &str| it == code || it.strip_suffix('…').is_some_and(|family| code.starts_with(family));
        assert!(CODES.split('`').any(is_told), "docs/sso/codes.md does not explain {code}");
    }

    /// The session cookie of a sign-in that succeeded.
    #[track_caller]
    pub fn session(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text());
        let cookie = self.set_cookie("rolecall_session");
        let cookie = cookie.unwrap_or_else(|| panic!("no session: {:?}", self.header("location")));
        cookie.split(';').next().unwrap().to_owned()
    }
}
