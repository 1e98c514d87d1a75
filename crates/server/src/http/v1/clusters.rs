//! `/api/v1/clusters`.

use axum::Json;
use axum::response::Response;
use rolecall_core::org::{AccountId, ClusterId, NodeName, Scope, ScopeKind};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::NodeRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::org::{Details, counting, found, id, listing};
use crate::app::{Changed, org};
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Path, Query, Text};
use crate::http::list::{ALL, Clusters, Count, Filtering, Paging, Sorting};
use crate::http::parameter::{Flag, one_of, parameter};
use crate::http::{Http, limits, reply, schema};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_clusters, create_cluster)).routes(routes!(count_clusters)).routes(routes!(
        get_cluster,
        update_cluster,
        delete_cluster
    ))
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
    /// When it was created; 1970 where only its name is visible to the caller.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed; 1970 where only its name is visible to the caller.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl ClusterView {
    fn new(node: NodeRecord, account: AccountId) -> Self {
        let Details { created_at, updated_at, .. } = Details::seen(&node);
        Self { uuid: id(node.scope), tenant_id: account.number(), name: node.name, created_at, updated_at }
    }
}

/// The name of a cluster. Other members are accepted and ignored.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ClusterName {
    /// The name, unique in the account.
    #[schema(value_type = schema::NodeName)]
    name: Text<{ limits::NAME }>,
}

/// How much of a cluster is wanted. It is checked and changes nothing: Rolecall knows too little of a cluster to leave
/// something out.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ClusterVerbosity {
    /// metadata or full; both get the same, which is all there is.
    #[param(inline)]
    verbosity: Option<Verbosity>,
}

#[derive(Debug)]
struct Verbosity;

parameter!(Verbosity, |text| one_of(text, &VERBOSITIES).map(|()| Self), schema::words(VERBOSITIES));

const VERBOSITIES: [&str; 2] = ["metadata", "full"];

/// Whether clusters that are about to be deleted are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct DeletedClusters {
    /// Changes nothing: a cluster is deleted at once, so none is about to be.
    #[param(inline)]
    include_requested_for_delete: Option<Flag>,
}

/// How a cluster is deleted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ClusterDeletion {
    /// Changes nothing: departments and projects are never deleted with their cluster. Delete them first.
    #[param(inline)]
    force: Option<Flag>,
}

/// List clusters
///
/// Those that the caller may read, and those above something that they may read. All of them, unless a limit is given.
#[utoipa::path(get, path = "/api/v1/clusters", tag = "Organization", params(
    Filtering<Clusters>, Sorting<Clusters>, Paging<ALL>, ClusterVerbosity, DeletedClusters,
), responses(
    (status = 200, description = "The clusters", body = Vec<ClusterView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_clusters(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Clusters>>,
    Query(sorting): Query<Sorting<Clusters>>,
    Query(paging): Query<Paging<ALL>>,
    _verbosity: Query<ClusterVerbosity>,
    _deleted: Query<DeletedClusters>,
) -> HttpResult<Json<Vec<ClusterView>>> {
    let wanted = listing(filtering, sorting.sort(), paging.page());
    let clusters = org::list(&call, ScopeKind::Cluster, wanted).await?;
    let account = call.world.account().id;
    Ok(Json(clusters.nodes.into_iter().map(|node| ClusterView::new(node, account)).collect()))
}

/// Count clusters
#[utoipa::path(get, path = "/api/v1/clusters/count", tag = "Organization", params(Filtering<Clusters>), responses(
    (status = 200, description = "How many match", body = Count),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn count_clusters(
    Caller(call): Caller,
    Query(filtering): Query<Filtering<Clusters>>,
) -> HttpResult<Json<Count>> {
    Ok(Json(Count { count: org::count(&call, ScopeKind::Cluster, counting(filtering)).await? }))
}

/// Create a cluster
///
/// With a department that takes the projects for which none is named.
#[utoipa::path(post, path = "/api/v1/clusters", tag = "Organization", request_body = ClusterName, responses(
    (status = 201, description = "Created", body = ClusterView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn create_cluster(Caller(call): Caller, Body(new): Body<ClusterName>) -> HttpResult<Response> {
    let Changed { value, revision } = org::create_cluster(&call, NodeName::parse("name", new.name.as_str())?).await?;
    Ok(reply::created_tagged(Changed { value: ClusterView::new(value, call.world.account().id), revision }))
}

/// Get a cluster
#[utoipa::path(get, path = "/api/v1/clusters/{clusterUuid}", tag = "Organization", params(
    ("clusterUuid" = String, Path, description = "The cluster's id"),
    ClusterVerbosity,
), responses(
    (status = 200, description = "The cluster", body = ClusterView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_cluster(
    Caller(call): Caller,
    Path(id): Path<String>,
    _verbosity: Query<ClusterVerbosity>,
) -> HttpResult<Response> {
    let node = org::get(&call, Scope::Cluster(cluster_id(&id)?)).await?;
    Ok(found(node, |node| ClusterView::new(node, call.world.account().id)))
}

/// Rename a cluster
///
/// The answer has no body; the number in its `Rolecall-Revision` is, in quotes, the cluster's new ETag.
#[utoipa::path(put, path = "/api/v1/clusters/{clusterUuid}", tag = "Organization", params(("clusterUuid" = String, Path, description = "The cluster's id")), request_body = ClusterName, responses(
    (status = 204, description = "Renamed"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn update_cluster(
    Caller(call): Caller,
    Path(id): Path<String>,
    Body(new): Body<ClusterName>,
) -> HttpResult<Response> {
    let id = cluster_id(&id)?;
    Ok(reply::gone(&org::update_cluster(&call, id, NodeName::parse("name", new.name.as_str())?).await?))
}

/// Delete a cluster
///
/// With its default department, when nothing else is below it; otherwise 409, with what is.
#[utoipa::path(delete, path = "/api/v1/clusters/{clusterUuid}", tag = "Organization", params(
    ("clusterUuid" = String, Path, description = "The cluster's id"),
    ClusterDeletion,
), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn delete_cluster(
    Caller(call): Caller,
    Path(id): Path<String>,
    _deletion: Query<ClusterDeletion>,
) -> HttpResult<Response> {
    Ok(reply::gone(&org::delete_cluster(&call, cluster_id(&id)?).await?))
}

/// The id in the path.
fn cluster_id(text: &str) -> Result<ClusterId> {
    ClusterId::parse(text).ok_or_else(|| Error::not_found(format!("there is no cluster {}", quoted(text))))
}
