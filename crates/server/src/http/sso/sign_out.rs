//! Signing out with an identity provider: the browser goes there and comes back, and the provider says whom it signed out.
//!
//! Each address for browsers answers with a redirect. Who leaves is signed out here already, so for them nothing fails: the
//! sign-in page says how far it got.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use rolecall_core::text::quoted;
use serde::{Deserialize, Serialize};

use super::{form, problem, redirect};
use crate::app::sso::{self, Destination, Failure, LoggedOut, LogoutMessage};
use crate::http::error::HttpResult;
use crate::http::extract::{Path, Request};
use crate::http::{Http, cookies};

/// Where an OpenID Connect provider posts logout tokens.
pub const BACK_CHANNEL_LOGOUT: &str = "/sso/{alias}/backchannel-logout";
/// Where SAML providers send messages about signing out.
pub const SINGLE_LOGOUT: &str = "/sso/{alias}/slo";

/// The sign-in page, which says that the person is signed out at the provider as well.
const OUT_THERE: &str = "/sign-in?signedOut=provider";
/// The sign-in page, which says that the person is signed out here, and perhaps not at the provider.
const OUT_HERE: &str = "/sign-in?signedOut=here";

/// The routes.
pub fn routes() -> Router<Http> {
    Router::new()
        .route("/sso/{alias}/sign-out", get(leave))
        .route("/sso/{alias}/signed-out", get(come_back))
        .route(BACK_CHANNEL_LOGOUT, post(log_out_in_the_background))
        .route(SINGLE_LOGOUT, get(receive).post(keep))
        .route("/sso/{alias}/slo/answer", get(receive_kept))
}

/// To the provider, after the session ended here.
async fn leave(State(http): State<Http>, Path(alias): Path<String>, headers: HeaderMap) -> HttpResult<Response> {
    let cookie = cookies::sign_out(&headers, &http.app.public_url);
    let mut response = match sso::sign_out_there(&http.app, &alias, cookie.as_deref()).await {
        Ok(Some(to)) => return Ok(sent(&to)?),
        Ok(None) => redirect(OUT_HERE)?,
        Err(failure) => {
            log(&alias, &failure);
            redirect(OUT_HERE)?
        }
    };
    cookies::forget_sign_out(response.headers_mut(), &http.app.public_url)?;
    Ok(response)
}

#[derive(Debug, Deserialize)]
struct SignedOut {
    state: Option<String>,
}

/// From an OpenID Connect provider that signed the person out.
async fn come_back(
    State(http): State<Http>,
    Path(alias): Path<String>,
    said: Result<Query<SignedOut>, QueryRejection>,
    headers: HeaderMap,
) -> HttpResult<Response> {
    let public_url = &http.app.public_url;
    let cookie = cookies::sign_out(&headers, public_url);
    let state = said.ok().and_then(|Query(SignedOut { state })| state);
    let is_out = sso::is_signed_out_there(&http.app, &alias, cookie.as_deref(), state.as_deref());
    let mut response = redirect(if is_out { OUT_THERE } else { OUT_HERE })?;
    cookies::forget_sign_out(response.headers_mut(), public_url)?;
    Ok(response)
}

/// What a provider posts, without any browser.
#[derive(Debug, Deserialize)]
struct BackChannel {
    logout_token: String,
}

/// A refusal (OpenID Connect Back-Channel Logout 1.0, section 2.8).
#[derive(Debug, Serialize)]
struct NotLoggedOut {
    error: &'static str,
    error_description: String,
}

