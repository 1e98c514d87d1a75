//! Metadata of providers.

use super::*;
use crate::saml::metadata::{Addresses, IdentityProvider, MAX_BYTES};

fn read(xml: &str) -> Result<IdentityProvider, SamlError> {
    IdentityProvider::from_metadata(xml.as_bytes(), NOW)
}

fn refused(from: &str, to: &str) -> &'static str {
    read(&change(vector!("metadata-keycloak"), from, to)).unwrap_err().code()
}

#[test]
fn keycloaks_metadata_is_read() {
    let provider = read(vector!("metadata-keycloak")).unwrap();
    let address = Some("https://idp.example.com/realms/main/protocol/saml".to_owned());

    assert_eq!(provider.entity_id, KEYCLOAK);
    let both = Addresses { redirect: address.clone(), post: address, ..Addresses::default() };
    assert_eq!((&provider.sign_on, &provider.log_out), (&both, &both));
    assert_eq!(provider.certificates, [certificate(key!("idp.crt")), certificate(key!("idp-next.crt"))]);
    assert!(provider.wants_signed_requests);
    assert_eq!((provider.valid_until, provider.cache_seconds), (None, None));
    let day = |days: i64| UnixSeconds(NOW.0 + days * 86_400);
    for (now, end) in [(0, 365), (364, 365), (365, 730), (729, 730), (731, 730)] {
        assert_eq!(provider.certificate_ends(day(now)), Some(day(end)), "on day {now}");
    }
    assert_eq!(provider.certificates[0].subject(), "CN=idp.example.com");
}

#[test]
fn keys_for_encryption_are_not_trusted_and_weak_ones_are_listed() {
    let provider = read(vector!("metadata-entra")).unwrap();

    let names: Vec<_> = provider.certificates.iter().map(Certificate::subject).collect();
    assert_eq!(names, ["CN=idp.example.com", "CN=idp-ec.example.com", "CN=idp-next.example.com"]);
    assert_eq!(
        provider.unusable_certificates,
        [SamlError::BadCertificate("its RSA key does not have 2048 to 8192 bits")]
    );
    assert_eq!(provider.valid_until, Some(UnixSeconds(NOW.0 + 7 * 86_400)));
    assert_eq!(provider.cache_seconds, Some(6 * 3600));
    assert!(!provider.wants_signed_requests && provider.log_out.post.is_none());
}

#[test]
fn metadata_ends_with_its_valid_until() {
    let at = |seconds| IdentityProvider::from_metadata(vector!("metadata-entra").as_bytes(), UnixSeconds(seconds));
    let end = NOW.0 + 7 * 86_400;

    at(end - 1).unwrap();
    let error = at(end).unwrap_err();
    assert_eq!(error.code(), "saml-metadata-expired");
    assert!(error.to_string().contains("2026-09-28T14:13:20Z"), "{error}");
}

#[test]
fn one_provider_inside_of_many_entities_is_found_and_two_are_refused() {
    let entity = vector!("metadata-keycloak");
    let service = "<md:EntityDescriptor entityID=\"x\"><md:SPSSODescriptor/></md:EntityDescriptor>";
    let all = |inside: &str, attributes: &str| {
        let space = "xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"";
        format!("<md:EntitiesDescriptor {space}{attributes}>{inside}</md:EntitiesDescriptor>")
    };

    assert_eq!(read(&all(&format!("{service}{entity}"), "")).unwrap(), read(entity).unwrap());
    // What surrounds an entity limits it.
    let expired = read(&all(entity, " validUntil=\"2026-01-01T00:00:00Z\"")).unwrap_err();
    assert_eq!(expired.code(), "saml-metadata-expired");
    assert_eq!(read(&all(&format!("{entity}{entity}"), "")).unwrap_err().code(), "saml-several-identity-providers");
    assert_eq!(read(&all(service, "")).unwrap_err().code(), "saml-no-identity-provider");
}

#[test]
fn what_signing_in_needs_must_be_there() {
    assert_eq!(refused("entityID=\"https://idp.example.com/realms/main\"", ""), "saml-length");
    assert_eq!(
        refused("\"urn:oasis:names:tc:SAML:2.0:protocol\"", "\"urn:mace:shibboleth:1.0\""),
        "saml-no-identity-provider"
    );
    let no_keys = vector!("metadata-keycloak").replace("use=\"signing\"", "use=\"encryption\"");
    assert_eq!(read(&no_keys).unwrap_err().code(), "saml-no-signing-certificate");
    let soap = vector!("metadata-keycloak").replace("HTTP-POST", "SOAP").replace("HTTP-Redirect", "SOAP");
    assert_eq!(read(&soap).unwrap_err().code(), "saml-no-sign-on-address");
    assert_eq!(read(vector!("auth0")).unwrap_err().code(), "saml-malformed");
}

#[test]
fn addresses_that_a_browser_must_not_open_are_refused() {
    let sso = "SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://idp.example.com";
    for address in
        ["javascript:alert(1)//", "data:text/html,", "//idp.example.com", "https:///x", "http://a b", "https://a#"]
    {
        let to = sso.replace("https://idp.example.com", address);
        assert_eq!(refused(sso, &to), "saml-bad-address", "{address}");
    }
}

#[test]
fn large_deep_and_tricky_metadata_is_refused() {
    let padded = vector!("metadata-keycloak").to_owned() + &" ".repeat(MAX_BYTES);
    assert_eq!(read(&padded).unwrap_err().code(), "saml-too-large");
    assert_eq!(read(&"<a>".repeat(100)).unwrap_err().code(), "saml-too-complex");
    assert_eq!(read(&format!("<a>{}</a>", "<b/>".repeat(50_000))).unwrap_err().code(), "saml-too-complex");
    assert_eq!(
        read(&format!("<!DOCTYPE x>{}", vector!("metadata-keycloak"))).unwrap_err().code(),
        "saml-document-type"
    );
    assert_eq!(IdentityProvider::from_metadata(b"\xFF\xFE<\0a\0", NOW).unwrap_err().code(), "saml-not-xml");
    let key = cut(vector!("metadata-keycloak"), "<md:KeyDescriptor", "</md:KeyDescriptor>");
    let many = change(vector!("metadata-keycloak"), key, &key.repeat(17));
    assert_eq!(read(&many).unwrap_err().code(), "saml-too-complex");
}

#[test]
fn certificates_are_read_as_pem_too_and_others_are_refused() {
    assert_eq!(certificate(key!("idp.crt")).fingerprint().len(), 95);
    for text in ["", "AAAA", "not base64", &"A".repeat(100_000)] {
        assert_eq!(Certificate::from_text(text).unwrap_err().code(), "saml-bad-certificate", "{text}");
    }
}
