//! Creates, updates and deletes roles. Deleted roles stay in the table, so that rules of the past keep their names.

use rolecall_core::access::Role;
use rolecall_core::acts::{CreateRole, DeleteRole, DisableRole, EnableRole, Permit, UpdatePredefinedRoles, UpdateRole};
use rolecall_core::catalogue::RoleId;
use rolecall_core::{Change, Error, Result};

use super::{ChangeTx, out_of_step};
use crate::sql::{Sql, Value};

impl ChangeTx {
    /// Creates a role, and returns it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn create_role(&mut self, permit: &Permit<CreateRole>) -> Result<Role> {
        self.act_of(permit)?;
        let number = *self.next_numbers("role", 1).await?.start();
        let id = RoleId::new(i32::try_from(number).map_err(Error::internal)?);
        self.enact(permit, (id, self.now)).await?;
        self.made = Some(number.to_string());
        self.role_set()
    }

    /// Changes a role, and returns it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn update_role(&mut self, permit: &Permit<UpdateRole>) -> Result<Role> {
        self.enact(permit, self.now).await?;
        self.role_set()
    }

    /// Enables a role, and returns it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enable_role(&mut self, permit: &Permit<EnableRole>) -> Result<Role> {
        self.enact(permit, self.now).await?;
        self.role_set()
    }

    /// Disables a role, and returns it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_role(&mut self, permit: &Permit<DisableRole>) -> Result<Role> {
        self.enact(permit, self.now).await?;
        self.role_set()
    }

    /// Deletes a role.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_role(&mut self, permit: &Permit<DeleteRole>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Brings the predefined roles up to this version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn update_predefined_roles(&mut self, permit: &Permit<UpdatePredefinedRoles>) -> Result<()> {
        self.enact(permit, self.now).await.map(drop)
    }

    /// The one role that was set.
    fn role_set(&self) -> Result<Role> {
        let set = |change: &Change| if let Change::RoleSet(role) = change { Some(role.clone()) } else { None };
        self.changes.iter().find_map(set).ok_or_else(|| Error::internal("no role was set"))
    }

    pub(super) async fn remove_role(&mut self, id: RoleId) -> Result<()> {
        let mut remove = self.update("roles");
        remove.push(", deleted_at = ").bind(self.now);
        remove.push(" WHERE deleted_at IS NULL AND id = ").bind(id.number());
        if self.transaction.execute(remove).await? == 1 { Ok(()) } else { Err(out_of_step("the role", id.number())) }
    }

    /// One statement for a new row and for a known one: a predefined role's may be from a version that stored only its name.
    pub(super) async fn set_role(&mut self, role: &Role) -> Result<()> {
        const COLUMNS: [&str; 13] = [
            "name",
            "name_key",
            "description",
            "custom",
            "enabled",
            "permissions",
            "presets",
            "kubernetes",
            "created_by",
            "created_at",
            "updated_at",
            "revision",
            "revision_id",
        ];
        let definition = &role.definition;
        let mut set = Sql::new("INSERT INTO roles (id, ");
        set.push(&COLUMNS.join(", ")).push(") VALUES ").bind_all([
            Value::from(role.id.number()),
            role.name().into(),
            definition.name.key().into(),
            definition.description.as_str().into(),
            role.custom.into(),
            role.enabled.into(),
            serde_json::to_string(&definition.permissions).map_err(Error::internal)?.into(),
            serde_json::to_string(&definition.presets).map_err(Error::internal)?.into(),
            definition.kubernetes.clone().into(),
            role.created_by.as_str().into(),
            role.created_at.into(),
            role.updated_at.into(),
            self.stamp.number().into(),
            self.stamp.id.bits().cast_signed().into(),
        ]);
        let updates = COLUMNS.map(|column| format!("{column} = excluded.{column}"));
        set.push(" ON CONFLICT (id) DO UPDATE SET ").push(&updates.join(", "));
        if self.transaction.execute(set).await? == 1 { Ok(()) } else { Err(out_of_step("the role", role.id.number())) }
    }
}
