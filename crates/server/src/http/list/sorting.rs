//! `sortBy` and `sortOrder`.

use std::marker::PhantomData;

use rolecall_core::filter::Order;
use rolecall_core::text::quoted;
use rolecall_store::Sort;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema};

use super::Vocabulary;
use super::paging::optional;
use crate::http::parameter::parameter;
use crate::http::schema::words;

/// The order of the list `L`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", bound = "L: Vocabulary")]
pub struct Sorting<L> {
    #[serde(default)]
    sort_by: Option<SortBy<L>>,
    #[serde(default)]
    sort_order: SortOrder,
}

impl<L> Sorting<L> {
    /// The order.
    #[must_use]
    pub fn sort(self) -> Sort {
        Sort { by: self.sort_by.map(|by| by.name), order: self.sort_order.0 }
    }
}

/// A field that the list `L` is sorted by.
#[derive(Debug, Clone, Copy)]
struct SortBy<L> {
    name: &'static str,
    list: PhantomData<L>,
}

impl<'de, L: Vocabulary> Deserialize<'de> for SortBy<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let name =
            L::SORTS.iter().copied().find(|name| *name == text).ok_or_else(|| {
                D::Error::custom(format_args!("{} is not one of {}", quoted(&text), L::SORTS.join(", ")))
            })?;
        Ok(Self { name, list: PhantomData })
    }
}

impl<L: Vocabulary> PartialSchema for SortBy<L> {
    fn schema() -> RefOr<Schema> {
        words(L::SORTS.iter().copied()).into()
    }
}

/// `asc` or `desc`.
#[derive(Debug, Clone, Copy, Default)]
struct SortOrder(Order);

parameter!(
    SortOrder,
    |text| match text {
        "asc" => Ok(Self(Order::Ascending)),
        "desc" => Ok(Self(Order::Descending)),
        _ => Err(format!("{} is neither asc nor desc", quoted(text))),
    },
    words(["asc", "desc"])
);

impl<L: Vocabulary> IntoParams for Sorting<L> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        [
            optional::<SortBy<L>>("sortBy", &format!("The field to sort by; {} when absent", L::USUAL_ORDER)),
            optional::<SortOrder>("sortOrder", "asc or desc"),
        ]
        .into_iter()
        .map(ParameterBuilder::build)
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::extract::query::read;
    use crate::http::list::Clusters;

    #[test]
    fn a_list_is_sorted_by_its_own_fields() {
        let sort = |text: &str| read::<Sorting<Clusters>>(text).map(Sorting::sort);
        assert_eq!(sort("").unwrap(), Sort { by: None, order: Order::Ascending });
        assert_eq!(sort("sortBy=name&sortOrder=desc").unwrap(), Sort { by: Some("name"), order: Order::Descending });
        let message = sort("sortBy=colour").unwrap_err().message;
        assert!(message.starts_with("sortBy: \"colour\" is not one of name, "), "{message}");
        assert_eq!(sort("sortOrder=up").unwrap_err().message, "sortOrder: \"up\" is neither asc nor desc");
    }
}
