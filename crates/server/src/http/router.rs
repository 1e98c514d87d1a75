//! All routes, registered once: the router and the API document come from the same list.

use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rolecall_core::Error;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Info, License, OpenApi, ServerBuilder};
use utoipa_axum::router::OpenApiRouter;

use super::error::{HttpError, respond};
use super::{Http, authzen, console, docs, etag, health, layers, operations, sso, v1, v2, well_known};

fn routes() -> OpenApiRouter<Http> {
    let mut router = OpenApiRouter::with_openapi(description())
        .merge(v1::token::routes())
        .merge(v2::token::routes())
        .merge(v1::session::routes())
        .merge(v1::me::routes())
        .merge(v1::users::routes())
        .merge(v1::users_minimal::routes())
        .merge(v1::access_rules::routes())
        .merge(v1::permissions::routes())
        .merge(v1::roles::routes())
        .merge(v2::roles::routes())
        .merge(v1::clusters::routes())
        .merge(v1::departments::routes())
        .merge(v1::projects::routes())
        .merge(v1::service_accounts::routes())
        .merge(v1::idps::routes())
        .merge(v1::sign_ins::routes())
        .merge(v1::security_settings::routes())
        .merge(authzen::routes())
        .merge(v1::effective_permissions::routes())
        .merge(v1::who_can::routes())
        .merge(v1::impact::routes())
        .merge(well_known::routes())
        .merge(health::routes());
    operations::describe(router.get_openapi_mut());
    etag::describe(router.get_openapi_mut());
    router
}

/// The server's router.
pub fn router(http: Http) -> Router {
    let (router, document) = routes().split_for_parts();
    let router = router.merge(docs::routes(document)).merge(sso::routes());
    let router = router.fallback(unknown_path).method_not_allowed_fallback(unknown_method);
    layers::apply(router, &http).with_state(http)
}

/// The API document.
#[must_use]
pub fn document() -> OpenApi {
    routes().into_openapi()
}

/// The parts of the API, in the order in which they are shown.
const TAGS: [(&str, &str); 12] = [
    ("Tokens", "Access tokens for clients, and what verifies them."),
    ("Session", "The session of a browser."),
    ("Me", "The caller's own access rules and password."),
    ("Users", "Local users and users of identity providers."),
    ("Service accounts", "Machines that sign in with a secret."),
    ("Identity providers", "What people sign in with, besides passwords."),
    ("Access rules", "Which subject has which role in which scope."),
    ("Roles", "Named sets of permissions."),
    ("Permissions", "What the caller or another subject may do, and where."),
    ("Decisions", "Whether a subject may do something, and why: AuthZEN 1.0."),
    ("Organization", "The tree of clusters, departments and projects."),
    ("Health", "Liveness, readiness and metrics."),
];

fn description() -> OpenApi {
    let mut info = Info::new("Rolecall", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Users, service accounts, roles, access rules and the organization's tree: who may do what, and where. Compatible \
         with the identity API of NVIDIA Run:ai, so that scripts and its Python client (`runapy`) work unchanged."
            .to_owned(),
    );
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(license);
    let mut document = OpenApi::new(info, utoipa::openapi::Paths::new());
    let mut components = utoipa::openapi::Components::new();
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
    );
    components
        .add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("rolecall_session"))));
    document.components = Some(components);
    document.servers = Some(vec![ServerBuilder::new().url("/").description(Some("This server")).build()]);
    document.tags =
        Some(TAGS.iter().map(|(name, text)| TagBuilder::new().name(*name).description(Some(*text)).build()).collect());
    let no_scopes: [&str; 0] = [];
    document.security =
        Some(vec![SecurityRequirement::new("token", no_scopes), SecurityRequirement::new("cookie", no_scopes)]);
    document
}

/// Requests without a route may be for the console.
async fn unknown_path(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if let Some(answer) = console::answer(&method, uri.path(), &headers) {
        return answer;
    }
    let path = rolecall_core::text::quoted(uri.path());
    HttpError(Error::not_found(format!("there is nothing at {path}; see /api/docs"))).into_response()
}

async fn unknown_method(method: Method, uri: Uri) -> impl IntoResponse {
    let path = rolecall_core::text::quoted(uri.path());
    let error = Error::invalid(format!("{path} does not take {method}; see /api/docs"));
    respond(&error, StatusCode::METHOD_NOT_ALLOWED)
}
