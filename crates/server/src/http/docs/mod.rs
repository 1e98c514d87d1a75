//! The API document, and a page for people: `/api/docs`. Everything is in the binary; nothing is fetched.

use std::sync::Arc;

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use rolecall_core::Error;
use rolecall_core::text::shortened;
use utoipa::openapi::OpenApi;

use super::Http;
use super::error::HttpError;
use super::extract::Path;
use super::layers::content_security_policy;

/// The files of the library that renders the page.
const ASSETS: [&str; 3] = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/// The library adds styles to the page and has its icons in `data:` addresses; its scripts are files.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The page's routes, with the document of all others.
pub fn routes(document: OpenApi) -> Router<Http> {
    let description = move || async move { Json(document) };
    Router::new()
        .route("/api/openapi.json", get(description))
        .route("/api/docs", get(page))
        .route("/api/docs/", get(page))
        .route("/api/docs/start.js", get(start))
        .route("/api/docs/{asset}", get(asset))
}

async fn page() -> impl IntoResponse {
    (content_security_policy(DOCS_POLICY), Html(include_str!("api.html")))
}

async fn start() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("start.js"))
}

async fn asset(Path(name): Path<String>) -> Result<Response, HttpError> {
    let unknown = || Error::not_found(format!("there is nothing at {:?}", shortened(&format!("/api/docs/{name}"))));
    if !ASSETS.contains(&name.as_str()) {
        return Err(unknown().into());
    }
    let config = Arc::new(utoipa_swagger_ui::Config::default());
    let file = utoipa_swagger_ui::serve(&name, config).map_err(Error::internal)?.ok_or_else(unknown)?;
    // They change only with the binary, so a browser may cache them for a while.
    let headers = [(header::CONTENT_TYPE, file.content_type), (header::CACHE_CONTROL, "max-age=3600".to_owned())];
    Ok((headers, file.bytes.into_owned()).into_response())
}
