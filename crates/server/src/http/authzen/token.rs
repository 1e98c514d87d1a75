//! Page tokens: the search, and where its last page ended.
//!
//! A forged token gains nothing: it only sets where a page starts, and the page shows what its caller may see there. It
//! is bound to its search, so that a client that changes the question in between gets an error.

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_core::org::{ClusterId, DepartmentId, ProjectId, ScopePath};
use rolecall_core::{Error, Result};

use crate::http::json::Tree;
use crate::http::limits;

/// Enough bytes that no two searches collide.
const BYTES: usize = 16;

/// The identity of a search: a digest of the whole request except `page.token` and `page.limit`. The page size may
/// change between pages; the question may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search([u8; BYTES]);

impl Search {
    /// The search for these words, of which the first is its kind.
    pub fn of(words: &[&str]) -> Self {
        let mut digest = Context::new(&SHA256);
        words.iter().for_each(|word| text(&mut digest, word));
        Self::digested(digest)
    }

    /// The search of a kind for a body. The order of members, and members that are `null`, do not matter.
    pub fn of_body(kind: &str, body: &Tree<'_>) -> Self {
        let mut digest = Context::new(&SHA256);
        text(&mut digest, kind);
        for (name, value) in members(body) {
            if name != "page" {
                text(&mut digest, name);
                feed(&mut digest, value);
                continue;
            }
            for (name, value) in members(value).filter(|(name, _)| !matches!(*name, "token" | "limit")) {
                text(&mut digest, "page");
                text(&mut digest, name);
                feed(&mut digest, value);
            }
        }
        Self::digested(digest)
    }

    fn digested(digest: Context) -> Self {
        Self(digest.finish().as_ref().first_chunk().copied().unwrap_or_default())
    }

    /// The token of the page after that position.
    pub fn token(&self, position: &str) -> String {
        URL_SAFE_NO_PAD.encode([&self.0, position.as_bytes()].concat())
    }

    /// The position after which the page of a token starts.
    ///
    /// # Errors
    /// `Invalid` when it is not a token of this search.
    pub fn position(&self, field: &str, token: &str) -> Result<String> {
        let read = || {
            let bytes = (token.len() <= limits::PAGE_TOKEN).then(|| URL_SAFE_NO_PAD.decode(token).ok()).flatten()?;
            String::from_utf8(bytes.strip_prefix(&self.0)?.to_vec()).ok()
        };
        read().ok_or_else(|| {
            Error::invalid(format!(
                "{field}: not a token of this search; send the token that the page before ended with, and the same request"
            ))
        })
    }

    /// The token of the page after a scope.
    pub fn token_behind(&self, path: &ScopePath) -> String {
        fn text(id: Option<impl ToString>) -> String {
            id.map(|id| id.to_string()).unwrap_or_default()
        }
        self.token(&[text(path.cluster), text(path.department), text(path.project)].join("/"))
    }

    /// The scope after which the page of a token starts.
    ///
    /// # Errors
    /// `Invalid` when it is not a token of this search.
    pub fn scope_path(&self, field: &str, token: &str) -> Result<ScopePath> {
        let text = self.position(field, token)?;
        let mut ids = text.split('/').map(|id| Some(id).filter(|id| !id.is_empty()));
        let mut next = || ids.next().flatten();
        Ok(ScopePath {
            cluster: next().and_then(ClusterId::parse),
            department: next().and_then(DepartmentId::parse),
            project: next().and_then(ProjectId::parse),
        })
    }
}

