//! A SAML provider on loopback: it publishes metadata and signs what a test wants it to say. Its XML is written in
//! canonical form, so that a hash of the text is a hash of the node.

use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::inflate::decompress_to_vec;
use rolecall_core::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::provider::Sent;
use super::{Answer, Server};

const KEYS: [(&str, &str); 2] = [
    (
        include_str!("../../../../signin/tests/saml/vectors/keys/idp.key"),
        include_str!("../../../../signin/tests/saml/vectors/keys/idp.crt"),
    ),
    (
        include_str!("../../../../signin/tests/saml/vectors/keys/idp-next.key"),
        include_str!("../../../../signin/tests/saml/vectors/keys/idp-next.crt"),
    ),
];

/// Where this server receives answers of the provider `saml`.
pub const CONSUMER: &str = "http://localhost:8080/sso/saml/acs";
/// This server's entity id.
pub const US: &str = "http://localhost:8080/sso/saml/metadata";

/// The provider.
#[derive(Debug, Clone)]
pub struct SamlProvider {
    /// Its entity id, and the address of its metadata.
    pub entity_id: String,
    script: Arc<Mutex<Script>>,
}

/// What it does.
#[derive(Debug, Default)]
pub struct Script {
    /// Which of its keys it publishes and signs with: 0 or 1.
    pub key: usize,
    /// Whether its metadata is away.
    pub away: bool,
    /// Whether it takes requests by HTTP-POST alone.
    pub posts: bool,
    /// How often its metadata was read.
    pub read: usize,
    /// By which binding it takes messages about signing out: `Redirect` or `POST`.
    pub logs_out: Option<&'static str>,
}

/// What an assertion says.
#[derive(Debug, Clone)]
pub struct Says {
    pub name_id: String,
    pub format: &'static str,
    pub attributes: Vec<(&'static str, Vec<String>)>,
    pub in_response_to: Option<String>,
    pub audience: String,
    pub recipient: String,
    /// Seconds from now.
    pub at: i64,
    pub id: String,
    /// The provider's session.
    pub session: Option<String>,
    /// In how many seconds that session ends.
    pub session_ends: Option<i64>,
}

impl Says {
    /// A person with an email and groups, in answer to that request.
    pub fn of(name: &str, email: &str, groups: &[&str], request: Option<&str>) -> Self {
        static NUMBER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Self {
            name_id: name.to_owned(),
            format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            attributes: vec![
                ("email", vec![email.to_owned()]),
                ("GROUPS", groups.iter().map(|&group| group.to_owned()).collect()),
            ],
            in_response_to: request.map(str::to_owned),
            audience: US.to_owned(),
            recipient: CONSUMER.to_owned(),
            at: 0,
            id: format!("_{number}"),
            session: None,
            session_ends: None,
        }
    }
}

impl SamlProvider {
    /// Starts it.
    pub async fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let entity_id = format!("http://{}/metadata", socket.local_addr().unwrap());
        let provider = Self { entity_id, script: Arc::default() };
        let routes = Router::new().route("/metadata", get(metadata)).with_state(provider.clone());
        tokio::spawn(async move { axum::serve(socket, routes).await });
        provider
    }

    /// Changes what it does.
    pub fn script<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap())
    }

    /// What an administrator enters.
    pub fn settings(&self) -> Value {
        json!({ "type": "saml", "samlData": { "metadataXmlType": "url", "metadataXmlUrl": self.entity_id },
            "emailDomains": ["example.org"], "emailsVouchedFor": true })
    }

    /// A signed response, as its page has it in the form.
    pub fn response(&self, server: &Server, says: &Says) -> String {
        let at = |seconds: i64| {
            let millis = (server.clock.now().seconds() + says.at + seconds) * 1000;
            Timestamp::from_millis(millis).to_string()
        };
        let (now, before, after) = (at(0), at(-60), at(300));
        let answered = says.in_response_to.as_ref().map_or(String::new(), |id| format!(" InResponseTo=\"{id}\""));
        let Says { name_id, format, audience, recipient, id, .. } = says;
        let session = says.session.as_ref().map_or(String::new(), |index| format!(" SessionIndex=\"{index}\""));
        let ends = says.session_ends.map_or(String::new(), |end| format!(" SessionNotOnOrAfter=\"{}\"", at(end)));
        let attributes: String = says.attributes.iter().map(|(name, values)| attribute(name, values)).collect();
        let issuer = &self.entity_id;
        let open = format!(
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" IssueInstant=\"{now}\" \
             Version=\"2.0\"><saml:Issuer>{issuer}</saml:Issuer>"
        );
        let rest = format!(
            "<saml:Subject><saml:NameID Format=\"{format}\" SPNameQualifier=\"{US}\">{name_id}</saml:NameID><saml:SubjectConfirmation \
             Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData{answered} NotOnOrAfter=\"{after}\" \
             Recipient=\"{recipient}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>\
             <saml:Conditions NotBefore=\"{before}\" NotOnOrAfter=\"{after}\"><saml:AudienceRestriction><saml:Audience>\
             {audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"{now}\"{session}{ends}>\
             <saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}\
             </saml:AttributeStatement></saml:Assertion>"
        );
        let signature = self.signature(id, &format!("{open}{rest}"));
        let response = format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}-response\"{answered} \
             IssueInstant=\"{now}\" Version=\"2.0\" Destination=\"{recipient}\"><saml:Issuer \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode \
             Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>{open}{signature}{rest}\
             </samlp:Response>"
        );
        STANDARD.encode(response)
    }

    pub(super) fn signature(&self, id: &str, signed: &str) -> String {
        let digest = STANDARD.encode(digest(&SHA256, signed.as_bytes()));
        let info = |namespace: &str| {
            format!(
                "<ds:SignedInfo{namespace}><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">\
                 </ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\">\
                 </ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform \
                 Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform><ds:Transform \
                 Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms><ds:DigestMethod \
                 Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{digest}\
                 </ds:DigestValue></ds:Reference></ds:SignedInfo>"
            )
        };
        let namespace = " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
        format!(
            "<ds:Signature{namespace}>{}<ds:SignatureValue>{}</ds:SignatureValue></ds:Signature>",
            info(""),
            self.signed(&info(namespace))
        )
    }

    /// The signature over a text, in base64.
    pub(super) fn signed(&self, text: &str) -> String {
        let (pem, _) = KEYS[self.script(|script| script.key)];
        let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).unwrap()).unwrap();
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        STANDARD.encode(signature)
    }
}

