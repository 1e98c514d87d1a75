//! Clusters, departments and projects: changed, listed, deleted.

use rolecall_store::AuditRecord;
use serde_json::{Value, json};

use crate::harness::{Answer, RULES, Server, TestScope, on_both_databases, query};

on_both_databases!(
    a_node_is_renamed_and_described,
    a_caller_without_permission_changes_nothing,
    a_node_does_not_move,
    a_name_is_had_by_one,
    of_two_who_rename_at_once_one_gets_the_name,
    clusters_are_filtered_sorted_searched_and_paged,
    lists_of_units_take_what_is_known_of_them,
    what_another_product_takes_is_checked_and_changes_nothing,
    what_has_something_below_it_is_not_deleted,
    a_scope_takes_its_rules_along,
    numbers_are_never_given_twice,
    without_a_default_department_a_project_needs_a_parent,
);

const DEPARTMENTS: &str = "/api/v1/org-unit/departments";
const PROJECTS: &str = "/api/v1/org-unit/projects";

/// Asserts that the audit log has it.
async fn assert_audited(server: &Server, wanted: &str) {
    let rows = server.app.store.audit_newest(50).await.unwrap();
    let told =
        |row: &AuditRecord| format!("{} {} {} {}", row.action, row.entity_type, row.entity_name, row.http_status_code);
    let told: Vec<_> = rows.iter().map(told).collect();
    assert!(told.iter().any(|row| row == wanted), "{wanted:?} is not in {told:#?}");
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap()).collect()
}

async fn a_node_is_renamed_and_described(server: Server) {
    let place = server.organisation().await;
    let before = server.get(&server.root, &place.vision.path()).await.ok();
    server.later(std::time::Duration::from_secs(60)).await;

    let body =
        json!({ "description": "sees", "resources": [{ "nodePool": { "id": "1" } }], "enforceRunaiScheduler": true });
    let changed = server.put(&server.root, &place.vision.path(), body).await;
    let view = changed.done().json();
    assert_eq!(changed.status, 200);
    assert_eq!((&view["name"], &view["description"]), (&before["name"], &json!("sees")), "what is left out stays");
    assert_eq!(view["createdAt"], before["createdAt"]);
    assert_eq!(view["updatedAt"], "2026-03-02T09:31:00.000Z");
    assert_eq!(server.get(&server.root, &place.vision.path()).await.ok(), view, "the view that one gets");
    assert_audited(&server, "update project vision 200").await;

    let renamed =
        server.put(&server.root, &place.vision.path(), json!({ "name": "sight", "description": null })).await.ok();
    assert_eq!((&renamed["name"], &renamed["description"]), (&json!("sight"), &json!("sees")), "null says nothing");
    let emptied = server.put(&server.root, &place.vision.path(), json!({ "description": "" })).await.ok();
    assert_eq!(emptied["description"], "");
    assert_eq!(server.put(&server.root, &place.vision.path(), json!({})).await.ok(), emptied);

    let lab = server
        .put(&server.root, &place.research.path(), json!({ "name": "lab", "description": "all of it" }))
        .await
        .ok();
    assert_eq!(
        (&lab["name"], &lab["description"], &lab["clusterId"]),
        (&json!("lab"), &json!("all of it"), &json!(place.berlin.id))
    );
    server.put(&server.root, &place.berlin.path(), json!({ "name": "hamburg" })).await.gone();
    assert_audited(&server, "update cluster berlin 204").await;

    // The world in memory knows the names by now, also on another replica.
    let rule = server.grant("ana@example.com", 7, &place.vision).await;
    let other = server.replica().await;
    for server in [&server, &other] {
        let told = server.get(&server.root, &format!("{RULES}/{rule}")).await.ok();
        assert_eq!(told["scopePath"], "Acme/hamburg/lab/sight");
    }

    for (place, body, word) in [
        (&place.vision, json!({ "name": "" }), "name"),
        (&place.vision, json!({ "name": "a/b" }), "name"),
        (&place.vision, json!({ "description": "a\u{0}" }), "description"),
        (&place.vision, json!({ "description": 7 }), "description"),
        (&place.research, json!({ "name": "x".repeat(256) }), "name"),
        (&place.berlin, json!({}), "name"),
        (&place.berlin, json!({ "name": " x" }), "name"),
    ] {
        server.put(&server.root, &place.path(), body).await.refused(400).names(word);
    }
}

