//! Any text as a SAML response, as a logout message and as metadata. Nobody here has the provider's key, so a response
//! that is accepted says what the signed seeds say, and nothing else.
#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use rolecall_signin::saml::certificate::Certificate;
use rolecall_signin::saml::key::ServiceProviderKey;
use rolecall_signin::saml::logout::{self, Incoming};
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_signin::saml::response::{self, Expectations, SubjectFrom};
use rolecall_signin::saml::unverified;
use rolecall_signin::time::UnixSeconds;

const NOW: UnixSeconds = UnixSeconds(1_790_000_000);
/// The issuers of the seeds, and whom each of them has signed in.
const SIGNED: [(&str, &str); 2] =
    [("https://idp.example.com/realms/main", "G-7d0f"), ("urn:example.eu.auth0.com", "auth0|user@a.com.evil.com")];

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("../../crates/signin/tests/saml/vectors/keys/", $name))
    };
}

static TRUSTED: LazyLock<Vec<Certificate>> =
    LazyLock::new(|| vec![Certificate::from_text(key!("idp.crt")).expect("a certificate")]);
static KEYS: LazyLock<Vec<ServiceProviderKey>> = LazyLock::new(|| {
    let base64: String = key!("sp.key").lines().filter(|line| !line.starts_with("-----")).collect();
    let pkcs8 = STANDARD.decode(base64).expect("base64");
    let certificate = Certificate::from_text(key!("sp.crt")).expect("a certificate");
    vec![ServiceProviderKey::new(&pkcs8, certificate).expect("a key")]
});

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let field = STANDARD.encode(data);
    for (issuer, subject) in SIGNED {
        let expected = Expectations {
            issuer,
            audience: "https://rolecall.example.com/saml",
            recipient: "https://rolecall.example.com/saml/acs",
            in_response_to: Some("id-00112233445566778899aabbccddeeff00112233"),
            subject: &SubjectFrom::NameId,
            now: NOW,
        };
        match response::verify(&field, &TRUSTED, &KEYS, &expected) {
            Ok(assertion) => assert_eq!((assertion.issuer.as_str(), assertion.subject.as_str()), (issuer, subject)),
            Err(error) => assert!(!error.code().is_empty() && error.to_string().len() < 1024),
        }
    }
    drop(response::verify(&text, &TRUSTED, &KEYS, &any()));
    drop(unverified::read(&text));

    // One seed is a signed request to log out.
    let expected =
        logout::Expectations { issuer: SIGNED[0].0, destination: "https://rolecall.example.com/saml/logout", now: NOW };
    for incoming in [Incoming::Field(&field), Incoming::Query(&text)] {
        if let Ok(request) = logout::verify_request(incoming, &TRUSTED, &expected) {
            assert_eq!(request.name_id, SIGNED[0].1);
        }
        assert!(logout::verify_response(incoming, "id", &TRUSTED, &expected).is_err());
    }

    if let Ok(provider) = IdentityProvider::from_metadata(data, NOW) {
        assert!(!provider.entity_id.is_empty() && !provider.certificates.is_empty());
        let addresses = [&provider.sign_on, &provider.log_out];
        for address in addresses.iter().flat_map(|a| [&a.redirect, &a.post, &a.redirect_response, &a.post_response]) {
            assert!(address.as_deref().is_none_or(|a| a.starts_with("https://") || a.starts_with("http://")));
        }
        assert!(provider.valid_until.is_none_or(|end| end > NOW));
    }
});

fn any() -> Expectations<'static> {
    Expectations {
        issuer: "",
        audience: "",
        recipient: "",
        in_response_to: None,
        subject: &SubjectFrom::NameId,
        now: NOW,
    }
}
