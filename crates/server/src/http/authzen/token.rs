//! Tokens of pages: where a page ended, and of which search.
//!
//! A token holds nothing that whoever made one of his own could gain by: a page begins wherever it says, and shows what its
//! reader may see there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_core::org::{ClusterId, DepartmentId, Lineage, ProjectId};
use rolecall_core::{Error, Result};

/// Longer than any that we made.
const LONGEST: usize = 4096;

/// Which search it is. What makes one differ from another is in it, in one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search(String);

impl Search {
    /// The search that these words make; none of them holds a control character.
    pub fn of(words: &[&str]) -> Self {
        Self(words.iter().flat_map(|word| [*word, "\0"]).collect())
    }

    /// The token of the page behind that place.
    pub fn token(&self, place: &str) -> String {
        URL_SAFE_NO_PAD.encode([self.0.as_str(), place].concat())
    }

    /// The place behind which the page of a token begins.
    ///
    /// # Errors
    /// Invalid when it is no token of this search.
    pub fn place(&self, field: &str, token: &str) -> Result<String> {
        let wrong = || {
            Error::invalid(format!(
                "{field}: this is not the token of a page of this search; send the one that the page before ended with, and \
                 the same question"
            ))
        };
        let bytes = (token.len() <= LONGEST).then(|| URL_SAFE_NO_PAD.decode(token).ok()).flatten().ok_or_else(wrong)?;
        let text = String::from_utf8(bytes).map_err(|_| wrong())?;
        // What is left of the token of a search with more words holds the others, and the mark behind each of them.
        let place = text.strip_prefix(self.0.as_str()).filter(|place| !place.contains('\0'));
        place.map(str::to_owned).ok_or_else(wrong)
    }

    /// The token of the page behind a place in the tree.
    pub fn token_behind(&self, place: &Lineage) -> String {
        fn text(id: Option<impl ToString>) -> String {
            id.map(|id| id.to_string()).unwrap_or_default()
        }
        self.token(&[text(place.cluster), text(place.department), text(place.project)].join("/"))
    }

    /// The place in the tree behind which the page of a token begins.
    ///
    /// # Errors
    /// Invalid when it is no token of this search.
    pub fn place_in_tree(&self, field: &str, token: &str) -> Result<Lineage> {
        let text = self.place(field, token)?;
        let mut ids = text.split('/').map(|id| Some(id).filter(|id| !id.is_empty()));
        let mut next = || ids.next().flatten();
        Ok(Lineage {
            cluster: next().and_then(ClusterId::parse),
            department: next().and_then(DepartmentId::parse),
            project: next().and_then(ProjectId::parse),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_its_place_in_its_own_search_only() {
        let search = Search::of(&["subject", "user", "project:read", "project:7"]);
        let token = search.token("ana@example.com");
        assert_eq!(search.place("page.token", &token).unwrap(), "ana@example.com");
        for words in [
            &["subject", "user", "project:read", "project:77"][..],
            &["subject", "user", "project:read"],
            &["subject", "group", "project:read", "project:7"],
            &["subject", "user", "project:read", "project:7", "more"],
        ] {
            assert!(Search::of(words).place("page.token", &token).is_err(), "{words:?}");
        }
        for token in ["x", "%", "====", &"A".repeat(LONGEST + 1), &URL_SAFE_NO_PAD.encode([0xff, 0xfe])] {
            let message = search.place("page.token", token).unwrap_err().message;
            assert!(message.starts_with("page.token: "), "{message}");
        }
    }

    #[test]
    fn a_place_in_the_tree_is_kept_with_the_way_to_it() {
        let search = Search::of(&["resource"]);
        let cluster = ClusterId::parse("71f69d83-ba66-4822-adf5-55ce55efd210");
        for place in [
            Lineage::ACCOUNT,
            Lineage { cluster, ..Lineage::ACCOUNT },
            Lineage { cluster, department: Some(DepartmentId::new(7)), project: Some(ProjectId::new(12)) },
        ] {
            assert_eq!(search.place_in_tree("page.token", &search.token_behind(&place)).unwrap(), place);
        }
    }
}
