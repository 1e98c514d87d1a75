//! What the list and the count of users are narrowed to, from a query string.

use rolecall_core::filter::{Comparison, Condition, Filter, Test, Value};
use rolecall_core::identity::Email;
use rolecall_core::org::AccountId;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::USER_FIELDS;

use crate::app::users::Narrowing;
use crate::http::extract::Query;
use crate::http::list;
use crate::http::v1::access_rules::parse;

/// What `filterBy` takes, for the documentation of both.
pub const FILTER_BY: &str = "Conditions that must all hold, separated by commas: a field, an operator \
    (== != <= >= =@ !@ =^ =$), a value. Fields: username, createdBy, lastLogin, creationTime, lastUpdated, isLocal, \
    enabled, temporaryPassword, generatedPassword, neverSignedIn, emailChanged, type; accessRules; roleId, roleName and accessIn. accessRules is how many access \
    rules the user holds, by name and through their groups, among those that the caller sees. The last three ask for users who hold \
    such an access rule, by name or through one of their groups, among the rules that the caller sees. \
    accessIn==department:7 (a scope's type and id; takes == and != only) is a rule in that scope or above it; in a scope \
    that the caller does not see, no user has access. Several of the three, such as \
    roleName==Viewer,accessIn==department:7, speak of one and the same rule. With != or !@ a condition stands alone and is \
    the exact opposite: users who hold no such rule at all.";

/// Reads `filterBy`, the old `filter`, and `search`.
///
/// # Errors
/// Invalid, with the parameter's name and value.
pub fn narrowing(query: &Query, account: AccountId) -> Result<Narrowing> {
    let mut narrowing = Narrowing { search: list::search(query)?, ..Narrowing::default() };
    // The console shows internationalized domains in their own script, and people look for what they see.
    let Filter { mut conditions } = list::filter(query, USER_FIELDS)?;
    for condition in conditions.iter_mut().filter(|condition| condition.field == "username") {
        if let Test::Compare(_, Value::Text(text)) | Test::Search(_, text) = &mut condition.test {
            *text = Email::part_as_kept(text).into_owned();
        }
    }
    for condition in conditions.into_iter().chain(old_filter(query)?) {
        match &condition.test {
            Test::Compare(comparison, Value::Scope(kind, id)) => {
                let scope = parse::scope(*kind, id, account).map_err(|e| {
                    Error::invalid(format!("filterBy: {}: {}", quoted(&condition.to_string()), e.message))
                })?;
                narrowing.access_in.push((scope, *comparison == Comparison::Equal));
            }
            _ => narrowing.filter.conditions.push(condition),
        }
    }
    Ok(narrowing)
}

/// The filter of older clients, which knows one question.
fn old_filter(query: &Query) -> Result<Option<Condition>> {
    let Some(text) = query.one("filter")? else { return Ok(None) };
    let is_local = match text {
        "runai.is_local:true" => true,
        "runai.is_local:false" => false,
        other => {
            return Err(Error::invalid(format!(
                "filter: {} is not one of runai.is_local:true, runai.is_local:false; use filterBy for others",
                quoted(other)
            )));
        }
    };
    Ok(Some(Condition {
        field: "isLocal",
        test: Test::Compare(Comparison::Equal, Value::Bool(is_local)),
        input: 0,
        span: 0..0,
    }))
}

#[cfg(test)]
mod tests {
    use rolecall_core::org::{DepartmentId, Scope};

    use super::*;

    fn read(query: &str) -> Result<Narrowing> {
        narrowing(&Query::parse(query), AccountId::new(1001))
    }

    #[test]
    fn places_are_taken_out_of_the_filter_and_the_old_filter_goes_into_it() {
        let asked = "filterBy=accessIn%3D%3Ddepartment%3A7%2Cenabled==false&filterBy=accessIn!=tenant:1001\
                     &filter=runai.is_local:true&search=an";
        let Narrowing { filter, access_in, search } = read(asked).unwrap();
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
