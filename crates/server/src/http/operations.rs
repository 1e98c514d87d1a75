//! What all operations share in the API document: the schemas of parameters in paths, and the answer of a server that has
//! too much to do.

use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{
    ContentBuilder, KnownFormat, ObjectBuilder, OpenApi, Ref, RefOr, ResponseBuilder, Schema, SchemaFormat, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::error::ErrorBody;
use super::limits;
use super::schema::{ALIAS, NodeNumber, string};

/// Adds to each operation that response, and to each parameter in its path the schema for its name.
pub fn describe(document: &mut OpenApi) {
    let overloaded = ResponseBuilder::new()
        .description("Too much to do, or the database does not answer; see Retry-After")
        .content("application/json", ContentBuilder::new().schema(Some(reference::<ErrorBody>())).build())
        .build();
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            responses.entry("503".to_owned()).or_insert_with(|| RefOr::T(overloaded.clone()));
            for parameter in operation.parameters.iter_mut().flatten() {
                let RefOr::T(parameter) = parameter else { continue };
                if let Some(schema) = schema(parameter) {
                    parameter.schema = Some(schema);
                }
            }
        }
    }
}

/// The schema of a parameter in a path, where a name has the same meaning in each. Those of query strings have types.
fn schema(parameter: &Parameter) -> Option<RefOr<Schema>> {
    Some(match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Path, "accessRuleId" | "roleId") => number(),
        (ParameterIn::Path, "departmentId" | "projectId") => NodeNumber::schema(),
        (ParameterIn::Path, "idp") => string().max_length(Some(limits::ALIAS)).pattern(Some(ALIAS)).into(),
        (ParameterIn::Path, _) => uuid(),
        _ => return None,
    })
}

/// The schema of that name.
fn reference<S: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(S::name()).into()
}

fn number() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(0))
        .maximum(Some(i32::MAX))
        .into()
}

fn uuid() -> RefOr<Schema> {
    string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).max_length(Some(limits::ID)).into()
}
