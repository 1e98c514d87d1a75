//! This side of SAML: its names and keys, and its metadata for the identity provider.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::ServiceProviderKey;
use super::namespace::{METADATA, PROTOCOL, SIGNATURE};
use super::value::{EMAIL, HTTP_POST, HTTP_REDIRECT, PERSISTENT};
use super::xml::escape;

/// This side. The first key signs; all decrypt. During a roll-over the next key is the second one.
#[derive(Debug)]
pub struct ServiceProvider {
    /// Our entity id: the audience of assertions.
    pub entity_id: String,
    /// The address that receives responses (assertion consumer service, HTTP-POST).
    pub assertion_consumer: String,
    /// The address that receives logout messages, if signing out at the provider is offered.
    pub log_out: Option<String>,
    /// One key, or two during a roll-over. Without a key requests are not signed and assertions cannot be encrypted.
    pub keys: Vec<ServiceProviderKey>,
}

impl ServiceProvider {
    /// The metadata, in UTF-8. Its element order is the one of the schema, which ADFS insists on.
    #[must_use]
    pub fn metadata(&self) -> String {
        let signs = !self.keys.is_empty();
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<md:EntityDescriptor xmlns:md=\"{METADATA}\" entityID=\"{}\">\
             <md:SPSSODescriptor AuthnRequestsSigned=\"{signs}\" WantAssertionsSigned=\"true\" \
             protocolSupportEnumeration=\"{PROTOCOL}\">",
            escape(&self.entity_id)
        );
        for usage in ["signing", "encryption"] {
            for key in &self.keys {
                let certificate = STANDARD.encode(key.certificate().der());
                xml.push_str(&format!(
                    "<md:KeyDescriptor use=\"{usage}\"><ds:KeyInfo xmlns:ds=\"{SIGNATURE}\"><ds:X509Data><ds:X509Certificate>\
                     {certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
                ));
                if usage == "encryption" {
                    for method in [
                        "http://www.w3.org/2009/xmlenc11#aes256-gcm",
                        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
                    ] {
                        xml.push_str(&format!("<md:EncryptionMethod Algorithm=\"{method}\"></md:EncryptionMethod>"));
                    }
                }
                xml.push_str("</md:KeyDescriptor>");
            }
        }
        if let Some(address) = &self.log_out {
            for binding in [HTTP_REDIRECT, HTTP_POST] {
                let address = escape(address);
                xml.push_str(&format!("<md:SingleLogoutService Binding=\"{binding}\" Location=\"{address}\"/>"));
            }
        }
        for format in [PERSISTENT, EMAIL] {
            xml.push_str(&format!("<md:NameIDFormat>{format}</md:NameIDFormat>"));
        }
        xml.push_str(&format!(
            "<md:AssertionConsumerService Binding=\"{HTTP_POST}\" Location=\"{}\" index=\"0\" isDefault=\"true\"/>\
             </md:SPSSODescriptor></md:EntityDescriptor>\n",
            escape(&self.assertion_consumer)
        ));
        xml
    }
}
