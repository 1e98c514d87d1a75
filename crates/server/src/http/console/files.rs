//! The console's files in the binary, and the encoding that a browser gets.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file of the console.
#[derive(Debug)]
pub struct File {
    /// Its path under the root, without a leading slash.
    name: &'static str,
    etag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// All files; without a built console, one page that says so.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/console_files.rs"));

/// The file of that name.
pub fn find(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}

impl File {
    /// The response with this file: 304 if the browser has it, compressed if the browser accepts that.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let cached = [
            (header::ETAG, HeaderValue::from_static(self.etag)),
            (header::CACHE_CONTROL, HeaderValue::from_static(self.caching())),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
        ];
        if values(asked, header::IF_NONE_MATCH).any(|etag| etag == self.etag) {
            return (StatusCode::NOT_MODIFIED, cached).into_response();
        }
        let (coding, bytes) = match (self.brotli, self.gzip) {
            (Some(bytes), _) if accepts(asked, "br") => (Some("br"), bytes),
            (_, Some(bytes)) if accepts(asked, "gzip") => (Some("gzip"), bytes),
            _ => (None, self.plain),
        };
        let mut response = (cached, [(header::CONTENT_TYPE, self.content_type())], Body::from(bytes)).into_response();
        if let Some(coding) = coding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }

    /// Names in `assets/` contain a hash of the content, so the content of a name never changes.
    fn caching(&self) -> &'static str {
        if self.name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
    }

    fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("woff2") => "font/woff2",
            Some("json") => "application/json",
            Some("txt") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }
}

/// The parts of a header that is a list.
fn values(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')).map(str::trim)
}

/// Whether a coding is accepted, with a weight above zero (RFC 9110, section 12.5.3).
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    values(headers, header::ACCEPT_ENCODING).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

    use super::File;

    const SCRIPT: File = File {
        name: "assets/start-4f2a.js",
        etag: "W/\"4f2a\"",
        plain: b"plain",
        brotli: Some(b"brotli"),
        gzip: Some(b"gzip"),
    };

    fn asking(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    async fn body(file: &File, accepting: &'static str) -> Vec<u8> {
        let response = file.answer(&asking(header::ACCEPT_ENCODING, accepting));
        to_bytes(response.into_body(), 100).await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn a_browser_gets_the_smallest_form_that_it_reads() {
        assert_eq!(body(&SCRIPT, "gzip, deflate, br").await, b"brotli");
        assert_eq!(body(&SCRIPT, "GZIP;q=0.5").await, b"gzip");
        assert_eq!(body(&SCRIPT, "br;q=0, gzip;q=0.0").await, b"plain");
        assert_eq!(body(&SCRIPT, "identity").await, b"plain");
    }

    #[test]
    fn what_has_a_hash_in_its_name_is_kept_and_pages_are_asked_for_again() {
        let caching = |file: &File| file.answer(&HeaderMap::new()).headers()[header::CACHE_CONTROL].clone();
        assert_eq!(caching(&SCRIPT), "public, max-age=31536000, immutable");
        assert_eq!(caching(&File { name: "index.html", ..SCRIPT }), "no-cache");
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        let again = SCRIPT.answer(&asking(header::IF_NONE_MATCH, "\"other\", W/\"4f2a\""));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let changed = SCRIPT.answer(&asking(header::IF_NONE_MATCH, "W/\"0000\""));
        assert_eq!(changed.status(), StatusCode::OK);
    }
}