async fn a_caller_without_permission_changes_nothing(server: Server) {
    let place = server.organisation().await;
    let rita = server.user_with_rule("rita@example.com", 1710, &place.research).await;
    let vera = server.user_with_rule("vera@example.com", 7, &place.vision).await;
    let before = server.head().await;
    for (who, place, status) in [
        (&rita, &place.research, 403),
        (&rita, &place.berlin, 403),
        (&rita, &place.sales, 404),
        (&rita, &place.pricing, 404),
        (&vera, &place.vision, 403),
        (&vera, &place.speech, 404),
        (&server.root, &TestScope { id: "4711".to_owned(), ..place.vision.clone() }, 404),
        (&server.root, &TestScope { id: place.vision.id.clone(), ..place.research.clone() }, 404),
        (&server.root, &TestScope { id: "x".to_owned(), ..place.berlin.clone() }, 404),
    ] {
        server.put(who, &place.path(), json!({ "name": "mine" })).await.refused(status);
        // The response does not reveal the scope of the node either.
        let elsewhere =
            json!({ "name": "mine", "clusterId": "3f34e891-62cd-40ef-b397-820926cc19ca", "parentId": "4711" });
        server.put(who, &place.path(), elsewhere).await.refused(status);
    }
    assert_eq!(server.head().await, before, "nothing changed");
    let mine = server.put(&rita, &place.vision.path(), json!({ "name": "mine" })).await.ok();
    assert_eq!(mine["name"], "mine", "a department administrator runs their projects");
}

async fn a_node_does_not_move(server: Server) {
    let place = server.organisation().await;
    let other = server.cluster("oslo").await;
    let same =
        json!({ "clusterId": place.berlin.id.to_uppercase(), "parentId": place.research.id, "description": "same" });
    server.put(&server.root, &place.vision.path(), same).await.done();
    server.put(&server.root, &place.research.path(), json!({ "clusterId": place.berlin.id })).await.done();
    let before = server.head().await;
    for (node, body, word) in [
        (&place.vision, json!({ "parentId": place.sales.id }), "parentId"),
        (&place.vision, json!({ "parentId": "4711" }), "parentId"),
        (&place.vision, json!({ "parentId": "no number" }), "parentId"),
        (&place.vision, json!({ "clusterId": other.id }), "clusterId"),
        (&place.research, json!({ "clusterId": other.id }), "clusterId"),
        (&place.research, json!({ "clusterId": "no uuid" }), "clusterId"),
    ] {
        let refusal = server.put(&server.root, &node.path(), body.clone()).await.refused(400);
        refusal.names(word);
        if !body.to_string().contains("no ") {
            refusal.names("cannot move");
        }
    }
    assert_eq!(server.head().await, before, "nothing changed");
    let vision = server.get(&server.root, &place.vision.path()).await.ok();
    assert_eq!((&vision["parentId"], &vision["clusterId"]), (&json!(place.research.id), &json!(place.berlin.id)));
}

async fn a_name_is_had_by_one(server: Server) {
    let place = server.organisation().await;
    server.cluster("oslo").await;
    for (node, name) in [(&place.vision, "Pricing"), (&place.research, "sales"), (&place.berlin, "OSLO")] {
        server.put(&server.root, &node.path(), json!({ "name": name })).await.refused(409).names("already exists");
    }
    // Its own in another case, another kind's, and another cluster's are free.
    for (node, name) in [(&place.vision, "Vision"), (&place.speech, "research"), (&place.research, "speech")] {
        server.put(&server.root, &node.path(), json!({ "name": name })).await.done();
    }
    server.put(&server.root, &place.berlin.path(), json!({ "name": "Berlin" })).await.gone();
}

