//! Large, deep, cut off and random input ends in a refusal, soon.

use proptest::prelude::*;

use super::*;
use crate::saml::MAX_MESSAGE_BYTES;
use crate::saml::metadata::IdentityProvider;

fn field_refused(field: &str) -> &'static str {
    response::verify(field, &trusted(), &[our_key()], &expected(AUTH0)).unwrap_err().code()
}

#[test]
fn a_message_that_was_cut_off_is_refused() {
    let field = STANDARD.encode(vector!("auth0"));
    assert_eq!(field_refused(&field[..field.len() - 1]), "saml-not-base64");
    assert_eq!(field_refused(&field[..field.len() / 8 * 4]), "saml-not-xml");
    assert_eq!(field_refused(""), "saml-not-xml");
    assert_eq!(field_refused("%%%"), "saml-not-base64");
    assert_eq!(field_refused(&STANDARD.encode(b"\xFF\xFE<\0a\0")), "saml-not-xml");
}

#[test]
fn large_messages_are_refused() {
    let padded = vector!("auth0").to_owned() + &" ".repeat(MAX_MESSAGE_BYTES);
    assert_eq!(field_refused(&STANDARD.encode(&padded)), "saml-too-large");
    assert_eq!(field_refused(&"A".repeat(10_000_000)), "saml-too-large");
    assert_eq!(field_refused(&"\n".repeat(10_000_000)), "saml-too-large");
}

#[test]
fn deep_and_wide_messages_are_refused() {
    let inside = |text: &str| change(vector!("auth0"), "<samlp:Status>", &format!("{text}<samlp:Status>"));
    let deep = inside(&format!("{}{}", "<x>".repeat(40), "</x>".repeat(40)));
    assert_eq!(refused(&deep, AUTH0), "saml-too-complex");
    assert_eq!(field_refused(&STANDARD.encode("<x>".repeat(60_000))), "saml-too-complex");
    assert_eq!(refused(&inside(&"<x/>".repeat(5_000)), AUTH0), "saml-too-complex");
    let attributes: String = (0..5_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert_eq!(refused(&inside(&format!("<x{attributes}/>")), AUTH0), "saml-too-complex");
    let namespaces: String = (0..5_000).map(|n| format!(" xmlns:a{n}=\"urn:{n}\"")).collect();
    assert_eq!(refused(&inside(&format!("<x{namespaces}/>")), AUTH0), "saml-too-complex");
    assert_eq!(refused(&inside("<x a=\"1\" a=\"2\"/>"), AUTH0), "saml-not-xml");
    // One element whose attributes fill the whole message: no quadratic surprise.
    let many: String = (0..20_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert_eq!(field_refused(&STANDARD.encode(format!("<x{many}/>"))), "saml-too-complex");
}

#[test]
fn a_response_of_another_kind_is_refused() {
    let request = vector!("auth0").replace("samlp:Response", "samlp:LogoutResponse");
    assert_eq!(refused(&request, AUTH0), "saml-malformed");
    assert_eq!(refused(&vector!("auth0").replace("Version=\"2.0\"", "Version=\"1.1\""), AUTH0), "saml-malformed");
    let none = vector!("auth0").replace(cut(vector!("auth0"), "<saml:Assertion ", "</saml:Assertion>"), "");
    assert_eq!(refused(&none, AUTH0), "saml-no-assertion");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_is_accepted_or_upsets_the_reader(field in "[A-Za-z0-9+/=]{0,200}", xml in "[<>/a:=\" &;!-]{0,200}", any: String) {
        for text in [&STANDARD.encode(&xml), &STANDARD.encode(&any), &field, &any] {
            prop_assert!(response::verify(text, &trusted(), &[], &expected(AUTH0)).is_err());
        }
        prop_assert!(IdentityProvider::from_metadata(xml.as_bytes(), NOW).is_err());
        prop_assert!(IdentityProvider::from_metadata(any.as_bytes(), NOW).is_err());
    }

    /// Whatever is cut out of a signed response or put twice, the user stays the same, or it is refused.
    #[test]
    fn no_surgery_makes_another_user(start in 0_usize..6000, length in 0_usize..3000, to in 0_usize..6000) {
        let xml = vector!("auth0");
        let clamp = |at: usize| (0..=at.min(xml.len())).rev().find(|at| xml.is_char_boundary(*at)).unwrap();
        let (start, end, to) = (clamp(start), clamp(start + length), clamp(to));
        let part = &xml[start..end];
        for changed in [
            format!("{}{}", &xml[..start], &xml[end..]),
            format!("{}{part}{}", &xml[..to], &xml[to..]),
            format!("{}{}{}", &xml[..to], part.replace("auth0|user", "auth0|root"), &xml[to..]),
        ] {
            if let Ok(assertion) = verify(&changed, AUTH0) {
                prop_assert_eq!(assertion.subject, "auth0|user@a.com.evil.com");
            }
        }
    }
}
