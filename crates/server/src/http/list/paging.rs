//! `offset` and `limit`.

use rolecall_core::text::quoted;
use rolecall_store::Page;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{KnownFormat, ObjectBuilder, Required, SchemaFormat, Type};
use utoipa::{IntoParams, PartialSchema};

use crate::http::parameter::parameter;

/// The largest `limit` that a client may ask for.
pub const MOST: u32 = 500;

/// Default rows of a response.
pub const USUAL: u32 = 50;

/// The default of a list that is returned whole.
pub const ALL: u32 = u32::MAX;

/// How many rows at most, from 1 to [`MOST`].
#[derive(Debug, Clone, Copy)]
pub struct Limit(pub u32);

parameter!(
    Limit,
    |text| text
        .parse()
        .ok()
        .filter(|limit| (1..=MOST).contains(limit))
        .map(Self)
        .ok_or_else(|| format!("{} is not a whole number from 1 to {MOST}", quoted(text))),
    number().minimum(Some(1)).maximum(Some(MOST))
);

/// How many rows come before the page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offset(pub u64);

parameter!(
    Offset,
    |text| text
        .parse()
        .ok()
        .filter(|offset| i64::try_from(*offset).is_ok())
        .map(Self)
        .ok_or_else(|| format!("{} is not a whole number of 0 or more", quoted(text))),
    number().minimum(Some(0)).maximum(Some(i64::MAX))
);

fn number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
}

/// The page of a list that has `DEFAULT` rows where no limit is given.
#[derive(Debug, Clone, Copy)]
pub struct Paging<const DEFAULT: u32>(Given);

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct Given {
    offset: Offset,
    limit: Option<Limit>,
}

impl<'de, const DEFAULT: u32> Deserialize<'de> for Paging<DEFAULT> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Given::deserialize(deserializer).map(Self)
    }
}

impl<const DEFAULT: u32> Paging<DEFAULT> {
    /// The page.
    #[must_use]
    pub fn page(self) -> Page {
        let Given { offset, limit } = self.0;
        Page { offset: offset.0, limit: limit.map_or(DEFAULT, |limit| limit.0) }
    }
}

impl<const DEFAULT: u32> IntoParams for Paging<DEFAULT> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let usual = if DEFAULT == ALL { "all".to_owned() } else { DEFAULT.to_string() };
        [
            optional::<Offset>("offset", "Rows to skip"),
            optional::<Limit>("limit", &format!("1 to {MOST}; {usual} when absent")),
        ]
        .into_iter()
        .map(ParameterBuilder::build)
        .collect()
    }
}

/// A parameter that may be absent.
pub(super) fn optional<P: PartialSchema>(name: &str, description: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(P::schema()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::extract::query::read;

    #[test]
    fn a_page_has_bounds_and_a_default() {
        let page = |text: &str| read::<Paging<USUAL>>(text).map(Paging::page);
        assert_eq!(page("").unwrap(), Page { offset: 0, limit: 50 });
        assert_eq!(
            page("limit=500&offset=9223372036854775807").unwrap(),
            Page { offset: i64::MAX.unsigned_abs(), limit: 500 }
        );
        assert_eq!(read::<Paging<ALL>>("").unwrap().page().limit, ALL);
        for (text, message) in [
            ("limit=0", "limit: \"0\" is not a whole number from 1 to 500"),
            ("limit=501", "limit: \"501\" is not"),
            ("limit=1e2", "limit: \"1e2\" is not"),
            ("offset=-1", "offset: \"-1\" is not a whole number of 0 or more"),
            ("offset=9223372036854775808", "offset: \"9223372036854775808\" is not"),
        ] {
            assert!(page(text).unwrap_err().message.starts_with(message), "{text}");
        }
    }
}
