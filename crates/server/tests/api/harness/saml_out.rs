//! What the SAML provider on loopback says about signing out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rolecall_core::Timestamp;

use super::Server;
use super::saml::SamlProvider;

/// Where this server receives messages about signing out.
pub const LOG_OUT: &str = "http://localhost:8080/sso/saml/slo";

/// What a message about signing out says.
#[derive(Debug, Clone)]
pub struct SaysOut {
    /// Whether the provider asks; otherwise it answers.
    pub is_request: bool,
    /// The NameID of a request, with its session; the request that an answer is for, with the status.
    pub about: (String, Option<String>),
    pub destination: String,
    pub issuer: Option<String>,
    /// Seconds from now.
    pub at: i64,
    pub id: String,
}

impl SaysOut {
    /// A request to sign someone out.
    pub fn asks(name_id: &str, session: Option<&str>) -> Self {
        Self::new(true, name_id, session)
    }

    /// The answer to our request with that id.
    pub fn answers(request: &str, status: &str) -> Self {
        Self::new(false, request, Some(status))
    }

    fn new(is_request: bool, about: &str, more: Option<&str>) -> Self {
        static NUMBER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Self {
            is_request,
            about: (about.to_owned(), more.map(str::to_owned)),
            destination: LOG_OUT.to_owned(),
            issuer: None,
            at: 0,
            id: format!("_out-{number}"),
        }
    }

    /// How the message is called in a query and in a form.
    pub fn parameter(&self) -> &'static str {
        if self.is_request { "SAMLRequest" } else { "SAMLResponse" }
    }
}

impl SamlProvider {
    /// A message about signing out, in the parts before and behind its signature.
    fn logout(&self, server: &Server, says: &SaysOut) -> (String, String) {
        const ASSERTION: &str = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
        let now = Timestamp::from_millis((server.clock.now().seconds() + says.at) * 1000);
        let (about, more) = (&says.about.0, says.about.1.as_deref());
        let name = if says.is_request { "LogoutRequest" } else { "LogoutResponse" };
        let answered = if says.is_request { String::new() } else { format!(" InResponseTo=\"{about}\"") };
        let open = format!(
            "<samlp:{name} xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{}\" ID=\"{}\"{answered} \
             IssueInstant=\"{now}\" Version=\"2.0\"><saml:Issuer {ASSERTION}>{}</saml:Issuer>",
            says.destination,
            says.id,
            says.issuer.as_ref().unwrap_or(&self.entity_id)
        );
        let content = if says.is_request {
            let session =
                more.map_or(String::new(), |index| format!("<samlp:SessionIndex>{index}</samlp:SessionIndex>"));
            format!("<saml:NameID {ASSERTION}>{about}</saml:NameID>{session}")
        } else {
            let status = format!("urn:oasis:names:tc:SAML:2.0:status:{}", more.unwrap());
            format!("<samlp:Status><samlp:StatusCode Value=\"{status}\"></samlp:StatusCode></samlp:Status>")
        };
        (open, format!("{content}</samlp:{name}>"))
    }

    /// A message about signing out as a signed query (HTTP-Redirect).
    pub fn logout_query(&self, server: &Server, says: &SaysOut) -> String {
        let (open, rest) = self.logout(server, says);
        let encoded = |bytes: &[u8]| utf8_percent_encode(&STANDARD.encode(bytes), NON_ALPHANUMERIC).to_string();
        let message = encoded(&compress_to_vec(format!("{open}{rest}").as_bytes(), 6));
        let algorithm = "http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256";
        let query = format!("{}={message}&RelayState=here&SigAlg={algorithm}", says.parameter());
        let signature = utf8_percent_encode(&self.signed(&query), NON_ALPHANUMERIC).to_string();
        format!("{query}&Signature={signature}")
    }

    /// A message about signing out as a signed form field (HTTP-POST).
    pub fn logout_field(&self, server: &Server, says: &SaysOut) -> String {
        let (open, rest) = self.logout(server, says);
        let signature = self.signature(&says.id, &format!("{open}{rest}"));
        STANDARD.encode(format!("{open}{signature}{rest}"))
    }
}
