//! Names that cannot be confused: of nodes, groups and users.

use serde_json::{Value, json};

use crate::harness::{RULES, Server, TestScope, on_both_databases, query, rule};

on_both_databases!(
    names_that_people_cannot_tell_apart_are_one,
    names_are_searched_and_filtered_as_people_read_them,
    groups_hold_nothing_that_cannot_be_seen,
    peoples_own_characters_are_taken_in_emails,
    a_domain_in_any_script_is_one_domain,
    guesses_count_however_a_domain_is_spelled,
);

const DEPARTMENTS: &str = "/api/v1/org-unit/departments";
const USERS: &str = "/api/v1/users";

fn department(name: &str, cluster: &TestScope) -> Value {
    json!({ "name": name, "clusterId": cluster.id, "resources": [] })
}

async fn names_that_people_cannot_tell_apart_are_one(server: Server) {
    let place = server.organisation().await;
    let create = |name: &'static str| server.post(&server.root, DEPARTMENTS, department(name, &place.berlin));
    create("Lab").await.created();
    for (name, code) in [
        ("Lab\u{200b}", "U+200B"),
        ("Lab\u{202e}", "U+202E"),
        ("La\u{ad}b", "U+00AD"),
        ("Lab\u{3164}", "U+3164"),
        ("Lab\u{fe0f}", "U+FE0F"),
        ("Lab\u{2028}", "U+2028"),
        ("Lab\u{378}", "U+0378"),
        ("Lab\u{a0}x", "U+00A0"),
    ] {
        create(name).await.refused(400).names("name: ").names(code);
        let renamed = server.put(&server.root, &place.sales.path(), json!({ "name": name })).await;
        renamed.refused(400).names(code);
        let project = json!({ "name": name, "clusterId": place.berlin.id, "resources": [] });
        server.post(&server.root, "/api/v1/org-unit/projects", project).await.refused(400).names(code);
        server.post(&server.root, "/api/v1/clusters", json!({ "name": name })).await.refused(400).names(code);
    }
    for (first, second) in
        [("e\u{301}quipe", "\u{e9}quipe"), ("\u{f6}rchid", "\u{d6}RCHID"), ("stra\u{df}e", "STRASSE")]
    {
        let made = create(first).await.created();
        assert_eq!(made["name"], first.replace("e\u{301}", "\u{e9}"), "composed");
        create(second).await.refused(409).names("already exists");
        let renamed = server.put(&server.root, &place.sales.path(), json!({ "name": second })).await;
        renamed.refused(409).names("already exists");
        // Its own name in another case.
        let path = format!("{DEPARTMENTS}/{}", made["id"].as_str().unwrap());
        assert_eq!(server.put(&server.root, &path, json!({ "name": second })).await.ok()["name"], second);
    }
    // Turkish has both letters, other languages do not, and a name does not tell its language.
    create("ad\u{131}m").await.created();
    create("adim").await.created();
    create("ADIM").await.refused(409).names("\"ADIM\"");
}

async fn names_are_searched_and_filtered_as_people_read_them(server: Server) {
    let place = server.organisation().await;
    for name in ["\u{f6}rchid", "Stra\u{df}e 7", "E\u{301}quipe"] {
        let made = server.post(&server.root, DEPARTMENTS, department(name, &place.berlin)).await.created();
        let at = TestScope { kind: "department", id: made["id"].as_str().unwrap().to_owned() };
        server.grant_to("group", &format!("{name}: on call"), 7, &at).await;
    }
    let departments = |name: &'static str, value: &'static str| {
        let server = &server;
        async move {
            let list = server.get(&server.root, &query(DEPARTMENTS, &[(name, value)])).await.ok();
            let names =
                list["departments"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned());
            names.collect::<Vec<_>>().join("|")
        }
    };
    assert_eq!(departments("search", "\u{d6}RCH").await, "\u{f6}rchid");
    assert_eq!(departments("search", "STRASSE").await, "Stra\u{df}e 7");
    assert_eq!(departments("filterBy", "name==\u{e9}QUIPE").await, "\u{c9}quipe");
    assert_eq!(departments("filterBy", "name=^STRA\u{1e9e}e").await, "Stra\u{df}e 7");
    assert_eq!(departments("filterBy", "name=$RCHID,name!=orchid").await, "\u{f6}rchid");
    let rules = |name: &'static str, value: &'static str| {
        let server = &server;
        async move {
            server.get(&server.root, &query(&format!("{RULES}/count"), &[(name, value)])).await.ok()["count"].clone()
        }
    };
    assert_eq!(rules("search", "STRASSE 7: ON").await, 1, "the group");
    assert_eq!(rules("filterBy", "scopeName==O\u{308}RCHID").await, 1);
    assert_eq!(rules("filterBy", "subjectId=@\u{c9}QUIPE,scopeName==\u{e9}quipe").await, 1);
    let sorted = departments("sortBy", "name").await;
    assert_eq!(sorted, "default|research|sales|Stra\u{df}e 7|\u{c9}quipe|\u{f6}rchid", "by what is compared");
}

async fn groups_hold_nothing_that_cannot_be_seen(server: Server) {
    let grant = |group: &'static str| server.post(&server.root, RULES, rule("group", group, 7, &TestScope::account()));
    grant("Dev\u{200b}").await.refused(400).names("subjectId").names("U+200B");
    grant("Dev\u{202e}").await.refused(400).names("U+202E");
    // Exact otherwise: the identity provider decides which it means.
    for group in ["\u{e9}quipe", "e\u{301}quipe", "Dev", "dev"] {
        assert_eq!(grant(group).await.created()["subjectId"], group);
    }
}

