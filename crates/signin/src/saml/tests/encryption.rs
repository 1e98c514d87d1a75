//! Encrypted assertions.

use super::*;

#[test]
fn an_encrypted_assertion_that_is_signed_is_accepted() {
    for xml in [vector!("encrypted-gcm"), vector!("encrypted-gcm-128")] {
        assert_eq!(verify(xml, KEYCLOAK).unwrap().subject, "G-7d0f");
    }
}

#[test]
fn an_encrypted_assertion_in_a_signed_response_is_accepted_with_cbc_too() {
    let assertion = verify(vector!("encrypted-cbc"), KEYCLOAK).unwrap();

    assert_eq!(assertion, verify(vector!("keycloak"), KEYCLOAK).unwrap());
}

#[test]
fn cbc_outside_of_a_signature_is_not_even_decrypted() {
    assert_eq!(refused(vector!("encrypted-cbc-unprotected"), KEYCLOAK), "saml-unprotected-cbc");
}

#[test]
fn anyone_can_encrypt_for_us_so_encryption_proves_nothing() {
    assert_eq!(refused(vector!("encrypted-unsigned"), KEYCLOAK), "saml-not-signed");
}

#[test]
fn during_a_roll_over_any_of_our_keys_decrypts() {
    let field = STANDARD.encode(vector!("encrypted-gcm"));
    let verify = |keys: &[ServiceProviderKey]| response::verify(&field, &trusted(), keys, &expected(KEYCLOAK));

    verify(&[our_next_key(), our_key()]).unwrap();
    assert_eq!(verify(&[our_next_key()]).unwrap_err().code(), "saml-cannot-decrypt");
    assert_eq!(verify(&[]).unwrap_err().code(), "saml-no-decryption-key");
}

#[test]
fn changed_ciphertexts_are_refused_alike() {
    let xml = vector!("encrypted-gcm");
    for (at, _) in xml.match_indices("<xenc:CipherValue>") {
        let at = at + "<xenc:CipherValue>".len() + 40;
        let letter = if &xml[at..=at] == "A" { "B" } else { "A" };
        let changed = format!("{}{letter}{}", &xml[..at], &xml[at + 1..]);
        assert_eq!(refused(&changed, KEYCLOAK), "saml-cannot-decrypt");
    }
    let empty = xml.replace(cut(xml, "<xenc:CipherValue>", "</xenc:CipherValue>"), "<xenc:CipherValue/>");
    assert_eq!(refused(&empty, KEYCLOAK), "saml-cannot-decrypt");
}

#[test]
fn other_encryption_is_refused_by_name() {
    let refused = |from: &str, to: &str| verify(&change(vector!("encrypted-gcm"), from, to), KEYCLOAK).unwrap_err();
    let unsupported = |name: &str| SamlError::UnsupportedEncryption(name.to_owned());

    assert_eq!(verify(vector!("encrypted-pkcs1"), KEYCLOAK), Err(unsupported("rsa-1_5")));
    let gcm = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
    assert_eq!(refused(gcm, "http://www.w3.org/2001/04/xmlenc#tripledes-cbc"), unsupported("tripledes-cbc"));
    let oaep =
        cut(vector!("encrypted-gcm"), "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa", "/>");
    let mixed = "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"><ds:DigestMethod \
                 Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/></xenc:EncryptionMethod>";
    assert_eq!(refused(oaep, mixed), unsupported("RSA-OAEP with sha256 and mgf1sha1"));
}

#[test]
fn a_key_or_a_value_that_is_elsewhere_is_not_fetched() {
    let xml = vector!("encrypted-gcm");
    let key = cut(xml, "<xenc:EncryptedKey>", "</xenc:EncryptedKey>");
    let retrieval = "<ds:RetrievalMethod URI=\"http://127.0.0.1/\"/>";
    assert_eq!(refused(&change(xml, key, retrieval), KEYCLOAK), "saml-unsupported-encryption");
    let many = key.repeat(5);
    assert_eq!(refused(&change(xml, key, &many), KEYCLOAK), "saml-too-complex");

    // Beside the data instead of inside it, as Shibboleth does.
    let beside = change(&change(xml, key, ""), "</xenc:EncryptedData>", &format!("</xenc:EncryptedData>{key}"));
    let beside = beside.replace("<saml:EncryptedAssertion>", "<saml:EncryptedAssertion xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">");
    verify(&beside, KEYCLOAK).unwrap();

    let value = cut(xml, "<xenc:CipherValue>", "</xenc:CipherValue>");
    let elsewhere = xml.replacen(value, "<xenc:CipherReference URI=\"file:///etc/passwd\"/>", 1);
    assert_eq!(refused(&elsewhere, KEYCLOAK), "saml-unsupported-encryption");
}