async fn of_two_who_rename_at_once_one_gets_the_name(server: Server) {
    let place = server.organisation().await;
    let other = server.replica().await;
    for n in 0..4 {
        let (vision, speech) = (place.vision.path(), place.speech.path());
        let body = json!({ "name": format!("wanted-{n}") });
        let (one, two) = tokio::join!(
            server.put(&server.root, &vision, body.clone()),
            other.put(&other.root, &speech, body.clone())
        );
        let mut both = [one.status, two.status];
        both.sort_unstable();
        assert_eq!(both, [200, 409], "{} {}", one.text(), two.text());
        [one, two].iter().filter(|answer| answer.status == 409).for_each(|answer| {
            answer.refused(409).names("already exists");
        });
    }
}

async fn clusters_are_filtered_sorted_searched_and_paged(server: Server) {
    let place = server.organisation().await;
    for name in ["cairo", "delhi", "Accra"] {
        server.later(std::time::Duration::from_secs(1)).await;
        server.cluster(name).await;
    }
    let listed = |parameters: &'static [(&'static str, &'static str)]| {
        let server = &server;
        async move { server.get(&server.root, &query("/api/v1/clusters", parameters)).await.ok() }
    };
    assert_eq!(names(&listed(&[]).await), ["Accra", "berlin", "cairo", "delhi"]);
    assert_eq!(
        names(&listed(&[("sortBy", "createdAt"), ("sortOrder", "desc")]).await),
        ["Accra", "delhi", "cairo", "berlin"]
    );
    assert_eq!(names(&listed(&[("filterBy", "name=@c,name!=cairo")]).await), ["Accra"]);
    assert_eq!(names(&listed(&[("search", "DEL")]).await), ["delhi"]);
    assert_eq!(names(&listed(&[("limit", "2"), ("offset", "1")]).await), ["berlin", "cairo"]);
    assert_eq!(names(&listed(&[("offset", "3")]).await), ["delhi"], "to the end");
    let by_id = query("/api/v1/clusters", &[("filterBy", &format!("uuid=={}", place.berlin.id))]);
    assert_eq!(names(&server.get(&server.root, &by_id).await.ok()), ["berlin"]);

    let count = |filter: &str| query("/api/v1/clusters/count", &[("filterBy", filter)]);
    assert_eq!(server.get(&server.root, "/api/v1/clusters/count").await.ok(), json!({ "count": 4 }));
    assert_eq!(server.get(&server.root, &count("createdAt>=2026-03-02T09:30:02Z")).await.ok(), json!({ "count": 2 }));

    // A caller who sees berlin by name only learns nothing from conditions on its dates.
    let vera = server.user_with_rule("vera@example.com", 7, &place.vision).await;
    assert_eq!(names(&server.get(&vera, "/api/v1/clusters").await.ok()), ["berlin"]);
    assert_eq!(server.get(&vera, "/api/v1/clusters/count").await.ok(), json!({ "count": 1 }));
    assert_eq!(server.get(&vera, &count("createdAt>=2000-01-01")).await.ok(), json!({ "count": 0 }));
    assert_eq!(server.get(&vera, &count("createdBy==root@example.com")).await.ok(), json!({ "count": 0 }));
}

