//! `/sso`: where a browser goes to sign in with an identity provider, and where it comes back. These are addresses for
//! browsers, not operations of the API: each answers with a redirect.

use axum::Router;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::Deserialize;

use super::error::HttpResult;
use super::extract::Request;
use super::{Http, cookies};
use crate::app::sso::{self, Failure};

/// The routes.
pub fn routes() -> Router<Http> {
    Router::new().route("/sso/{alias}", get(begin)).route("/sso/{alias}/callback", get(finish))
}

#[derive(Debug, Deserialize)]
struct Begin {
    /// The path of the page that the person wanted.
    to: Option<String>,
}

async fn begin(
    State(http): State<Http>,
    Path(alias): Path<String>,
    Query(Begin { to }): Query<Begin>,
) -> HttpResult<Response> {
    let begun = match sso::begin(&http.app, &alias, to.as_deref().unwrap_or("/")).await {
        Ok(begun) => begun,
        Err(failure) => return Ok(failed(&alias, &failure)?),
    };
    let mut response = redirect(&begun.address)?;
    cookies::keep_flow(response.headers_mut(), &http.app.policy, &begun.flow)?;
    Ok(response)
}

async fn finish(
    State(http): State<Http>,
    Path(alias): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Request(request): Request,
) -> HttpResult<Response> {
    let (app, policy) = (&http.app, &http.app.policy);
    let flow = cookies::flow(&headers, policy);
    let finished = sso::finish(app, &request, &alias, query.as_deref().unwrap_or_default(), flow.as_deref()).await;
    let mut response = match http.metrics.sign_in(finished) {
        Ok((session, to)) => {
            let mut response = redirect(&to)?;
            cookies::keep(response.headers_mut(), policy, &session, session.expires_at.since(app.clock.now()))?;
            response
        }
        Err(failure) => failed(&alias, &failure)?,
    };
    cookies::forget_flow(response.headers_mut(), policy)?;
    Ok(response)
}

/// To the sign-in page, which says in words what the code means. The details are for the log alone: they may repeat what
/// a stranger sent.
fn failed(alias: &str, failure: &Failure) -> Result<Response> {
    tracing::warn!(provider = quoted(alias), code = failure.code, "sign-in failed: {}", failure.detail);
    let mut to = format!("/sign-in?problem={}", utf8_percent_encode(failure.code, NON_ALPHANUMERIC));
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
