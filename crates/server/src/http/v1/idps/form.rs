//! The settings of an identity provider, as requests carry them.

use rolecall_core::identity::{EmailDomain, ProviderAlias, ProviderKind};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_signin::mapping::{MandatoryClaim, Mappers};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::MASK;
use crate::app::identity_providers::{
    Emails, GivenSecret, GroupsAbsent, MetadataSource, MoreOfSaml, OidcSettings, OpenShiftSettings, SamlSettings,
    Settings, Update,
};
use crate::http::extract::{List, SecretText, Text};
use crate::http::limits;
use crate::http::schema::{self, ClaimValue, MetadataType, ProviderType, RequestedScope};
use crate::outbound::Address;

/// Our client id at an OpenShift cluster, if none is given.
const OPENSHIFT_CLIENT: &str = "runai";

type Name = Text<{ limits::NAME }>;
type Url = Text<{ limits::ADDRESS }>;
type ForeignSecret = SecretText<{ limits::FOREIGN_SECRET }>;
type Scopes = List<Name, { limits::SCOPES }>;

/// An identity provider. Of the three kinds of data, the one of its type counts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderForm {
    /// Its name in addresses, which does not change. That of its type when absent.
    #[schema(value_type = Option<String>, max_length = 63, pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    name: Option<Text<{ limits::ALIAS }>>,
    /// Its protocol.
    #[serde(rename = "type")]
    #[schema(value_type = ProviderType)]
    kind: Text<{ limits::WORD }>,
    /// Whether people may sign in with it. A new one is enabled.
    enabled: Option<bool>,
    /// For `oidc`.
    oidc_data: Option<OidcForm>,
    /// For `saml`.
    saml_data: Option<SamlForm>,
    /// For `openshift-v4`.
    ocp_data: Option<OpenShiftForm>,
    /// Which claims hold what. The defaults, or what is stored, when absent.
    mappers: Option<MappersForm>,
    /// The email domains that it may assert, without their subdomains; any when empty. What is stored, when absent.
    #[schema(value_type = Option<Vec<schema::EmailDomain>>, max_items = 100)]
    email_domains: Option<List<Name, { limits::DOMAINS }>>,
    /// An administrator vouches that it gives each person only their own email in these domains: then `email_verified` does not
    /// count. Needs `emailDomains`. Ends when the address changes.
    emails_vouched_for: Option<bool>,
    /// What becomes of a sign-in when it does not say which groups the person is in: `refuse`; `none`, for a provider that leaves an
    /// empty list out; or `keep` those that are known, so that leaving the last group does not count. What is stored, or `refuse`,
    /// when absent.
    #[schema(value_type = Option<schema::GroupsAbsent>)]
    groups_absent: Option<Text<{ limits::WORD }>>,
}

/// Settings of OpenID Connect.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OidcForm {
    /// The client id of this server at the provider.
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    client_id: Name,
    /// Its secret. `*******` keeps the stored one.
    #[schema(value_type = String, min_length = 1, max_length = 1000)]
    client_secret: ForeignSecret,
    /// The address of the discovery document, or the issuer.
    #[schema(value_type = String, min_length = 1, max_length = 2048, example = "https://id.example.com/.well-known/openid-configuration")]
    discover_document_url: Url,
    /// Scopes to request besides `openid`.
    #[schema(value_type = Option<Vec<RequestedScope>>, max_items = 50)]
    scopes: Option<Scopes>,
    /// A claim that everybody must carry.
    mandatory_claim: Option<MandatoryClaimForm>,
}

/// A claim that everybody must carry, with one of the values.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MandatoryClaimForm {
    /// Its name.
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    claim: Name,
    /// The accepted values.
    #[schema(value_type = Vec<ClaimValue>, min_items = 1, max_items = 50)]
    values: Scopes,
}

