//! Roles of the organization's own: made from permission sets or permissions, changed, disabled, deleted.

use serde_json::{Value, json};

use crate::harness::{Server, TestScope, Token, on_both_databases, query, rule};

on_both_databases!(
    a_role_is_made_from_permission_sets_and_permits_what_they_do,
    a_role_is_made_from_permissions,
    both_versions_of_the_api_show_the_same_roles,
    a_role_in_use_is_not_deleted_but_can_be_disabled,
    predefined_roles_stay_as_they_are,
    nobody_makes_or_changes_a_role_beyond_their_own_permissions,
    what_is_no_role_is_refused,
    roles_are_found_by_every_field,
    a_role_is_changed_only_as_it_was_read,
    sets_that_are_taken_away_are_gone,
    there_is_a_limit,
);

const ROLES: &str = "/api/v2/authorization/roles";
const V1: &str = "/api/v1/authorization/roles";
const SETS: &str = "/api/v1/authorization/permission-sets";
const RULES: &str = "/api/v1/authorization/access-rules";

async fn set(server: &Server, name: &str) -> Value {
    let sets = server.get(&server.root, SETS).await.ok();
    let set = sets.as_array().unwrap().iter().find(|set| set["name"] == name).unwrap_or_else(|| panic!("{name}"));
    json!({ "id": set["id"], "name": name })
}

/// Makes a role with these permissions, written `project:read`.
async fn made(server: &Server, who: &Token, name: &str, permissions: &[&str]) -> i32 {
    let made = server.post(who, ROLES, form(name, permissions)).await.created();
    i32::try_from(made["id"].as_i64().unwrap()).unwrap()
}

fn form(name: &str, permissions: &[&str]) -> Value {
    let line = |it: &&str| {
        let (of, action) = it.split_once(':').unwrap();
        json!({ "resourceType": of, "actions": [action] })
    };
    json!({ "name": name, "permissions": permissions.iter().map(line).collect::<Vec<_>>() })
}

fn permissions_of(role: &Value) -> Vec<String> {
    let lines = role["permissions"].as_array().unwrap().iter();
    let words = |line: &Value| {
        let of = line["resourceType"].as_str().unwrap().to_owned();
        let actions = line["actions"].as_array().unwrap().clone();
        actions.into_iter().map(move |action| format!("{of}:{}", action.as_str().unwrap()))
    };
    lines.flat_map(words).collect()
}

async fn a_role_is_made_from_permission_sets_and_permits_what_they_do(server: Server) {
    let place = server.organisation().await;
    let (projects, policies) = (set(&server, "Projects: manage").await, set(&server, "Policies: view").await);
    let new = json!({ "name": "Project lead", "description": "Leads a project.", "permissionSets": [policies, projects],
        "kubernetesPermissions": { "predefinedRole": "12" } });
    let role = server.post(&server.root, ROLES, new).await.created();
    assert!(role["id"].as_i64().unwrap() > 10_000, "never the number of a predefined role");
    assert_eq!(
        (&role["custom"], &role["enabled"], &role["effectiveEnabled"]),
        (&json!(true), &json!(true), &json!(true))
    );
    assert_eq!(role["deprecated"], false);
    assert_eq!(role["createdBy"], "root@example.com");
    assert_eq!(role["kubernetesPermissions"], json!({ "predefinedRole": "12" }));
    assert_eq!(role["permissionSets"], json!([projects, policies]), "in listing order");
    assert_eq!(
        permissions_of(&role),
        ["project:create", "project:read", "project:update", "project:delete", "policies:read"]
    );

    // It permits just that, where it is granted.
    let id = i32::try_from(role["id"].as_i64().unwrap()).unwrap();
    let lea = server.user_with_rule("lea@example.com", id, &place.research).await;
    server.get(&lea, &place.vision.path()).await.ok();
    server.delete(&lea, &place.vision.path()).await.gone();
    server.get(&lea, "/api/v1/users").await.refused(403);
    let rules = server.get(&server.root, &format!("{RULES}?roleId={id}")).await.ok();
    assert_eq!(rules["accessRules"][0]["roleName"], "Project lead");
}

