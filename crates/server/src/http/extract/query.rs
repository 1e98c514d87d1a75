//! Query strings: single parameters, lists, numbers within bounds; errors name the parameter.

use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result, Timestamp};

use crate::http::limits;

/// The parameters of a query string, in order. A bare `?` is an empty one.
#[derive(Debug, Default)]
pub struct Query(Vec<(String, std::result::Result<String, ()>)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    /// Parses `a=1&b=2` in form encoding: `+` is a space, `%41` a byte of UTF-8.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let decode = |part: &str| {
            let spaced = part.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8().map(String::from).map_err(|_| ())
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name).ok()?, decode(value)))
        });
        Self(pairs.collect())
    }

    /// A parameter that may be given once; an empty one counts as absent.
    ///
    /// # Errors
    /// `Invalid` when it is given twice, is not UTF-8 or has more than 255 characters.
    pub fn one(&self, name: &str) -> Result<Option<&str>> {
        self.one_of_length(name, limits::NAME)
    }

    /// The same, with another maximum length.
    ///
    /// # Errors
    /// `Invalid` when it is given twice, is not UTF-8 or has more than `most` characters.
    pub fn one_of_length(&self, name: &str, most: usize) -> Result<Option<&str>> {
        let mut values = self.many(name, most)?.into_iter().filter(|value| !value.is_empty());
        let first = values.next();
        if values.next().is_some() {
            return Err(Error::invalid(format!("{name}: given more than once")));
        }
        Ok(first)
    }

    /// All values of a parameter that may be repeated.
    ///
    /// # Errors
    /// `Invalid` when one is not UTF-8 or has more than `most` characters.
    pub fn many(&self, name: &str, most: usize) -> Result<Vec<&str>> {
        let values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        values
            .map(|value| {
                let text = value.as_deref().map_err(|()| Error::invalid(format!("{name}: not UTF-8")))?;
                limits::ensure_field(name, text, most).map(|()| text)
            })
            .collect()
    }

    /// A search text: at most 255 characters, without control characters.
    ///
    /// # Errors
    /// `Invalid`, with the parameter's name.
    pub fn text(&self, name: &str) -> Result<Option<&str>> {
        let Some(value) = self.one(name)? else { return Ok(None) };
        if value.chars().any(char::is_control) {
            return Err(Error::invalid(format!("{name}: {} contains a control character", quoted(value))));
        }
        Ok(Some(value))
    }

    /// A parameter that is parsed; `what` describes valid values.
    ///
    /// # Errors
    /// `Invalid`, with the parameter's name and value.
    pub fn parsed<T: FromStr>(&self, name: &str, what: &str) -> Result<Option<T>> {
        let Some(value) = self.one(name)? else { return Ok(None) };
        let wrong = |_| Error::invalid(format!("{name}: {} is not {what}", quoted(value)));
        value.parse().map(Some).map_err(wrong)
    }

    /// A parameter that is `true` or `false`, in any case.
    ///
    /// # Errors
    /// `Invalid` for any other value.
    pub fn truth(&self, name: &str) -> Result<Option<bool>> {
        match self.one(name)? {
            None => Ok(None),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(value) => Err(Error::invalid(format!("{name}: {} is not true or false", quoted(value)))),
        }
    }

    /// A parameter that is an ISO 8601 date.
    ///
    /// # Errors
    /// `Invalid` for any other text.
    pub fn date(&self, name: &str) -> Result<Option<Timestamp>> {
        let Some(value) = self.one(name)? else { return Ok(None) };
        let wrong = |e| Error::invalid(format!("{name}: {} is {e}", quoted(value)));
        Timestamp::parse(value).map(Some).map_err(wrong)
    }
}
