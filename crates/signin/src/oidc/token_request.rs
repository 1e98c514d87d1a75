//! The request that exchanges the code (OpenID Connect Core 1.0, section 3.1.3.1), and the address that ends the
//! provider's session (RP-Initiated Logout 1.0, section 2). Owns their form; the server sends them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::address;
use super::discovery::{ClientAuthentication, Provider};
use super::flow::{Client, SignIn};
use super::form;
use crate::secret::Secret;

/// Longest `id_token_hint` that goes into an address. Servers refuse request lines of more than about 8 KiB.
pub const MAX_HINT_BYTES: usize = 6 * 1024;

/// A POST to the token endpoint, of type `application/x-www-form-urlencoded`.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    /// The value of the `Authorization` header, if there is one.
    pub authorization: Option<Secret>,
    /// The body.
    pub body: Secret,
}

/// The request for this code.
#[must_use]
pub fn token_request(
    authentication: ClientAuthentication,
    client: &Client,
    sign_in: &SignIn,
    code: &Secret,
) -> TokenRequest {
    let mut parameters = vec![
        ("grant_type", "authorization_code"),
        ("code", code.expose()),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_verifier", sign_in.verifier.expose()),
    ];
    let authorization = match authentication {
        ClientAuthentication::Basic => {
            // Both are form-encoded first (RFC 6749, section 2.3.1), so that a colon in the id separates nothing.
            let pair = Secret::from(format!("{}:{}", form::encoded(&client.id), form::encoded(client.secret.expose())));
            Some(Secret::from(format!("Basic {}", STANDARD.encode(pair.expose()))))
        }
        ClientAuthentication::Post => {
            parameters.push(("client_id", &client.id));
            parameters.push(("client_secret", client.secret.expose()));
            None
        }
    };
    TokenRequest { authorization, body: Secret::from(form::write(&parameters)) }
}

/// Where to send the browser to end the provider's session as well. `None` when the provider has no such address.
///
/// `id_token` is the raw token of the sign-in; one that is too long for an address is left out, and the provider asks the
/// person. `return_to` must be registered at the provider, which sends the browser there with the `state`.
#[must_use]
pub fn end_session_address(
    provider: &Provider,
    client_id: &str,
    id_token: Option<&Secret>,
    return_to: Option<(&str, &str)>,
) -> Option<Secret> {
    let endpoint = provider.end_session_endpoint.as_deref()?;
    let mut parameters = vec![("client_id", client_id)];
    if let Some(hint) = id_token.map(Secret::expose).filter(|hint| hint.len() <= MAX_HINT_BYTES) {
        parameters.push(("id_token_hint", hint));
    }
    if let Some((address, state)) = return_to {
        parameters.push(("post_logout_redirect_uri", address));
        parameters.push(("state", state));
    }
    Some(Secret::from(address::with_query(endpoint, &parameters)))
}
