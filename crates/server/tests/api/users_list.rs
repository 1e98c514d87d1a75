//! The list of users: its filters by role and by scope, what these must not reveal, and the meaning of a query string.

use serde_json::{Value, json};

use crate::harness::{GIA, PLATFORM, ROOT, RULES, SOL, Server, TestScope, Token, on_both_databases, query};

on_both_databases!(
    users_are_found_by_what_they_are,
    users_are_found_by_role_and_by_place,
    users_are_sorted_and_found_by_how_many_rules_one_sees,
    a_department_administrator_finds_out_nothing_of_other_departments,
    what_is_no_place_is_refused,
    who_never_signed_in_comes_last_both_ways,
    a_generated_password_is_marked_until_its_owner_changes_it,
    a_query_string_asks_for_users_what_it_says,
    a_query_string_asks_for_rules_what_it_says,
    a_query_string_asks_for_nodes_what_it_says
);

const USERS: &str = "/api/v1/users";
const VIEWER: i32 = 7;
const EDITOR: i32 = 3;
const DEPARTMENT_ADMINISTRATOR: i32 = 1710;

/// The users in a list with these conditions; also checks that the count matches.
async fn found(server: &Server, who: &Token, conditions: &str) -> Vec<String> {
    asked(server, who, &[("filterBy", conditions)]).await
}

async fn asked(server: &Server, who: &Token, parameters: &[(&str, &str)]) -> Vec<String> {
    let listed = server.get(who, &query(USERS, parameters)).await.ok();
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|user| name(&user["username"])).collect();
    let count = server.get(who, &query("/api/v1/users/count", parameters)).await.ok();
    assert_eq!(count, json!({ "count": names.len() }), "{parameters:?}");
    names
}

/// The part of an email before the `@`, or a name as it is.
fn name(value: &Value) -> String {
    value.as_str().unwrap().split('@').next().unwrap().to_owned()
}

fn place_of(place: &TestScope) -> String {
    format!("{}:{}", place.kind, place.id)
}

async fn users_are_found_by_what_they_are(server: Server) {
    server.newcomer("new@example.com").await;
    let (id, password) = server.user("gone@example.com").await;
    server.sign_in("gone@example.com", &password).await;
    server.post(&server.root, &format!("/api/v1/users/{id}/disable"), json!({})).await.gone();
    let root = &server.root;
    assert_eq!(found(&server, root, "temporaryPassword==true").await, ["new"]);
    assert_eq!(found(&server, root, "temporaryPassword==false").await, ["gia", "gone", "root", "sol"]);
    assert_eq!(found(&server, root, "temporaryPassword!=false").await, ["new"]);
    assert_eq!(found(&server, root, "neverSignedIn==true").await, ["gia", "new", "sol"]);
    assert_eq!(found(&server, root, "neverSignedIn==false").await, ["gone", "root"]);
    assert_eq!(found(&server, root, "enabled==false").await, ["gone"]);
    assert_eq!(found(&server, root, "enabled==true,neverSignedIn==true,isLocal==true").await, ["gia", "new"]);
}

async fn users_are_sorted_and_found_by_how_many_rules_one_sees(server: Server) {
    let at = server.organisation().await;
    let dan = server.user_with_rule("dan@example.com", DEPARTMENT_ADMINISTRATOR, &at.research).await;
    let (ana, _) = server.user("ana@example.com").await;
    server.grant("ana@example.com", VIEWER, &at.vision).await;
    for place in [&at.sales, &at.pricing] {
        server.grant(GIA, VIEWER, place).await;
    }
    server.grant_to("group", PLATFORM, VIEWER, &at.research).await;
    let order = |by| [("sortBy", "accessRules"), ("sortOrder", by)];
    assert_eq!(asked(&server, &server.root, &order("asc")).await, ["ana", "dan", "root", "sol", "gia"]);
    assert_eq!(asked(&server, &server.root, &order("desc")).await, ["gia", "sol", "root", "dan", "ana"]);
    assert_eq!(found(&server, &server.root, "accessRules>=2").await, ["gia"]);
    // The caller sees the rules in their department, and counts no others.
    assert_eq!(asked(&server, &dan, &order("asc")).await, ["root", "ana", "dan", "gia", "sol"]);
    assert_eq!(asked(&server, &dan, &order("desc")).await, ["sol", "gia", "dan", "ana", "root"]);
    assert_eq!(found(&server, &dan, "accessRules>=2").await, Vec::<String>::new());
    assert_eq!(found(&server, &dan, "accessRules==0").await, ["root"]);
    assert_eq!(found(&server, &dan, "accessRules!=0,username=^a").await, ["ana"]);
    // Existing rules count for a new user; deleted ones do not.
    server.delete(&server.root, &format!("{USERS}/{ana}")).await.gone();
    server.user("ana@example.com").await;
    assert_eq!(found(&server, &server.root, "accessRules==0").await, ["ana"]);
    server
        .get(&server.root, &query(USERS, &[("filterBy", "accessRules==many")]))
        .await
        .refused(400)
        .names("accessRules");
}

