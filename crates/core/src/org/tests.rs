//! Names, ids and scopes of the tree.

use super::*;
use crate::access::RuleId;
use crate::error::ErrorKind;

#[test]
fn a_node_has_a_printable_name_without_slashes() {
    let read = |text: &str| NodeName::parse("name", text);
    for text in ["a", "default", "Research & Development", "Équipe IA", "team.a_b-c", "\u{1F980}", &"é".repeat(255)] {
        assert_eq!(read(text).unwrap().as_str(), text);
    }
    for text in [
        "",
        " ",
        " a",
        "a ",
        "\u{a0}a",
        "a/b",
        "/",
        "a\u{0}",
        "a\nb",
        "\ta",
        "a\u{7f}",
        "a\u{85}b",
        "a\u{1b}[31m",
        &"é".repeat(256),
        &"a".repeat(10_000_000),
    ] {
        let error = read(text).expect_err("no name");
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert!(error.message.starts_with("name: "), "{}", error.message);
        assert!(error.message.len() < 400 && !error.message.contains(char::is_control), "{:?}", error.message);
    }
    assert_ne!(read("Dev").unwrap(), read("dev").unwrap());
    assert_eq!(read("Dev").unwrap().key(), read("dev").unwrap().key());
    assert!(serde_json::from_str::<NodeName>("\"a/b\"").is_err(), "not by a side door either");
}

#[test]
fn a_name_has_one_spelling() {
    let read = |text: &str| NodeName::parse("name", text).map(|name| name.as_str().to_owned());
    assert_eq!(read("e\u{301}quipe").unwrap(), "\u{e9}quipe", "composed");
    assert_eq!(read(&"e\u{301}".repeat(255)).unwrap(), "\u{e9}".repeat(255), "its length is that of what is kept");
    for (text, code) in [
        ("Lab\u{200b}", "U+200B"),
        ("Lab\u{202e}", "U+202E"),
        ("L\u{ad}ab", "U+00AD"),
        ("Lab\u{3164}", "U+3164"),
        ("\u{115f}Lab", "U+115F"),
        ("Lab\u{fe0f}", "U+FE0F"),
        ("Lab\u{2028}A", "U+2028"),
        ("Lab\u{e000}", "U+E000"),
        ("Lab\u{378}", "U+0378"),
        ("Lab\nA", "U+000A"),
        ("Lab\u{a0}A", "U+00A0"),
        ("Lab\u{3000}A", "U+3000"),
    ] {
        let message = read(text).unwrap_err().message;
        assert!(message.contains(code), "the code point is named: {message}");
    }
    assert!(read("Lab  A").is_err(), "a browser shows two spaces as one");
}

#[test]
fn a_name_from_an_earlier_version_is_still_read() {
    for text in ["Lab\u{200b}", "e\u{301}quipe", "Lab  A", "Lab\u{a0}A"] {
        assert_eq!(NodeName::known("name", text).unwrap().as_str(), text);
        assert_eq!(serde_json::from_str::<NodeName>(&serde_json::to_string(text).unwrap()).unwrap().as_str(), text);
    }
    for text in ["", "a/b", "a\nb", " a"] {
        assert!(NodeName::known("name", text).is_err(), "{text:?} was never taken");
    }
}

#[test]
fn a_number_has_one_form() {
    assert_eq!(ProjectId::parse("7"), Some(ProjectId::new(7)));
    assert_eq!(ProjectId::parse("0"), Some(ProjectId::new(0)));
    assert_eq!(ProjectId::parse(&i64::MAX.to_string()), Some(ProjectId::new(i64::MAX)));
    assert_eq!(RuleId::parse(&i32::MAX.to_string()), Some(RuleId::new(i32::MAX)));
    for text in [
        "",
        " 7",
        "7 ",
        "+7",
        "-7",
        "-0",
        "07",
        "00",
        "7.0",
        "7e1",
        "0x7",
        "７",
        "7_000",
        "9223372036854775808",
        "seven",
    ] {
        assert_eq!(ProjectId::parse(text), None, "{text:?}");
        assert_eq!(DepartmentId::parse(text), None, "{text:?}");
    }
    assert_eq!(RuleId::parse("2147483648"), None);
    assert_eq!(AccountId::parse("2147483648"), None);
}

#[test]
fn the_levels_have_the_words_of_the_api() {
    assert_eq!(ScopeKind::ALL.map(ScopeKind::as_str), ["tenant", "cluster", "department", "project"]);
    for kind in ScopeKind::ALL {
        assert_eq!(ScopeKind::parse(kind.as_str()), Some(kind));
        assert_eq!(kind.resource_type().as_str(), kind.as_str(), "a node's resource type has the level's word");
    }
    for text in ["", "account", "Tenant", "projects"] {
        assert_eq!(ScopeKind::parse(text), None, "{text:?}");
    }
    assert!(ScopeKind::ALL.is_sorted(), "from the root down, which subtrees rely on");
}

#[test]
fn a_scope_path_includes_its_own_scopes_and_no_other() {
    let cluster = ClusterId::new(uuid::Uuid::from_u128(1));
    let other = ClusterId::new(uuid::Uuid::from_u128(2));
    let (department, project) = (DepartmentId::new(5), ProjectId::new(6));
    let path = ScopePath { cluster: Some(cluster), department: Some(department), project: Some(project) };
    let scopes: Vec<Scope> = path.scopes().collect();
    assert_eq!(
        scopes,
        [Scope::Account, Scope::Cluster(cluster), Scope::Department(department), Scope::Project(project)]
    );
    assert!(scopes.iter().all(|scope| path.includes(*scope)));
    for scope in [
        Scope::Cluster(other),
        Scope::Department(DepartmentId::new(6)),
        Scope::Project(ProjectId::new(5)),
        Scope::Project(ProjectId::new(7)),
    ] {
        assert!(!path.includes(scope), "{scope}");
    }
    assert_eq!(ScopePath::ACCOUNT.scopes().collect::<Vec<_>>(), [Scope::Account]);
}
