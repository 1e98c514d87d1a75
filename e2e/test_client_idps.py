"""The Python client's calls about identity providers, and where the sign-in page leads."""

from runai import models

from client import refused
from transport import through_every_transport
from versions import since

pytestmark = [through_every_transport, since("1.224.0")]

MAPPERS = {"gid": "GID", "groups": "GROUPS", "supplementaryGroups": "SUPPLEMENTARYGROUPS", "uid": "UID", "email": "email"}


def oidc(secret, **more):
    return models.IdpCreationRequest.model_validate({
        "type": "oidc",
        "oidcData": {
            "clientId": "rolecall",
            "clientSecret": secret,
            "discoverDocumentUrl": "https://id.example.com/.well-known/openid-configuration",
            "scopes": ["profile"],
        },
        **more,
    })


def test_an_oidc_provider_comes_changes_and_goes(automation, administrator):
    created = automation.idps.create_idp(oidc("hush-hush", mappers={"alias": "oidc", **MAPPERS}))
    assert created.status_code == 201
    models.IdpPostResponse.model_validate(created.data)
    assert created.data["alias"] == "oidc"

    (listed,) = automation.idps.get_idps().data
    models.Idp1.model_validate(listed)
    assert listed == automation.idps.get_idp("oidc").data
    assert listed["oidcData"]["clientSecret"] == "*******"
    assert listed["mappers"] == {"alias": "oidc", **MAPPERS}
    with refused(409) as refusal:
        automation.idps.create_idp(oidc("hush-hush"))
    assert "already exists" in refusal.value.data["message"]

    assert automation.idps.update_idp("oidc", oidc("*******")).status_code == 200
    mappers = models.Mappers.model_validate({"alias": "oidc", **MAPPERS, "groups": "teams"})
    assert automation.idps.update_idp_mappers("oidc", mappers).status_code == 202
    told = automation.idps.get_idp_mappers("oidc").data
    models.Mappers.model_validate(told)
    assert told["groups"] == "teams"

    with refused(403) as refusal:
        automation.idps.delete_idp("oidc")
    assert "local user" in refusal.value.data["message"]
    assert administrator.idps.delete_idp("oidc").status_code == 200
    with refused(404):
        automation.idps.get_idp("oidc")


def test_a_saml_provider_by_the_address_of_its_metadata(automation):
    wanted = models.IdpCreationRequest.model_validate({
        "type": "saml",
        "samlData": {
            "metadataXmlType": "url",
            "metadataXmlUrl": "https://id.example.com/saml/metadata.xml",
            "metadataXmlFile": "",
            "fileName": "",
        },
        "mappers": {"alias": "saml", **MAPPERS},
    })
    assert automation.idps.create_idp(wanted).data == {"alias": "saml"}
    shown = automation.idps.get_idp("saml").data
    models.Idp1.model_validate(shown)
    assert shown["redirectUri"].endswith("/sso/saml/acs")


def test_the_sign_in_page_leads_to_a_provider(automation):
    automation.idps.create_idp(oidc("hush-hush"))
    wanted = models.UpdateSecuritySettingByKeyRequest(models.AutoRedirectSsoSetting(enabled=True, idpAlias="oidc"))
    assert automation.settings.update_security_setting_by_key("autoRedirectSSO", wanted).status_code == 200
    told = automation.settings.get_security_setting_by_key("autoRedirectSSO").data
    assert told == {"enabled": True, "idpAlias": "oidc"}
    assert automation.settings.get_security_settings().data == {"autoRedirectSSO": told}
