//! `/sso`: where a browser goes to sign in with an identity provider, and where it comes back. These are addresses for
//! browsers, not operations of the API: each answers with a redirect. Signing out is in [`sign_out`].

mod form;
mod sign_out;

use axum::Router;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::Deserialize;

use super::error::HttpResult;
use super::extract::{Caller, Path, Refused, Request};
use super::{Http, cookies};
use crate::app::sso::{self, Begun, Destination, Failure, Finished};

/// Where SAML providers have browsers post their answers.
const ASSERTION_CONSUMER: &str = "/sso/{alias}/acs";

/// The addresses that take forms of SAML providers, which pages of theirs have browsers post.
pub const FORMS_OF_SAML: [&str; 2] = [ASSERTION_CONSUMER, sign_out::SINGLE_LOGOUT];

/// The routes.
pub fn routes() -> Router<Http> {
    Router::new()
        .merge(sign_out::routes())
        .route("/sso/{alias}", get(begin))
        .route("/sso/{alias}/test", get(begin_test))
        .route("/sso/{alias}/callback", get(finish_with_code))
        .route(ASSERTION_CONSUMER, post(keep_saml))
        .route("/sso/{alias}/answer", get(finish_saml))
        .route("/sso/{alias}/metadata", get(own_metadata))
}

pub use sign_out::BACK_CHANNEL_LOGOUT;

#[derive(Debug, Deserialize)]
struct Begin {
    /// The path of the page that the person wanted.
    to: Option<String>,
}

async fn begin(
    State(http): State<Http>,
    Path(alias): Path<String>,
    Request(request): Request,
    asked: std::result::Result<Query<Begin>, QueryRejection>,
) -> HttpResult<Response> {
    let begun = match asked {
        Ok(Query(Begin { to })) => sso::begin(&http.app, &request, &alias, to.as_deref().unwrap_or("/")).await,
        Err(rejection) => Err(Failure::new("sign-in-return-path", rejection)),
    };
    let begun = match begun {
        Ok(begun) => begun,
        Err(failure) => return Ok(failed(&alias, &failure)?),
    };
    Ok(sent_away(&http, &begun)?)
}

/// A test of the provider: the whole way there and back, and nobody comes in.
async fn begin_test(
    State(http): State<Http>,
    Path(alias): Path<String>,
    headers: HeaderMap,
    caller: std::result::Result<Caller, Refused>,
) -> HttpResult<Response> {
    // A page of another site must not put a test in the place of a sign-in in progress.
    let from_elsewhere = headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    let session = cookies::session(&headers, &http.app.public_url);
    let begun = match caller {
        Ok(_) if from_elsewhere => Err(Failure::new("test-forbidden", "a page of another site began a test")),
        Ok(Caller(call)) => sso::begin_test(&call, &alias, session.as_deref()).await,
        Err(_) => Err(Failure::new("test-forbidden", "a test of the provider was begun without a session")),
    };
    Ok(match begun {
        Ok(Ok(begun)) => sent_away(&http, &begun)?,
        Ok(Err(reference)) => redirect(&report_of(&reference))?,
        Err(failure) => failed(&alias, &failure)?,
    })
}

fn sent_away(http: &Http, begun: &Begun) -> Result<Response> {
    let mut response = match &begun.to {
        Destination::Address(address) => redirect(address)?,
        Destination::Form(form) => form::page(form, "Sign in"),
    };
    cookies::keep_flow(response.headers_mut(), &http.app.public_url, &begun.flow)?;
    Ok(response)
}

/// The page of the console that shows a recent sign-in.
fn report_of(reference: &str) -> String {
    format!("/admin/identity-providers/sign-ins?dialog=sign-in%3A{reference}")
}

async fn finish_with_code(
    State(http): State<Http>,
    Path(alias): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Request(request): Request,
) -> HttpResult<Response> {
    let public_url = &http.app.public_url;
    let (flow, session) = (cookies::flow(&headers, public_url), cookies::session(&headers, public_url));
    let (query, kept) = (query.as_deref().unwrap_or_default(), (flow.as_deref(), session.as_deref()));
    let finished = sso::finish_with_code(&http.app, &request, &alias, query, kept).await;
    opened(&http, &alias, finished)
}

