//! `/api/v1/authorization/permission-sets`: what roles are made from.

use axum::Json;
use rolecall_core::catalogue::{Preset, PresetId};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::roles;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path};
use crate::http::v1::effective_permissions::lines;
use crate::http::v1::roles::PermissionView;

/// A permission set: what one task needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionSetView {
    /// Its id, the same in every installation.
    #[schema(format = Uuid)]
    id: String,
    /// Its name.
    #[schema(example = "Projects: manage")]
    name: &'static str,
    /// What it is for.
    description: &'static str,
    /// What it permits.
    permissions: Vec<PermissionView>,
}

impl From<&Preset> for PermissionSetView {
    fn from(preset: &Preset) -> Self {
        Self {
            id: preset.id.to_string(),
            name: preset.name,
            description: preset.description,
            permissions: lines(preset.permissions),
        }
    }
}

/// List permission sets
///
/// For callers with `roles:read` in any scope. They are the same in every installation.
#[utoipa::path(get, path = "/api/v1/authorization/permission-sets", tag = "Roles", responses(
    (status = 200, description = "The permission sets", body = Vec<PermissionSetView>),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_permission_sets(Caller(call): Caller) -> HttpResult<Json<Vec<PermissionSetView>>> {
    Ok(Json(roles::presets(&call)?.iter().map(PermissionSetView::from).collect()))
}

/// Get a permission set
#[utoipa::path(get, path = "/api/v1/authorization/permission-sets/{permissionSetId}", tag = "Roles", params(("permissionSetId" = String, Path, description = "The permission set's id")), responses(
    (status = 200, description = "The permission set", body = PermissionSetView),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_permission_set(Caller(call): Caller, Path(id): Path<String>) -> HttpResult<Json<PermissionSetView>> {
    Ok(Json(roles::preset(&call, preset_id(&id)?)?.into()))
}

fn preset_id(text: &str) -> Result<PresetId> {
    PresetId::parse(text)
        .ok_or_else(|| Error::not_found(format!("there is no permission set with the id {}", quoted(text))))
}
