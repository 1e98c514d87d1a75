//! Valid and invalid names.

use super::*;
use crate::error::{ErrorKind, Result};

fn refused<T: std::fmt::Debug>(outcome: Result<T>, what: &str) {
    match outcome {
        Err(error) => {
            assert_eq!(error.kind, ErrorKind::Invalid, "{what:?}");
            assert!(error.message.starts_with("subject: "), "the field is named first: {}", error.message);
            assert!(error.message.len() < 400, "a refusal stays short: {}", error.message);
            assert!(!error.message.contains(char::is_control), "nothing odd is echoed: {:?}", error.message);
        }
        Ok(name) => panic!("{what:?} was taken for {name:?}"),
    }
}

fn email(text: &str) -> Result<Email> {
    Email::parse("subject", text)
}

fn group(text: &str) -> Result<GroupName> {
    GroupName::parse("subject", text)
}

fn client(text: &str) -> Result<ClientId> {
    ClientId::parse("subject", text)
}

#[test]
fn an_email_is_a_dot_atom_at_a_domain() {
    for text in [
        "a@b.cc",
        "ana@example.com",
        "a.b_c%d+e-f@x-y.z.example.org",
        "1@2.de",
        "o'neil@example.com",
        "!#$%&'*+-/=?^_`{|}~@example.com",
        "-@example.com",
        "ana@1.2.3.example",
        "ana@xn--bcher-kva.example",
        "ana@example.xn--p1ai",
    ] {
        assert_eq!(email(text).unwrap().as_str(), text);
        assert_eq!(email(email(text).unwrap().as_str()).unwrap(), email(text).unwrap());
    }
    for text in [
        "",
        "a@b.c",
        "ana",
        "ana@",
        "@example.com",
        ".ana@example.com",
        "ana.@example.com",
        "ana..b@example.com",
        "ana@example",
        "ana@example.c",
        "ana@example.c0m",
        "ana@.com",
        "ana@.example.com",
        "ana@example..com",
        "ana@example.com.",
        "ana@-example.com",
        "ana@example-.com",
        "ana@192.0.2.1",
        "ana@[192.0.2.1]",
        "a@b@example.com",
        "ana @example.com",
        " ana@example.com",
        "ana@example.com ",
        "ana@example.com\n",
        "ana@exa mple.com",
        "ana@exam_ple.com",
        "ana\u{0}@example.com",
        "ana\t@example.com",
        "ana@example.com\u{7f}",
        "aña@example.com",
        "аna@example.com",
        "ana@example.com\u{202e}",
        "ana@exam\u{ad}ple.com",
        "ana@exam\u{200b}ple.com",
        "ana@xn--\u{fc}.com",
        "ana@xn--zzzzzzz9999.com",
        "ana＠example.com",
        "ana(x)@example.com",
        "ana,b@example.com",
        "a:b@example.com",
        "a;b@example.com",
        "system:admin@example.com",
        "\"ana\"@example.com",
        "<ana@example.com>",
    ] {
        refused(email(text), text);
    }
}

#[test]
fn an_internationalized_domain_is_kept_as_punycode() {
    for text in ["ana@bücher.example", "Ana@BÜCHER.example", "ana@bu\u{308}cher.example", "ana@XN--BCHER-KVA.EXAMPLE"]
    {
        assert_eq!(email(text).unwrap().as_str(), "ana@xn--bcher-kva.example", "{text}");
    }
    assert_eq!(email("ana@пример.рф").unwrap().as_str(), "ana@xn--e1afmkfd.xn--p1ai");
    assert_eq!(email("ana@ｅxample。com").unwrap().as_str(), "ana@example.com", "as browsers read it");
    assert_ne!(email("ana@straße.example").unwrap(), email("ana@strasse.example").unwrap(), "these are two domains");
    refused(email(&format!("ana@{}.example", "ü".repeat(300))), "a label beyond 63 characters");
}

