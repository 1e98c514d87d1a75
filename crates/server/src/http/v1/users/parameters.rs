//! Conditions on the list and the count of users, from a query string.

use rolecall_core::filter::{Comparison, Condition, Test, Value};
use rolecall_core::identity::Email;
use rolecall_core::org::AccountId;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::users::ListFilter;
use crate::http::list::{Filtering, Users};
use crate::http::parameter::parameter;
use crate::http::schema::words;
use crate::http::v1::access_rules::parse;

/// The filter of older clients, which knows one question.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct OldFilter {
    /// The old form of `isLocal==true` and `isLocal==false`.
    #[deprecated]
    #[param(inline)]
    filter: Option<IsLocal>,
}

#[derive(Debug, Clone, Copy)]
struct IsLocal(bool);

const LOCAL: &str = "runai.is_local:true";
const NOT_LOCAL: &str = "runai.is_local:false";

parameter!(
    IsLocal,
    |text| match text {
        LOCAL => Ok(Self(true)),
        NOT_LOCAL => Ok(Self(false)),
        _ => Err(format!("{} is not one of {LOCAL}, {NOT_LOCAL}; use filterBy for others", quoted(text))),
    },
    words([LOCAL, NOT_LOCAL])
);

impl OldFilter {
    fn condition(self) -> Option<Condition> {
        #[expect(deprecated, reason = "older clients send it")]
        let IsLocal(is_local) = self.filter?;
        Some(Condition {
            field: "isLocal",
            test: Test::Compare(Comparison::Equal, Value::Bool(is_local)),
            input: 0,
            span: 0..0,
        })
    }
}

/// The conditions as the use case takes them.
///
/// # Errors
/// `Invalid` for `accessIn` with something that is no scope.
pub fn list_filter(filtering: Filtering<Users>, old: OldFilter, account: AccountId) -> Result<ListFilter> {
    let (mut given, search) = filtering.parts();
    let mut filter = ListFilter { search, ..ListFilter::default() };
    // The console shows internationalized domains in their own script, and people look for what they see.
    for condition in given.conditions.iter_mut().filter(|condition| condition.field == "username") {
        if let Test::Compare(_, Value::Text(text)) | Test::Search(_, text) = &mut condition.test {
            *text = Email::part_as_kept(text).into_owned();
        }
    }
    for condition in given.conditions.into_iter().chain(old.condition()) {
        match &condition.test {
            Test::Compare(comparison, Value::Scope(kind, id)) => {
                let scope = parse::scope(*kind, id, account).map_err(|e| {
                    Error::invalid(format!("filterBy: {}: {}", quoted(&condition.to_string()), e.message))
                })?;
                filter.access_in.push((scope, *comparison == Comparison::Equal));
            }
            _ => filter.filter.conditions.push(condition),
        }
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use rolecall_core::org::{DepartmentId, Scope};

    use super::*;
    use crate::http::extract::query;

    fn read(query: &str) -> Result<ListFilter> {
        list_filter(query::read(query)?, query::read(query)?, AccountId::new(1001))
    }

    #[test]
    fn places_are_taken_out_of_the_filter_and_the_old_filter_goes_into_it() {
        let asked = "filterBy=accessIn%3D%3Ddepartment%3A7%2Cenabled==false&filterBy=accessIn!=tenant:1001\
                     &filter=runai.is_local:true&search=an";
        let ListFilter { filter, access_in, search } = read(asked).unwrap();
        assert_eq!(filter.to_string(), "enabled==false,isLocal==true");
        assert_eq!(access_in, [(Scope::Department(DepartmentId::new(7)), true), (Scope::Account, false)]);
        assert_eq!(search.as_deref(), Some("an"));
    }

    #[test]
    fn what_is_no_place_is_refused_with_the_condition_and_what_would_be_right() {
        for (value, word) in [
            ("accessIn%3D%3Dtenant:7", "1001"),
            ("accessIn%3D%3Dcluster:7", "UUID"),
            ("accessIn%3D%3Droom:7", "department:7"),
            ("accessIn%3D@department:7", "takes == !="),
        ] {
            let message = read(&format!("filterBy={value}")).unwrap_err().message;
            assert!(message.contains("accessIn") && message.contains(word), "{message}");
        }
        let long = read(&format!("filterBy=accessIn%3D%3Dtenant:{}", "7".repeat(5000))).unwrap_err().message;
        assert!(long.len() < 400, "an answer does not grow with the question: {long}");
        assert!(read("filter=is_local").unwrap_err().message.starts_with("filter: \"is_local\""));
    }
}
