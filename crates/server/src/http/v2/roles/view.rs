//! How roles are shown.

use rolecall_core::access::Role;
use rolecall_core::catalogue::{Preset, PresetId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::v1::effective_permissions::lines;
use crate::http::v1::roles::{KubernetesView, PermissionView};

/// A role, with the permission sets that it was made from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleV2 {
    /// Its id; for predefined roles the same in every installation.
    #[schema(example = 10001)]
    id: i32,
    /// Its name.
    #[schema(example = "Project lead")]
    name: String,
    /// What it is for.
    description: String,
    /// Whether its rules count.
    enabled: bool,
    /// Whether the organization made it; predefined roles come with Rolecall.
    custom: bool,
    /// Whether its rules count: the same as `enabled`.
    effective_enabled: bool,
    /// Whether it should not be used any more; no role is deprecated today.
    deprecated: bool,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Who created it.
    created_by: String,
    /// The permission sets that it was made from; none when its permissions were chosen one by one, and for predefined roles.
    permission_sets: Vec<PermissionSetName>,
    /// What it stands for in Kubernetes clusters; absent for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    kubernetes_permissions: Option<KubernetesView>,
    /// What it permits: also what its permission sets do.
    permissions: Vec<PermissionView>,
}

/// A permission set by its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionSetName {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// Its name; empty for one that this version does not know.
    #[schema(example = "Projects: manage")]
    name: &'static str,
}

/// A page of roles.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolePage {
    /// The roles.
    pub roles: Vec<RoleV2>,
    /// The offset of the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

impl From<PresetId> for PermissionSetName {
    fn from(id: PresetId) -> Self {
        Self { id: id.to_string(), name: Preset::find(id).map_or("", |preset| preset.name) }
    }
}

impl From<&Role> for RoleV2 {
    fn from(role: &Role) -> Self {
        Self {
            id: role.id.number(),
            name: role.name().to_owned(),
            description: role.definition.description.clone(),
            enabled: role.enabled,
            custom: role.custom,
            effective_enabled: role.enabled,
            deprecated: false,
            created_at: role.created_at.to_string(),
            updated_at: role.updated_at.to_string(),
            created_by: role.created_by.clone(),
            permission_sets: role.definition.presets.iter().copied().map(PermissionSetName::from).collect(),
            kubernetes_permissions: KubernetesView::of(role),
            permissions: lines(role.permissions()),
        }
    }
}
