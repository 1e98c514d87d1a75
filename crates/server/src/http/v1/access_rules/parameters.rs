//! Conditions on lists of access rules, from a query string.

use rolecall_core::catalogue::RoleId;
use rolecall_core::filter::{Comparison, Condition, Filter, Search as Found, Test, Value};
use rolecall_core::identity::SubjectKind;
use rolecall_core::org::ScopeKind;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

use super::parse;
use crate::app::rules::ListFilter;
use crate::http::limits;
use crate::http::list::{Filtering, Rules};
use crate::http::parameter::{Flag, Moment, Search, Words, parameter};
use crate::http::schema;
use crate::http::v1::org::WantedCluster;

/// Which access rules are wanted, besides `filterBy` and `search`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct RuleFilter {
    /// user, group or service-account (or app, its old name, which the answer then uses too).
    #[param(value_type = Option<schema::SubjectType>)]
    subject_type: Option<SubjectType>,
    /// Names or ids of subjects, separated by commas or repeated; at most 500.
    #[param(value_type = String, max_length = 32768)]
    subject_ids: Words<{ limits::NAMES }>,
    /// Text that the subject contains.
    #[param(inline)]
    #[deprecated]
    subject_id_filter: Option<Search>,
    /// The role.
    #[param(inline)]
    role_id: Option<RoleNumber>,
    /// tenant, cluster, department or project; system, above all of these, has no rules.
    #[param(value_type = Option<schema::ScopeType>)]
    scope_type: Option<ScopeType>,
    /// The scope.
    #[param(inline)]
    scope_id: Option<Search>,
    /// Rules in this cluster and below it.
    #[param(inline)]
    cluster_id: Option<WantedCluster>,
    /// Created or deleted at this time or later (ISO 8601).
    #[param(inline)]
    last_updated: Option<Moment>,
    /// true: also those that were deleted.
    #[param(inline)]
    include_deleted: Option<Flag>,
}

/// A kind of subject, and whether it was called `app`.
#[derive(Debug, Clone, Copy)]
pub struct SubjectType {
    /// The kind.
    pub kind: SubjectKind,
    says_app: bool,
}

parameter!(SubjectType, |text| {
    let kind = parse::subject_kind(text)?;
    Ok(Self { kind, says_app: text == parse::APP })
});

/// A level of the tree; `None` for the one above the account.
#[derive(Debug, Clone, Copy)]
struct ScopeType(Option<ScopeKind>);

parameter!(ScopeType, |text| match text {
    parse::SYSTEM => Ok(Self(None)),
    _ => parse::scope_kind(text).map(|kind| Self(Some(kind))),
});

/// The number of a role, which may not exist.
#[derive(Debug, Clone, Copy)]
struct RoleNumber(i32);

parameter!(
    RoleNumber,
    |text| text.parse().map(Self).map_err(|_| format!("{} is not the number of a role, such as 8", quoted(text))),
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(0))
        .maximum(Some(i32::MAX))
);

/// The conditions as the use case takes them, and whether the request calls service accounts `app`.
#[derive(Debug)]
pub struct Wanted {
    pub(super) filter: ListFilter,
    pub(super) says_app: bool,
}

/// Joins all conditions.
///
/// # Errors
/// `Invalid` for subjects that make no sense.
pub fn wanted(given: RuleFilter, filtering: Filtering<Rules>) -> Result<Wanted> {
    let (mut filter, search) = filtering.parts();
    // The old way to look for a subject by a part of its name.
    #[expect(deprecated, reason = "older clients send it")]
    filter.conditions.extend(given.subject_id_filter.map(|part| Condition {
        field: "subjectId",
        test: Test::Search(Found::Contains, part.0),
        input: 0,
        span: 0..0,
    }));
    // The vendor's own level, where this account has no rules. No rule passes the condition.
    filter.conditions.extend(given.scope_type.is_some_and(|level| level.0.is_none()).then(|| Condition {
        field: "scopeType",
        test: Test::Compare(Comparison::Equal, Value::Text(parse::SYSTEM.to_owned())),
        input: 0,
        span: 0..0,
    }));
    let says_app = given.subject_type.is_some_and(|it| it.says_app) || filters_app(&filter);
    let filter = ListFilter {
        subject_kind: given.subject_type.map(|it| it.kind),
        subjects: subjects(&given.subject_ids)?,
        role: given.role_id.map(|number| RoleId::new(number.0)),
        scope_kind: given.scope_type.and_then(|level| level.0),
        scope_id: given.scope_id.map(|id| id.0),
        cluster: given.cluster_id.map(|cluster| cluster.0),
        last_updated: given.last_updated.map(|at| at.0),
        include_deleted: given.include_deleted.is_some_and(|flag| flag.0),
        filter,
        search,
    };
    Ok(Wanted { filter, says_app })
}