/// Settings of SAML 2.0.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SamlForm {
    /// The address of the provider's metadata.
    #[schema(value_type = Option<String>, max_length = 2048)]
    metadata_xml_url: Option<Url>,
    /// The metadata itself. With the type `file` the stored one stays where this is absent or empty.
    #[schema(value_type = Option<String>, max_length = 131072)]
    metadata_xml_file: Option<Text<{ limits::METADATA }>>,
    /// The name of the file that it came in.
    #[schema(value_type = Option<String>, max_length = 255)]
    file_name: Option<Name>,
    /// Which of them counts; the one that is there when absent.
    #[schema(value_type = Option<MetadataType>)]
    metadata_xml_type: Option<Text<{ limits::WORD }>>,
    /// The entity id of this server; the address of its metadata when absent.
    #[schema(value_type = Option<String>, max_length = 255)]
    entity_id: Option<Name>,
    /// The attribute that names the person for good; the NameID when empty. What is stored, when absent.
    #[schema(value_type = Option<String>, max_length = 255)]
    subject_attribute: Option<Name>,
    /// A sign-in may also begin at the provider, which anybody can make a browser do. What is stored, or not, when absent.
    allow_idp_initiated: Option<bool>,
}

/// Settings of OpenShift v4.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenShiftForm {
    /// The base address of the cluster's API.
    #[schema(value_type = String, min_length = 1, max_length = 2048, example = "https://api.gpu.example.com:6443")]
    idp_base_url: Url,
    /// The client id of this server at the cluster; `runai` when absent.
    #[schema(value_type = Option<String>, max_length = 255)]
    client_id: Option<Name>,
    /// Its secret. `*******` keeps the stored one.
    #[schema(value_type = String, min_length = 1, max_length = 1000)]
    client_secret: ForeignSecret,
    /// Scopes to request.
    #[schema(value_type = Option<Vec<RequestedScope>>, max_items = 50)]
    scopes: Option<Scopes>,
}

/// Which claims hold what. An absent or empty name is the default.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappersForm {
    /// The name of the provider. It is not needed: the path has it.
    #[serde(rename = "alias")]
    #[schema(value_type = Option<String>, max_length = 63)]
    _alias: Option<Text<{ limits::ALIAS }>>,
    /// The groups: `GROUPS`.
    #[schema(value_type = Option<String>, max_length = 255)]
    groups: Option<Name>,
    /// The Linux user id: `UID`.
    #[schema(value_type = Option<String>, max_length = 255)]
    uid: Option<Name>,
    /// The Linux group id: `GID`.
    #[schema(value_type = Option<String>, max_length = 255)]
    gid: Option<Name>,
    /// The Linux supplementary groups: `SUPPLEMENTARYGROUPS`.
    #[schema(value_type = Option<String>, max_length = 255)]
    supplementary_groups: Option<Name>,
    /// The email: `email`.
    #[schema(value_type = Option<String>, max_length = 255)]
    email: Option<Name>,
    /// The first name: `firstName`, or `given_name`.
    #[schema(value_type = Option<String>, max_length = 255)]
    first_name: Option<Name>,
    /// The last name: `lastName`, or `family_name`.
    #[schema(value_type = Option<String>, max_length = 255)]
    last_name: Option<Name>,
}

impl ProviderForm {
    /// The alias, if one is given.
    pub(super) fn alias(&self) -> Result<Option<ProviderAlias>> {
        given(self.name.as_ref().map(Text::as_str)).map(|name| ProviderAlias::parse("name", name)).transpose()
    }

    /// The settings of its type, and the secret in them.
    pub(super) fn settings(&self) -> Result<(Settings, GivenSecret)> {
        let word = self.kind.as_str();
        let kind = ProviderKind::parse(word)
            .ok_or_else(|| Error::invalid(format!("type: {} is not one of oidc, saml, openshift-v4", quoted(word))))?;
        let missing = |field: &str| Error::invalid(format!("{field}: missing; a provider of the type {word} needs it"));
        match kind {
            ProviderKind::Oidc => self.oidc_data.as_ref().ok_or_else(|| missing("oidcData"))?.settings(),
            ProviderKind::Saml => self.saml_data.as_ref().ok_or_else(|| missing("samlData"))?.settings(),
            ProviderKind::OpenShiftV4 => self.ocp_data.as_ref().ok_or_else(|| missing("ocpData"))?.settings(),
        }
    }