/// The members of an object by name, without `null` values; empty for any other value.
fn members<'t>(value: &'t Tree<'_>) -> impl Iterator<Item = (&'t str, &'t Tree<'t>)> {
    let all: &[_] = if let Tree::Object(members) = value { members } else { &[] };
    let mut given: Vec<(&str, &Tree<'_>)> = all.iter().map(|(name, value)| (name.as_ref(), value)).collect();
    given.retain(|(_, value)| !matches!(value, Tree::Null));
    given.sort_by_key(|(name, _)| *name);
    given.into_iter()
}

/// INVARIANT: different values feed different bytes: each begins with its type, and has a length or an end.
fn feed(digest: &mut Context, value: &Tree<'_>) {
    match value {
        Tree::Null => digest.update(b"n"),
        Tree::Bool(value) => digest.update(if *value { b"t" } else { b"f" }),
        Tree::Number(number) => {
            digest.update(b"d");
            text(digest, &number.to_string());
        }
        Tree::Text(value) => {
            digest.update(b"s");
            text(digest, value);
        }
        Tree::Array(items) => {
            digest.update(b"[");
            items.iter().for_each(|item| feed(digest, item));
            digest.update(b"]");
        }
        Tree::Object(_) => {
            digest.update(b"{");
            for (name, value) in members(value) {
                text(digest, name);
                feed(digest, value);
            }
            digest.update(b"}");
        }
    }
}

fn text(digest: &mut Context, text: &str) {
    digest.update(text.len().to_string().as_bytes());
    digest.update(b":");
    digest.update(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json;

    fn search(body: &str) -> Search {
        Search::of_body("subject", &json::tree(body).unwrap())
    }

    const BODY: &str =
        r#"{"subject":{"type":"user"},"context":{"time":1,"at":["x"]},"page":{"properties":{"search":"a"}}}"#;

    #[test]
    fn a_token_leads_to_its_position_in_its_own_search_only() {
        let token = search(BODY).token("ana@example.com");
        assert_eq!(search(BODY).position("page.token", &token).unwrap(), "ana@example.com");
        for other in [
            r#"{"subject":{"type":"group"},"context":{"time":1,"at":["x"]},"page":{"properties":{"search":"a"}}}"#,
            r#"{"subject":{"type":"user"},"context":{"time":2,"at":["x"]},"page":{"properties":{"search":"a"}}}"#,
            r#"{"subject":{"type":"user"},"context":{"time":1,"at":["x"]},"page":{"properties":{"search":"b"}}}"#,
            r#"{"subject":{"type":"user"},"context":{"time":1,"at":["x"]}}"#,
            r#"{"subject":{"type":"user","x":1},"context":{"time":1,"at":["x"]},"page":{"properties":{"search":"a"}}}"#,
            r#"{"subject":{"type":"user"},"context":{"time":1,"at":"x"},"page":{"properties":{"search":"a"}}}"#,
            r#"{"subject":{"type":"user"},"page":{"properties":{"search":"a"}}}"#,
            "{}",
        ] {
            assert!(search(other).position("page.token", &token).is_err(), "{other}");
        }
        assert!(Search::of_body("action", &json::tree(BODY).unwrap()).position("page.token", &token).is_err());
        assert!(Search::of(&["subject"]).position("page.token", &token).is_err());
        for token in ["x", "%", "====", &"A".repeat(limits::PAGE_TOKEN + 1), &URL_SAFE_NO_PAD.encode([0xff, 0xfe])] {
            let message = search(BODY).position("page.token", token).unwrap_err().message;
            assert!(message.starts_with("page.token: "), "{message}");
        }
    }

    #[test]
    fn order_nulls_and_the_size_of_the_page_do_not_matter() {
        let same = r#"{"page":{"limit":7,"token":"x","properties":{"search":"a","more":null}},"resource":null,
            "context":{"at":["x"],"time":1},"subject":{"type":"user"}}"#;
        assert_eq!(search(same), search(BODY));
        assert_eq!(search(r#"{"page":null}"#), search("{}"));
    }

    #[test]
    fn a_scope_path_survives_a_token() {
        let search = search(BODY);
        let cluster = ClusterId::parse("71f69d83-ba66-4822-adf5-55ce55efd210");
        for path in [
            ScopePath::ACCOUNT,
            ScopePath { cluster, ..ScopePath::ACCOUNT },
            ScopePath { cluster, department: Some(DepartmentId::new(7)), project: Some(ProjectId::new(12)) },
        ] {
            assert_eq!(search.scope_path("page.token", &search.token_behind(&path)).unwrap(), path);
        }
    }
}
