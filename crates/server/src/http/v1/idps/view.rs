//! An identity provider, as responses show it.

use rolecall_core::Timestamp;
use rolecall_signin::mapping::Mappers;
use rolecall_signin::saml::certificate::Certificate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::identity_providers::{Addresses, MetadataSource, ReadProvider, Settings};
use crate::http::schema::{self, ProviderType};

/// What stands for a stored secret.
pub const MASK: &str = "*******";

/// An identity provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    /// Its name in addresses.
    #[schema(example = "oidc")]
    alias: String,
    /// Its protocol.
    #[serde(rename = "type")]
    #[schema(value_type = ProviderType)]
    kind: &'static str,
    /// Whether people may sign in with it.
    enabled: bool,
    /// The address to register at the provider.
    #[schema(example = "https://rolecall.example.com/sso/oidc/callback")]
    redirect_uri: String,
    /// Of `oidc`.
    oidc_data: Option<OidcView>,
    /// Of `saml`.
    saml_data: Option<SamlView>,
    /// Of `openshift-v4`.
    ocp_data: Option<OpenShiftView>,
    /// Which claims hold what.
    mappers: MappersView,
    /// The email domains that it may assert; any when empty.
    #[schema(value_type = Vec<schema::EmailDomain>)]
    email_domains: Vec<String>,
    /// Whether emails in these domains count whatever it says of having verified them.
    emails_vouched_for: bool,
    /// What becomes of a sign-in when it does not say which groups the person is in.
    #[schema(value_type = schema::GroupsAbsent)]
    groups_absent: &'static str,
    /// Whether people keep their groups at the moment, because within an hour it said of many that they are in none any more. Saving
    /// it again ends that.
    groups_held: bool,
}

/// Settings of OpenID Connect.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OidcView {
    /// The client id of this server at the provider.
    client_id: String,
    /// `*******`; empty if there is none.
    client_secret: &'static str,
    /// The address of the discovery document, or the issuer.
    discover_document_url: String,
    /// Scopes that are requested besides `openid`.
    scopes: Vec<String>,
    /// A claim that everybody must carry.
    mandatory_claim: Option<MandatoryClaimView>,
    /// The address to register at the provider for people who come back from signing out there.
    #[schema(example = "https://rolecall.example.com/sso/oidc/signed-out")]
    post_logout_redirect_uri: String,
    /// The address to register at the provider for logout tokens.
    #[schema(example = "https://rolecall.example.com/sso/oidc/backchannel-logout")]
    backchannel_logout_uri: String,
}

/// A claim that everybody must carry, with one of the values.
#[derive(Debug, Serialize, ToSchema)]
pub struct MandatoryClaimView {
    /// Its name.
    claim: String,
    /// The accepted values.
    values: Vec<String>,
}

/// Settings of SAML 2.0. What the metadata says is empty until it was read.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SamlView {
    /// The provider's first certificate, as base64.
    signing_certificate: String,
    /// Where people are sent to sign in.
    single_sign_on_service_url: String,
    /// The provider's entity id.
    entity_id: String,
    /// The address of this server's own metadata.
    service_provider_metadata_url: String,
    /// Where this server receives messages about signing out.
    service_provider_logout_url: String,
    /// The entity id of this server; empty for the address of its metadata.
    service_provider_entity_id: String,
    /// The address of the provider's metadata; empty if they were uploaded.
    metadata_xml_url: String,
    /// The name of the file that they were uploaded in.
    file_name: String,
    /// The next of the provider's certificates expires then: nobody can sign in from there on, if it signs with that one.
    certificate_expires_at: Option<String>,
    /// The attribute that names the person; empty for the NameID.
    subject_attribute: String,
    /// Whether a sign-in may begin at the provider.
    allow_idp_initiated: bool,
}

/// Settings of OpenShift v4.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenShiftView {
    /// The base address of the cluster's API.
    idp_base_url: String,
    /// The client id of this server at the cluster.
    client_id: String,
    /// `*******`; empty if there is none.
    client_secret: &'static str,
    /// Scopes that are requested.
    scopes: Vec<String>,
}