async fn users_are_found_by_role_and_by_place(server: Server) {
    let at = server.organisation().await;
    for person in ["ana", "ben", "eve"] {
        server.user(&format!("{person}@example.com")).await;
    }
    server.grant("ana@example.com", VIEWER, &at.vision).await;
    server.grant("ana@example.com", EDITOR, &at.sales).await;
    server.grant("ben@example.com", VIEWER, &at.berlin).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.research).await;
    let root = &server.root;
    let (vision, research, sales) = (place_of(&at.vision), place_of(&at.research), place_of(&at.sales));
    for (conditions, people) in [
        // By name, by number, in any case, through a group.
        ("roleName==viewer".to_owned(), vec!["ana", "ben", "gia", "sol"]),
        ("roleId==7".to_owned(), vec!["ana", "ben", "gia", "sol"]),
        ("roleName=@administrator".to_owned(), vec!["root"]),
        // Users with a rule there or above.
        (format!("accessIn=={vision}"), vec!["ana", "ben", "gia", "root", "sol"]),
        (format!("accessIn=={research}"), vec!["ben", "gia", "root", "sol"]),
        (format!("accessIn=={}", place_of(&at.berlin)), vec!["ben", "root"]),
        ("accessIn==tenant:1001".to_owned(), vec!["root"]),
        // Together they apply to one rule: ana is a Viewer and has access in sales, but not as a Viewer.
        (format!("accessIn=={sales}"), vec!["ana", "ben", "root"]),
        (format!("roleName==Viewer,accessIn=={sales}"), vec!["ben"]),
        (format!("roleName==Editor,accessIn=={sales}"), vec!["ana"]),
        // The opposite is all other users.
        ("roleName!=viewer".to_owned(), vec!["eve", "root"]),
        (format!("accessIn!={sales}"), vec!["eve", "gia", "sol"]),
        (format!("roleName==Viewer,accessIn!={sales}"), vec!["gia", "sol"]),
        // With the other parameters of a list.
        ("roleId==7,isLocal==false".to_owned(), vec!["sol"]),
        ("accessIn==department:4711".to_owned(), vec![]),
    ] {
        assert_eq!(found(&server, root, &conditions).await, people, "{conditions}");
    }
    let paged = [("filterBy", "roleId==7"), ("sortOrder", "desc"), ("limit", "2"), ("offset", "1")];
    let page = server.get(root, &query(USERS, &paged)).await.ok();
    let page: Vec<_> = page.as_array().unwrap().iter().map(|user| name(&user["username"])).collect();
    assert_eq!(page, ["gia", "ben"]);

    let rule = server.grant("eve@example.com", VIEWER, &at.pricing).await;
    assert!(found(&server, root, "roleName==viewer").await.contains(&"eve".to_owned()));
    server.delete(root, &format!("{RULES}/{rule}")).await.gone();
    assert_eq!(found(&server, root, "roleName!=viewer").await, ["eve", "root"], "what was deleted does not count");
    let sol = server.id_of(SOL).await;
    server.delete(root, &format!("{USERS}/{sol}")).await.gone();
    assert_eq!(found(&server, root, "roleName==viewer").await, ["ana", "ben", "gia"]);
}

