//! What an administrator says about a role.

use rolecall_core::access::{RoleDefinition, RoleName};
use rolecall_core::catalogue::{Action, Permission, PermissionSet, Preset, PresetId, ResourceType};
use rolecall_core::text::{quoted, unseen};
use rolecall_core::{Error, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::extract::{List, Text};
use crate::http::v1::org::description;
use crate::http::{limits, schema};

/// A role as it is to be. It is made from permission sets, or from permissions; with both, the permission sets decide, and
/// permissions beyond them are refused. What is absent or null is empty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleForm {
    /// The name, unique in the account.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "Project lead")]
    name: Text<{ limits::NAME }>,
    /// What it is for.
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Option<Text<{ limits::DESCRIPTION }>>,
    /// Whether its rules count; when absent, a new role's do, and those of a known one as before.
    enabled: Option<bool>,
    /// The permission sets that it is made from.
    #[schema(value_type = Option<Vec<PermissionSetForm>>, max_items = 100)]
    permission_sets: Option<List<PermissionSetForm, { limits::PERMISSION_SETS }>>,
    /// What it permits.
    #[schema(value_type = Option<Vec<PermissionForm>>, max_items = 100)]
    permissions: Option<List<PermissionForm, { limits::PERMISSIONS }>>,
    /// What it stands for in Kubernetes clusters.
    kubernetes_permissions: Option<KubernetesForm>,
}

/// A permission set. Other members, its name among them, are accepted and ignored.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PermissionSetForm {
    /// Its id.
    #[schema(value_type = String, format = Uuid, max_length = 36)]
    id: Text<{ limits::ID }>,
}

/// What a role permits to do to one type of resource. Other members are accepted and ignored.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PermissionForm {
    /// The type.
    #[schema(value_type = schema::ResourceType)]
    resource_type: Text<{ limits::WORD }>,
    /// The actions.
    #[schema(value_type = Vec<schema::Action>, max_items = 10)]
    actions: List<Text<{ limits::WORD }>, 10>,
}

/// What a role stands for in Kubernetes clusters.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubernetesForm {
    /// The role there; an empty text is none.
    #[schema(value_type = Option<String>, max_length = 255)]
    predefined_role: Option<Text<{ limits::NAME }>>,
}

impl RoleForm {
    /// Whether its rules count, if it says so.
    pub const fn enabled(&self) -> Option<bool> {
        self.enabled
    }

    /// What it says about the role.
    ///
    /// # Errors
    /// `Invalid`, with the field and the value.
    pub fn definition(&self) -> Result<RoleDefinition> {
        let presets = self.presets()?;
        let listed = self.listed()?;
        let of_presets = presets.iter().fold(PermissionSet::EMPTY, |sum, preset| sum.union(preset.permissions));
        let permissions = if presets.is_empty() { listed } else { of_presets };
        // A client that takes a permission set away and sends the permissions that it has read would otherwise keep them.
        if let Some(beyond) = listed.minus(permissions).iter().next() {
            return Err(Error::invalid(format!(
                "permissions: {beyond} is in none of the permissionSets; leave permissions out to make the role from the \
                 permission sets, or permissionSets to make it from the permissions"
            )));
        }
        if permissions.is_empty() {
            return Err(Error::invalid(
                "permissionSets: the role would permit nothing; choose at least one permission set",
            ));
        }
        let kubernetes = self.kubernetes_permissions.as_ref().and_then(|it| it.predefined_role.as_ref());
        let kubernetes = kubernetes.map(|it| it.as_str().to_owned()).filter(|text| !text.is_empty());
        if let Some(text) = kubernetes.as_deref().filter(|text| unseen(text).is_some() || text.trim() != *text) {
            return Err(Error::invalid(format!(
                "kubernetesPermissions.predefinedRole: {} begins or ends with a space, or contains an invisible character",
                quoted(text)
            )));
        }
        Ok(RoleDefinition {
            name: RoleName::parse("name", self.name.as_str())?,
            description: self.description.clone().map_or_else(|| Ok(String::new()), description)?,
            presets: presets.iter().map(|preset| preset.id).collect(),
            permissions,
            kubernetes,
        })
    }

    /// The presets, each once, in listing order.
    fn presets(&self) -> Result<Vec<&'static Preset>> {
        let mut ids = Vec::new();
        for set in self.permission_sets.iter().flat_map(|sets| sets.as_slice()) {
            let text = set.id.as_str();
            let known = PresetId::parse(text).filter(|id| Preset::find(*id).is_some());
            ids.push(known.ok_or_else(|| {
                Error::invalid(format!(
                    "permissionSets: there is no permission set {}; see GET /api/v1/authorization/permission-sets",
                    quoted(text)
                ))
            })?);
        }
        Ok(Preset::all().iter().filter(|preset| ids.contains(&preset.id)).collect())
    }

    fn listed(&self) -> Result<PermissionSet> {
        let mut all = PermissionSet::EMPTY;
        for form in self.permissions.iter().flat_map(|list| list.as_slice()) {
            let word = form.resource_type.as_str();
            let resource_type = ResourceType::parse(word).ok_or_else(|| {
                Error::invalid(format!(
                    "permissions: there is no resourceType {}; see GET /api/v1/authorization/resource-types",
                    quoted(word)
                ))
            })?;
            for action in form.actions.as_slice() {
                let known = Action::parse(action.as_str()).ok_or_else(|| {
                    Error::invalid(format!("permissions: there is no action {} of {word}", quoted(action.as_str())))
                })?;
                all = all.with(Permission::new(resource_type, known));
            }
        }
        Ok(all)
    }
}
