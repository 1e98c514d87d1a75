//! The API document, and a page for people: `/api/docs`. Everything is in the binary; nothing is fetched.

use std::future::ready;
use std::sync::{Arc, LazyLock};

use axum::body::Bytes;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use rolecall_core::Error;
use rolecall_core::text::quoted;
use utoipa::openapi::OpenApi;

use super::Http;
use super::error::HttpError;
use super::extract::Path;
use super::layers::{Shared, content_security_policy};

/// The files of the library that renders the page.
const ASSETS: [&str; 3] = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/// The library adds styles to the page and has its icons in `data:` addresses; its scripts are files.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The page's routes, with the document of all others.
pub fn routes(document: OpenApi) -> Router<Http> {
    // INVARIANT: requests share the bytes of large responses. A client may ask for many at once and read none.
    let description = Bytes::from(serde_json::to_vec(&document).unwrap_or_default());
    let description =
        move || ready((Extension(Shared), [(header::CONTENT_TYPE, "application/json")], description.clone()));
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
    let unknown = || Error::not_found(format!("there is nothing at {}", quoted(&format!("/api/docs/{name}"))));
    let (content_type, bytes) = shared(&name).ok_or_else(unknown)?;
    // They change with the binary only, so a browser may keep them for a while.
    let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "max-age=3600".to_owned())];
    Ok((Extension(Shared), headers, bytes).into_response())
}

/// The type and the bytes of that file of the library.
fn shared(name: &str) -> Option<(String, Bytes)> {
    static FILES: LazyLock<Vec<(&str, String, Bytes)>> = LazyLock::new(|| {
        let config = Arc::new(utoipa_swagger_ui::Config::default());
        let file = |name| utoipa_swagger_ui::serve(name, config.clone()).ok().flatten();
        let with_bytes = |name| file(name).map(|file| (name, file.content_type, Bytes::from(file.bytes.into_owned())));
        ASSETS.into_iter().filter_map(with_bytes).collect()
    });
    let (_, content_type, bytes) = FILES.iter().find(|(known, ..)| *known == name)?;
    Some((content_type.clone(), bytes.clone()))
}