async fn a_department_administrator_finds_out_nothing_of_other_departments(server: Server) {
    let at = server.organisation().await;
    let dan = server.user_with_rule("dan@example.com", DEPARTMENT_ADMINISTRATOR, &at.research).await;
    for person in ["ana", "eve"] {
        server.user(&format!("{person}@example.com")).await;
    }
    server.grant("ana@example.com", VIEWER, &at.vision).await;
    server.grant("eve@example.com", VIEWER, &at.pricing).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.sales).await;
    server.grant("eve@example.com", EDITOR, &at.berlin).await;
    let (vision, pricing, sales) = (place_of(&at.vision), place_of(&at.pricing), place_of(&at.sales));

    assert_eq!(found(&server, &dan, "roleName==Viewer").await, ["ana"]);
    assert_eq!(found(&server, &dan, "roleName!=Viewer").await, ["dan", "eve", "gia", "root", "sol"]);
    assert_eq!(found(&server, &dan, "roleName==Editor").await, Vec::<String>::new());
    assert_eq!(found(&server, &dan, "roleName=@System").await, Vec::<String>::new(), "not even root's");
    // A rule above the caller's department is hidden, though it applies in it.
    assert_eq!(found(&server, &dan, &format!("accessIn=={vision}")).await, ["ana", "dan"]);
    // A scope that the caller does not see is like a missing one.
    for place in [pricing.as_str(), &sales, "department:4711", "project:4711"] {
        assert_eq!(found(&server, &dan, &format!("accessIn=={place}")).await, Vec::<String>::new(), "{place}");
        assert_eq!(found(&server, &dan, &format!("accessIn!={place}")).await.len(), 6, "{place}");
    }
    let eve = server.id_of("eve@example.com").await;
    let told = server.get(&dan, &query("/api/v1/users/access-rules", &[("userIds", &eve)])).await.ok();
    assert_eq!((&told["users"][0]["totalRecords"], &told["users"][0]["accessRules"]), (&json!(0), &json!([])));
}

async fn what_is_no_place_is_refused(server: Server) {
    for (conditions, word) in [
        ("accessIn==department", "department:7"),
        ("accessIn==department:", "department:7"),
        ("accessIn==galaxy:7", "galaxy:7"),
        ("accessIn==cluster:7", "UUID"),
        ("accessIn==tenant:1", "1001"),
        ("accessIn=@department:7", "takes == !="),
        ("accessIn<=department:7", "takes == !="),
        ("roleId==many", "many"),
        ("neverSignedIn==perhaps", "perhaps"),
    ] {
        for path in [USERS, "/api/v1/users/count"] {
            server.get(&server.root, &query(path, &[("filterBy", conditions)])).await.refused(400).names(word);
        }
    }
    let sorted = query(USERS, &[("sortBy", "accessIn")]);
    server.get(&server.root, &sorted).await.refused(400).names("accessIn");
}

async fn who_never_signed_in_comes_last_both_ways(server: Server) {
    for (minutes, person) in ["ana", "ben"].into_iter().enumerate() {
        let email = format!("{person}@example.com");
        let (_, password) = server.user(&email).await;
        server.later(std::time::Duration::from_secs(60 + u64::try_from(minutes).unwrap())).await;
        server.sign_in(&email, &password).await;
    }
    server.user("eve@example.com").await;
    let by = |order| [("sortBy", "lastLogin"), ("sortOrder", order)];
    assert_eq!(asked(&server, &server.root, &by("asc")).await, ["root", "ana", "ben", "eve", "gia", "sol"]);
    assert_eq!(asked(&server, &server.root, &by("desc")).await, ["ben", "ana", "root", "sol", "gia", "eve"]);
}

