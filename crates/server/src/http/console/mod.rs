//! The web console: files in the binary, and one page for every address of the console.
//!
//! It has no data and no caller. The console uses the public API like any other client.

mod files;

use axum::Extension;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Response};

use super::layers::{Shared, content_security_policy};
use files::File;

/// Scripts and styles are separate files. The components have small pictures in `data:` addresses, and set styles
/// through the object model, which needs no permission.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The console's response to a request without a route: one of its files, or for a page request the page that resolves
/// the address itself. The API's paths are never pages.
pub fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    if !matches!(*method, Method::GET | Method::HEAD) || path == "/api" || path.starts_with("/api/") {
        return None;
    }
    let name = path.trim_start_matches('/');
    let file = match files::find(name) {
        Some(file) => file,
        None if name.is_empty() => page()?,
        // A missing asset must not be answered with a page, which a browser would take for a script.
        None if name.starts_with("assets/") || !wants_page(headers) => return None,
        None => page()?,
    };
    Some((Extension(Shared), content_security_policy(POLICY), file.answer(headers)).into_response())
}

fn page() -> Option<&'static File> {
    files::find("index.html")
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|text| text.contains("text/html"))
}
