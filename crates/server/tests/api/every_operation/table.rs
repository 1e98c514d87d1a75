//! The table: how each operation of the API document is called on existing entities, and its audit row.
//!
//! A new operation is one entry: its name, its entities ([`Operation::of`]), its body ([`Operation::with`]), and its
//! audit row ([`Operation::makes`], [`Operation::notes`]) unless it only reads. Each entry would succeed for an
//! administrator of the account.

use serde_json::{Value, json};

use super::stage::{Me, Stage, Thing, email_there};
use crate::harness::{ROOT, ROOTS_PASSWORD};

/// One operation, ready to be called.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Method and path template, as the document has them.
    pub name: &'static str,
    /// The path, with the ids of its entities.
    pub path: String,
    pub body: Option<Value>,
    /// The body is a form.
    pub is_form: bool,
    /// Its audit row on success, without actor and request.
    pub notes: Vec<Note>,
    /// It needs no token.
    pub public: bool,
}

/// The entity in an audit row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub action: &'static str,
    pub kind: &'static str,
    pub name: String,
    /// Empty for an entity that gets its id only afterwards.
    pub id: String,
}

fn operation(name: &'static str) -> Operation {
    let (_, path) = name.split_once(' ').unwrap();
    Operation { name, path: path.to_owned(), body: None, is_form: false, notes: Vec::new(), public: false }
}

fn public(name: &'static str) -> Operation {
    Operation { public: true, ..operation(name) }
}

impl Operation {
    /// Calls it on that entity, whose id is the parameter of the path.
    fn of(mut self, thing: &Thing) -> Self {
        let (before, rest) = self.path.split_once('{').expect("a parameter in the path");
        let (_, after) = rest.split_once('}').unwrap();
        self.path = format!("{before}{}{after}", thing.id);
        self
    }

    /// Calls it with this query string.
    fn asking(mut self, query: &str) -> Self {
        self.path = format!("{}?{query}", self.path);
        self
    }

