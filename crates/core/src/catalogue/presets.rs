//! Presets: the permission sets that roles are made from.
//!
//! Scripts name them by id, so an id never changes its meaning. A role keeps the permissions that its presets had when it was
//! made or last changed.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use super::PermissionSet;
use super::ResourceType::*;
use super::predefined_role::{CRUD, R, RolePermission, permissions_of};

crate::identity::uuid_ids! {
    /// The id of a preset; the same in every installation.
    PresetId;
}

/// A named set of permissions for one task.
#[derive(Debug)]
pub struct Preset {
    /// Its id.
    pub id: PresetId,
    /// Its name: what it is about, and how much of it.
    pub name: &'static str,
    /// Its purpose, in a sentence.
    pub description: &'static str,
    /// Its permissions.
    pub permissions: PermissionSet,
}

impl Preset {
    const fn new(id: Uuid, name: &'static str, description: &'static str, listed: &[RolePermission]) -> Self {
        Self { id: PresetId::new(id), name, description, permissions: permissions_of(listed) }
    }

    /// Every preset, in listing order.
    #[must_use]
    pub fn all() -> &'static [Self] {
        PRESETS
    }

    /// The preset with that id.
    #[must_use]
    pub fn find(id: PresetId) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.id == id)
    }
}

const fn of(resource_type: super::ResourceType, actions: &'static [super::Action]) -> RolePermission {
    RolePermission { resource_type, actions }
}