async fn lists_of_units_take_what_is_known_of_them(server: Server) {
    let place = server.organisation().await;
    let get = |path: String| {
        let server = &server;
        async move { server.get(&server.root, &path).await.ok() }
    };
    let later = "2026-03-02T09:30:01Z";
    for (list, key, filter, count) in [
        (DEPARTMENTS, "departments", format!("clusterId=={}", place.berlin.id), 3),
        (DEPARTMENTS, "departments", "name=^RES".to_owned(), 1),
        (DEPARTMENTS, "departments", "createdBy==root@example.com,createdAt<=2026-03-02T09:30:00Z".to_owned(), 3),
        (DEPARTMENTS, "departments", format!("updatedAt>={later}"), 0),
        (PROJECTS, "projects", format!("parentId=={}", place.research.id), 2),
        (PROJECTS, "projects", format!("departmentId=={}", place.sales.id), 1),
        (PROJECTS, "projects", "parentName=@RESEARCH,name!=speech".to_owned(), 1),
        (PROJECTS, "projects", "phase==ready".to_owned(), 3),
        (PROJECTS, "projects", "phase==Deleting".to_owned(), 0),
        (PROJECTS, "projects", format!("clusterId!={}", place.berlin.id), 0),
        (PROJECTS, "projects", format!("createdAt!={later},updatedAt<={later},createdBy=@root"), 3),
    ] {
        let found = get(query(list, &[("filterBy", &filter)])).await;
        assert_eq!(found[key].as_array().unwrap().len(), count, "{filter}");
        assert_eq!(get(query(&format!("{list}/count"), &[("filterBy", &filter)])).await["count"], count, "{filter}");
    }
    let sorted = get(query(PROJECTS, &[("sortBy", "parentName"), ("sortOrder", "desc"), ("limit", "2")])).await;
    assert_eq!((names(&sorted["projects"]), &sorted["next"]), (vec!["pricing", "speech"], &json!(2)));
    let last =
        get(query(PROJECTS, &[("sortBy", "parentName"), ("sortOrder", "desc"), ("limit", "2"), ("offset", "2")])).await;
    assert_eq!((names(&last["projects"]), last.get("next")), (vec!["vision"], None));
    let searched = get(query(DEPARTMENTS, &[("search", "SAL")])).await;
    assert_eq!(names(&searched["departments"]), ["sales"]);
    // Fields that Rolecall does not store are unknown, and the error lists the known ones.
    for (list, known) in [(DEPARTMENTS, "clusterId"), (PROJECTS, "parentName"), ("/api/v1/clusters", "uuid")] {
        for parameter in [("filterBy", "totalGpuQuota>=8"), ("sortBy", "avgGpuUtilization7d")] {
            server.get(&server.root, &query(list, &[parameter])).await.refused(400).names(known);
        }
    }
}

async fn what_another_product_takes_is_checked_and_changes_nothing(server: Server) {
    let place = server.organisation().await;
    let clusters = server.get(&server.root, "/api/v1/clusters").await.ok();
    for parameters in [[("verbosity", "metadata")], [("verbosity", "full")], [("includeRequestedForDelete", "true")]] {
        assert_eq!(server.get(&server.root, &query("/api/v1/clusters", &parameters)).await.ok(), clusters);
    }
    let berlin = query(&place.berlin.path(), &[("verbosity", "metadata")]);
    assert_eq!(server.get(&server.root, &berlin).await.ok(), clusters[0]);
    let departments = server.get(&server.root, DEPARTMENTS).await.ok();
    for word in ["meta", "brief", "verbose"] {
        assert_eq!(server.get(&server.root, &query(DEPARTMENTS, &[("verbosity", word)])).await.ok(), departments);
    }
    for (path, name) in [
        (query("/api/v1/clusters", &[("verbosity", "brief")]), "verbosity"),
        (query("/api/v1/clusters", &[("includeRequestedForDelete", "maybe")]), "includeRequestedForDelete"),
        (query(&place.berlin.path(), &[("verbosity", "loud")]), "verbosity"),
        (query(DEPARTMENTS, &[("verbosity", "full")]), "verbosity"),
    ] {
        server.get(&server.root, &path).await.refused(400).names(name);
    }
    let forced = |word| query(&place.berlin.path(), &[("force", word)]);
    server.delete(&server.root, &forced("perhaps")).await.refused(400).names("force");
    server.delete(&server.root, &forced("true")).await.refused(409).names("still contains");
    server.get(&server.root, &place.vision.path()).await.ok();
}

async fn what_has_something_below_it_is_not_deleted(server: Server) {
    let place = server.organisation().await;
    let delete = |place: &TestScope| {
        let (server, path) = (&server, place.path());
        async move { server.delete(&server.root, &path).await }
    };
    delete(&place.research).await.refused(409).names("vision");
    let refusal = delete(&place.berlin).await.refused(409);
    refusal.names("berlin").names("department");
    for gone in [&place.vision, &place.speech, &place.research, &place.pricing, &place.sales] {
        delete(gone).await.gone();
        delete(gone).await.refused(404);
    }
    // An empty default department does not prevent the deletion.
    let found = server.get(&server.root, DEPARTMENTS).await.ok();
    assert_eq!(names(&found["departments"]), ["default"]);
    let default =
        TestScope { id: found["departments"][0]["id"].as_str().unwrap().to_owned(), ..place.research.clone() };
    let loose = server.project("loose", &place.berlin, &default).await;
    delete(&place.berlin).await.refused(409).names("loose");
    delete(&loose).await.gone();
    delete(&place.berlin).await.gone();
    delete(&place.berlin).await.refused(404);
    server.get(&server.root, &default.path()).await.refused(404);
    // The names are free again.
    server.organisation().await;
}