    fn with(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// The audit log records a creation, with the id in the response.
    fn makes(self, kind: &'static str, name: &str) -> Self {
        self.note("create", Thing { kind, name: name.to_owned(), id: String::new() })
    }

    /// The audit log records a change of that entity.
    fn notes(self, action: &'static str, thing: &Thing) -> Self {
        self.note(action, thing.clone())
    }

    fn note(mut self, action: &'static str, Thing { kind, name, id }: Thing) -> Self {
        self.notes.push(Note { action, kind, name, id });
        self
    }

    /// Requests a token, which the audit log records as a sign-in.
    fn signs_in(self) -> Self {
        self.signs_in_as(ROOT)
    }

    fn signs_in_as(self, name: &str) -> Self {
        self.note("sign-in", Thing { kind: "session", name: name.to_owned(), id: String::new() })
    }

    pub fn method(&self) -> String {
        self.name.split(' ').next().unwrap().to_uppercase()
    }

    pub fn reads(&self) -> bool {
        self.notes.is_empty()
    }
}

/// Every operation, on the entities of the stage, for any caller.
pub fn table(at: &Stage, me: &Me) -> Vec<Operation> {
    let vision = format!("Acme/{}/{}/{}", at.cluster.name, at.department.name, at.project.name);
    let new = format!("new{}", at.tag);
    let setting = Thing { kind: "setting", name: "autoRedirectSSO".to_owned(), id: "autoRedirectSSO".to_owned() };
    let new_user = format!("{new}@example.com");
    let there = email_there(&at.bound.name);
    let ana = json!({ "type": "user", "id": at.user.name });
    let (read, vision_there) =
        (json!({ "name": "read" }), json!({ "type": "project", "id": format!("project:{}", at.project.id) }));
    let password = json!({ "grant_type": "password", "username": ROOT, "password": ROOTS_PASSWORD });
    vec![
        // Supervisors have no account; they learn that the server runs.
        public("get /healthz"),
        // Load balancers have none either; they learn whether the server can answer.
        public("get /readyz"),
        // Monitoring: numbers, and no names.
        public("get /metrics"),
        // Public keys, with which others verify our tokens.
        public("get /.well-known/jwks.json"),
        // The addresses of those keys and of the token endpoint.
        public("get /.well-known/openid-configuration"),
        // The addresses of the decision API.
        public("get /.well-known/authzen-configuration"),
        // Signing in: the caller has only their credentials, here,
        public("post /api/v1/token")
            .with(json!({ "grantType": "password", "clientID": "cli", "username": ROOT, "password": ROOTS_PASSWORD }))
            .signs_in(),
        // by OAuth 2.0,
        Operation { is_form: true, ..public("post /api/v2/token") }.with(password).signs_in(),
        // as the oldest clients do,
        public("post /v1/k8s/auth/oauth/apptoken")
            .with(json!({ "id": at.credentials.client_id, "name": "nightly", "secret": at.credentials.secret }))
            .signs_in_as(&at.credentials.client_id),
        // and from a browser.
        public("post /api/v1/session").with(json!({ "username": ROOT, "password": ROOTS_PASSWORD })).signs_in(),
        // The caller.
        operation("get /api/v1/session"),
        public("get /api/v1/session/providers"),
        operation("delete /api/v1/session").notes("sign-out", &me.session),
        operation("post /api/v1/me/password")
            .with(json!({ "currentPassword": me.password, "newPassword": "plum-quartz-lantern-41" }))
            .notes("update", &me.user),
        // Users.
        operation("get /api/v1/users"),
        operation("get /api/v1/users/count"),
        operation("get /api/v1/users/export"),
        operation("get /api/v1/users-minimal").asking("search=ana"),
        operation("post /api/v1/users").with(json!({ "email": new_user })).makes("user", &new_user),
        operation("get /api/v1/users/access-rules").asking(&format!("userIds={}", at.user.id)),
        operation("get /api/v1/users/{userId}").of(&at.user),
        operation("delete /api/v1/users/{userId}").of(&at.user).notes("delete", &at.user),
        operation("post /api/v1/users/{userId}/password").of(&at.user).notes("reset-password", &at.user),
        operation("post /api/v1/users/{userId}/logout").of(&at.user).notes("sign-out", &at.user),
        operation("delete /api/v1/users/{userId}/binding").of(&at.bound).notes("update", &at.bound),
        operation("get /api/v1/users/{userId}/email").of(&at.bound),
        operation("put /api/v1/users/{userId}/email")
            .of(&at.bound)
            .with(json!({ "email": there }))
            .notes("update", &Thing { name: format!("{} as {there}", at.bound.name), ..at.bound.clone() }),
        operation("post /api/v1/users/{userId}/disable").of(&at.user).notes("update", &at.user),
        operation("post /api/v1/users/{userId}/enable").of(&at.user).notes("update", &at.user),
        // Access rules.
        operation("get /api/v1/authorization/access-rules"),
        operation("get /api/v1/authorization/access-rules/count"),
        operation("get /api/v1/authorization/access-rules/export"),
        operation("post /api/v1/authorization/access-rules")
            .with(json!({ "subjectId": "dev", "subjectType": "group", "roleId": 7, "scopeType": "project",
                "scopeId": at.project.id }))
            .makes("access-rule", &format!("dev has Viewer in {vision}")),
        operation("get /api/v1/authorization/access-rules/{accessRuleId}").of(&at.rule),
        operation("delete /api/v1/authorization/access-rules/{accessRuleId}").of(&at.rule).notes("delete", &at.rule),
        operation("post /api/v1/authorization/access-rules/batch-create")
            .with(json!({ "payload": { "roleId": 7, "subjects": [{ "subjectId": "dev", "subjectType": "group" }],
                "scopes": [{ "scopeId": at.project.id, "scopeType": "project" }] } }))
            .makes("access-rule", &format!("dev has Viewer in {vision}")),
        operation("post /api/v1/authorization/access-rules/batch")
            .with(json!({ "ids": [at.rule.id], "action": "delete" }))
            .notes("delete", &at.rule),
        operation("get /api/v1/authorization/me/access-rules"),
        operation("get /api/v1/authorization/me/access-rules/count"),
        // What a caller may do about themselves.
        operation("get /api/v1/authorization/permissions").asking(&format!("scope=project:{}", at.project.id)),
        operation("get /api/v1/authorization/resource-types"),
        operation("post /api/v1/authorization/permitted-scopes").with(json!({ "resourceType": "project" })),
        // Roles.
        operation("get /api/v1/authorization/roles"),
        operation("get /api/v1/authorization/roles/{roleId}").of(&Thing::viewer()),
        operation("get /api/v2/authorization/roles"),
        operation("post /api/v2/authorization/roles").with(role(&new)).makes("role", &new),
        operation("get /api/v2/authorization/roles/{roleId}").of(&at.role),
        operation("put /api/v2/authorization/roles/{roleId}").of(&at.role).with(role(&new)).notes("update", &at.role),
        operation("delete /api/v2/authorization/roles/{roleId}").of(&at.role).notes("delete", &at.role),
        operation("post /api/v2/authorization/roles/{roleId}/enable").of(&at.role).notes("update", &at.role),
        operation("post /api/v2/authorization/roles/{roleId}/disable").of(&at.role).notes("update", &at.role),
        operation("get /api/v1/authorization/permission-sets"),
        operation("get /api/v1/authorization/permission-sets/{permissionSetId}").of(&Thing::permission_set()),
        // The tree.
        operation("get /api/v1/clusters"),
        operation("get /api/v1/clusters/count"),
        operation("post /api/v1/clusters").with(json!({ "name": new })).makes("cluster", &new),
        operation("get /api/v1/clusters/{clusterUuid}").of(&at.cluster),
        operation("put /api/v1/clusters/{clusterUuid}")
            .of(&at.cluster)
            .with(json!({ "name": new }))
            .notes("update", &at.cluster),
        operation("delete /api/v1/clusters/{clusterUuid}").of(&at.empty_cluster).notes("delete", &at.empty_cluster),
        operation("get /api/v1/org-unit/departments"),
        operation("get /api/v1/org-unit/departments/count"),
        operation("post /api/v1/org-unit/departments")
            .with(json!({ "name": "new", "clusterId": at.cluster.id, "resources": [] }))
            .makes("department", "new"),
        operation("get /api/v1/org-unit/departments/{departmentId}").of(&at.department),
        operation("put /api/v1/org-unit/departments/{departmentId}")
            .of(&at.department)
            .with(json!({ "description": "sees", "resources": [] }))
            .notes("update", &at.department),
        operation("delete /api/v1/org-unit/departments/{departmentId}")
            .of(&at.empty_department)
            .notes("delete", &at.empty_department),
        operation("get /api/v1/org-unit/projects"),
        operation("get /api/v1/org-unit/projects/count"),
        operation("post /api/v1/org-unit/projects")
            .with(json!({ "name": "new", "clusterId": at.cluster.id, "parentId": at.department.id, "resources": [] }))
            .makes("project", "new"),
        operation("get /api/v1/org-unit/projects/{projectId}").of(&at.project),
        operation("put /api/v1/org-unit/projects/{projectId}")
            .of(&at.project)
            .with(json!({ "description": "sees", "resources": [] }))
            .notes("update", &at.project),
        operation("delete /api/v1/org-unit/projects/{projectId}").of(&at.project).notes("delete", &at.project),
        // Decisions.
        operation("post /access/v1/evaluation")
            .with(json!({ "subject": ana, "action": read, "resource": vision_there })),
        operation("post /access/v1/evaluations")
            .with(json!({ "subject": ana, "action": read, "evaluations": [{ "resource": vision_there }] })),
        operation("post /access/v1/search/subject")
            .with(json!({ "subject": { "type": "user" }, "action": read, "resource": vision_there })),
        operation("post /access/v1/search/resource")
            .with(json!({ "subject": ana, "action": read, "resource": { "type": "project" } })),
        operation("post /access/v1/search/action").with(json!({ "subject": ana, "resource": vision_there })),
        operation("get /api/v1/authorization/who-can/export")
            .asking(&format!("subjectType=user&resourceType=project&action=read&scope=project:{}", at.project.id)),
        operation("get /api/v1/authorization/effective-permissions")
            .asking(&format!("subjectType=user&subjectId={}", at.user.name)),
        operation("post /api/v1/authorization/impact")
            .with(json!({ "acts": [{ "act": "delete-access-rule", "id": at.rule.id }] })),
        // Service accounts.
        operation("get /api/v1/service-accounts"),
        operation("post /api/v1/service-accounts").with(json!({ "name": new })).makes("service-account", &new),
        operation("get /api/v1/service-accounts/{serviceAccountId}").of(&at.machine),
        operation("patch /api/v1/service-accounts/{serviceAccountId}")
            .of(&at.machine)
            .with(json!({ "enabled": false }))
            .notes("update", &at.machine),
        operation("delete /api/v1/service-accounts/{serviceAccountId}").of(&at.machine).notes("delete", &at.machine),
        operation("post /api/v1/service-accounts/{serviceAccountId}/secret")
            .of(&at.machine)
            .notes("update", &at.machine),
        // Identity providers.
        operation("get /api/v1/idps"),
        operation("post /api/v1/idps").with(oidc(&new)).makes("identity-provider", &new),
        operation("get /api/v1/idps/{idp}").of(&at.provider),
        operation("put /api/v1/idps/{idp}").of(&at.provider).with(oidc(&at.provider.id)).notes("update", &at.provider),
        operation("delete /api/v1/idps/{idp}").of(&at.provider).notes("delete", &at.provider),
        operation("get /api/v1/idps/{idp}/mappers").of(&at.provider),
        operation("put /api/v1/idps/{idp}/mappers")
            .of(&at.provider)
            .with(json!({ "alias": at.provider.id, "groups": "roles" }))
            .notes("update", &at.provider),
        operation("post /api/v1/idps/{idp}/rehearsal").of(&at.provider).with(json!({})),
        operation("get /api/v1/idps/{idp}/bindings").of(&at.provider),
        operation("delete /api/v1/idps/{idp}/bindings").of(&at.provider).notes("update", &at.bound),
        operation("get /api/v1/removed-idps/bindings"),
        operation("delete /api/v1/removed-idps/bindings").notes("update", &at.orphan),
        operation("get /api/v1/security/settings"),
        operation("get /api/v1/security/settings/{key}").of(&setting),
        operation("put /api/v1/security/settings/{key}")
            .of(&setting)
            .with(json!({ "enabled": true, "idpAlias": at.provider.id }))
            .notes("update", &setting),
        operation("get /api/v1/sign-ins"),
        operation("get /api/v1/sign-ins/{reference}").of(&at.sign_in),
    ]
}

/// A request for a role with that name.
fn role(name: &str) -> Value {
    json!({ "name": name, "permissionSets": [{ "id": Thing::permission_set().id }] })
}

/// A request for an identity provider with that name.
pub fn oidc(name: &str) -> Value {
    json!({ "name": name, "type": "oidc", "oidcData": { "clientId": "rolecall", "clientSecret": "top-secret",
        "discoverDocumentUrl": "https://id.example.com/.well-known/openid-configuration", "scopes": ["profile"],
        "mandatoryClaim": { "claim": "division", "values": ["research"] } } })
}