async fn a_role_is_made_from_permissions(server: Server) {
    let mut new = form("Watcher", &["project:read", "events-history:read"]);
    new["enabled"] = json!(false);
    let role = server.post(&server.root, ROLES, new).await.created();
    assert_eq!(permissions_of(&role), ["project:read", "events-history:read"]);
    assert_eq!((&role["permissionSets"], &role["enabled"]), (&json!([]), &json!(false)));
    assert!(role.get("kubernetesPermissions").is_none());
    // A disabled role is not offered, and cannot be granted.
    let id = role["id"].clone();
    let offered = server.get(&server.root, &format!("{V1}?grantableIn=tenant:1001")).await.ok();
    assert!(offered.as_array().unwrap().iter().all(|it| it["id"] != id));
    let wanted = rule("group", "dev", i32::try_from(id.as_i64().unwrap()).unwrap(), &TestScope::account());
    server.post(&server.root, RULES, wanted.clone()).await.refused(409).names("Watcher is disabled");
    server.post(&server.root, &format!("{ROLES}/{id}/enable"), json!({})).await.ok();
    server.post(&server.root, RULES, wanted).await.created();
}

async fn both_versions_of_the_api_show_the_same_roles(server: Server) {
    let id = made(&server, &server.root, "Watcher", &["project:read"]).await;
    let old = server.get(&server.root, V1).await.ok();
    let new = server.get(&server.root, &format!("{ROLES}?limit=500")).await.ok();
    let names = |list: &Value| -> Vec<Value> { list.as_array().unwrap().iter().map(|it| it["name"].clone()).collect() };
    assert_eq!(names(&old), names(&new["roles"]));
    assert_eq!(names(&old).last().unwrap(), "Watcher");
    let (old, new) = (
        server.get(&server.root, &format!("{V1}/{id}")).await.ok(),
        server.get(&server.root, &format!("{ROLES}/{id}")).await.ok(),
    );
    for field in
        ["id", "name", "description", "custom", "enabled", "effectiveEnabled", "createdAt", "createdBy", "permissions"]
    {
        assert_eq!(old[field], new[field], "{field}");
    }
    // Of the permission sets each is found by its id.
    for set in server.get(&server.root, SETS).await.ok().as_array().unwrap() {
        assert_eq!(server.get(&server.root, &format!("{SETS}/{}", set["id"].as_str().unwrap())).await.ok(), *set);
    }
}

async fn a_role_in_use_is_not_deleted_but_can_be_disabled(server: Server) {
    let place = server.organisation().await;
    let id = made(&server, &server.root, "Watcher", &["project:read"]).await;
    let path = format!("{ROLES}/{id}");
    let lea = server.user_with_rule("lea@example.com", id, &place.research).await;
    server.grant("lea@example.com", id, &place.sales).await;
    let refused = server.delete(&server.root, &path).await;
    refused.refused(409).names("2 access rules have the role \"Watcher\"").because("role-in-use");

    server.get(&lea, &place.vision.path()).await.ok();
    let disabled = server.post(&server.root, &format!("{path}/disable"), json!({})).await.ok();
    assert_eq!((&disabled["enabled"], &disabled["effectiveEnabled"]), (&json!(false), &json!(false)));
    server.get(&lea, &place.vision.path()).await.refused(404);
    server.post(&server.root, &format!("{path}/enable"), json!({})).await.ok();
    server.get(&lea, &place.vision.path()).await.ok();

    let rules = server.get(&server.root, &format!("{RULES}?roleId={id}")).await.ok();
    for rule in rules["accessRules"].as_array().unwrap() {
        server.delete(&server.root, &format!("{RULES}/{}", rule["id"])).await.gone();
    }
    server.delete(&server.root, &path).await.gone();
    server.get(&server.root, &path).await.refused(404).names(&format!("there is no role {id}"));
}

async fn predefined_roles_stay_as_they_are(server: Server) {
    for id in [1, 7, 1710] {
        let path = format!("{ROLES}/{id}");
        server
            .put(&server.root, &path, form("Mine", &["project:read"]))
            .await
            .refused(403)
            .names("comes with Rolecall");
        server.delete(&server.root, &path).await.refused(403).names("comes with Rolecall");
    }
    // They can be disabled, but not the one that the last way in needs.
    server.post(&server.root, &format!("{ROLES}/7/disable"), json!({})).await.ok();
    let refused = server.post(&server.root, &format!("{ROLES}/1/disable"), json!({})).await;
    refused.refused(409).because("last-administrator");
    assert_eq!(server.get(&server.root, &format!("{ROLES}/1")).await.ok()["enabled"], true);
}

