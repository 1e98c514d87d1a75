//! A small organization: two departments, so that there are two branches.

use serde_json::{Value, json};

use super::Server;

/// A node of the tree, as requests name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestScope {
    pub kind: &'static str,
    pub id: String,
}

impl TestScope {
    /// The whole account.
    pub fn account() -> Self {
        Self { kind: "tenant", id: "1001".to_owned() }
    }

    fn of(kind: &'static str, created: &Value, id: &str) -> Self {
        Self { kind, id: created[id].as_str().unwrap_or_else(|| panic!("no {id} in {created}")).to_owned() }
    }

    /// The node's own path in the API.
    pub fn path(&self) -> String {
        match self.kind {
            "cluster" => format!("/api/v1/clusters/{}", self.id),
            kind => format!("/api/v1/org-unit/{kind}s/{}", self.id),
        }
    }
}

/// `berlin`, with `research` (`vision`, `speech`) and `sales` (`pricing`).
#[derive(Debug)]
pub struct Organisation {
    pub berlin: TestScope,
    pub research: TestScope,
    pub sales: TestScope,
    pub vision: TestScope,
    pub speech: TestScope,
    pub pricing: TestScope,
}

impl Server {
    /// Root creates the organization.
    pub async fn organisation(&self) -> Organisation {
        let berlin = self.cluster("berlin").await;
        let research = self.department("research", &berlin).await;
        let sales = self.department("sales", &berlin).await;
        Organisation {
            vision: self.project("vision", &berlin, &research).await,
            speech: self.project("speech", &berlin, &research).await,
            pricing: self.project("pricing", &berlin, &sales).await,
            berlin,
            research,
            sales,
        }
    }

    pub async fn cluster(&self, name: &str) -> TestScope {
        let created = self.post(&self.root, "/api/v1/clusters", json!({ "name": name })).await.created();
        TestScope::of("cluster", &created, "uuid")
    }

    pub async fn department(&self, name: &str, cluster: &TestScope) -> TestScope {
        let wanted = json!({ "name": name, "clusterId": cluster.id, "resources": [] });
        let created = self.post(&self.root, "/api/v1/org-unit/departments", wanted).await.created();
        TestScope::of("department", &created, "id")
    }

    pub async fn project(&self, name: &str, cluster: &TestScope, department: &TestScope) -> TestScope {
        let wanted = json!({ "name": name, "clusterId": cluster.id, "parentId": department.id, "resources": [] });
        let created = self.post(&self.root, "/api/v1/org-unit/projects", wanted).await.created();
        TestScope::of("project", &created, "id")
    }
}
