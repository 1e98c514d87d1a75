//! OpenShift 4: who signs in is whom the cluster's API says the access token acts for.

use rolecall_core::identity::Provider;
use rolecall_signin::oidc::discovery::ClientAuthentication;
use rolecall_signin::oidc::flow::{Client, SignIn, Speaker};
use rolecall_signin::oidc::openshift::{Person, issuer, user_address};
use rolecall_signin::secret::Secret;

use super::Failure;
use super::code_flow::{Described, Returning, unreachable};
use super::documents;
use super::progress::Step;
use super::provider_session::There;
use crate::app::App;
use crate::app::identity_providers::OpenShiftSettings;
use crate::outbound::{Address, Ask};

/// Where the browser is sent.
pub(super) async fn authorization_address(
    app: &App,
    provider: &Provider,
    settings: &OpenShiftSettings,
    sign_in: &SignIn,
    client: &Client,
) -> Result<String, Failure> {
    let cluster = documents::of_cluster(app, provider, &settings.base_url).await?;
    Ok(cluster.authorization_address(sign_in, client))
}

/// Exchanges the code, and asks the API whom the token acts for.
pub(super) async fn describe(coming: &mut Returning<'_>, settings: &OpenShiftSettings) -> Result<Described, Failure> {
    coming.progress.at(Step::ReadProvider);
    let cluster = documents::of_cluster(coming.app, coming.provider, &settings.base_url).await?;
    let code = coming.code(Speaker { issuer: &cluster.issuer, sends_issuer: false }).await?;
    let tokens = coming.exchange(&cluster.token_endpoint, ClientAuthentication::Basic, &code).await?;
    coming.progress.at(Step::VerifyIdentity);
    let bearer = Secret::from(format!("Bearer {}", tokens.access_token.expose()));
    let ask = Ask { accept: "application/json", authorization: Some(&bearer), ..Ask::default() };
    let address = Address::parse("idpBaseUrl", &user_address(&settings.base_url))?;
    let answer = coming.app.sso.outbound.send(&address, ask).await.map_err(unreachable)?;
    if !answer.status.is_success() {
        let detail = format!("{address} answered with status {}; allow the scope user:info", answer.status.as_u16());
        return Err(Failure::new("openshift-user-status", detail));
    }
    let person = Person::read(&answer.body).map_err(|error| Failure::new(error.code(), error))?;
    // A cluster never speaks of a session again.
    let there = There::default();
    Ok(Described { issuer: issuer(&settings.base_url).to_owned(), subject: person.uid, claims: person.claims, there })
}
