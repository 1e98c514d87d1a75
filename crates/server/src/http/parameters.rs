//! Schemas of parameters in the API document: one table for all operations, since a name has the same meaning in each.

use rolecall_core::filter;
use rolecall_core::identity::SubjectKind;
use rolecall_core::org::ScopeKind;
use rolecall_store::{CLUSTER_SORTS, DEPARTMENT_SORTS, PROJECT_SORTS, RULE_SORTS, USER_SORTS};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{KnownFormat, Object, ObjectBuilder, OpenApi, RefOr, SchemaFormat, Type};

use super::limits;
use super::list;
use super::v1::access_rules::APP;

/// Adds to each parameter of each operation the schema for its name.
pub fn describe(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            for parameter in operation.parameters.iter_mut().flatten() {
                let RefOr::T(parameter) = parameter else { continue };
                if let Some(schema) = schema(path, parameter) {
                    parameter.schema = Some(RefOr::T(schema.into()));
                }
            }
        }
    }
}

/// `None` for parameters that their operation describes itself.
fn schema(path: &str, parameter: &Parameter) -> Option<Object> {
    let text = |most| Some(string().max_length(Some(most)).build());
    match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Path, "accessRuleId" | "roleId") | (ParameterIn::Query, "roleId") => Some(
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
                .minimum(Some(0))
                .maximum(Some(i32::MAX))
                .build(),
        ),
        (ParameterIn::Path, "departmentId" | "projectId") => Some(number_in_text()),
        (ParameterIn::Path, _) | (ParameterIn::Query, "clusterId") => Some(uuid()),
        (ParameterIn::Query, "limit") => Some(number(1, i64::from(list::MOST))),
        (ParameterIn::Query, "offset") => Some(number(0, i64::MAX)),
        (ParameterIn::Query, "sortOrder") => Some(words(["asc", "desc"])),
        (ParameterIn::Query, "sortBy") => Some(words(sorts(path).iter().copied())),
        (ParameterIn::Query, "subjectType") => Some(words(subject_types())),
        (ParameterIn::Query, "scopeType") => Some(words(scope_types())),
        (ParameterIn::Query, "filterBy") => text(filter::MOST_CHARACTERS),
        (ParameterIn::Query, "subjectIds" | "userIds") => text(limits::NAMES),
        (ParameterIn::Query, "pageToken") => text(limits::PAGE_TOKEN),
        (ParameterIn::Query, "includeDeleted" | "includeRequestedForDelete" | "force") => {
            Some(ObjectBuilder::new().schema_type(Type::Boolean).build())
        }
        (ParameterIn::Query, _) => text(limits::NAME),
        _ => None,
    }
}

/// The words for kinds of subjects, including the old one for service accounts.
pub fn subject_types() -> impl Iterator<Item = &'static str> {
    SubjectKind::ALL.into_iter().map(SubjectKind::as_str).chain([APP])
}

/// The words for levels of the tree.
pub fn scope_types() -> impl Iterator<Item = &'static str> {
    ScopeKind::ALL.into_iter().map(ScopeKind::as_str)
}

fn sorts(path: &str) -> &'static [&'static str] {
    match path {
        _ if path.starts_with("/api/v1/users") => USER_SORTS,
        _ if path.starts_with("/api/v1/clusters") => CLUSTER_SORTS,
        _ if path.starts_with("/api/v1/org-unit/departments") => DEPARTMENT_SORTS,
        _ if path.starts_with("/api/v1/org-unit/projects") => PROJECT_SORTS,
        _ => RULE_SORTS,
    }
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// One of these words.
pub fn words(words: impl IntoIterator<Item = &'static str>) -> Object {
    string().enum_values(Some(words)).build()
}

fn number(least: i64, most: i64) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(least))
        .maximum(Some(most))
        .build()
}

fn uuid() -> Object {
    string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).max_length(Some(36)).build()
}

/// The id of a department or project.
fn number_in_text() -> Object {
    string().pattern(Some("^(0|[1-9][0-9]{0,18})$")).max_length(Some(19)).build()
}