static PRESETS: &[Preset] = &[
    Preset::new(
        uuid!("3fcb4b70-f79a-4ffc-a71b-9592244ececa"),
        "Account: view",
        "See the account's name, and find the way in the tree.",
        &[of(Tenant, R)],
    ),
    Preset::new(
        uuid!("2a438f2a-3172-4442-bbce-14ab261db1d4"),
        "Clusters: view",
        "See clusters, their node pools and nodes.",
        &[of(Cluster, R), of(Nodepools, R), of(Nodes, R), of(NetworkTopologies, R)],
    ),
    Preset::new(
        uuid!("e427f474-114d-4fce-bf3f-3f8cfe53b312"),
        "Clusters: manage",
        "Create, change and delete clusters, their configuration, node pools and network topologies.",
        &[
            of(Cluster, CRUD),
            of(ClusterConfig, CRUD),
            of(Nodepools, CRUD),
            of(Nodes, R),
            of(StorageClassConfiguration, CRUD),
            of(NetworkTopologies, CRUD),
        ],
    ),
    Preset::new(
        uuid!("23eb7164-3ac5-4727-95d2-5341edc5fe85"),
        "Metrics: scrape",
        "Read the clusters' metrics.",
        &[of(ScrapeableMetrics, R)],
    ),
    Preset::new(
        uuid!("09c9c31a-e2f9-4909-b4a3-cc3052800e04"),
        "Departments: view",
        "See departments.",
        &[of(Department, R)],
    ),
    Preset::new(
        uuid!("2cc9d354-d76f-4970-b440-6663d3e1ec74"),
        "Departments: manage",
        "Create, change and delete departments.",
        &[of(Department, CRUD)],
    ),
    Preset::new(uuid!("4dfc3c3b-18c1-402b-a946-a04e9ff35ab3"), "Projects: view", "See projects.", &[of(Project, R)]),
    Preset::new(
        uuid!("89fb1806-dc3f-4287-aa16-2b8dc835698d"),
        "Projects: manage",
        "Create, change and delete projects.",
        &[of(Project, CRUD)],
    ),
    Preset::new(uuid!("a5ea88f7-f530-4958-8e82-2f9a9b04393e"), "Users: view", "See users.", &[of(Users, R)]),
    Preset::new(
        uuid!("d755df98-8d89-40a3-9903-f4cb5455eb3a"),
        "Users: manage",
        "Create, disable and delete users, and reset their passwords.",
        &[of(Users, CRUD)],
    ),
    Preset::new(
        uuid!("65304a98-4082-47b0-b802-c47fd7a878c1"),
        "Service accounts: view",
        "See service accounts and applications.",
        &[of(Apps, R), of(ServiceAccount, R)],
    ),
    Preset::new(
        uuid!("9476c36e-9cfc-48d0-b792-5b84ebd65788"),
        "Service accounts: manage",
        "Create, change and delete service accounts and applications.",
        &[of(Apps, CRUD), of(ServiceAccount, CRUD)],
    ),
    Preset::new(
        uuid!("5d5428b3-82da-4138-9b1b-a5b4960e55ce"),
        "Access keys: manage",
        "See and delete everybody's access keys.",
        &[of(AccessKeys, CRUD)],
    ),
    Preset::new(
        uuid!("b8cb8842-070c-48d8-b0aa-eecb8cef8130"),
        "Roles: view",
        "See roles and what they permit.",
        &[of(Roles, R)],
    ),
    Preset::new(
        uuid!("f49456e1-4fc0-4b38-8408-f08bbb156634"),
        "Roles: manage",
        "Create, change and delete the organization's own roles.",
        &[of(Roles, CRUD)],
    ),
    Preset::new(
        uuid!("6c903f6b-e38b-41e7-ae89-e9f2dd288687"),
        "Access rules: view",
        "See who has which role, and where.",
        &[of(Roles, R), of(AccessRules, R)],
    ),
    Preset::new(
        uuid!("5736b6c1-9f34-4fcd-a669-6d1608d5a175"),
        "Access rules: manage",
        "Add and remove access rules.",
        &[of(Roles, R), of(AccessRules, CRUD)],
    ),
    Preset::new(
        uuid!("1ecf2f65-7d21-432c-8e63-bdd32d8a1783"),
        "Settings: view",
        "See the account's settings.",
        &[of(Settings, R), of(SecuritySettings, R), of(BrandingSettings, R)],
    ),
    Preset::new(
        uuid!("602c16df-f600-4415-812e-df7b27ebd003"),
        "Settings: manage",
        "Change the account's settings and identity providers.",
        &[of(Settings, CRUD), of(SecuritySettings, CRUD), of(BrandingSettings, CRUD)],
    ),
    Preset::new(
        uuid!("ad1215bd-52bf-43fb-afe2-9c02a1dade3b"),
        "Event history: view",
        "See what happened in the account.",
        &[of(EventsHistory, R)],
    ),
    Preset::new(
        uuid!("2e3e153a-de8d-4e69-a5b0-1fcea82244d1"),
        "Dashboards: view",
        "See the overview, analytics and consumption dashboards.",
        &[of(DashboardsOverview, R), of(DashboardsAnalytics, R), of(DashboardsConsumption, R)],
    ),
    Preset::new(uuid!("e141d4ad-2c08-4f4b-82c8-298b35c73779"), "Policies: view", "See policies.", &[of(Policies, R)]),
    Preset::new(
        uuid!("6711600c-a705-4b9d-8512-60fca83e5d8f"),
        "Policies: manage",
        "Create, change and delete policies.",
        &[of(Policies, CRUD)],
    ),
    Preset::new(
        uuid!("3b9cd8e7-d868-46e2-a992-9633dd28e219"),
        "Workloads: view",
        "See workloads of every kind.",
        &[
            of(Jobs, R),
            of(Workloads, R),
            of(Workspaces, R),
            of(Trainings, R),
            of(Inferences, R),
            of(WorkloadProperties, R),
        ],
    ),
    Preset::new(
        uuid!("94e5e19e-8b2a-42bb-90fc-df45e1defb12"),
        "Workloads: run",
        "Create, change and delete workspaces, trainings and jobs.",
        &[of(Jobs, CRUD), of(Workloads, CRUD), of(Workspaces, CRUD), of(Trainings, CRUD)],
    ),
    Preset::new(
        uuid!("e860322f-fc62-416c-89bb-75e420af07e9"),
        "Inference: run",
        "Create, change and delete inference workloads.",
        &[of(Workloads, CRUD), of(Inferences, CRUD)],
    ),
    Preset::new(
        uuid!("fb8d1495-76e4-41bc-a925-64b248e4b43c"),
        "Environments: view",
        "See environments.",
        &[of(Environments, R)],
    ),
    Preset::new(
        uuid!("1db163b0-5071-49dd-b9da-d7930bacb22c"),
        "Environments: manage",
        "Create, change and delete environments.",
        &[of(Environments, CRUD), of(Registries, R)],
    ),
    Preset::new(
        uuid!("8736dc08-1417-4d6f-9522-804a9ed13693"),
        "Compute resources: view",
        "See compute resources.",
        &[of(ComputeResources, R)],
    ),
    Preset::new(
        uuid!("f970f477-dcb2-4d29-b4d6-ac2bc13e8d12"),
        "Compute resources: manage",
        "Create, change and delete compute resources.",
        &[of(ComputeResources, CRUD)],
    ),
    Preset::new(
        uuid!("ef168842-cb41-42bf-89a8-aa11ae587542"),
        "Data sources: view",
        "See data sources and data volumes.",
        &[
            of(PvcAssets, R),
            of(GitAssets, R),
            of(HostPathAssets, R),
            of(NfsAssets, R),
            of(S3Assets, R),
            of(CmVolumeAssets, R),
            of(Datavolumes, R),
            of(SecretVolumeAssets, R),
        ],
    ),
    Preset::new(
        uuid!("87d85b45-52de-4db1-9004-72c1b5dced55"),
        "Data sources: manage",
        "Create, change and delete data sources and data volumes.",
        &[
            of(PvcAssets, CRUD),
            of(GitAssets, CRUD),
            of(HostPathAssets, CRUD),
            of(NfsAssets, CRUD),
            of(S3Assets, CRUD),
            of(CmVolumeAssets, CRUD),
            of(Datavolumes, CRUD),
            of(SecretVolumeAssets, CRUD),
        ],
    ),
    Preset::new(
        uuid!("53ff23e4-1a52-4cf3-950f-775031e0ba09"),
        "Templates: view",
        "See templates.",
        &[of(Templates, R)],
    ),
    Preset::new(
        uuid!("1d714b41-92bd-42cc-b841-9c35b4d6c2b7"),
        "Templates: manage",
        "Create, change and delete templates.",
        &[of(Templates, CRUD)],
    ),
    Preset::new(
        uuid!("861be350-4153-4b10-bea3-0fd8717b24e3"),
        "Credentials: view",
        "See credentials, not their secrets.",
        &[of(Credentials, R)],
    ),
    Preset::new(
        uuid!("f295b572-361a-4ec3-b3ec-00d892c46915"),
        "Credentials: manage",
        "Create, change and delete credentials and registries.",
        &[of(Credentials, CRUD), of(Registries, CRUD)],
    ),
];
