//! Responses in the shapes of real providers are accepted, and everything in them is read.

use super::*;

#[test]
fn keycloak_signs_the_response() {
    let assertion = verify(vector!("keycloak"), KEYCLOAK).unwrap();

    assert_eq!(assertion.id, "ID_assertion");
    assert_eq!((assertion.issuer.as_str(), assertion.subject.as_str()), (KEYCLOAK, "G-7d0f"));
    assert_eq!(assertion.name_id.as_deref(), Some("G-7d0f"));
    assert_eq!(assertion.name_id_format.as_deref(), Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"));
    assert_eq!(assertion.session_index.as_deref(), Some("s-1::c-1"));
    assert_eq!(assertion.not_on_or_after, UnixSeconds(NOW.0 + 58));
    assert_eq!(assertion.session_not_on_or_after, Some(UnixSeconds(NOW.0 + 36_000)));
    assert_eq!(assertion.authn_instant, NOW);
    let names: Vec<_> = assertion.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    assert_eq!(names, ["urn:oid:1.2.840.113549.1.9.1", "Role"]);
    assert_eq!(assertion.attributes[0].friendly_name.as_deref(), Some("email"));
    assert_eq!(assertion.values("Role").collect::<Vec<_>>(), ["vision", "Łódź & more"]);
}

#[test]
fn entra_signs_the_assertion_and_uses_no_prefixes() {
    let assertion = verify(vector!("entra"), "https://sts.windows.net/2f0e8a3c/").unwrap();

    assert_eq!(assertion.subject, "Zk3mQ");
    assert_eq!(assertion.authn_instant, UnixSeconds(NOW.0 - 7200));
    let groups = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
    assert_eq!(assertion.values(groups).collect::<Vec<_>>(), ["5a1c", "77de"]);
}

#[test]
fn okta_signs_both() {
    let assertion = verify(vector!("okta"), OKTA).unwrap();

    assert_eq!(assertion.subject, "ana@example.com");
    assert_eq!(assertion.values("groups").collect::<Vec<_>>(), ["everyone"]);
}

#[test]
fn google_signs_the_assertion() {
    let assertion = verify(vector!("google"), "https://accounts.google.com/o/saml2?idpid=C01").unwrap();

    assert_eq!(assertion.subject, "ana@example.com");
}

#[test]
fn adfs_starts_by_itself_where_that_is_enabled() {
    let issuer = "http://adfs.example.com/adfs/services/trust";
    let unasked = Expectations { in_response_to: None, ..expected(issuer) };

    let assertion = verify_as(vector!("adfs"), &unasked).unwrap();
    assert_eq!((assertion.subject.as_str(), assertion.name_id_format), ("EXAMPLE\\ana", None));

    // Where a request was sent, an answer to none is not an answer to it.
    assert_eq!(refused(vector!("adfs"), issuer), "saml-wrong-in-response-to");
}

#[test]
fn auth0_sends_nil_values() {
    let assertion = verify(vector!("auth0"), AUTH0).unwrap();

    assert_eq!(assertion.subject, "auth0|user@a.com.evil.com");
    assert_eq!(assertion.values("roles").collect::<Vec<_>>(), ["ml"]);
}

#[test]
fn inclusive_canonicalization_and_longer_hashes_are_accepted() {
    for xml in [vector!("inclusive-c14n"), vector!("sha512")] {
        assert_eq!(verify(xml, AUTH0).unwrap().id, "_a4");
    }
}

#[test]
fn elliptic_curves_are_accepted() {
    let trusted = [certificate(key!("idp-ec.crt"))];
    let assertion = response::verify(&STANDARD.encode(vector!("ecdsa")), &trusted, &[], &expected(AUTH0)).unwrap();

    assert_eq!(assertion.id, "_a4");
}

#[test]
fn during_a_roll_over_both_certificates_are_accepted() {
    let both = [certificate(key!("idp.crt")), certificate(key!("idp-next.crt"))];
    for xml in [vector!("auth0"), vector!("rolled-over")] {
        response::verify(&STANDARD.encode(xml), &both, &[], &expected(AUTH0)).unwrap();
    }
    assert_eq!(refused(vector!("rolled-over"), AUTH0), "saml-unknown-certificate");
}

#[test]
fn an_attribute_can_name_the_user() {
    let from = SubjectFrom::Attribute("urn:oid:1.2.840.113549.1.9.1".to_owned());
    let assertion = verify_as(vector!("transient"), &Expectations { subject: &from, ..expected(KEYCLOAK) }).unwrap();
    assert_eq!(assertion.subject, "ana@example.com");

    // Two values name two users, and none names nobody.
    for (name, values) in [("Role", 2), ("missing", 0)] {
        let from = SubjectFrom::Attribute(name.to_owned());
        let error = verify_as(vector!("keycloak"), &Expectations { subject: &from, ..expected(KEYCLOAK) }).unwrap_err();
        assert_eq!(error, SamlError::SubjectAttribute { name: name.to_owned(), values });
    }
}

#[test]
fn a_transient_name_is_refused_with_the_way_out() {
    let error = verify(vector!("transient"), KEYCLOAK).unwrap_err();

    assert_eq!(error.code(), "saml-transient-name-id");
    assert!(error.to_string().contains("persistent NameID, or choose an attribute"), "{error}");
}

#[test]
fn an_assertion_is_known_again_until_it_would_be_refused_anyway() {
    let key = verify(vector!("keycloak"), KEYCLOAK).unwrap().replay_key();
    assert_eq!((key.issuer.as_str(), key.assertion_id.as_str()), (KEYCLOAK, "ID_assertion"));
    assert_eq!(key, verify(vector!("keycloak"), KEYCLOAK).unwrap().replay_key());

    let last = Expectations { now: UnixSeconds(key.forget_at.0 - 1), ..expected(KEYCLOAK) };
    verify_as(vector!("keycloak"), &last).unwrap();
    let over = Expectations { now: key.forget_at, ..expected(KEYCLOAK) };
    assert_eq!(verify_as(vector!("keycloak"), &over).unwrap_err().code(), "saml-expired");
}

#[test]
fn line_breaks_in_the_form_field_are_accepted() {
    let field = STANDARD.encode(vector!("auth0"));
    let field: String =
        field.as_bytes().chunks(76).map(|line| format!("{}\r\n", str::from_utf8(line).unwrap())).collect();

    response::verify(&field, &trusted(), &[], &expected(AUTH0)).unwrap();
}
