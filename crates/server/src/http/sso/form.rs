//! The page that posts a message to a SAML provider: a form that a script sends, and a button where scripts are off.

use axum::response::{Html, IntoResponse, Response};
use rolecall_signin::saml::escape;
use rolecall_signin::saml::request::Form;

use crate::http::layers::content_security_policy;

const SCRIPT: &str = "document.forms[0].submit()";

/// The script by its SHA-256, and nothing else. Where the form goes is the provider's address, and where that leads is its
/// own business, so `form-action` says nothing.
const POLICY: &str = "default-src 'none'; script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='; frame-ancestors 'none'; \
                      base-uri 'none'";

/// The page with that title.
pub fn page(form: &Form, title: &str) -> Response {
    let fields: String = form
        .fields
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value)))
        .collect();
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <form method=\"post\" action=\"{}\">{fields}<noscript><button>Continue</button></noscript></form>\
         <script>{SCRIPT}</script></html>",
        escape(&form.action)
    );
    (content_security_policy(POLICY), Html(page)).into_response()
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn the_policy_allows_the_script() {
        let hash = STANDARD.encode(digest(&SHA256, SCRIPT.as_bytes()));
        assert!(POLICY.contains(&format!("'sha256-{hash}'")), "{hash}");
    }
}