/// Which claims hold what.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappersView {
    /// The name of the provider.
    #[schema(example = "oidc")]
    alias: String,
    /// The groups.
    #[schema(example = "GROUPS")]
    groups: String,
    /// The Linux user id.
    #[schema(example = "UID")]
    uid: String,
    /// The Linux group id.
    #[schema(example = "GID")]
    gid: String,
    /// The Linux supplementary groups.
    #[schema(example = "SUPPLEMENTARYGROUPS")]
    supplementary_groups: String,
    /// The email.
    #[schema(example = "email")]
    email: String,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
}

impl ProviderView {
    pub(super) fn new(read: ReadProvider, public_url: &str) -> Self {
        let mappers = MappersView::new(&read);
        let ReadProvider {
            provider,
            settings,
            metadata,
            certificate_ends,
            has_secret,
            emails,
            groups_absent,
            groups_held,
            ..
        } = read;
        let addresses = Addresses::new(public_url, &provider);
        let client_secret = if has_secret { MASK } else { "" };
        let (mut oidc_data, mut saml_data, mut ocp_data) = (None, None, None);
        match settings {
            Settings::Oidc(oidc) => {
                let mandatory = oidc.mandatory_claim;
                oidc_data = Some(OidcView {
                    client_id: oidc.client_id,
                    client_secret,
                    discover_document_url: oidc.discovery_url,
                    scopes: oidc.scopes,
                    mandatory_claim: mandatory.map(|it| MandatoryClaimView { claim: it.claim, values: it.values }),
                    post_logout_redirect_uri: addresses.signed_out,
                    backchannel_logout_uri: addresses.back_channel_log_out,
                });
            }
            Settings::Saml(saml) => {
                let metadata = metadata.as_deref();
                let (metadata_xml_url, file_name) = match saml.metadata {
                    MetadataSource::Url { url } => (url, String::new()),
                    MetadataSource::File { name, .. } => (String::new(), name),
                    MetadataSource::StoredFile => (String::new(), String::new()),
                };
                let sign_on = metadata.and_then(|it| it.sign_on.redirect.as_deref().or(it.sign_on.post.as_deref()));
                saml_data = Some(SamlView {
                    signing_certificate: metadata
                        .and_then(|it| it.certificates.first())
                        .map(Certificate::base64)
                        .unwrap_or_default(),
                    single_sign_on_service_url: sign_on.unwrap_or_default().to_owned(),
                    entity_id: metadata.map(|it| it.entity_id.clone()).unwrap_or_default(),
                    service_provider_metadata_url: addresses.metadata,
                    service_provider_logout_url: addresses.log_out,
                    service_provider_entity_id: saml.entity_id.unwrap_or_default(),
                    metadata_xml_url,
                    file_name,
                    certificate_expires_at: certificate_ends
                        .map(|end| Timestamp::from_millis(end.0.saturating_mul(1000)).to_string()),
                    subject_attribute: saml.subject_attribute.unwrap_or_default(),
                    allow_idp_initiated: saml.idp_initiated,
                });
            }
            Settings::OpenShift(openshift) => {
                ocp_data = Some(OpenShiftView {
                    idp_base_url: openshift.base_url,
                    client_id: openshift.client_id,
                    client_secret,
                    scopes: openshift.scopes,
                });
            }
        }
        Self {
            alias: provider.alias.as_str().to_owned(),
            kind: provider.kind.as_str(),
            enabled: provider.enabled,
            redirect_uri: addresses.answer,
            oidc_data,
            saml_data,
            ocp_data,
            mappers,
            email_domains: emails.domains().iter().map(ToString::to_string).collect(),
            emails_vouched_for: emails.vouched(),
            groups_absent: groups_absent.as_str(),
            groups_held,
        }
    }
}

impl MappersView {
    pub(super) fn new(read: &ReadProvider) -> Self {
        let Mappers { groups, uid, gid, supplementary_groups, email, first_name, last_name } = read.mappers.clone();
        let alias = read.provider.alias.as_str().to_owned();
        Self { alias, groups, uid, gid, supplementary_groups, email, first_name, last_name }
    }
}
