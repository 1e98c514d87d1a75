//! What all operations share in the API document: the schemas of parameters, since a name has the same meaning in each,
//! and the answer of a server that has too much to do.

use rolecall_core::filter;
use rolecall_core::lists::ROLE_SORTS;
use rolecall_store::{CLUSTER_SORTS, DEPARTMENT_SORTS, PROJECT_SORTS, RULE_SORTS, USER_SORTS};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{
    ContentBuilder, KnownFormat, ObjectBuilder, OpenApi, Ref, RefOr, ResponseBuilder, Schema, SchemaFormat, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::error::ErrorBody;
use super::limits;
use super::list;
use super::schema::{ALIAS, NodeNumber, ScopeType, SubjectType, string, words};
use super::v1::clusters::VERBOSITIES as CLUSTER_VERBOSITIES;
use super::v1::departments::VERBOSITIES as DEPARTMENT_VERBOSITIES;

/// Adds to each operation that response, and to each of its parameters the schema for its name.
pub fn describe(document: &mut OpenApi) {
    let overloaded = ResponseBuilder::new()
        .description("Too much to do, or the database does not answer; see Retry-After")
        .content("application/json", ContentBuilder::new().schema(Some(reference::<ErrorBody>())).build())
        .build();
    for (path, item) in &mut document.paths.paths {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            responses.entry("503".to_owned()).or_insert_with(|| RefOr::T(overloaded.clone()));
            for parameter in operation.parameters.iter_mut().flatten() {
                let RefOr::T(parameter) = parameter else { continue };
                if let Some(schema) = schema(path, parameter) {
                    parameter.schema = Some(schema);
                }
            }
        }
    }
}

/// `None` for what its operation describes itself.
fn schema(path: &str, parameter: &Parameter) -> Option<RefOr<Schema>> {
    let text = |most| string().max_length(Some(most)).into();
    Some(match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Path, "accessRuleId" | "roleId") | (ParameterIn::Query, "roleId") => ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(0))
            .maximum(Some(i32::MAX))
            .into(),
        (ParameterIn::Path, "departmentId" | "projectId") => NodeNumber::schema(),
        (ParameterIn::Path, "idp") => string().max_length(Some(limits::ALIAS)).pattern(Some(ALIAS)).into(),
        (ParameterIn::Path, _) | (ParameterIn::Query, "clusterId") => uuid(),
        (ParameterIn::Query, "verbosity") => words(verbosities(path).iter().copied()).into(),
        (ParameterIn::Query, "limit") => number(1, i64::from(list::MOST)),
        (ParameterIn::Query, "offset") => number(0, i64::MAX),
        (ParameterIn::Query, "sortOrder") => words(["asc", "desc"]).into(),
        (ParameterIn::Query, "sortBy") => words(sorts(path).iter().copied()).into(),
        (ParameterIn::Query, "subjectType") => reference::<SubjectType>(),
        (ParameterIn::Query, "scopeType") => reference::<ScopeType>(),
        (ParameterIn::Query, "filterBy") => text(filter::MOST_CHARACTERS),
        (ParameterIn::Query, "subjectIds" | "userIds" | "id") => text(limits::NAMES),
        (ParameterIn::Query, "pageToken") => text(limits::PAGE_TOKEN),
        (ParameterIn::Query, "includeDeleted" | "includeRequestedForDelete" | "force") => {
            ObjectBuilder::new().schema_type(Type::Boolean).into()
        }
        (ParameterIn::Query, _) => text(limits::NAME),
        _ => return None,
    })
}

/// The schema of that name.
fn reference<S: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(S::name()).into()
}

fn verbosities(path: &str) -> &'static [&'static str] {
    if path.starts_with("/api/v1/clusters") { CLUSTER_VERBOSITIES } else { DEPARTMENT_VERBOSITIES }
}

fn sorts(path: &str) -> &'static [&'static str] {
    match path {
        _ if path.starts_with("/api/v1/users") => USER_SORTS,
        _ if path.starts_with("/api/v2/authorization/roles") => ROLE_SORTS,
        _ if path.starts_with("/api/v1/clusters") => CLUSTER_SORTS,
        _ if path.starts_with("/api/v1/org-unit/departments") => DEPARTMENT_SORTS,
        _ if path.starts_with("/api/v1/org-unit/projects") => PROJECT_SORTS,
        _ => RULE_SORTS,
    }
}

fn number(least: i64, most: i64) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(least))
        .maximum(Some(most))
        .into()
}

fn uuid() -> RefOr<Schema> {
    string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).max_length(Some(limits::ID)).into()
}