async fn a_scope_takes_its_rules_along(server: Server) {
    let place = server.organisation().await;
    let default = server.get(&server.root, &query(DEPARTMENTS, &[("filterBy", "name==default")])).await.ok();
    let default =
        TestScope { id: default["departments"][0]["id"].as_str().unwrap().to_owned(), ..place.research.clone() };
    let ana = server.user_with_rule("ana@example.com", 1710, &place.research).await;
    let mut rules = Vec::new();
    for place in [&place.vision, &default, &place.berlin] {
        rules.push((place.clone(), server.grant("ana@example.com", 7, place).await));
    }
    let path = |rule: &i64| format!("{RULES}/{rule}");
    server.delete(&server.root, &place.vision.path()).await.gone();
    server.get(&server.root, &path(&rules[0].1)).await.refused(404);
    server.get(&server.root, &path(&rules[1].1)).await.ok();
    for place in [&place.speech, &place.pricing, &place.sales, &place.research, &place.berlin] {
        server.delete(&server.root, &place.path()).await.gone();
    }
    server.get(&ana, &place.research.path()).await.refused(404);
    // Soft-deleted: a list of deleted ones still shows it.
    let all = server.get(&server.root, &query(RULES, &[("includeDeleted", "true"), ("limit", "500")])).await.ok();
    for (place, rule) in &rules {
        let told = all["accessRules"].as_array().unwrap().iter().find(|told| told["id"] == json!(rule));
        let told = told.unwrap_or_else(|| panic!("the rule in {place:?} is not in {all}"));
        assert!(told["deletedAt"].is_string(), "{told}");
        server.get(&server.root, &path(rule)).await.refused(404);
    }
}

async fn numbers_are_never_given_twice(server: Server) {
    let cluster = server.cluster("berlin").await;
    let mut given = Vec::new();
    for _ in 0..3 {
        let department = server.department("again", &cluster).await;
        let project = server.project("again", &cluster, &department).await;
        for place in [&project, &department] {
            server.delete(&server.root, &place.path()).await.gone();
        }
        given.extend([department, project].map(|place| place.id.parse::<i64>().unwrap()));
    }
    // The cluster's default department has the preceding number.
    assert_eq!(given, (given[0]..given[0] + 6).collect::<Vec<_>>(), "one counter for both");
    // A refused creation takes no number.
    let first = server.department("kept", &cluster).await;
    server.post(&server.root, DEPARTMENTS, json!({ "name": "kept", "clusterId": cluster.id })).await.refused(409);
    let second = server.department("next", &cluster).await;
    assert_eq!(second.id.parse::<i64>().unwrap(), first.id.parse::<i64>().unwrap() + 1);
}

async fn without_a_default_department_a_project_needs_a_parent(server: Server) {
    let place = server.organisation().await;
    let create = |name: &'static str| {
        let (server, cluster) = (&server, place.berlin.id.clone());
        async move { server.post(&server.root, PROJECTS, json!({ "name": name, "clusterId": cluster })).await }
    };
    let loose = create("loose").await.created();
    let default = TestScope { kind: "department", id: loose["parentId"].as_str().unwrap().to_owned() };
    // The default department is identified by the cluster, not by its name.
    server.put(&server.root, &default.path(), json!({ "name": "rest" })).await.done();
    assert_eq!(create("loose-too").await.created()["parentId"], json!(default.id));
    for project in
        server.get(&server.root, &query(PROJECTS, &[("filterBy", "parentName==rest")])).await.ok()["projects"]
            .as_array()
            .unwrap()
    {
        server.delete(&server.root, &format!("{PROJECTS}/{}", project["id"].as_str().unwrap())).await.gone();
    }
    let gone: Answer = server.delete(&server.root, &default.path()).await;
    gone.gone();
    create("lost").await.refused(400).names("parentId").names("default department");
}
