//! Query strings: one type per set of parameters says which there are, how each is read, and how the document describes it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::de::DeserializeOwned;

use crate::http::error::HttpError;

/// The parameters of a query string in form encoding (`+` is a space), as `T` reads them. An empty value counts as absent,
/// unknown parameters are ignored.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HttpError> {
        Ok(Self(read(parts.uri.query().unwrap_or_default())?))
    }
}

/// Reads a query string.
///
/// # Errors
/// `Invalid`, with the parameter's name: for a value that `T` refuses, for a second value where one is expected, and for
/// anything that is not UTF-8.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    let given: Vec<&str> =
        text.split('&').filter(|pair| matches!(pair.split_once('='), Some((_, value)) if !value.is_empty())).collect();
    for pair in &given {
        if percent_decode_str(pair).decode_utf8().is_err() {
            let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
            return Err(Error::invalid(format!("{}: not UTF-8", shown(name))));
        }
    }
    let given = given.join("&");
    let values = serde_html_form::Deserializer::new(form_urlencoded::parse(given.as_bytes()));
    serde_path_to_error::deserialize(values).map_err(|error| {
        let name = error.path().iter().next().map_or_else(|| "query".to_owned(), ToString::to_string);
        match error.inner().to_string() {
            problem if problem == REPEATED => Error::invalid(format!("{name}: given more than once")),
            problem => Error::invalid(format!("{name}: {problem}")),
        }
    })
}

/// What serde_html_form says of several values where one is expected.
const REPEATED: &str = "unsupported value";

/// A name as it may be repeated in a message.
fn shown(name: &str) -> String {
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::http::extract::Text;

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Wanted {
        sort_by: Option<Text<5>>,
        names: Vec<Text<5>>,
    }

    fn wanted(text: &str) -> (Option<String>, Vec<String>) {
        let Wanted { sort_by, names } = read(text).unwrap();
        (sort_by.map(Text::into_string), names.into_iter().map(Text::into_string).collect())
    }

    #[test]
    fn a_query_string_is_form_encoded_and_empty_values_are_absent() {
        assert_eq!(wanted(""), (None, vec![]));
        assert_eq!(wanted("sortBy=&names=&names&&other=1&&=x"), (None, vec![]));
        assert_eq!(
            wanted("names=a+b&sortBy=%C3%A9%3D&names=c%26d&sortBy="),
            (Some("é=".to_owned()), vec!["a b".to_owned(), "c&d".to_owned()])
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_the_name_of_its_parameter() {
        for (text, message) in [
            ("sortBy=a&sortBy=b", "sortBy: given more than once"),
            ("sortBy=toolong", "sortBy: it has 7 characters; at most 5 are accepted"),
            ("names=a&names=toolong", "names: it has 7 characters; at most 5 are accepted"),
            ("sortBy=%ff", "sortBy: not UTF-8"),
            ("%ff=1", "\"%ff\": not UTF-8"),
        ] {
            assert_eq!(read::<Wanted>(text).unwrap_err().message, message, "{text}");
        }
    }
}
