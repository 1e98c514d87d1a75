//! Signature wrapping: the signed original stays elsewhere in the document, and a forged assertion stands where a
//! careless reader looks. The numbers are those of "On Breaking SAML" (2012).

use super::*;

const ASSERTION_ID: &str = "_a4";

struct Parts {
    /// The whole message, whose assertion is signed.
    xml: &'static str,
    /// The signed assertion with its signature.
    original: &'static str,
    signature: &'static str,
}

fn parts() -> Parts {
    let xml = vector!("auth0");
    Parts {
        xml,
        original: cut(xml, "<saml:Assertion ", "</saml:Assertion>"),
        signature: cut(xml, "<ds:Signature ", "</ds:Signature>"),
    }
}

impl Parts {
    /// An assertion for another user, with another id, and `signature` in the place of the original one.
    fn evil(&self, signature: &str) -> String {
        let evil = change(self.original, self.signature, "@signature@");
        let evil = change(&evil, "auth0|user@a.com.evil.com", "auth0|admin");
        let evil = change(&evil, "Version=\"2.0\" ID=\"_a4\"", "Version=\"2.0\" ID=\"_evil\"");
        change(&evil, "@signature@", signature)
    }

    fn without_signature(&self) -> String {
        self.original.replace(self.signature, "")
    }

    fn with_assertions(&self, assertions: &str) -> String {
        change(self.xml, self.original, assertions)
    }
}

/// Refused with this code, also when the assertion's own id is not in question (the forged one takes it).
fn assert_refused(xml: &str, code: &str) {
    assert_eq!(refused(xml, AUTH0), code);
    let same_id = xml.replace("ID=\"_evil\"", &format!("ID=\"{ASSERTION_ID}\""));
    assert_eq!(refused(&same_id, AUTH0), "saml-duplicate-id");
}

#[test]
fn xsw_1_a_forged_response_with_the_signed_one_inside_its_signature() {
    let xml = vector!("keycloak").trim_end();
    let signature = cut(xml, "<ds:Signature ", "</ds:Signature>");
    let original = xml.replace(signature, "");
    let signature = change(signature, "</ds:Signature>", &format!("{original}</ds:Signature>"));
    let evil = xml.replace("ID_response\"", "ID_evil\"").replace("G-7d0f", "admin");
    let evil = evil.replace(cut(&evil, "<ds:Signature ", "</ds:Signature>"), &signature);

    assert_eq!(refused(&evil.replace("ID=\"ID_assertion\"", "ID=\"x\""), KEYCLOAK), "saml-duplicate-id");
    let evil = evil.replacen("ID=\"ID_assertion\"", "ID=\"y\"", 1);
    assert_eq!(refused(&evil, KEYCLOAK), "saml-several-assertions");
}

#[test]
fn xsw_2_a_forged_response_with_the_signed_one_before_its_signature() {
    let xml = vector!("keycloak").trim_end();
    let signature = cut(xml, "<ds:Signature ", "</ds:Signature>");
    let original = xml.replace(signature, "");
    let evil =
        xml.replace("ID_response\"", "ID_evil\"").replace("ID=\"ID_assertion\"", "ID=\"y\"").replace("G-7d0f", "admin");
    let evil = evil.replace(cut(&evil, "<ds:Signature ", "</ds:Signature>"), &format!("{original}{signature}"));

    assert_eq!(refused(&evil, KEYCLOAK), "saml-several-assertions");
}

#[test]
fn xsw_3_a_forged_assertion_before_the_signed_one() {
    let parts = parts();
    let xml = parts.with_assertions(&format!("{}{}", parts.evil(""), parts.original));

    assert_refused(&xml, "saml-several-assertions");
}

#[test]
fn xsw_4_a_forged_assertion_around_the_signed_one() {
    let parts = parts();
    let evil = change(&parts.evil(""), "</saml:Assertion>", &format!("{}</saml:Assertion>", parts.original));

    assert_refused(&parts.with_assertions(&evil), "saml-several-assertions");
}

#[test]
fn xsw_5_a_forged_assertion_with_the_signature_and_the_original_at_the_end() {
    let parts = parts();
    let xml = parts.with_assertions(&format!("{}{}", parts.evil(parts.signature), parts.without_signature()));

    assert_refused(&xml, "saml-several-assertions");
}

#[test]
fn xsw_6_a_forged_assertion_with_the_original_inside_the_signature() {
    let parts = parts();
    let signature = format!("{}</ds:Signature>", parts.without_signature());
    let signature = change(parts.signature, "</ds:Signature>", &signature);

    assert_refused(&parts.with_assertions(&parts.evil(&signature)), "saml-several-assertions");
}

