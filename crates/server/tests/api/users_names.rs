//! What people are called: given at creation or by their provider, shown, searched; and the short form of users.

use serde_json::{Value, json};

use crate::harness::{Provider, Server, on_both_databases, query};

on_both_databases!(
    names_are_taken_shown_and_searched,
    the_longest_names_are_kept,
    what_is_no_name_is_refused,
    a_provider_names_a_newcomer,
    users_are_found_by_id_email_and_name,
    a_search_without_a_condition_is_refused,
);

const USERS: &str = "/api/v1/users";
const MINIMAL: &str = "/api/v1/users-minimal";

async fn named(server: &Server, email: &str, first: &str, last: &str) -> String {
    let new = json!({ "email": email, "firstName": first, "lastName": last });
    let made = server.post(&server.root, USERS, new).await.created();
    made["id"].as_str().unwrap().to_owned()
}

fn emails(users: &Value) -> Vec<&str> {
    users.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect()
}

async fn names_are_taken_shown_and_searched(server: Server) {
    let id = named(&server, "al@example.com", " Ana ", "Lindqvi\u{308}st").await;
    named(&server, "ben@example.com", "", "").await;
    let user = server.get(&server.root, &format!("{USERS}/{id}")).await.ok();
    assert_eq!((&user["firstName"], &user["lastName"]), (&json!("Ana"), &json!("Lindqv\u{ef}st")));
    let all = server.get(&server.root, USERS).await.ok();
    let ben = all.as_array().unwrap().iter().find(|user| user["username"] == "ben@example.com").unwrap();
    assert!(ben.get("firstName").is_none() && ben.get("lastName").is_none(), "{ben}");
    for text in ["ANA", "ana lind", "lindqv\u{cf}st", "al@ex"] {
        let found = server.get(&server.root, &query(USERS, &[("search", text)])).await.ok();
        assert_eq!(emails(&found), ["al@example.com"], "{text}");
        let count = server.get(&server.root, &query("/api/v1/users/count", &[("search", text)])).await.ok();
        assert_eq!(count["count"], 1, "{text}");
    }
}

/// The longest names and the longest email fit every index.
async fn the_longest_names_are_kept(server: Server) {
    let name = |first: u32| (first..first + 255).map(|it| char::from_u32(it).unwrap()).collect::<String>();
    let email = format!("{}@{}.example.com", "a".repeat(64), "b".repeat(63));
    let id = named(&server, &email, &name(0x20000), &name(0x20200)).await;
    let user = server.get(&server.root, &format!("{USERS}/{id}")).await.ok();
    assert_eq!(user["lastName"], json!(name(0x20200)));
}

async fn what_is_no_name_is_refused(server: Server) {
    for (first, named) in [
        ("A\u{200b}na".to_owned(), "U+200B"),
        ("a".repeat(256), "255"),
        ("A\nna".to_owned(), "U+000A"),
        ("\u{fdfa}".repeat(100), "shorten it"),
    ] {
        let new = json!({ "email": "ana@example.com", "firstName": first });
        server.post(&server.root, USERS, new).await.refused(400).names("firstName").names(named);
    }
    named(&server, "ana@example.com", &"\u{1f992}".repeat(255), "").await;
}

async fn a_provider_names_a_newcomer(server: Server) {
    let provider = Provider::start().await;
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    let person = json!({ "sub": "1", "email": "nia@example.com", "email_verified": true, "given_name": "Nia",
        "family_name": "Okafor", "groups": [] });
    server.sign_in_with(&provider, person).await.session();
    let found = server.get(&server.root, &query(USERS, &[("search", "nia okafor")])).await.ok();
    assert_eq!((&found[0]["firstName"], &found[0]["lastName"]), (&json!("Nia"), &json!("Okafor")));
}

async fn users_are_found_by_id_email_and_name(server: Server) {
    let ana = named(&server, "ana@example.com", "Ana", "Lindqvist").await;
    let ben = named(&server, "ben@example.com", "Ben", "").await;
    let found = |parameters: &[(&str, &str)]| {
        let path = query(MINIMAL, parameters);
        let server = &server;
        async move { server.get(&server.root, &path).await.ok() }
    };
    let one = found(&[("id", &ana)]).await;
    assert_eq!(one, json!([{ "id": ana, "username": "ana@example.com", "firstName": "Ana", "lastName": "Lindqvist" }]));
    let both = format!("{ana},{ben}");
    for (parameters, expected) in [
        (vec![("id", both.as_str())], vec!["ana@example.com", "ben@example.com"]),
        (vec![("id", ana.as_str()), ("id", ben.as_str())], vec!["ana@example.com", "ben@example.com"]),
        (vec![("id", both.as_str()), ("search", "lindq")], vec!["ana@example.com"]),
        (vec![("id", both.as_str()), ("offset", "1")], vec!["ben@example.com"]),
        (vec![("id", "00000000-0000-0000-0000-000000000000")], vec![]),
        (
            vec![("filterBy", "username==BEN@example.com,username==ana@example.com")],
            vec!["ana@example.com", "ben@example.com"],
        ),
        (vec![("filterBy", "username==nobody@example.com")], vec![]),
        (vec![("filterBy", "username==ben@example.com"), ("id", ana.as_str())], vec![]),
        (vec![("filterBy", "username=@BEN")], vec!["ben@example.com"]),
        (vec![("search", "ana l")], vec!["ana@example.com"]),
        (vec![("search", "example.com"), ("limit", "1"), ("offset", "1")], vec!["ben@example.com"]),
    ] {
        assert_eq!(emails(&found(&parameters).await), expected, "{parameters:?}");
    }
    let place = server.organisation().await;
    let lea = server.user_with_rule("lea@example.com", 5, &place.vision).await;
    server.get(&lea, &format!("{MINIMAL}?search=ana")).await.refused(403).names("users:read");
}

async fn a_search_without_a_condition_is_refused(server: Server) {
    let many = (0..26).map(|n| format!("username==u{n}@example.com")).collect::<Vec<_>>().join(",");
    let ids = vec!["00000000-0000-0000-0000-000000000000"; 26].join(",");
    for (parameters, named) in [
        (vec![], "search, id and filterBy"),
        (vec![("limit", "5")], "search, id and filterBy"),
        (vec![("id", "ana")], "\"ana\""),
        (vec![("id", ids.as_str())], "at most 25"),
        (vec![("filterBy", many.as_str())], "at most 25"),
        (vec![("filterBy", "username!=ana@example.com")], "username!=ana@example.com"),
        (vec![("filterBy", "username=@a,username=@b")], "username=@a"),
        (vec![("filterBy", "username==a,username=@b")], "username=@b"),
        (vec![("filterBy", "enabled==true")], "enabled"),
    ] {
        server.get(&server.root, &query(MINIMAL, &parameters)).await.refused(400).names(named);
    }
}