/// The subjects asked for; `None` when any will do.
fn subjects(words: &Words<{ limits::NAMES }>) -> Result<Option<Vec<String>>> {
    let mut subjects = Vec::new();
    for value in words.values() {
        for name in value.split(',').filter(|name| !name.is_empty()) {
            limits::ensure_field("subjectIds", name, limits::NAME)?;
            subjects.push(name.to_owned());
        }
        // The name of a group may itself hold commas (cn=dev,ou=people): it counts as a whole, too.
        if value.contains(',') && limits::ensure_length(value, limits::NAME).is_ok() {
            subjects.push(value.to_owned());
        }
    }
    let most = limits::ITEMS;
    if subjects.len() > most {
        return Err(Error::invalid(format!("subjectIds: got {}; a request takes at most {most}", subjects.len())));
    }
    if let Some(odd) = subjects.iter().find(|name| name.chars().any(char::is_control)) {
        return Err(Error::invalid(format!("subjectIds: {} contains a control character", quoted(odd))));
    }
    Ok((!subjects.is_empty()).then_some(subjects))
}

/// Whether a filter calls service accounts by their old name.
fn filters_app(filter: &Filter) -> bool {
    filter.conditions.iter().any(|condition| {
        let is_app = |text: &str| text.eq_ignore_ascii_case(parse::APP);
        condition.field == "subjectType"
            && matches!(&condition.test, Test::Compare(_, Value::Text(text)) if is_app(text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::extract::query;

    fn read(text: &str) -> Result<Wanted> {
        wanted(query::read(text)?, query::read(text)?)
    }

    #[test]
    fn subjects_come_joined_or_repeated_and_a_part_of_a_name_under_the_old_word() {
        let wanted = read("subjectIds=a%40x.com%2Cb%40x.com&subjectIds=dev&subjectIdFilter=ops&").unwrap();
        assert_eq!(wanted.filter.subjects.unwrap(), ["a@x.com", "b@x.com", "a@x.com,b@x.com", "dev"]);
        assert_eq!(wanted.filter.filter.to_string(), "subjectId=@ops");
        assert!(read("subjectIds=").unwrap().filter.subjects.is_none());
    }

    #[test]
    fn the_level_above_the_account_is_known_and_has_no_rules() {
        let wanted = read("scopeType=system&search=a").unwrap();
        assert_eq!(wanted.filter.filter.to_string(), "scopeType==system");
        assert_eq!(wanted.filter.scope_kind, None);
    }

    #[test]
    fn a_client_that_says_app_means_service_accounts_and_is_answered_with_that_word() {
        let by_parameter = read("subjectType=app").unwrap();
        assert_eq!(by_parameter.filter.subject_kind, Some(SubjectKind::ServiceAccount));
        assert!(by_parameter.says_app);

        let by_filter = read("filterBy=subjectType%3D%3Dapp").unwrap();
        assert!(by_filter.says_app);

        assert!(!read("subjectType=service-account").unwrap().says_app);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_the_name_of_its_parameter() {
        for (query, name) in [
            ("subjectType=robot", "subjectType"),
            ("subjectIds=a%00", "subjectIds"),
            ("roleId=2147483648", "roleId"),
            ("roleId=admin", "roleId"),
            ("scopeType=galaxy", "scopeType"),
            ("scopeId=%07", "scopeId"),
            ("clusterId=7", "clusterId"),
            ("lastUpdated=yesterday", "lastUpdated"),
            ("includeDeleted=perhaps", "includeDeleted"),
            ("filterBy=colour%3D%3Dred", "colour"),
            ("search=a%00", "search"),
        ] {
            let message = read(query).unwrap_err().message;
            assert!(message.contains(name), "{query}: {message}");
        }
        let many = format!("subjectIds={}", "a,".repeat(501));
        assert!(read(&many).unwrap_err().message.starts_with("subjectIds: "));
    }
}
