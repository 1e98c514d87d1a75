//! The caller's own access rules.

use serde_json::{Value, json};

use crate::harness::{GIA, PLATFORM, ROOTS_PASSWORD, RULES, Server, TestScope, Token, on_both_databases, query};

on_both_databases!(
    they_are_those_by_name_and_by_group_and_no_others,
    they_are_filtered_sorted_and_paged_like_all,
    a_user_who_is_made_anew_has_none_of_the_former_one
);

const MINE: &str = "/api/v1/authorization/me/access-rules";

/// The page, without its wrappers.
async fn mine(server: &Server, who: &Token, parameters: &[(&str, &str)]) -> Value {
    let page = server.get(who, &query(MINE, parameters)).await.ok()["accessRules"].clone();
    let rows = page["accessRules"].as_array().unwrap();
    assert_eq!(page["displayRecords"], rows.len());
    page
}

async fn count(server: &Server, who: &Token, parameters: &[(&str, &str)]) -> Value {
    server.get(who, &query(&format!("{MINE}/count"), parameters)).await.ok()["count"].clone()
}

fn ids(page: &Value) -> Vec<i64> {
    page["accessRules"].as_array().unwrap().iter().map(|rule| rule["id"].as_i64().unwrap()).collect()
}

async fn they_are_those_by_name_and_by_group_and_no_others(server: Server) {
    let place = server.organisation().await;
    let by_name = server.grant(GIA, 1, &TestScope::account()).await;
    let by_group = server.grant_to("group", PLATFORM, 7, &place.vision).await;
    server.grant_to("group", GIA, 7, &place.vision).await;
    server.grant("ana@example.com", 7, &place.vision).await;
    let gone = server.grant(GIA, 7, &place.speech).await;
    server.delete(&server.root, &format!("{RULES}/{gone}")).await.gone();

    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    let page = mine(&server, &gia, &[]).await;
    assert_eq!(ids(&page), [by_name, by_group], "the caller sees every rule; only their own are listed");
    assert_eq!(page["totalRecords"], 2);
    assert_eq!(count(&server, &gia, &[]).await, 2);
    let all = server.get(&gia, RULES).await.ok();
    assert_eq!(page["accessRules"][0], all["accessRules"][1], "in the same view as in the list");

    let machine = server.service_account("robot").await;
    let its = server.grant_to("service-account", &machine.client_id, 7, &place.vision).await;
    let robot = server.sign_in_machine(&machine).await;
    assert_eq!(ids(&mine(&server, &robot, &[]).await), [its]);

    let (_, password) = server.user("nobody@example.com").await;
    let nobody = server.sign_in("nobody@example.com", &password).await;
    assert_eq!(mine(&server, &nobody, &[]).await, json!({ "totalRecords": 0, "displayRecords": 0, "accessRules": [] }));
    assert_eq!(count(&server, &nobody, &[]).await, 0);
}

async fn they_are_filtered_sorted_and_paged_like_all(server: Server) {
    let place = server.organisation().await;
    let mut theirs = Vec::new();
    for (kind, subject, role, at) in [
        ("user", GIA, 7, &place.vision),
        ("group", PLATFORM, 8, &place.pricing),
        ("user", GIA, 5, &place.pricing),
        ("user", "ana@example.com", 7, &place.pricing),
    ] {
        theirs.push(server.grant_to(kind, subject, role, at).await);
    }
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    for (parameters, expected) in [
        (vec![("search", "PRICING")], vec![1, 2]),
        (vec![("filterBy", "subjectType==group")], vec![1]),
        (vec![("filterBy", "scopeName==pricing,roleId<=5")], vec![2]),
        (vec![("search", "ana@")], vec![]),
        (vec![("filterBy", "subjectId==ana@example.com")], vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|n: usize| theirs[n]).collect();
        assert_eq!(ids(&mine(&server, &gia, &parameters).await), expected, "{parameters:?}");
        assert_eq!(count(&server, &gia, &parameters).await, expected.len(), "{parameters:?}");
    }
    let page =
        mine(&server, &gia, &[("sortBy", "roleId"), ("sortOrder", "desc"), ("offset", "1"), ("limit", "1")]).await;
    assert_eq!((ids(&page), &page["totalRecords"]), (vec![theirs[0]], &json!(3)));
    for (parameter, value) in [("limit", "0"), ("sortBy", "shoeSize"), ("filterBy", "shoeSize==44"), ("offset", "x")] {
        let word = if value.contains("shoe") { "shoeSize" } else { parameter };
        server.get(&gia, &query(MINE, &[(parameter, value)])).await.refused(400).names(word);
    }
}

async fn a_user_who_is_made_anew_has_none_of_the_former_one(server: Server) {
    const ANA: &str = "ana@example.com";
    let place = server.organisation().await;
    let (former, _) = server.user(ANA).await;
    let of_former = server.grant(ANA, 7, &place.vision).await;
    server.later(std::time::Duration::from_secs(60)).await;
    server.delete(&server.root, &format!("/api/v1/users/{former}")).await.gone();

    let (_, password) = server.user(ANA).await;
    let lost = server.grant(ANA, 7, &place.speech).await;
    let held = server.grant(ANA, 7, &place.pricing).await;
    server.later(std::time::Duration::from_secs(60)).await;
    server.delete(&server.root, &format!("{RULES}/{lost}")).await.gone();
    let ana = server.sign_in(ANA, &password).await;
    let deleted = [("includeDeleted", "true")];
    let seen = server.get(&ana, &query(RULES, &deleted)).await.ok();
    assert_eq!(ids(&seen), [lost, held], "{seen}");
    assert_eq!(server.get(&ana, &query(&format!("{RULES}/count"), &deleted)).await.ok()["count"], 2);
    assert_eq!(ids(&mine(&server, &ana, &[]).await), [held]);
    let all = server.get(&server.root, &query(RULES, &[("includeDeleted", "true"), ("subjectIds", ANA)])).await.ok();
    assert_eq!(ids(&all), [of_former, lost, held], "the past stays readable with the permission to read all rules");
}
