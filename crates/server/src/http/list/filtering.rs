//! `filterBy` and `search`.

use std::marker::PhantomData;

use rolecall_core::filter::{self, Field, Filter, Kind};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema};

use super::Vocabulary;
use super::paging::optional;
use crate::http::limits::ensure_length;
use crate::http::parameter::Search;
use crate::http::schema::string;

/// Conditions on the rows of the list `L`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", bound = "L: Vocabulary")]
pub struct Filtering<L> {
    #[serde(default)]
    filter_by: FilterBy<L>,
    #[serde(default)]
    search: Option<Search>,
}

impl<L> Filtering<L> {
    /// The conditions of `filterBy`, and the text of `search`.
    #[must_use]
    pub fn parts(self) -> (Filter, Option<String>) {
        (self.filter_by.filter, self.search.map(|search| search.0))
    }
}

/// A filter of the list `L`, in one value or several.
#[derive(Debug, Clone)]
pub struct FilterBy<L> {
    /// The conditions.
    pub filter: Filter,
    list: PhantomData<L>,
}

impl<L> Default for FilterBy<L> {
    fn default() -> Self {
        Self { filter: Filter::default(), list: PhantomData }
    }
}

impl<'de, L: Vocabulary> Deserialize<'de> for FilterBy<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<String>::deserialize(deserializer)?;
        for value in &values {
            ensure_length(value, filter::MOST_CHARACTERS).map_err(D::Error::custom)?;
        }
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let filter = filter::parse(&values, L::FIELDS).map_err(D::Error::custom)?;
        Ok(Self { filter, list: PhantomData })
    }
}

impl<L: Vocabulary> PartialSchema for FilterBy<L> {
    fn schema() -> RefOr<Schema> {
        let fields: Map<String, Value> = L::FIELDS.iter().map(|it| (it.name.to_owned(), kind(it).into())).collect();
        let extensions = ExtensionsBuilder::new().add("x-filter-fields", Value::Object(fields)).build();
        string().max_length(Some(filter::MOST_CHARACTERS)).extensions(Some(extensions)).into()
    }
}

/// What a field holds, for clients that build filters.
const fn kind(field: &Field) -> &'static str {
    match field.kind {
        Kind::Text => "text",
        Kind::Date => "date",
        Kind::Bool => "bool",
        Kind::Integer => "integer",
        Kind::Scope => "scope",
    }
}

impl<L: Vocabulary> IntoParams for Filtering<L> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let fields: Vec<&str> = L::FIELDS.iter().map(|field| field.name).collect();
        let mut about = format!(
            "Conditions, separated by commas, that must all be true: a field, an operator (== != <= >= =@ !@ =^ =$), a value. \
             Fields: {}.",
            fields.join(", ")
        );
        if !L::NOTE.is_empty() {
            about.push(' ');
            about.push_str(L::NOTE);
        }
        let filter_by = optional::<FilterBy<L>>("filterBy", &about).example(Some(L::EXAMPLE.into()));
        let search = optional::<Search>("search", &format!("Text contained in {}", L::SEARCHED));
        vec![filter_by.build(), search.build()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::extract::query::read;
    use crate::http::list::{Clusters, Users};

    #[test]
    fn a_filter_comes_in_one_value_or_several() {
        let parts = |text: &str| read::<Filtering<Users>>(text).map(Filtering::parts);
        let (filter, search) =
            parts("filterBy=enabled%3D%3Dtrue,type%3D%3Dsso&filterBy=username=@a,b&search=an").unwrap();
        assert_eq!(filter.to_string(), "enabled==true,type==sso,username=@a,b");
        assert_eq!(search.as_deref(), Some("an"));
        let message = parts("filterBy=enabled==true&filterBy=colour==red").unwrap_err().message;
        assert!(message.starts_with("filterBy: \"colour\" at byte 0 of value 2 is not a known field"), "{message}");
    }

    #[test]
    fn the_document_names_the_fields_of_the_list() {
        let params = Filtering::<Clusters>::into_params(|| None);
        let filter_by = serde_json::to_value(&params[0]).unwrap();
        assert_eq!(filter_by["schema"]["x-filter-fields"]["createdAt"], "date");
        assert!(filter_by["description"].as_str().unwrap().contains("Fields: name, "));
    }
}