/// The form that a SAML provider has the browser post.
#[derive(Debug, Deserialize)]
struct SamlForm {
    #[serde(rename = "SAMLResponse")]
    response: String,
}

/// By a page of another site, so without the cookie, which is checked when the browser comes back.
async fn keep_saml(
    State(http): State<Http>,
    Path(alias): Path<String>,
    Request(request): Request,
    form: std::result::Result<Form<SamlForm>, FormRejection>,
) -> HttpResult<Response> {
    let kept = match form {
        Ok(Form(SamlForm { response })) => sso::keep_saml(&http.app, &request, &alias, response).await,
        Err(rejection) => Err(Failure::new("saml-query", format!("the form has no SAMLResponse: {rejection}"))),
    };
    match kept {
        Ok(id) => Ok(redirect(&format!("/sso/{alias}/answer?id={id}"))?),
        Err(failure) => Ok(failed(&alias, &failure)?),
    }
}

#[derive(Debug, Deserialize)]
struct Kept {
    /// The id of the answer.
    id: String,
}

async fn finish_saml(
    State(http): State<Http>,
    Path(alias): Path<String>,
    kept: std::result::Result<Query<Kept>, QueryRejection>,
    headers: HeaderMap,
    Request(request): Request,
) -> HttpResult<Response> {
    let public_url = &http.app.public_url;
    let (flow, session) = (cookies::flow(&headers, public_url), cookies::session(&headers, public_url));
    let finished = match kept {
        Ok(Query(Kept { id })) => {
            sso::finish_saml(&http.app, &request, &alias, &id, (flow.as_deref(), session.as_deref())).await
        }
        Err(rejection) => Err(Failure::new("saml-answer-gone", rejection)),
    };
    opened(&http, &alias, finished)
}

async fn own_metadata(State(http): State<Http>, Path(alias): Path<String>) -> HttpResult<Response> {
    let metadata = sso::own_metadata(&http.app, &alias).await?;
    Ok(([(header::CONTENT_TYPE, "application/samlmetadata+xml")], metadata).into_response())
}

fn opened(http: &Http, alias: &str, finished: std::result::Result<Finished, Failure>) -> HttpResult<Response> {
    let (app, public_url) = (&http.app, &http.app.public_url);
    let mut response = match http.metrics.sign_in(finished) {
        Ok(Finished::SignedIn(session, to)) => {
            let mut response = redirect(&to)?;
            cookies::keep(response.headers_mut(), public_url, &session, session.expires_at.since(app.clock.now()))?;
            response
        }
        Ok(Finished::Tested(reference)) => redirect(&report_of(&reference))?,
        Err(failure) => failed(alias, &failure)?,
    };
    cookies::forget_flow(response.headers_mut(), public_url)?;
    Ok(response)
}

/// The answer to a form of a SAML provider that is too large to be read.
pub fn too_large(alias: &str, most: usize) -> Result<Response> {
    failed(alias, &Failure::new("saml-too-large", format!("the form is larger than {most} bytes")))
}

fn failed(alias: &str, failure: &Failure) -> Result<Response> {
    let reference = failure.reference.as_deref().unwrap_or_default();
    tracing::warn!(provider = quoted(alias), code = failure.code, reference, "sign-in failed: {}", failure.detail);
    problem(failure)
}

/// To the sign-in page, which says in words what the code means. The details are for the log alone: they may repeat what
/// a stranger sent.
fn problem(failure: &Failure) -> Result<Response> {
    let mut to = format!("/sign-in?problem={}", utf8_percent_encode(failure.code, NON_ALPHANUMERIC));
    if let Some(reference) = &failure.reference {
        to.push_str("&reference=");
        to.push_str(reference);
    }
    // Another try leads there, too.
    if let Some(page) = failure.return_path.as_deref().filter(|page| *page != "/") {
        to.push_str("&to=");
        to.extend(utf8_percent_encode(page, NON_ALPHANUMERIC));
    }
    redirect(&to)
}

fn redirect(to: &str) -> Result<Response> {
    let to = HeaderValue::from_str(to).map_err(Error::internal)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))])
        .into_response())
}