#[test]
fn xsw_7_a_forged_assertion_in_extensions() {
    let parts = parts();
    let evil = format!("<samlp:Extensions>{}</samlp:Extensions>{}", parts.evil(""), parts.original);

    assert_refused(&parts.with_assertions(&evil), "saml-several-assertions");
}

#[test]
fn xsw_7_the_signed_assertion_in_extensions_and_a_forged_one_in_its_place() {
    let parts = parts();
    let evil = format!("<samlp:Extensions>{}</samlp:Extensions>{}", parts.original, parts.evil(""));

    assert_refused(&parts.with_assertions(&evil), "saml-several-assertions");
}

#[test]
fn xsw_8_a_forged_assertion_with_the_original_in_an_object_of_the_signature() {
    let parts = parts();
    let object = format!("<ds:Object>{}</ds:Object></ds:Signature>", parts.without_signature());
    let signature = change(parts.signature, "</ds:Signature>", &object);

    assert_refused(&parts.with_assertions(&parts.evil(&signature)), "saml-several-assertions");
}

/// Hides the original's name, so that only one element is called `Assertion`; its digest then has to fail.
#[test]
fn the_original_under_another_name_or_namespace_does_not_help() {
    let parts = parts();
    let other_namespace = parts.without_signature().replace("urn:oasis:names:tc:SAML:2.0:assertion", "urn:other");
    let object = format!("<ds:Object>{other_namespace}</ds:Object></ds:Signature>");
    let signature = change(parts.signature, "</ds:Signature>", &object);
    assert_refused(&parts.with_assertions(&parts.evil(&signature)), "saml-several-assertions");

    let renamed = parts.without_signature().replace("saml:Assertion", "saml:Original");
    let signature =
        change(parts.signature, "</ds:Signature>", &format!("<ds:Object>{renamed}</ds:Object></ds:Signature>"));
    assert_refused(&parts.with_assertions(&parts.evil(&signature)), "saml-signature-form");
}

#[test]
fn a_reference_to_another_element_than_the_parent_is_refused() {
    let parts = parts();
    // The signature stays good for `_a4`, which is now a harmless element elsewhere; the parent is the forged one.
    let renamed = parts.without_signature().replace("saml:Assertion", "saml:Original");
    let xml = parts
        .with_assertions(&format!("<samlp:Extensions>{renamed}</samlp:Extensions>{}", parts.evil(parts.signature)));

    assert_refused(&xml, "saml-signature-form");
    for uri in ["", "#xpointer(/)", "#xpointer(id('_a4'))", "../../../etc/passwd", "http://127.0.0.1/", "cid:x", "#"] {
        let xml = change(parts.xml, "URI=\"#_a4\"", &format!("URI=\"{uri}\""));
        assert_eq!(refused(&xml, AUTH0), "saml-signature-form", "{uri}");
    }
}

#[test]
fn an_id_that_the_library_reads_as_a_pointer_is_refused() {
    for id in ["xpointer(/)", "xpointer(id('_r4'))"] {
        let xml = vector!("auth0").replace("ID=\"_a4\"", &format!("ID=\"{id}\"")).replace("#_a4", &format!("#{id}"));
        assert!(["saml-signature-form", "saml-bad-signature"].contains(&refused(&xml, AUTH0)), "{id}");
    }
}

#[test]
fn the_same_id_twice_is_refused_whatever_the_attribute_is_called() {
    for attribute in ["ID", "Id", "id", "AssertionID", "xml:id"] {
        let extra = format!("<samlp:Extensions><samlp:X {attribute}=\"_a4\"/></samlp:Extensions><samlp:Status>");
        let xml = change(vector!("auth0"), "<samlp:Status>", &extra);
        assert_eq!(refused(&xml, AUTH0), "saml-duplicate-id", "{attribute}");
    }
}

#[test]
fn an_unsigned_assertion_beside_an_encrypted_one_is_refused() {
    let forged = parts().evil("");
    let xml = change(vector!("encrypted-gcm"), "</samlp:Response>", &format!("{forged}</samlp:Response>"));

    assert_eq!(refused(&xml, KEYCLOAK), "saml-several-assertions");
}

#[test]
fn a_response_that_was_changed_around_a_signed_assertion_tells_nothing() {
    // The response is not signed: what it says outside of the assertion may be removed or invented.
    let xml = vector!("auth0");
    let extended = change(
        xml,
        "<samlp:Status>",
        "<samlp:Extensions><x xmlns=\"urn:x\">admin</x></samlp:Extensions><samlp:Status>",
    );
    assert_eq!(verify(&extended, AUTH0), verify(xml, AUTH0));
}
