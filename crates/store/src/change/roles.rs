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
        self.enact(permit, (id, self.now))?;
        self.made = Some(number.to_string());
        self.write_role().await
    }

    /// Changes a role, and returns it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn update_role(&mut self, permit: &Permit<UpdateRole>) -> Result<Role> {
        self.enact(permit, self.now)?;
        self.write_role().await
    }

    /// Enables a role, and returns it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enable_role(&mut self, permit: &Permit<EnableRole>) -> Result<Role> {
        self.enact(permit, self.now)?;
        self.write_role().await
    }

    /// Disables a role, and returns it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_role(&mut self, permit: &Permit<DisableRole>) -> Result<Role> {
        self.enact(permit, self.now)?;
        self.write_role().await
    }

    /// Deletes a role.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_role(&mut self, permit: &Permit<DeleteRole>) -> Result<()> {
        self.enact(permit, ())?;
        self.write_roles().await
    }

    /// Brings the predefined roles up to this version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn update_predefined_roles(&mut self, permit: &Permit<UpdatePredefinedRoles>) -> Result<()> {
        self.enact(permit, self.now)?;
        self.write_roles().await
    }

    /// Writes the one role that was set, and returns it.
    async fn write_role(&mut self) -> Result<Role> {
        self.write_roles().await?;
        let set = |change: &Change| if let Change::RoleSet(role) = change { Some(role.clone()) } else { None };
        self.changes.iter().find_map(set).ok_or_else(|| Error::internal("no role was set"))
    }

    /// Writes the changes of roles to their table.
    pub(super) async fn write_roles(&mut self) -> Result<()> {
        let writes: Result<Vec<(RoleId, Sql)>> =
            self.changes.iter().filter_map(|change| self.row_of_role(change)).collect();
        for (id, write) in writes? {
            if self.transaction.execute(write).await? != 1 {
                return Err(out_of_step("the role", id.number()));
            }
        }
        Ok(())
    }

    fn row_of_role(&self, change: &Change) -> Option<Result<(RoleId, Sql)>> {
        match change {
            Change::RoleSet(role) => Some(self.set_role(role).map(|sql| (role.id, sql))),
            Change::RoleGone { id } => {
                let mut delete = self.update("roles");
                delete.push(", deleted_at = ").bind(self.now);
                delete.push(" WHERE deleted_at IS NULL AND id = ").bind(id.number());
                Some(Ok((*id, delete)))
            }
            _ => None,
        }
    }

    /// One statement for a new row and for a known one: a predefined role's may be from a version that stored only its name.
    fn set_role(&self, role: &Role) -> Result<Sql> {
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
        Ok(set)
    }
}
