//! The resource types that a permission can name: the vocabulary of every role.
//!
//! Owns the spelling that the API uses for each type, its display name and its group. The order here is the order in
//! which permissions are listed, and each type's place is its number in a [`super::PermissionSet`].

use serde::{Deserialize, Serialize};

/// A group of resource types, as consoles show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceGroup {
    /// `organization`
    Organization,
    /// `physical-resource`
    PhysicalResource,
    /// `iam`
    Iam,
    /// `dashboard`
    Dashboard,
    /// `workload`
    Workload,
    /// `workload-asset`
    WorkloadAsset,
}

impl ResourceGroup {
    /// Every group.
    pub const ALL: &'static [Self] =
        &[Self::Organization, Self::PhysicalResource, Self::Iam, Self::Dashboard, Self::Workload, Self::WorkloadAsset];

    /// The word that the API uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::PhysicalResource => "physical-resource",
            Self::Iam => "iam",
            Self::Dashboard => "dashboard",
            Self::Workload => "workload",
            Self::WorkloadAsset => "workload-asset",
        }
    }
}

macro_rules! resource_types {
    ($($variant:ident $name:literal, $display:literal, $group:ident;)*) => {
        /// The resource of a permission.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ResourceType {
            $(#[doc = concat!("`", $name, "`: ", $display)] #[serde(rename = $name)] $variant,)*
        }

        impl ResourceType {
            /// Every resource type, in listing order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word that the API uses.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The display name.
            #[must_use]
            pub const fn display_name(self) -> &'static str {
                match self { $(Self::$variant => $display,)* }
            }

            /// The group in consoles.
            #[must_use]
            pub const fn group(self) -> ResourceGroup {
                match self { $(Self::$variant => ResourceGroup::$group,)* }
            }

            /// The resource type with that word.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

resource_types! {
    Department "department", "Departments", Organization;
    Tenant "tenant", "Account", Organization;
    Project "project", "Projects", Organization;
    Cluster "cluster", "Clusters", PhysicalResource;
    ClusterConfig "cluster-config", "Cluster configuration", PhysicalResource;
    Nodepools "nodepools", "Node pools", PhysicalResource;
    Nodes "nodes", "Nodes", PhysicalResource;
    Settings "settings", "Settings", Organization;
    SecuritySettings "security-settings", "Security settings", Organization;
    BrandingSettings "branding-settings", "Branding settings", Organization;
    Users "users", "Users", Iam;
    Apps "apps", "Applications", Iam;
    ServiceAccount "service-account", "Service accounts", Iam;
    DashboardsOverview "dashboards-overview", "Overview dashboard", Dashboard;
    DashboardsAnalytics "dashboards-analytics", "Analytics dashboard", Dashboard;
    DashboardsConsumption "dashboards-consumption", "Consumption dashboard", Dashboard;
    Roles "roles", "Roles", Iam;
    AccessRules "access_rules", "Access rules", Iam;
    Jobs "jobs", "Jobs", Workload;
    Workloads "workloads", "Workloads", Workload;
    Workspaces "workspaces", "Workspaces", Workload;
    Trainings "trainings", "Trainings", Workload;
    Inferences "inferences", "Inferences", Workload;
    Environments "environments", "Environments", WorkloadAsset;
    PvcAssets "pvc-assets", "Data sources", WorkloadAsset;
    GitAssets "git-assets", "Data sources", WorkloadAsset;
    HostPathAssets "host-path-assets", "Data sources", WorkloadAsset;
    NfsAssets "nfs-assets", "Data sources", WorkloadAsset;
    S3Assets "s3-assets", "Data sources", WorkloadAsset;
    ComputeResources "compute-resources", "Compute resources", WorkloadAsset;
    Templates "templates", "Templates", WorkloadAsset;
    Credentials "credentials", "Credentials", WorkloadAsset;
    EventsHistory "events-history", "Event history", Organization;
    Policies "policies", "Policies", Organization;
    CmVolumeAssets "cm-volume-assets", "Data sources", WorkloadAsset;
    Datavolumes "datavolumes", "Data volumes", WorkloadAsset;
    SecretVolumeAssets "secret-volume-assets", "Data sources", WorkloadAsset;
    StorageClassConfiguration "storage-class-configuration", "Storage class configuration", WorkloadAsset;
    AccessKeys "access-keys", "Access keys", Iam;
    WorkloadProperties "workload-properties", "Workload properties", Workload;
    NetworkTopologies "network-topologies", "Network topologies", PhysicalResource;
    Registries "registries", "Registries", WorkloadAsset;
    ScrapeableMetrics "scrapeable-metrics", "Metrics endpoint", PhysicalResource;
}