#[test]
fn a_part_of_an_address_is_looked_for_as_it_is_kept() {
    for (part, kept) in [
        ("ana@example", "ana@example"),
        ("@b\u{fc}cher.example", "@xn--bcher-kva.example"),
        ("B\u{dc}CHER", "xn--bcher-kva"),
        ("b\u{fc}cher.", "xn--bcher-kva."),
        ("\u{ad}b", "\u{ad}b"),
        ("a\u{f1}a b", "a\u{f1}a b"),
        ("", ""),
    ] {
        assert_eq!(Email::part_as_kept(part), kept);
    }
}

#[test]
fn punycode_is_read_as_the_script_that_it_stands_for() {
    for (text, readable) in [
        ("ana@xn--bcher-kva.example", "ana@b\u{fc}cher.example"),
        ("ana@XN--BCHER-KVA.Example", "ana@b\u{fc}cher.Example"),
        ("@xn--e1afmkfd.xn--p1ai", "@\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.\u{440}\u{444}"),
        ("xn--bcher-kv", "xn--bcher-kv"),
        ("ana@xn--zzzzzzz9999.com", "ana@xn--zzzzzzz9999.com"),
        ("ana@example.com", "ana@example.com"),
        ("xn--", "xn--"),
    ] {
        assert_eq!(Email::readable(text), readable);
    }
}

#[test]
fn an_address_from_an_earlier_version_is_still_read() {
    for text in ["a@-.cc", "..@...cc", "%@..zz", "ana..b@example.com", "ana@xn--zzzzzzz9999.com"] {
        refused(email(text), text);
        assert_eq!(Email::known("subject", text).unwrap().as_str(), text);
        assert_eq!(serde_json::from_str::<Email>(&serde_json::to_string(text).unwrap()).unwrap().as_str(), text);
    }
    for text in ["Ana@Example.com", "o'neil@example.com", "ana@BÜCHER.example"] {
        assert_eq!(Email::known("subject", text).unwrap(), email(text).unwrap());
    }
    refused(Email::known("subject", "ana"), "ana");
}

#[test]
fn a_space_in_an_email_is_named() {
    for text in ["ana lee@example.com", "ana@exam ple.com", "ana@example.com\u{a0}", "ana at example"] {
        assert!(email(text).unwrap_err().message.ends_with("is not an email address: it contains a space"), "{text}");
    }
}

#[test]
fn an_email_has_5_to_254_characters() {
    let long = |length: usize| format!("{}@example.com", "a".repeat(length - "@example.com".len()));
    assert!(email("a@b.c").is_err(), "the shortest that fits the length has too short an end");
    assert!(email("@b.cc").is_err());
    assert!(email("a@b.cc").is_ok());
    assert_eq!(email(&long(254)).unwrap().as_str().len(), 254);
    refused(email(&long(255)), "255 characters");
    refused(email(&"a".repeat(10_000_000)), "10 MB");
    refused(email(&"\u{1F980}".repeat(1_000_000)), "a million crabs");
}

#[test]
fn two_spellings_of_an_email_are_one() {
    let ana = email("Ana@Example.COM").unwrap();
    assert_eq!(ana.as_str(), "ana@example.com");
    assert_eq!(ana, email("aNA@eXAMPLE.com").unwrap());
    assert_eq!(serde_json::from_str::<Email>("\"ANA@example.com\"").unwrap(), ana, "wherever it comes from");
    assert!(email("K\u{212a}@example.com").is_err(), "the Kelvin sign is no k");
    assert!(email("\u{130}@example.com").is_err());
    assert_eq!(email("ana@\u{212a}.example").unwrap(), email("ana@k.example").unwrap(), "in a domain it is");
}

/// The contract's regular expression, matched by a backtracking matcher that is small enough to be obviously right:
/// `^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$`.
fn matches_the_contract(text: &str) -> bool {
    let local = |c: &char| c.is_ascii_alphanumeric() || "._%+-".contains(*c);
    let domain = |c: &char| c.is_ascii_alphanumeric() || ".-".contains(*c);
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).any(|at| {
        (at + 1..chars.len()).any(|dot| {
            let (before, after, top) = (&chars[..at], &chars[at + 1..dot], &chars[dot + 1..]);
            chars[at] == '@'
                && chars[dot] == '.'
                && !before.is_empty()
                && before.iter().all(local)
                && !after.is_empty()
                && after.iter().all(domain)
                && top.len() >= 2
                && top.iter().all(char::is_ascii_alphabetic)
        })
    })
}

