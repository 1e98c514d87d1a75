//! The status of the response to a request that succeeds, which the audit log records with a change.
//!
//! A route says it once, in its documentation, and no use case knows it. A test calls every operation and compares its answer with this.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use utoipa::openapi::path::Operation;

use super::router;

/// By path and method.
static DOCUMENTED: LazyLock<HashMap<(String, Method), u16>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (path, item) in router::document().paths.paths {
        let operations = [
            (Method::GET, item.get),
            (Method::POST, item.post),
            (Method::PUT, item.put),
            (Method::PATCH, item.patch),
            (Method::DELETE, item.delete),
        ];
        for (method, operation) in operations {
            if let Some(status) = operation.as_ref().and_then(documented) {
                all.insert((path.clone(), method), status);
            }
        }
    }
    all
});

/// The status for a route. Routes outside of the document belong to sign-ins with identity providers, and redirect.
pub fn of(method: &Method, route: Option<&str>) -> u16 {
    let known = route.and_then(|route| DOCUMENTED.get(&(route.to_owned(), method.clone())));
    known.copied().unwrap_or(StatusCode::SEE_OTHER.as_u16())
}

/// The first success that the operation documents.
fn documented(operation: &Operation) -> Option<u16> {
    let statuses = operation.responses.responses.keys().filter_map(|status| status.parse::<u16>().ok());
    statuses.filter(|status| (200..300).contains(status)).min()
}
