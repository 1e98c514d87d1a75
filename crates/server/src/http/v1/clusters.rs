//! `/api/v1/clusters`.

use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use rolecall_core::org::{AccountId, ClusterId, NodeName, Scope, ScopeKind};
use rolecall_core::text::shortened;
use rolecall_core::{Error, Result};
use rolecall_store::NodeRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::org::{Details, id};
use crate::app::org::Listing;
use crate::app::{Changed, org};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller};
use crate::http::{Http, reply};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_clusters, create_cluster)).routes(routes!(get_cluster, delete_cluster))
}

/// A cluster.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterView {
    /// Its id.
    #[schema(format = Uuid)]
    uuid: String,
    /// The account.
    tenant_id: i32,
    /// Its name.
    #[schema(example = "berlin")]
    name: String,
    /// When it was made; 1970 for whoever sees no more than its name.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed; 1970 for whoever sees no more than its name.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl ClusterView {
    fn new(node: NodeRecord, account: AccountId) -> Self {
        let Details { created_at, updated_at, .. } = Details::seen(&node);
        Self { uuid: id(node.scope), tenant_id: account.number(), name: node.name, created_at, updated_at }
    }
}

/// The cluster that is to be made. Other members are accepted and ignored.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCluster {
    /// Its name, one of a kind.
    #[schema(example = "berlin")]
    name: String,
}

/// List clusters
///
/// Those that the caller may read, and those above something that he may read.
#[utoipa::path(get, path = "/api/v1/clusters", tag = "Organisation", responses(
    (status = 200, description = "The clusters, by name", body = Vec<ClusterView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_clusters(Caller(call): Caller) -> HttpResult<Json<Vec<ClusterView>>> {
    let clusters = org::list(&call, ScopeKind::Cluster, Listing::default()).await?;
    let account = call.world.account().id;
    Ok(Json(clusters.nodes.into_iter().map(|node| ClusterView::new(node, account)).collect()))
}

/// Create a cluster
///
/// With a department that takes the projects for which none is named.
#[utoipa::path(post, path = "/api/v1/clusters", tag = "Organisation", request_body = NewCluster, responses(
    (status = 201, description = "Made", body = ClusterView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_cluster(Caller(call): Caller, Body(new): Body<NewCluster>) -> HttpResult<Response> {
    let Changed { value, revision } = org::create_cluster(&call, NodeName::parse("name", &new.name)?).await?;
    Ok(reply::created(Changed { value: ClusterView::new(value, call.world.account().id), revision }))
}

/// Get a cluster
#[utoipa::path(get, path = "/api/v1/clusters/{clusterUuid}", tag = "Organisation", params(("clusterUuid" = String, Path, description = "The cluster's id")), responses(
    (status = 200, description = "The cluster", body = ClusterView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_cluster(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Json<ClusterView>> {
    let node = org::get(&call, Scope::Cluster(cluster_id(&id)?)).await?;
    Ok(Json(ClusterView::new(node, call.world.account().id)))
}

/// Delete a cluster
///
/// With its default department, when nothing else is below it.
#[utoipa::path(delete, path = "/api/v1/clusters/{clusterUuid}", tag = "Organisation", params(("clusterUuid" = String, Path, description = "The cluster's id")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_cluster(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Response> {
    Ok(reply::gone(&org::delete_cluster(&call, cluster_id(&id)?).await?))
}

/// The id in the path.
fn cluster_id(text: &str) -> Result<ClusterId> {
    ClusterId::parse(text).ok_or_else(|| Error::not_found(format!("there is no cluster {:?}", shortened(text))))
}