async fn a_generated_password_is_marked_until_its_owner_changes_it(server: Server) {
    let (id, password) = server.user("ana@example.com").await;
    let (ben, _) = server.newcomer("ben@example.com").await;
    let marks = |id: &str| {
        let (server, path) = (&server, format!("{USERS}/{id}"));
        async move {
            let user = server.get(&server.root, &path).await.ok();
            [user["generatedPassword"] == true, user["temporaryPassword"] == true]
        }
    };
    assert_eq!(marks(&id).await, [true, false]);
    assert_eq!(marks(&ben).await, [false, true]);
    assert_eq!(found(&server, &server.root, "generatedPassword==true").await, ["ana"]);
    assert_eq!(asked(&server, &server.root, &[("sortBy", "generatedPassword"), ("sortOrder", "desc")]).await[0], "ana");
    let file = server.get(&server.root, "/api/v1/users/export?columns=username,generatedPassword").await;
    assert!(file.text().contains("ana@example.com,true\r\n") && file.text().contains("ben@example.com,false\r\n"));

    let ana = server.sign_in("ana@example.com", &password).await;
    let change = json!({ "currentPassword": password, "newPassword": "plum-quartz-lantern-41" });
    server.post(&ana, "/api/v1/me/password", change).await.done();
    assert_eq!(marks(&id).await, [false, false]);
    assert_eq!(found(&server, &server.root, "generatedPassword==true").await, Vec::<String>::new());
}

async fn a_query_string_asks_for_users_what_it_says(server: Server) {
    let at = server.organisation().await;
    server.user("a+b@example.com").await;
    server.user("a_b@example.com").await;
    server.grant_to("group", PLATFORM, VIEWER, &at.research).await;
    let root = &server.root;
    assert_eq!(found(&server, root, "username=^a+").await, ["a+b"]);
    assert_eq!(found(&server, root, "username=@_").await, ["a_b"]);
    // An unencoded plus sign is a space; an encoded one is not.
    for (raw, people) in [
        ("filterBy=username=^a%2Bb", vec!["a+b"]),
        ("filterBy=username=^a+b", vec![]),
        ("filterBy=username%3D%5Ea%5Fb", vec!["a_b"]),
        ("filterBy=username=^a,enabled==true&filterBy=username=@%2B", vec!["a+b"]),
        ("filterBy=username==A%2BB@EXAMPLE.COM", vec!["a+b"]),
        ("filterBy=isLocal==FALSE", vec!["sol"]),
        ("filter=runai.is_local:false", vec!["sol"]),
        ("filter=runai.is_local:true&search=GIA", vec!["gia"]),
        ("filter=runai.is_local%3Atrue&filterBy=createdBy==oidc", vec![]),
        ("filterBy=roleName==Viewer&filter=runai.is_local:false", vec!["sol"]),
        ("filterBy=&search=&sortBy=", vec!["a+b", "a_b", "gia", "root", "sol"]),
        // A comma that no field follows belongs to the value.
        ("filterBy=createdBy==a,b", vec![]),
    ] {
        let listed = server.get(root, &format!("{USERS}?{raw}")).await.ok();
        let names: Vec<_> = listed.as_array().unwrap().iter().map(|user| name(&user["username"])).collect();
        assert_eq!(names, people, "{raw}");
        let count = server.get(root, &format!("/api/v1/users/count?{raw}")).await.ok();
        assert_eq!(count["count"], json!(people.len()), "{raw}");
    }
    assert_eq!(asked(&server, root, &[("search", "sol@")]).await, ["sol"]);
    assert_eq!(found(&server, root, &format!("username=={GIA},createdBy==host")).await, ["gia"]);
    assert_eq!(found(&server, root, &format!("username=={ROOT}")).await, ["root"]);
}