async fn peoples_own_characters_are_taken_in_emails(server: Server) {
    let place = server.organisation().await;
    for email in ["o'neil@example.com", "a=b@example.com", "#!$%&'*+-/=?^_`{|}~@example.com", "x,y@example.com"] {
        let created = server.post(&server.root, USERS, json!({ "email": email, "resetPassword": false })).await;
        if email.contains(',') {
            created.refused(400).names("email");
            continue;
        }
        let created = created.created();
        assert_eq!(created["username"], email);
        // On every path of a name through the product.
        let token = server.sign_in(&email.to_uppercase(), created["tempPassword"].as_str().unwrap()).await;
        assert_eq!(server.get(&token, "/api/v1/session").await.ok()["username"], email);
        assert_eq!(server.id_of(email).await, created["id"].as_str().unwrap());
        let found = server.get(&server.root, &query(USERS, &[("search", email)])).await.ok();
        assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
        let made = server.grant(email, 7, &place.vision).await;
        let rules = server.get(&server.root, &query(RULES, &[("subjectIds", email)])).await.ok();
        assert_eq!(rules["accessRules"][0]["id"], made);
        let filter = format!("subjectId=={email},createdBy=@root");
        let rules = server.get(&server.root, &query(RULES, &[("filterBy", &filter)])).await.ok();
        assert_eq!(rules["totalRecords"], 1, "{filter}");
        let decision = server.may(&server.root, email, "project:read", &place.vision).await;
        assert_eq!(decision["decision"], true, "{decision}");
        server.post(&server.root, USERS, json!({ "email": email.to_uppercase() })).await.refused(409);
    }
    for email in [".o@example.com", "o.@example.com", "o..n@example.com", "o n@example.com", "\u{f6}@example.com"] {
        server.post(&server.root, USERS, json!({ "email": email })).await.refused(400).names("email");
    }
}

async fn a_domain_in_any_script_is_one_domain(server: Server) {
    const STORED: &str = "ana@xn--bcher-kva.example";
    let wanted = json!({ "email": "Ana@B\u{dc}CHER.example", "resetPassword": false });
    let created = server.post(&server.root, USERS, wanted).await.created();
    assert_eq!(created["username"], STORED);
    let password = created["tempPassword"].as_str().unwrap();
    for spelling in ["ana@b\u{fc}cher.example", "ana@bu\u{308}cher.example", "ANA@XN--BCHER-KVA.EXAMPLE"] {
        let token = server.sign_in(spelling, password).await;
        assert_eq!(server.get(&token, "/api/v1/session").await.ok()["username"], STORED);
        server.post(&server.root, USERS, json!({ "email": spelling })).await.refused(409).names("already exists");
    }
    for (name, value) in [
        ("search", "B\u{dc}CHER"),
        ("filterBy", "username==ana@b\u{fc}cher.example"),
        ("filterBy", "username=$@b\u{fc}cher.example,enabled==true"),
    ] {
        let found = server.get(&server.root, &query(USERS, &[(name, value)])).await.ok();
        assert_eq!(found[0]["username"], STORED, "{value}: people look for what the console shows");
    }
    server.grant("ana@b\u{fc}cher.example", 7, &TestScope::account()).await;
    for spelling in [STORED, "ana@B\u{dc}cher.example"] {
        let rules = server.get(&server.root, &query(RULES, &[("subjectIds", spelling)])).await.ok();
        assert_eq!(rules["accessRules"][0]["subjectId"], STORED, "{spelling}");
    }
    for (name, value) in [
        ("search", "B\u{dc}CH"),
        ("search", "a@b\u{fc}c"),
        ("search", "xn--bcher-kva.example"),
        ("subjectIdFilter", "cher.ex"),
        ("filterBy", "subjectId==ana@b\u{fc}cher.example"),
        ("filterBy", "subjectId=^ana@B\u{dc},subjectId=$cher.example"),
    ] {
        let rules = server.get(&server.root, &query(RULES, &[(name, value)])).await.ok();
        assert_eq!(rules["accessRules"][0]["subjectId"], STORED, "{value}: people look for what the console shows");
    }
    let may = json!({ "subject": { "type": "user" }, "page": { "properties": { "search": "B\u{dc}CH" } },
        "action": { "name": "read" }, "resource": { "type": "project", "id": "tenant:1001" } });
    let found = server.post(&server.root, "/access/v1/search/subject", may).await.ok();
    assert_eq!(found["results"][0]["id"], STORED, "{found}");
    server.post(&server.root, USERS, json!({ "email": "ana@b\u{ad}cher.example" })).await.refused(400);
}

async fn guesses_count_however_a_domain_is_spelled(server: Server) {
    server.user("ana@example.com").await;
    let audited = |rows: Vec<rolecall_store::AuditRecord>| {
        rows.into_iter().filter(|row| row.http_status_code == 401).map(|row| row.subject).collect::<Vec<_>>()
    };
    for spelling in ["ana@example.com", "ana@\u{ff45}xample.com", "ana@example\u{3002}com"] {
        server.try_to_sign_in(spelling, "not this one").await.refused(401);
    }
    let subjects = audited(server.app.store.audit_newest(10).await.unwrap());
    assert_eq!(subjects, ["ana@example.com"; 3], "three guesses at one account");
}