async fn log_out_in_the_background(
    State(http): State<Http>,
    Path(alias): Path<String>,
    Request(request): Request,
    posted: Result<Form<BackChannel>, FormRejection>,
) -> Response {
    // The one of these routes that is answered here, and not by a redirect.
    let request = request.answered_with(StatusCode::OK.as_u16());
    let ended = match posted {
        Ok(Form(BackChannel { logout_token })) => {
            sso::end_named_by_token(&http.app, &request, &alias, &logout_token).await
        }
        Err(rejection) => Err(Failure::new("logout-token-missing", rejection)),
    };
    let mut response = match ended {
        Ok(()) => StatusCode::OK.into_response(),
        Err(failure) => {
            log(&alias, &failure);
            // The details are for the log alone: they may say what this server knows, and who asks is not known.
            let description = format!("{}; the log of the server has the details", failure.code);
            let refusal = NotLoggedOut { error: "invalid_request", error_description: description };
            (StatusCode::BAD_REQUEST, Json(refusal)).into_response()
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The form that a SAML provider has the browser post: one of the two messages.
#[derive(Debug, Deserialize)]
struct LogoutForm {
    #[serde(rename = "SAMLRequest")]
    request: Option<String>,
    #[serde(rename = "SAMLResponse")]
    response: Option<String>,
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
}

/// By a page of another site, so without the cookie, which is checked when the browser comes back.
async fn keep(
    State(http): State<Http>,
    Path(alias): Path<String>,
    Request(request): Request,
    posted: Result<Form<LogoutForm>, FormRejection>,
) -> HttpResult<Response> {
    let message = posted.map_err(|rejection| Failure::new("saml-query", rejection)).and_then(
        |Form(LogoutForm { request, response, relay_state })| match (request, response) {
            (Some(message), None) => Ok(LogoutMessage::Form { message, is_request: true, relay_state }),
            (None, Some(message)) => Ok(LogoutMessage::Form { message, is_request: false, relay_state }),
            _ => Err(Failure::new("saml-query", "the form has neither SAMLRequest nor SAMLResponse, or both")),
        },
    );
    let kept = match message {
        Ok(message) => sso::keep_logout(&http.app, &request, &alias, &message).await,
        Err(failure) => Err(failure),
    };
    match kept {
        Ok(id) => Ok(redirect(&format!("/sso/{alias}/slo/answer?id={id}"))?),
        Err(failure) => received(&http, &alias, Err(failure)),
    }
}

#[derive(Debug, Deserialize)]
struct Kept {
    /// The id of the message.
    id: String,
}

async fn receive_kept(
    State(http): State<Http>,
    Path(alias): Path<String>,
    kept: Result<Query<Kept>, QueryRejection>,
    headers: HeaderMap,
    Request(request): Request,
) -> HttpResult<Response> {
    let cookie = cookies::sign_out(&headers, &http.app.public_url);
    let outcome = match kept {
        Ok(Query(Kept { id })) => sso::receive_kept_logout(&http.app, &request, &alias, &id, cookie.as_deref()).await,
        Err(rejection) => Err(Failure::new("saml-answer-gone", rejection)),
    };
    received(&http, &alias, outcome)
}

async fn receive(
    State(http): State<Http>,
    Path(alias): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Request(request): Request,
) -> HttpResult<Response> {
    let cookie = cookies::sign_out(&headers, &http.app.public_url);
    let message = LogoutMessage::Query(query.unwrap_or_default());
    let outcome = sso::receive_logout(&http.app, &request, &alias, message, cookie.as_deref()).await;
    received(&http, &alias, outcome)
}

fn received(http: &Http, alias: &str, outcome: Result<LoggedOut, Failure>) -> HttpResult<Response> {
    let mut response = match outcome {
        // Another sign-out may be in progress in this browser: its cookie stays.
        Ok(LoggedOut::Here(Some(answer))) => return Ok(sent(&answer)?),
        Ok(LoggedOut::Here(None) | LoggedOut::Unasked) => return Ok(redirect(OUT_HERE)?),
        Ok(LoggedOut::There) => redirect(OUT_THERE)?,
        Ok(LoggedOut::Unproven(failure)) => {
            log(alias, &failure);
            redirect(OUT_HERE)?
        }
        Err(failure) => {
            log(alias, &failure);
            return Ok(problem(&failure)?);
        }
    };
    cookies::forget_sign_out(response.headers_mut(), &http.app.public_url)?;
    Ok(response)
}

fn sent(to: &Destination) -> rolecall_core::Result<Response> {
    match to {
        Destination::Address(address) => redirect(address),
        Destination::Form(form) => Ok(form::page(form, "Sign out")),
    }
}

/// The details may repeat what a stranger sent.
fn log(alias: &str, failure: &Failure) {
    tracing::warn!(provider = quoted(alias), code = failure.code, "signing out failed: {}", failure.detail);
}