async fn a_query_string_asks_for_rules_what_it_says(server: Server) {
    let at = server.organisation().await;
    let machine = server.service_account("nightly").await;
    server.grant_to("service-account", &machine.client_id, EDITOR, &at.vision).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.research).await;
    server.grant_to("group", "cn=dev,ou=people", VIEWER, &at.sales).await;
    server.grant_to("group", "100% + more", VIEWER, &at.pricing).await;
    let dev = query(RULES, &[("subjectIds", "cn=dev,ou=people")]);
    let encoded = |raw: &str| raw.split_once('?').unwrap().1.to_owned();
    for (raw, subjects) in [
        ("filterBy=subjectType==app".to_owned(), vec![machine.client_id.as_str()]),
        ("subjectType=app".to_owned(), vec![&machine.client_id]),
        ("filterBy=subjectType%3D%3DAPP,roleId==3".to_owned(), vec![&machine.client_id]),
        ("subjectType=service-account&filterBy=scopeName==vision".to_owned(), vec![&machine.client_id]),
        // The comma belongs to the group's name, both in a condition and in a parameter.
        (encoded(&query(RULES, &[("filterBy", "subjectId==Platform, on-call,roleId==7")])), vec![PLATFORM]),
        (encoded(&dev), vec!["cn=dev,ou=people"]),
        ("subjectIds=Platform%2C+on-call&subjectIds=cn%3Ddev".to_owned(), vec![PLATFORM]),
        ("subjectIds=100%25+%2B+more".to_owned(), vec!["100% + more"]),
        ("filterBy=subjectId=^100%25&search=%2B".to_owned(), vec!["100% + more"]),
        ("subjectIdFilter=dev,ou".to_owned(), vec!["cn=dev,ou=people"]),
        (format!("scopeType=department&scopeId={}", at.sales.id), vec!["cn=dev,ou=people"]),
        ("sortBy=scopeName&sortOrder=asc&limit=1&offset=1&subjectType=group".to_owned(), vec![PLATFORM]),
    ] {
        let page = server.get(&server.root, &format!("{RULES}?{raw}")).await.ok();
        let rules = page["accessRules"].as_array().unwrap();
        let names: Vec<_> = rules.iter().map(|rule| rule["subjectId"].as_str().unwrap()).collect();
        assert_eq!(names, subjects, "{raw}");
        if !raw.contains("limit") {
            assert_eq!(page["totalRecords"], json!(subjects.len()), "{raw}");
            let count = server.get(&server.root, &format!("{RULES}/count?{raw}")).await.ok();
            assert_eq!(count["count"], json!(subjects.len()), "{raw}");
        }
        let says_app = raw.to_lowercase().contains("app");
        let of_machine = rules.iter().find(|rule| rule["subjectId"] == json!(machine.client_id));
        if let Some(rule) = of_machine {
            assert_eq!(rule["subjectType"], if says_app { "app" } else { "service-account" }, "{raw}");
        }
    }
    let subjects = query(RULES, &[("sortBy", "subjectId"), ("limit", "1"), ("includeDeleted", "TRUE")]);
    assert_eq!(server.get(&server.root, &subjects).await.ok()["totalRecords"], 5);
}

async fn a_query_string_asks_for_nodes_what_it_says(server: Server) {
    let at = server.organisation().await;
    server.department("R&D, 100% +", &at.berlin).await;
    let (departments, projects) = ("/api/v1/org-unit/departments", "/api/v1/org-unit/projects");
    let of_berlin = format!("clusterId=={},name!=default", at.berlin.id.to_uppercase());
    for (path, parameters, names) in [
        (departments, vec![("filterBy", "name==R&D, 100% +")], vec!["R&D, 100% +"]),
        (departments, vec![("search", "d, 100% +")], vec!["R&D, 100% +"]),
        (departments, vec![("filterBy", &of_berlin), ("sortOrder", "desc")], vec!["sales", "research", "R&D, 100% +"]),
        (departments, vec![("filterBy", &of_berlin), ("limit", "1"), ("offset", "1")], vec!["research"]),
        (projects, vec![("filterBy", "parentName==Research"), ("sortBy", "name")], vec!["speech", "vision"]),
        (projects, vec![("filterBy", "parentName=^s,name=@i")], vec!["pricing"]),
        (projects, vec![("filterBy", "name<=s,phase==Ready")], vec!["pricing"]),
    ] {
        let listed = server.get(&server.root, &query(path, &parameters)).await.ok();
        let nodes = listed.as_object().unwrap().values().find_map(Value::as_array).unwrap();
        assert_eq!(nodes.iter().map(|node| name(&node["name"])).collect::<Vec<_>>(), names, "{parameters:?}");
        if parameters.iter().all(|(name, _)| *name != "limit") {
            let count = server.get(&server.root, &query(&format!("{path}/count"), &parameters)).await.ok();
            assert_eq!(count["count"], json!(names.len()), "{parameters:?}");
        }
    }
}