proptest::proptest! {
    #[test]
    fn any_text_is_known_exactly_when_the_contract_or_the_standard_says(text in "[aB9._%+@\\-. '\n]{0,12}") {
        let right = (5..=254).contains(&text.len()) && matches_the_contract(&text);
        proptest::prop_assert_eq!(Email::known("subject", &text).is_ok(), right || email(&text).is_ok());
        proptest::prop_assert!(email(&text).is_err() || text.contains('\'') || right, "the standard adds characters before the @");
    }

    #[test]
    fn an_email_that_is_kept_is_read_as_itself(text in "[a-z'.]{1,5}@[a-zäßİ\u{301}ب\\-.]{1,8}\\.(com|рф)") {
        if let Ok(kept) = email(&text) {
            proptest::prop_assert!(kept.as_str().is_ascii());
            proptest::prop_assert_eq!(&email(kept.as_str()).unwrap(), &kept);
            proptest::prop_assert_eq!(&Email::known("subject", kept.as_str()).unwrap(), &kept);
        }
    }

    #[test]
    fn no_text_makes_a_name_panic(text in "\\PC*|[\\x00-\\x20]*") {
        let _ = (email(&text), group(&text), client(&text), ServiceAccountName::parse("name", &text));
    }
}

#[test]
fn names_that_kubernetes_would_honor_are_refused() {
    for text in ["system:masters", "System:Masters", "SYSTEM:serviceaccount:kube-system:default", "sYsTeM:"] {
        refused(group(text), text);
        refused(client(text), text);
        assert!(email(text).is_err());
        assert!(ServiceAccountName::parse("name", text).is_err());
        let json = serde_json::to_string(text).unwrap();
        assert!(serde_json::from_str::<GroupName>(&json).is_err(), "not by a side door either");
        assert!(serde_json::from_str::<ClientId>(&json).is_err());
    }
    for text in [" system:masters", "\tsystem:masters", "\u{a0}system:masters", "\u{3000}system:masters"] {
        refused(group(text), text);
    }
    for text in ["system", "systems:masters", "my-system:masters", "subsystem:x"] {
        assert_eq!(group(text).unwrap().as_str(), text);
    }
}

#[test]
fn groups_and_client_ids_are_exact() {
    assert_ne!(group("Dev").unwrap(), group("dev").unwrap());
    assert_ne!(client("Ci-1").unwrap(), client("ci-1").unwrap());
    assert_eq!(group("Équipe IA / Paris").unwrap().as_str(), "Équipe IA / Paris");
}

#[test]
fn groups_and_client_ids_have_1_to_255_printable_characters() {
    for (text, fits) in [
        ("", false),
        (" ", false),
        ("a", true),
        ("a b", true),
        (" a", false),
        ("a ", false),
        ("a\u{0}b", false),
        ("a\nb", false),
        ("a\u{7f}b", false),
        ("a\u{85}b", false),
    ] {
        assert_eq!(group(text).is_ok(), fits, "group {text:?}");
        assert_eq!(client(text).is_ok(), fits, "client id {text:?}");
        if !fits {
            refused(group(text), text);
            refused(client(text), text);
        }
    }
    assert!(group(&"é".repeat(255)).is_ok(), "characters, not bytes");
    refused(group(&"é".repeat(256)), "256 characters");
}

#[test]
fn a_new_group_or_client_id_holds_nothing_that_cannot_be_seen() {
    for text in ["Dev\u{200b}", "Dev\u{202e}", "De\u{ad}v", "Dev\u{3164}", "Dev\u{e000}"] {
        refused(group(text), text);
        refused(client(text), text);
        assert_eq!(GroupName::known("group", text).unwrap().as_str(), text, "as an earlier version kept it");
        assert_eq!(ClientId::known("clientId", text).unwrap().as_str(), text);
    }
    assert!(group("Dev\u{200b}").unwrap_err().message.contains("U+200B"));
    assert_ne!(group("é").unwrap(), group("e\u{301}").unwrap(), "the provider says which it means");
}

