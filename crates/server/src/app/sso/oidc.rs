//! OpenID Connect: who signs in is whom the ID token describes, and the userinfo endpoint where it says more.

use rolecall_core::identity::Provider;
use rolecall_signin::mapping::Received;
use rolecall_signin::oidc::flow::{Client, SignIn};
use rolecall_signin::oidc::id_token::{self, Expected, IdToken, IdTokenError};
use rolecall_signin::oidc::userinfo::Userinfo;
use rolecall_signin::secret::Secret;

use super::Failure;
use super::cache::{FRESH, USUAL_AGE};
use super::code_flow::{Described, Returning, seconds, unreachable};
use super::documents::{self, Document};
use super::progress::Step;
use super::provider_session::There;
use crate::app::App;
use crate::app::identity_providers::OidcSettings;
use crate::outbound::{Address, Ask};

/// Where the browser is sent.
pub(super) async fn authorization_address(
    app: &App,
    provider: &Provider,
    settings: &OidcSettings,
    sign_in: &SignIn,
    client: &Client,
) -> Result<String, Failure> {
    let document = documents::of(app, provider, &settings.discovery_url, USUAL_AGE).await?;
    Ok(sign_in.authorization_address(&document.provider, client))
}

/// Exchanges the code, verifies the ID token, and adds what the userinfo endpoint says.
pub(super) async fn describe(coming: &mut Returning<'_>, settings: &OidcSettings) -> Result<Described, Failure> {
    let (app, provider) = (coming.app, coming.provider);
    coming.progress.at(Step::ReadProvider);
    let document = documents::of(app, provider, &settings.discovery_url, USUAL_AGE).await?;
    let code = coming.code((&document.provider).into()).await?;
    let said = &document.provider;
    let tokens = coming.exchange(&said.token_endpoint, said.client_authentication, &code).await?;
    coming.progress.at(Step::VerifyIdentity);
    let raw = tokens.id_token().map_err(|error| Failure::new(error.code(), error))?;

    let verify = |document: &Document| {
        let expected = Expected {
            issuer: &document.provider.issuer,
            client_id: &coming.client.id,
            algorithms: &document.provider.algorithms,
            nonce: &coming.sign_in.nonce,
            access_token: Some(&tokens.access_token),
        };
        id_token::verify(raw, &document.keys, &expected, seconds(app))
    };
    let verified = match verify(&document) {
        Err(error) if error.wants_fresh_keys() => {
            verify(&*documents::of(app, provider, &settings.discovery_url, FRESH).await?)
        }
        verified => verified,
    };
    let mut token = verified.map_err(|error: IdTokenError| Failure::new(error.code(), error))?;
    coming.progress.said(Received::Claims(&token.claims));
    if let Some(address) = &said.userinfo_endpoint
        && !(has(&token, &coming.mappers.email) && has(&token, &coming.mappers.groups))
    {
        coming.progress.at(Step::AskForMore);
        ask_more(app, address, &tokens.access_token, &mut token).await?;
    }
    let there = There::of_token(&token, said);
    Ok(Described { issuer: token.issuer, subject: token.subject, claims: token.claims, there })
}

fn has(token: &IdToken, claim: &str) -> bool {
    Received::Claims(&token.claims).has(claim)
}

/// Asks the userinfo endpoint where the ID token lacks a claim that is mapped.
async fn ask_more(app: &App, address: &str, access_token: &Secret, token: &mut IdToken) -> Result<(), Failure> {
    let bearer = Secret::from(format!("Bearer {}", access_token.expose()));
    let ask = Ask { accept: "application/json", authorization: Some(&bearer), ..Ask::default() };
    let endpoint = Address::parse("userinfo_endpoint", address)?;
    let answer = app.sso.outbound.send(&endpoint, ask).await.map_err(unreachable)?;
    if !answer.status.is_success() {
        let detail = format!("the userinfo endpoint answered with status {}", answer.status.as_u16());
        return Err(Failure::new("userinfo-status", detail));
    }
    let more = Userinfo::read(&answer.body, token).map_err(|error| Failure::new(error.code(), error))?;
    more.fill(token);
    Ok(())
}