async fn nobody_makes_or_changes_a_role_beyond_their_own_permissions(server: Server) {
    let place = server.organisation().await;
    let keeper = ["tenant:read", "roles:create", "roles:read", "roles:update", "roles:delete", "project:read"];
    let keeper = made(&server, &server.root, "Role keeper", &keeper).await;
    let kim = server.user_with_rule("kim@example.com", keeper, &TestScope::account()).await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;

    // A department administrator reads roles and makes none.
    server.post(&dana, ROLES, form("Mine", &["project:read"])).await.refused(403).names("roles:create");
    // Those who make roles make none that permits more than they have.
    let beyond = server.post(&kim, ROLES, form("Mine", &["project:read", "users:delete"])).await;
    beyond.refused(403).names("Mine permits users:delete");
    let mine = made(&server, &kim, "Mine", &["project:read"]).await;
    let path = format!("{ROLES}/{mine}");
    server.put(&kim, &path, form("Mine", &["users:delete"])).await.refused(403).names("users:delete");
    // Nor do they take away what they do not have.
    let strong = made(&server, &server.root, "Strong", &["project:read", "users:delete"]).await;
    let strong = format!("{ROLES}/{strong}");
    server.put(&kim, &strong, form("Strong", &["project:read"])).await.refused(403).names("users:delete");
    server.post(&kim, &format!("{strong}/disable"), json!({})).await.refused(403).names("users:delete");
    server.delete(&kim, &strong).await.refused(403).names("users:delete");
    // What counts is what they have in the account. Otherwise Dana could take a role that nobody has yet, give it to themselves in
    // their own department, widen it there, and wait for someone to give it in the account who believes it to be harmless.
    server.grant("dana@example.com", keeper, &TestScope::account()).await;
    server.grant_to("user", "dana@example.com", mine, &place.research).await;
    for permission in ["project:update", "users:delete"] {
        let refused = server.put(&dana, &path, form("Mine", &[permission])).await.refused(403);
        refused.names(permission).names("in the account");
    }
    let small = made(&server, &server.root, "Small", &["project:update"]).await;
    server.grant_to("user", "dana@example.com", small, &place.research).await;
    server.post(&dana, &format!("{ROLES}/{small}/disable"), json!({})).await.refused(403).names("project:update");
    // Rules that the caller cannot see are not counted for them.
    server.delete(&kim, &path).await.refused(409).names("access rules that you cannot see have the role");
}

async fn what_is_no_role_is_refused(server: Server) {
    let root = &server.root;
    for (new, named) in [
        (json!({ "name": "" , "permissions": [{ "resourceType": "project", "actions": ["read"] }] }), "name"),
        (form("two  spaces", &["project:read"]), "name"),
        (form("Lab\u{200b}", &["project:read"]), "U+200B"),
        (form("Nothing", &[]), "permissionSets"),
        (form("Odd", &["projects:read"]), "projects"),
        (form("Odd", &["project:see"]), "see"),
        (
            json!({ "name": "Odd", "permissionSets": [{ "id": "00000000-0000-4000-8000-000000000000" }] }),
            "permission-sets",
        ),
        (json!({ "name": "Odd", "permissionSets": [{ "id": "Projects: view" }] }), "permission-sets"),
        // One of these characters is compared as 18.
        (form(&"\u{fdfa}".repeat(100), &["project:read"]), "shorten it"),
        (
            json!({
                "name": "Odd",
                "permissions": [{ "resourceType": "project", "actions": ["read"] }],
                "kubernetesPermissions": { "predefinedRole": "view\u{1}" }
            }),
            "kubernetesPermissions.predefinedRole",
        ),
    ] {
        server.post(root, ROLES, new).await.refused(400).names(named);
    }
    // Names that people would take for one another.
    for name in ["VIEWER", "viewer"] {
        server.post(root, ROLES, form(name, &["project:read"])).await.refused(409).names("Viewer");
    }
    made(&server, root, "Stra\u{df}e", &["project:read"]).await;
    server.post(root, ROLES, form("STRASSE", &["project:read"])).await.refused(409).names("Stra\u{df}e");
    for id in ["0", "4711", "2147483647"] {
        server.get(root, &format!("{ROLES}/{id}")).await.refused(404);
        server.delete(root, &format!("{ROLES}/{id}")).await.refused(404);
    }
    for id in ["viewer", "07", "2147483648"] {
        server.get(root, &format!("{ROLES}/{id}")).await.refused(400).names("roleId");
    }
    server.get(root, &format!("{SETS}/x")).await.refused(404).names("permission set");
}