    /// What clients that know only the compatible API leave out.
    pub(super) fn more_of_saml(&self) -> MoreOfSaml {
        self.saml_data.as_ref().map(SamlForm::more).unwrap_or_default()
    }

    /// Which emails it may assert, if that is given. Both members come together: one alone could mean more than its sender sees.
    pub(super) fn emails(&self) -> Result<Option<Emails>> {
        let Some(domains) = &self.email_domains else {
            return match self.emails_vouched_for {
                None => Ok(None),
                Some(_) => {
                    Err(Error::invalid("emailDomains: missing; emailsVouchedFor is about these domains, so send both"))
                }
            };
        };
        let parsed = domains.as_slice().iter().map(|text| EmailDomain::parse("emailDomains", text.as_str().trim()));
        Emails::new(parsed.collect::<Result<_>>()?, self.emails_vouched_for.unwrap_or(false)).map(Some)
    }

    /// What becomes of a sign-in without a word about groups, if that is given.
    pub(super) fn groups_absent(&self) -> Result<Option<GroupsAbsent>> {
        let word = given(self.groups_absent.as_ref().map(Text::as_str));
        word.map(|word| GroupsAbsent::parse("groupsAbsent", word)).transpose()
    }

    /// The values of a change.
    pub(super) fn update(&self) -> Result<Update> {
        let (settings, secret) = self.settings()?;
        Ok(Update {
            alias: self.alias()?,
            settings,
            more: self.more_of_saml(),
            secret,
            mappers: self.mappers(),
            emails: self.emails()?,
            groups_absent: self.groups_absent()?,
            enabled: self.enabled,
        })
    }

    /// The mappers, if they are given.
    pub(super) fn mappers(&self) -> Option<Mappers> {
        self.mappers.as_ref().map(MappersForm::mappers)
    }
}

impl OidcForm {
    fn settings(&self) -> Result<(Settings, GivenSecret)> {
        let settings = OidcSettings {
            client_id: needed("oidcData.clientId", self.client_id.as_str())?,
            discovery_url: address("oidcData.discoverDocumentUrl", self.discover_document_url.as_str())?,
            scopes: scopes("oidcData.scopes", self.scopes.as_ref())?,
            mandatory_claim: self.mandatory_claim.as_ref().map(MandatoryClaimForm::claim).transpose()?,
        };
        Ok((Settings::Oidc(settings), secret("oidcData.clientSecret", &self.client_secret)?))
    }
}

impl MandatoryClaimForm {
    fn claim(&self) -> Result<MandatoryClaim> {
        let values = self.values.as_slice().iter();
        let values: Result<Vec<_>> = values.map(|it| needed("oidcData.mandatoryClaim.values", it.as_str())).collect();
        let claim =
            MandatoryClaim { claim: needed("oidcData.mandatoryClaim.claim", self.claim.as_str())?, values: values? };
        if claim.values.is_empty() {
            return Err(Error::invalid(
                "oidcData.mandatoryClaim.values: empty; add a value, or leave mandatoryClaim out",
            ));
        }
        Ok(claim)
    }
}