#[test]
fn a_client_id_cannot_look_like_a_user() {
    for text in ["ana@example.com", "@", "a@b"] {
        refused(client(text), text);
        assert_eq!(group(text).unwrap().as_str(), text, "a group may: it is another kind of subject");
    }
}

#[test]
fn a_name_of_one_kind_is_never_a_subject_of_another() {
    let user = Subject::parse("subject", SubjectKind::User, "ana@example.com").unwrap();
    let group = Subject::parse("subject", SubjectKind::Group, "ana@example.com").unwrap();
    assert_eq!(user.name(), group.name());
    assert_ne!(user, group);
    assert_ne!(serde_json::to_string(&user).unwrap(), serde_json::to_string(&group).unwrap());
}

#[test]
fn app_is_the_old_word_for_a_service_account() {
    for kind in [SubjectKind::User, SubjectKind::Group, SubjectKind::ServiceAccount] {
        assert_eq!(SubjectKind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(SubjectKind::parse("app"), Some(SubjectKind::ServiceAccount));
    for text in ["", "User", "GROUP", "users", "service_account", "App"] {
        assert_eq!(SubjectKind::parse(text), None, "{text:?}");
    }
}

#[test]
fn a_service_account_has_a_plain_name() {
    let read = |text: &str| ServiceAccountName::parse("subject", text);
    for text in ["ab", "ci-runner_2", "a1", &"a".repeat(63)] {
        assert_eq!(read(text).unwrap().as_str(), text);
    }
    for text in
        ["", "a", "Ab", "1a", "-a", "_a", "a-", "a_", "a b", "a.b", "äb", "a/b", "ab\n", "system:x", &"a".repeat(64)]
    {
        refused(read(text), text);
    }
}

#[test]
fn an_id_has_one_form() {
    let text = "0192f0c1-2b3c-7d4e-8f50-61728394a5b6";
    let id = UserId::parse(text).unwrap();
    assert_eq!(id.to_string(), text);
    // RFC 9562, section 4: printed in lowercase, read in either case.
    assert_eq!(UserId::parse(&text.to_uppercase()), Some(id));
    for other in [
        "",
        "0",
        "0192f0c12b3c7d4e8f5061728394a5b6",
        "{0192f0c1-2b3c-7d4e-8f50-61728394a5b6}",
        "urn:uuid:0192f0c1-2b3c-7d4e-8f50-61728394a5b6",
        " 0192f0c1-2b3c-7d4e-8f50-61728394a5b6",
        "0192f0c1-2b3c-7d4e-8f50-61728394a5b6\n",
        "0192f0c1-2b3c-7d4e-8f50-61728394a5b",
        "0192f0c1-2b3c-7d4e-8f50-61728394a5bg",
        "0192f0c12-b3c-7d4e-8f50-61728394a5b6",
        "0192f0c1_2b3c_7d4e_8f50_61728394a5b6",
        "{192f0c1-2b3c-7d4e-8f50-61728394a5b}",
    ] {
        assert_eq!(UserId::parse(other), None, "{other:?}");
    }
}

#[test]
fn an_email_is_of_one_domain_in_each_of_its_spellings() {
    let domain = |text: &str| EmailDomain::parse("subject", text);
    for (text, email) in [
        ("example.org", "ana@example.org"),
        ("EXAMPLE.org", "Ana@Example.ORG"),
        ("bücher.example", "ana@BÜCHER.example"),
        ("xn--bcher-kva.example", "ana@bücher.example"),
    ] {
        assert!(Email::parse("email", email).unwrap().is_of(&domain(text).unwrap()), "{email} of {text}");
    }
    let own = domain("example.org").unwrap();
    for other in ["ana@mail.example.org", "ana@example.org.evil.example", "ana@notexample.org", "ana@example.com"] {
        assert!(!Email::parse("email", other).unwrap().is_of(&own), "{other}");
    }
    let long = format!("{}.example", "a.".repeat(130));
    for text in
        ["", "org", "@example.org", "*.example.org", "example.org.", "exa mple.org", ".example.org", long.as_str()]
    {
        refused(domain(text), text);
    }
    assert!(serde_json::from_str::<EmailDomain>("\"*\"").is_err(), "not by a side door either");
}