async fn roles_are_found_by_every_field(server: Server) {
    made(&server, &server.root, "Watcher", &["project:read"]).await;
    made(&server, &server.root, "Archivist", &["project:read"]).await;
    server.post(&server.root, &format!("{ROLES}/7/disable"), json!({})).await.ok();
    let found = |parameters: &[(&str, &str)]| {
        let path = query(ROLES, parameters);
        let server = &server;
        async move {
            let page = server.get(&server.root, &path).await.ok();
            let names: Vec<String> =
                page["roles"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
            (names, page["next"].as_u64())
        }
    };
    for (condition, names) in [
        ("custom==true", &["Watcher", "Archivist"][..]),
        ("enabled==false", &["Viewer"]),
        ("name==watcher", &["Watcher"]),
        ("name=^ARCH", &["Archivist"]),
        ("createdBy==root@example.com", &["Watcher", "Archivist"]),
        ("createdAt>=2026-01-02T00:00:00Z", &["Watcher", "Archivist"]),
        ("custom==true,name!@archi", &["Watcher"]),
        ("scopeType==project,custom==true", &["Watcher", "Archivist"]),
        ("scopeType!=project", &[]),
        ("scopeType==system", &[]),
    ] {
        assert_eq!(found(&[("filterBy", condition)]).await.0, names, "{condition}");
    }
    assert_eq!(found(&[("search", "WATCH")]).await.0, ["Watcher"]);
    let (first, next) = found(&[("sortBy", "name"), ("limit", "2")]).await;
    assert_eq!(
        (first.as_slice(), next),
        (&["AI practitioner".to_owned(), "Application administrator".to_owned()][..], Some(2))
    );
    let (rest, next) = found(&[("sortBy", "name"), ("limit", "500"), ("offset", "2")]).await;
    assert_eq!((rest.len(), next), (19, None));
    assert_eq!(found(&[("sortBy", "name"), ("sortOrder", "desc")]).await.0[0], "Watcher");
    assert_eq!(found(&[("sortBy", "custom"), ("sortOrder", "desc"), ("limit", "1")]).await.0, ["Watcher"]);
    server.get(&server.root, &format!("{ROLES}?filterBy=color==red")).await.refused(400).names("color");
    server.get(&server.root, &format!("{ROLES}?sortBy=permissions")).await.refused(400).names("permissions");
}

async fn a_role_is_changed_only_as_it_was_read(server: Server) {
    let id = made(&server, &server.root, "Watcher", &["project:read"]).await;
    let path = format!("{ROLES}/{id}");
    let read = server.get(&server.root, &path).await;
    let tag = read.header("etag").unwrap().to_owned();
    let change = |name: &str, tag: &str| {
        let body = form(name, &["project:read"]);
        server.ask("PUT", &path).by(&server.root).header("if-match", tag).json(&body).send()
    };
    let changed = change("Guard", &tag).await;
    assert_eq!(changed.ok()["name"], "Guard");
    assert_ne!(changed.header("etag").unwrap(), tag);
    change("Sentry", &tag).await.refused(412).names("Guard");
    change("Sentry", changed.header("etag").unwrap()).await.ok();
    assert_eq!(server.get(&server.root, &format!("{V1}/{id}")).await.ok()["name"], "Sentry");
}

/// A client may read a role, take a set away, and send everything else back.
async fn sets_that_are_taken_away_are_gone(server: Server) {
    let (projects, policies) = (set(&server, "Projects: view").await, set(&server, "Policies: view").await);
    let new = json!({ "name": "Lead", "permissionSets": [projects, policies] });
    let mut role = server.post(&server.root, ROLES, new).await.created();
    let path = format!("{ROLES}/{}", role["id"]);
    assert_eq!(server.put(&server.root, &path, role.clone()).await.ok()["permissions"], role["permissions"]);
    role["permissionSets"] = json!([policies]);
    server
        .put(&server.root, &path, role.clone())
        .await
        .refused(400)
        .names("project:read is in none of the permissionSets");
    role.as_object_mut().unwrap().remove("permissions");
    let changed = server.put(&server.root, &path, role).await.ok();
    assert_eq!(permissions_of(&changed), ["policies:read"]);
}

async fn there_is_a_limit(server: Server) {
    let long = "\u{1f992}".repeat(246);
    let description = "\u{1f992}".repeat(1000);
    let all: Vec<Value> =
        server.get(&server.root, &format!("{V1}/1")).await.ok()["permissions"].as_array().unwrap().clone();
    for number in 0..100 {
        let new = json!({ "name": format!("{long}{number:03}"), "description": description, "permissions": all });
        server.post(&server.root, ROLES, new).await.created();
    }
    server.post(&server.root, ROLES, form("One more", &["project:read"])).await.refused(409).names("100 roles");
    for path in [V1.to_owned(), format!("{ROLES}?limit=500"), format!("{V1}?grantableIn=tenant:1001")] {
        let answer = server.get(&server.root, &path).await;
        answer.ok();
        assert!(answer.body.len() > 1_000_000 && answer.body.len() <= 2 * 1024 * 1024, "{path}: {}", answer.body.len());
    }
}