impl SamlForm {
    fn settings(&self) -> Result<(Settings, GivenSecret)> {
        let url = given(self.metadata_xml_url.as_ref().map(Text::as_str));
        let xml = given(self.metadata_xml_file.as_ref().map(Text::as_str));
        let kind = given(self.metadata_xml_type.as_ref().map(Text::as_str));
        let metadata = match (kind, url, xml) {
            (Some("url") | None, Some(url), None) | (Some("url"), Some(url), Some(_)) => {
                MetadataSource::Url { url: address("samlData.metadataXmlUrl", url)? }
            }
            (Some("file") | None, None, Some(xml)) | (Some("file"), Some(_), Some(xml)) => MetadataSource::File {
                name: self.file_name.as_ref().map_or("", Text::as_str).to_owned(),
                xml: xml.to_owned(),
            },
            (Some("url"), None, _) => {
                return Err(Error::invalid(
                    "samlData.metadataXmlUrl: missing; it is the address of the provider's metadata",
                ));
            }
            (Some("file"), _, None) => MetadataSource::StoredFile,
            (None, None, None) => {
                return Err(Error::invalid("samlData: neither metadataXmlUrl nor metadataXmlFile is given; give one"));
            }
            (None, Some(_), Some(_)) => {
                return Err(Error::invalid(
                    "samlData.metadataXmlType: missing; both metadataXmlUrl and metadataXmlFile are given, so say which counts",
                ));
            }
            (Some(other), ..) => {
                return Err(Error::invalid(format!(
                    "samlData.metadataXmlType: {} is not one of url, file",
                    quoted(other)
                )));
            }
        };
        let entity_id = given(self.entity_id.as_ref().map(Text::as_str)).map(str::to_owned);
        let settings = SamlSettings { metadata, entity_id, subject_attribute: None, idp_initiated: false };
        Ok((Settings::Saml(settings), GivenSecret::None))
    }

    fn more(&self) -> MoreOfSaml {
        let attribute = self.subject_attribute.as_ref();
        MoreOfSaml {
            subject_attribute: attribute.map(|name| given(Some(name.as_str())).map(str::to_owned)),
            idp_initiated: self.allow_idp_initiated,
        }
    }
}

impl OpenShiftForm {
    fn settings(&self) -> Result<(Settings, GivenSecret)> {
        let settings = OpenShiftSettings {
            base_url: address("ocpData.idpBaseUrl", self.idp_base_url.as_str())?,
            client_id: given(self.client_id.as_ref().map(Text::as_str)).unwrap_or(OPENSHIFT_CLIENT).to_owned(),
            scopes: scopes("ocpData.scopes", self.scopes.as_ref())?,
        };
        Ok((Settings::OpenShift(settings), secret("ocpData.clientSecret", &self.client_secret)?))
    }
}

impl MappersForm {
    /// The mappers.
    pub(super) fn mappers(&self) -> Mappers {
        let default = Mappers::default();
        let or = |name: &Option<Name>, default: String| {
            given(name.as_ref().map(Text::as_str)).map_or(default, str::to_owned)
        };
        let own = |name: &Option<Name>| given(name.as_ref().map(Text::as_str)).map(str::to_owned);
        Mappers {
            groups: or(&self.groups, default.groups),
            uid: or(&self.uid, default.uid),
            gid: or(&self.gid, default.gid),
            supplementary_groups: or(&self.supplementary_groups, default.supplementary_groups),
            email: or(&self.email, default.email),
            first_name: own(&self.first_name),
            last_name: own(&self.last_name),
        }
    }
}

/// A text, unless it is empty: clients send empty strings for what they do not use.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn needed(field: &str, text: &str) -> Result<String> {
    given(Some(text)).map(str::to_owned).ok_or_else(|| Error::invalid(format!("{field}: empty")))
}

fn address(field: &str, text: &str) -> Result<String> {
    Ok(Address::parse(field, text.trim())?.to_string())
}

/// Scopes as they are given; one text may hold several, with spaces between them (RFC 6749, section 3.3).
fn scopes(field: &str, scopes: Option<&Scopes>) -> Result<Vec<String>> {
    let all = scopes.map_or(&[][..], List::as_slice).iter().map(|text| text.as_str().trim());
    let checked = |text: &str| {
        if text.chars().all(|it| it == ' ' || (it.is_ascii_graphic() && it != '"' && it != '\\')) {
            return Ok(text.to_owned());
        }
        Err(Error::invalid(format!(
            "{field}: {} is not a scope: use letters from a to z, digits and punctuation",
            quoted(text)
        )))
    };
    all.filter(|text| !text.is_empty()).map(checked).collect()
}

fn secret(field: &str, secret: &ForeignSecret) -> Result<GivenSecret> {
    match secret.secret().expose() {
        "" => Err(Error::invalid(format!("{field}: empty"))),
        MASK => Ok(GivenSecret::Kept),
        _ => Ok(GivenSecret::New(secret.secret().clone())),
    }
}