fn attribute(name: &str, values: &[String]) -> String {
    let values: String =
        values.iter().map(|value| format!("<saml:AttributeValue>{value}</saml:AttributeValue>")).collect();
    format!("<saml:Attribute Name=\"{name}\">{values}</saml:Attribute>")
}

async fn metadata(State(provider): State<SamlProvider>) -> Result<String, StatusCode> {
    let (key, away, posts, logs_out) = provider.script(|script| {
        script.read += 1;
        (script.key, script.away, script.posts, script.logs_out)
    });
    let log_out = logs_out.map_or(String::new(), |binding| {
        format!(
            "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-{binding}\" \
             Location=\"https://idp.example.org/sign-out\" ResponseLocation=\"https://idp.example.org/signed-out\"/>"
        )
    });
    if away {
        return Err(StatusCode::BAD_GATEWAY);
    }
    let (_, crt) = KEYS[key];
    let certificate: String = crt.lines().filter(|line| !line.starts_with("-----")).collect();
    let binding = if posts { "HTTP-POST" } else { "HTTP-Redirect" };
    Ok(format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{}\"><md:IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:KeyDescriptor use=\"signing\"><ds:KeyInfo \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>{certificate}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>{log_out}<md:SingleSignOnService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"https://idp.example.org/sign-in?a=1&amp;b=2\"/>\
         </md:IDPSSODescriptor></md:EntityDescriptor>",
        provider.entity_id
    ))
}

impl Sent {
    /// The id of the SAML request that the browser brings to the provider.
    pub fn request_id(&self) -> String {
        request_id(&inflated(&self.asked["SAMLRequest"]))
    }
}

/// The XML of a message in a query.
pub fn inflated(parameter: &str) -> String {
    String::from_utf8(decompress_to_vec(&STANDARD.decode(parameter).unwrap()).unwrap()).unwrap()
}

/// The id of a SAML request.
pub fn request_id(xml: &str) -> String {
    xml.split(" ID=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

impl Server {
    /// The provider's page has the browser post its response, and the browser comes back for it.
    pub async fn post_saml(&self, response: &str, cookie: &str) -> Answer {
        let posted = self.ask("POST", "/sso/saml/acs").header("origin", "https://idp.example.org");
        let posted = posted.header("sec-fetch-site", "cross-site").form(&[("SAMLResponse", response)]).send().await;
        assert_eq!(posted.status, 303, "{}", posted.text());
        assert!(posted.set_cookie("rolecall_session").is_none(), "the form alone opens nothing");
        let to = posted.header("location").unwrap().to_owned();
        if !to.starts_with("/sso/") {
            return posted;
        }
        let ask = self.ask("GET", &to);
        if cookie.is_empty() { ask.send().await } else { ask.header("cookie", cookie).send().await }
    }

    /// A person signs in, as the provider describes them.
    pub async fn sign_in_with_saml(&self, provider: &SamlProvider, name: &str, email: &str, groups: &[&str]) -> Answer {
        let sent = self.begin_sign_in("/sso/saml").await;
        let says = Says::of(name, email, groups, Some(&sent.request_id()));
        self.post_saml(&provider.response(self, &says), &sent.cookie).await
    }
}
