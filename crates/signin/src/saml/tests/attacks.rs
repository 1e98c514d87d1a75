//! Attacks other than wrapping, and messages for others.

use super::*;

const TRANSFORM: &str = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";

fn auth0(from: &str, to: &str) -> String {
    change(vector!("auth0"), from, to)
}

/// With another expectation than the message meets.
fn refused_when(change: impl FnOnce(&mut Expectations<'_>)) -> SamlError {
    let mut expected = expected(AUTH0);
    change(&mut expected);
    verify_as(vector!("auth0"), &expected).unwrap_err()
}

#[test]
fn a_comment_does_not_end_a_name() {
    let xml = auth0("user@a.com.evil.com", "user@a.com<!---->.evil.com");
    assert_eq!(verify(&xml, AUTH0).unwrap().subject, "auth0|user@a.com.evil.com");
    // Nor do CDATA or a processing instruction; the latter is signed, so it cannot be slipped in at all.
    let xml = auth0("user@a.com.evil.com", "user@a.com<![CDATA[.evil]]>.com");
    assert_eq!(verify(&xml, AUTH0).unwrap().subject, "auth0|user@a.com.evil.com");
    let xml = auth0("user@a.com.evil.com", "user@a.com<?x?>.evil.com");
    assert_eq!(refused(&xml, AUTH0), "saml-bad-signature");
}

#[test]
fn a_comment_does_not_end_an_audience_or_an_attribute() {
    let xml = auth0("<saml:Audience>https://rolecall", "<saml:Audience>https://<!-- x -->rolecall");
    verify(&xml, AUTH0).unwrap();
    let xml = auth0(">ml</saml:AttributeValue>", ">m<!-- x -->l</saml:AttributeValue>");
    assert_eq!(verify(&xml, AUTH0).unwrap().values("roles").collect::<Vec<_>>(), ["ml"]);
}

#[test]
fn comments_in_what_the_signature_says_are_refused() {
    // The library would read a digest up to the comment.
    let xml = auth0("<ds:DigestValue>", "<ds:DigestValue><!-- x -->");
    assert_eq!(refused(&xml, AUTH0), "saml-signature-form");
    let xml = auth0("<ds:SignatureValue>", "<ds:SignatureValue><!-- x -->");
    assert_eq!(refused(&xml, AUTH0), "saml-signature-form");
}

#[test]
fn not_a_single_letter_of_what_is_signed_may_be_changed() {
    for (from, to) in [
        ("auth0|user@a.com.evil.com", "auth0|admin"),
        (">ml<", ">admin<"),
        ("Name=\"roles\"", "Name=\"groups\""),
        ("SessionIndex=\"_x\"", "SessionIndex=\"_y\""),
        ("<saml:Audience>", "<saml:Audience Format=\"x\">"),
        ("<saml:Subject>", "<saml:Subject> "),
    ] {
        assert_eq!(refused(&auth0(from, to), AUTH0), "saml-bad-signature", "{from}");
    }
}

#[test]
fn entities_are_refused_before_they_are_expanded() {
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>";
    let external = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    for doctype in [laughs, external, "<!DOCTYPE x>", "<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\">"] {
        assert_eq!(refused(&format!("{doctype}{}", vector!("auth0")), AUTH0), "saml-document-type");
        assert_eq!(
            refused(&format!("<?xml version=\"1.0\"?>\n{doctype}{}", vector!("auth0")), AUTH0),
            "saml-document-type"
        );
    }
    assert_eq!(refused(&auth0(">ml<", ">&undefined;<"), AUTH0), "saml-not-xml");
}

#[test]
fn an_unsigned_response_is_refused() {
    assert_eq!(refused(vector!("unsigned"), KEYCLOAK), "saml-not-signed");
    let xml = vector!("auth0").replace(cut(vector!("auth0"), "<ds:Signature ", "</ds:Signature>"), "");
    assert_eq!(refused(&xml, AUTH0), "saml-not-signed");
}

#[test]
fn a_signature_in_another_place_or_of_another_namespace_is_refused() {
    let signature = cut(vector!("auth0"), "<ds:Signature ", "</ds:Signature>");
    let moved = vector!("auth0").replace(signature, "");
    let moved =
        change(&moved, "<samlp:Status>", &format!("<samlp:Extensions>{signature}</samlp:Extensions><samlp:Status>"));
    assert_eq!(refused(&moved, AUTH0), "saml-misplaced-signature");

    let foreign = auth0("xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "xmlns:ds=\"urn:x\"");
    assert_eq!(refused(&foreign, AUTH0), "saml-misplaced-signature");

    let twice = auth0(signature, &format!("{signature}{signature}"));
    assert_eq!(refused(&twice, AUTH0), "saml-malformed");
}

#[test]
fn of_two_signatures_both_have_to_be_good() {
    let xml = vector!("okta");
    verify(xml, OKTA).unwrap();
    // The response's digest covers the assertion's signature, so one changed letter there breaks both; the response's
    // own value is covered by nothing.
    let value = cut(xml, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let broken = xml.replacen(value, &value.replace("</ds:S", "AAAA</ds:S"), 1);
    assert_eq!(refused(&broken, OKTA), "saml-bad-signature");
}

#[test]
fn a_key_in_the_message_is_not_trusted() {
    // Signed by an attacker, whose certificate is in the message.
    let error = verify(vector!("attacker"), AUTH0).unwrap_err();
    let fingerprint = certificate(key!("attacker.crt")).fingerprint();
    assert_eq!(error, SamlError::UnknownCertificate { fingerprint: fingerprint.clone() });
    assert!(error.to_string().contains(&fingerprint) && error.to_string().contains("is not one of the provider's"));

    // The same with our provider's certificate in the message.
    let theirs = cut(vector!("attacker"), "<ds:X509Certificate>", "</ds:X509Certificate>");
    let honest = cut(vector!("auth0"), "<ds:X509Certificate>", "</ds:X509Certificate>");
    assert_eq!(refused(&change(vector!("attacker"), theirs, honest), AUTH0), "saml-bad-signature");
    // And with no certificate at all.
    let info = cut(vector!("attacker"), "<ds:KeyInfo>", "</ds:KeyInfo>");
    assert_eq!(refused(&change(vector!("attacker"), info, ""), AUTH0), "saml-bad-signature");
}

#[test]
fn the_key_info_of_a_good_signature_is_ignored() {
    let info = cut(vector!("auth0"), "<ds:KeyInfo>", "</ds:KeyInfo>");
    let retrieval = "<ds:KeyInfo><ds:RetrievalMethod URI=\"http://127.0.0.1/key\"/></ds:KeyInfo>";
    verify(&auth0(info, retrieval), AUTH0).unwrap();
    verify(&auth0(info, ""), AUTH0).unwrap();
}

#[test]
fn without_trusted_certificates_nothing_is_accepted() {
    let error = response::verify(&STANDARD.encode(vector!("auth0")), &[], &[], &expected(AUTH0)).unwrap_err();
    assert_eq!(error.code(), "saml-unknown-certificate");
}

#[test]
fn an_expired_certificate_is_named() {
    let expired = certificate(key!("idp-expired.crt"));
    let both = [certificate(key!("idp.crt")), expired.clone()];
    let field = STANDARD.encode(vector!("expired-certificate"));

    let error = response::verify(&field, &both, &[], &expected(AUTH0)).unwrap_err();
    assert_eq!(error, SamlError::ExpiredCertificate { not_after: expired.not_after() });
    assert!(error.to_string().contains("2026-09-20T14:13:20Z"), "{error}");
    // A good signature by another certificate is not harmed by the expired one.
    response::verify(&STANDARD.encode(vector!("auth0")), &both, &[], &expected(AUTH0)).unwrap();
}

#[test]
fn weak_algorithms_are_refused_by_name() {
    assert_eq!(verify(vector!("sha1"), AUTH0), Err(SamlError::WeakAlgorithm("rsa-sha1".to_owned())));
    assert_eq!(verify(vector!("sha1-digest"), AUTH0), Err(SamlError::WeakAlgorithm("sha1".to_owned())));
    for method in
        ["http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "http://www.w3.org/2000/09/xmldsig#dsa-sha1", "none", ""]
    {
        let xml = auth0("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", method);
        assert_eq!(refused(&xml, AUTH0), "saml-weak-algorithm", "{method}");
    }
}

#[test]
fn hmac_with_the_public_key_as_the_secret_is_refused() {
    for hmac in ["http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"] {
        let xml = auth0("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", hmac);
        assert_eq!(refused(&xml, AUTH0), "saml-weak-algorithm");
    }
}

#[test]
fn a_second_algorithm_behind_a_prefix_is_refused() {
    // The library takes the first attribute with that name, whatever its namespace.
    let xml = auth0(
        "<ds:SignatureMethod Algorithm",
        "<ds:SignatureMethod xmlns:x=\"urn:x\" x:Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\" Algorithm",
    );
    assert_eq!(refused(&xml, AUTH0), "saml-signature-form");
}

#[test]
fn transforms_that_compute_are_refused() {
    for algorithm in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://schemas.openxmlformats.org/package/2006/RelationshipTransform",
    ] {
        let transform = format!("<ds:Transform Algorithm=\"{algorithm}\"><x xmlns=\"urn:x\"/></ds:Transform>");
        for to in [transform.clone(), format!("{transform}{TRANSFORM}"), format!("{TRANSFORM}{transform}")] {
            assert_eq!(refused(&auth0(TRANSFORM, &to), AUTH0), "saml-signature-form", "{algorithm}");
        }
    }
    let other = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";
    assert_eq!(refused(&auth0(other, ""), AUTH0), "saml-signature-form");
    assert_eq!(refused(&auth0(other, &other.replace("ds:Transform", "x")), AUTH0), "saml-signature-form");
}

#[test]
fn several_references_or_none_are_refused() {
    let reference = cut(vector!("auth0"), "<ds:Reference ", "</ds:Reference>");
    assert_eq!(refused(&auth0(reference, &format!("{reference}{reference}")), AUTH0), "saml-signature-form");
    assert_eq!(refused(&auth0(reference, ""), AUTH0), "saml-signature-form");
    let manifest = "<ds:Object><ds:Manifest/></ds:Object></ds:Signature>";
    assert_eq!(refused(&auth0("</ds:Signature>", manifest), AUTH0), "saml-signature-form");
}

#[test]
fn a_second_signed_info_is_refused() {
    let info = cut(vector!("auth0"), "<ds:SignedInfo>", "</ds:SignedInfo>");
    assert_eq!(refused(&auth0(info, &format!("{info}{info}")), AUTH0), "saml-signature-form");
}

#[test]
fn a_message_for_another_service_is_refused() {
    assert_eq!(refused_when(|e| e.audience = "https://other.example.com").code(), "saml-wrong-audience");
    assert_eq!(refused_when(|e| e.recipient = "https://other.example.com/acs").code(), "saml-wrong-recipient");
    // Almost the same is not the same.
    assert_eq!(refused_when(|e| e.audience = "https://rolecall.example.com/saml/").code(), "saml-wrong-audience");
    assert_eq!(refused_when(|e| e.recipient = "HTTPS://rolecall.example.com/saml/acs").code(), "saml-wrong-recipient");
}

#[test]
fn another_destination_is_refused() {
    let xml = auth0(&format!("Destination=\"{RECIPIENT}\""), "Destination=\"https://other.example.com/acs\"");
    assert_eq!(refused(&xml, AUTH0), "saml-wrong-destination");
}

#[test]
fn another_issuer_is_refused() {
    assert_eq!(refused_when(|e| e.issuer = "urn:other.eu.auth0.com").code(), "saml-wrong-issuer");
    // Two providers with the same key: the unsigned issuer of the response is compared as well.
    let issuer = ">urn:example.eu.auth0.com</saml:Issuer><samlp:Status>";
    let xml = auth0(issuer, &issuer.replace("example", "other"));
    assert_eq!(refused(&xml, AUTH0), "saml-wrong-issuer");
}

#[test]
fn the_clocks_may_differ_by_a_minute_and_the_refusal_names_the_difference() {
    let at = |seconds: i64| {
        verify_as(vector!("auth0"), &Expectations { now: UnixSeconds(NOW.0 + seconds), ..expected(AUTH0) }).map(|_| ())
    };
    assert_eq!(at(-60), Ok(()));
    assert_eq!(at(-61), Err(SamlError::NotYetValid { seconds: 61 }));
    assert_eq!(at(3600 + 59), Ok(()));
    assert_eq!(at(3600 + 60), Err(SamlError::Expired { seconds: 60 }));
    assert!(at(7200).unwrap_err().to_string().contains("expired 3600 seconds ago"));
    // At the end of time every certificate has expired as well.
    for (now, code) in [(i64::MIN, "saml-not-yet-valid"), (i64::MAX, "saml-expired-certificate")] {
        let then = Expectations { now: UnixSeconds(now), ..expected(AUTH0) };
        assert_eq!(verify_as(vector!("auth0"), &then).unwrap_err().code(), code);
    }
}

#[test]
fn the_narrowest_of_several_times_counts() {
    // Within the confirmation's five minutes, but past the conditions' 58 seconds and the allowed minute.
    let late = Expectations { now: UnixSeconds(NOW.0 + 118), ..expected(KEYCLOAK) };
    assert_eq!(verify_as(vector!("keycloak"), &late), Err(SamlError::Expired { seconds: 60 }));
}

#[test]
fn the_answer_to_another_request_is_refused() {
    assert_eq!(refused_when(|e| e.in_response_to = Some("id-other")).code(), "saml-wrong-in-response-to");
    // A response to some request is not one that the provider has started.
    assert_eq!(refused_when(|e| e.in_response_to = None).code(), "saml-unknown-request");
    // The unsigned response says one thing, the signed assertion another.
    let xml = auth0("ID=\"_r4\" InResponseTo=\"id-0011", "ID=\"_r4\" InResponseTo=\"id-ffff");
    assert_eq!(refused(&xml, AUTH0), "saml-wrong-in-response-to");
}

#[test]
fn an_assertion_to_no_request_cannot_be_made_an_answer_to_one() {
    let issuer = "http://adfs.example.com/adfs/services/trust";
    let xml = change(vector!("adfs"), "ID=\"_r3\"", &format!("ID=\"_r3\" InResponseTo=\"{REQUEST}\""));

    assert_eq!(refused(&xml, issuer), "saml-wrong-in-response-to");
}

#[test]
fn an_error_of_the_provider_is_told_with_its_codes_and_kept_with_its_words() {
    let status = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>";
    let failed = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode \
                  Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/></samlp:StatusCode><samlp:StatusMessage>Call \
                  0800 123\u{85}</samlp:StatusMessage>";
    let error = verify(&auth0(status, failed), AUTH0).unwrap_err();

    assert_eq!(
        error,
        SamlError::StatusNotSuccess {
            status: "Responder / AuthnFailed".to_owned(),
            message: Some("Call 0800 123".to_owned())
        }
    );
    assert_eq!(error.to_string(), "the identity provider refused the sign-in with Responder / AuthnFailed");
    assert_eq!(refused(&auth0(status, ""), AUTH0), "saml-malformed");
}

#[test]
fn a_refusal_names_the_value_and_what_to_do() {
    let error = refused_when(|e| e.audience = "https://other.example.com");
    assert_eq!(
        error.to_string(),
        "the assertion is for another audience than https://other.example.com; set the audience (entity id) at the identity \
         provider"
    );
}
