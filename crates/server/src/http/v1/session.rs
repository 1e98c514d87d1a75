//! `/api/v1/session`: the session of a browser.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rolecall_core::World;
use rolecall_core::access::Actor;
use rolecall_core::org::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{Call, Changed, sessions, sso};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, NewcomerCaller, Request, SecretText, Text};
use crate::http::{Http, cookies, limits, origin, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(open_session, get_session, end_session)).routes(routes!(list_offers))
}

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SignIn {
    /// The email.
    #[schema(value_type = schema::SignInEmail)]
    username: Text<{ limits::NAME }>,
    /// The password.
    #[schema(value_type = String, format = Password, max_length = 255)]
    password: SecretText<{ limits::NAME }>,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// The email, or the client id of a service account.
    username: String,
    /// `user` or `service-account`.
    #[schema(value_type = schema::SubjectType)]
    subject_type: &'static str,
    /// Whether nothing can be done but changing the temporary password.
    must_change_password: bool,
    /// The groups of the caller.
    groups: Vec<String>,
    /// The name of the account, where the caller sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_name: Option<String>,
}

fn view(world: &World, actor: &Actor) -> rolecall_core::Result<SessionView> {
    let principal = world.principal(actor)?;
    let groups = match actor {
        Actor::User { email, .. } => world.user(email).map(|user| user.groups.clone()).unwrap_or_default(),
        _ => [].into(),
    };
    let sees_account = principal.sight(Scope::Account).is_some();
    Ok(SessionView {
        username: actor.name().to_owned(),
        subject_type: actor.kind(),
        must_change_password: principal.must_change_password(),
        groups: groups.iter().map(ToString::to_string).collect(),
        account_name: sees_account.then(|| world.account().name.to_string()),
    })
}

/// Sign in from a browser
///
/// Sets the session's cookie. Only from a page of this server; scripts use `/api/v1/token`.
#[utoipa::path(post, path = "/api/v1/session", tag = "Session", request_body = SignIn, security(()), responses(
    (status = 200, description = "Signed in", body = SessionView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn open_session(
    State(http): State<Http>,
    headers: HeaderMap,
    Request(request): Request,
    Body(sign_in): Body<SignIn>,
) -> HttpResult<Response> {
    let app = &http.app;
    origin::ensure_same(&headers, &app.public_url)?;
    let device = cookies::device(&headers, &app.public_url);
    let opened = sessions::open_for_browser(
        app,
        &request,
        sign_in.username.as_str(),
        sign_in.password.secret(),
        device.as_deref(),
    )
    .await;
    let session = http.metrics.sign_in(opened)?;
    let mut response = Json(view(&*app.engine.current(app.clock.now())?, &session.actor)?).into_response();
    let life = session.expires_at.since(app.clock.now());
    cookies::keep(response.headers_mut(), &app.public_url, &session, life)?;
    Ok(response)
}

/// Who is signed in
#[utoipa::path(get, path = "/api/v1/session", tag = "Session", responses(
    (status = 200, description = "Who asks", body = SessionView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_session(NewcomerCaller(call): NewcomerCaller) -> HttpResult<Json<SessionView>> {
    Ok(Json(view(&call.world, &call.actor)?))
}

/// A provider to sign in with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferView {
    /// Its name.
    #[schema(example = "oidc")]
    name: String,
    /// Its protocol.
    #[serde(rename = "type")]
    #[schema(value_type = schema::ProviderType)]
    kind: &'static str,
    /// Where the browser goes to sign in with it.
    #[schema(example = "/sso/oidc")]
    address: String,
    /// Whether the sign-in page leads there by itself. `/sign-in?local` goes around that.
    auto_redirect: bool,
}

/// What people can sign in with, besides passwords
///
/// Needs no token. The address takes `to`, the path of the page to come back to.
#[utoipa::path(get, path = "/api/v1/session/providers", tag = "Session", security(()), responses(
    (status = 200, description = "The identity providers, by name", body = Vec<OfferView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_offers(State(http): State<Http>) -> HttpResult<Json<Vec<OfferView>>> {
    let view = |offer: sso::Offer| OfferView {
        name: offer.alias.to_string(),
        kind: offer.kind.as_str(),
        address: format!("/sso/{}", offer.alias),
        auto_redirect: offer.auto_redirect,
    };
    Ok(Json(sso::offers(&http.app).await?.into_iter().map(view).collect()))
}

/// A session that ended here, and not yet at its identity provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedOutView {
    /// Where the browser goes to sign out there.
    #[schema(example = "/sso/oidc/sign-out")]
    sign_out_at: String,
}

/// Sign out
///
/// Ends the session of the cookie or of the access token, with all its tokens. A browser whose session began with an identity
/// provider that signs people out is told where to go for that.
#[utoipa::path(delete, path = "/api/v1/session", tag = "Session", responses(
    (status = 200, description = "Signed out here", body = SignedOutView),
    (status = 204, description = "Signed out"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn end_session(NewcomerCaller(call): NewcomerCaller) -> HttpResult<Response> {
    let way_out = match call.actor.session() {
        Some(session) => sso::way_out(&call.app, session).await,
        None => None,
    };
    // There are two ways to succeed.
    let success = if way_out.is_some() { StatusCode::OK } else { StatusCode::NO_CONTENT };
    let call = Call { request: call.request.answered_with(success.as_u16()), ..call };
    let changed = sessions::sign_out(&call).await?;
    let mut response = match &way_out {
        Some(way_out) => {
            let view = SignedOutView { sign_out_at: way_out.path.clone() };
            reply::done(Changed { value: view, revision: changed.revision })
        }
        None => reply::gone(&changed),
    };
    cookies::forget_session(response.headers_mut(), &call.app.public_url)?;
    if let Some(way_out) = &way_out {
        cookies::keep_sign_out(response.headers_mut(), &call.app.public_url, &way_out.cookie)?;
    }
    Ok(response)
}
