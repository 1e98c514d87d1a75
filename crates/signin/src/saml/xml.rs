//! XML within limits. Owns what is refused before anything is read, the only way to read ([`Element`]), and escaping.

use std::collections::HashSet;

use uppsala::{Document, NodeId, NodeKind, Parser};

use super::error::SamlError;

/// How large a document may be.
pub(super) struct Limits {
    pub(super) bytes: usize,
    pub(super) elements: usize,
}

pub(super) const MESSAGE: Limits = Limits { bytes: super::MAX_MESSAGE_BYTES, elements: 5_000 };

/// Levels of nested elements; honest messages have about a dozen. The parser and the canonicalization recurse.
const MAX_DEPTH: u32 = 32;
const MAX_ATTRIBUTES: usize = 64;
const MAX_NAMESPACES: usize = 32;
/// Names of attributes that the signature library takes for an id, whatever their prefix.
const ID_ATTRIBUTES: [&str; 4] = ["ID", "Id", "id", "AssertionID"];

/// Parses a document without a DTD, within `limits`, in which ids are unique.
pub(super) fn parse<'d>(text: &'d str, limits: &Limits) -> Result<Document<'d>, SamlError> {
    if text.len() > limits.bytes {
        return Err(SamlError::TooLarge { limit: limits.bytes });
    }
    // Also refused inside comments and CDATA, where they would be harmless: no provider writes that.
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(SamlError::DocumentType);
    }
    // Cheaper than the parser, and before it: each element and each attribute costs it memory.
    if text.bytes().filter(|byte| *byte == b'<').count() > limits.elements.saturating_mul(3) {
        return Err(SamlError::TooComplex("elements"));
    }
    let parser = Parser::new().with_max_depth(MAX_DEPTH).with_forbid_dtd(true).with_forbid_entities(true);
    let document = parser
        .parse(text.trim_start_matches('\u{FEFF}'))
        .map_err(|_| if deeper_than(text, MAX_DEPTH) { SamlError::TooComplex("levels") } else { SamlError::NotXml })?;
    check(&document, limits)?;
    Ok(document)
}

/// Whether tags nest deeper, read as tags only. It chooses the words for a document that the parser has refused.
fn deeper_than(text: &str, limit: u32) -> bool {
    let mut depth = 0_u32;
    for tag in text.split('<').skip(1) {
        match tag.as_bytes().first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') | None => {}
            Some(_) => {
                let closes_itself = tag.split_once('>').is_some_and(|(inside, _)| inside.ends_with('/'));
                depth = depth.saturating_add(u32::from(!closes_itself));
            }
        }
        if depth > limit {
            return true;
        }
    }
    false
}

fn check(document: &Document<'_>, limits: &Limits) -> Result<(), SamlError> {
    let mut elements = 0_usize;
    let mut ids = HashSet::new();
    for node in document.descendants(document.root()) {
        let Some(element) = document.element(node) else { continue };
        elements = elements.saturating_add(1);
        if elements > limits.elements {
            return Err(SamlError::TooComplex("elements"));
        }
        if element.attributes.len() > MAX_ATTRIBUTES || element.namespace_declarations.len() > MAX_NAMESPACES {
            return Err(SamlError::TooComplex("attributes"));
        }
        let mut names = HashSet::new();
        for attribute in &element.attributes {
            let name = (attribute.name.namespace_uri.as_deref(), attribute.name.local_name.as_ref());
            if !names.insert(name) {
                return Err(SamlError::NotXml);
            }
            if ID_ATTRIBUTES.contains(&name.1) && !ids.insert(attribute.value.as_ref()) {
                return Err(SamlError::DuplicateId);
            }
        }
    }
    Ok(())
}

/// An element and what is below it. It has no way up or out, so what a signature covers is all that can be read from
/// the signed one.
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    document: &'d Document<'d>,
    node: NodeId,
}

impl<'d> Element<'d> {
    /// The document's only top element.
    pub(super) fn root(document: &'d Document<'d>) -> Result<Self, SamlError> {
        let node = document.document_element().ok_or(SamlError::NotXml)?;
        Ok(Self { document, node })
    }

    /// `node`, if it is an element.
    pub(super) fn at(document: &'d Document<'d>, node: NodeId) -> Option<Self> {
        document.element(node).map(|_| Self { document, node })
    }

    pub(super) fn node(self) -> NodeId {
        self.node
    }

    pub(super) fn is(self, namespace: &str, name: &str) -> bool {
        self.document.element(self.node).is_some_and(|element| element.matches_name_ns(namespace, name))
    }

    /// Its name without a prefix.
    pub(super) fn local_name(self) -> &'d str {
        self.document.element(self.node).map_or("", |element| element.name.local_name.as_ref())
    }

    /// The value of the attribute that has this name and no namespace.
    pub(super) fn attribute(self, name: &str) -> Option<&'d str> {
        let element = self.document.element(self.node)?;
        let found = element.attributes.iter().find(|attribute| attribute.name.matches(None, name))?;
        Some(found.value.as_ref())
    }

    /// Whether an attribute has a namespace (`prefix:name`).
    pub(super) fn has_foreign_attributes(self) -> bool {
        let element = self.document.element(self.node);
        element.is_some_and(|element| element.attributes.iter().any(|attribute| attribute.name.namespace_uri.is_some()))
    }

    /// Namespaces declared on this very element: prefix (empty for the default) and name.
    pub(super) fn declared_namespaces(self) -> impl Iterator<Item = (&'d str, &'d str)> {
        let element = self.document.element(self.node);
        element
            .into_iter()
            .flat_map(|element| &element.namespace_declarations)
            .map(|(p, uri)| (p.as_ref(), uri.as_ref()))
    }

    /// The elements directly below.
    pub(super) fn elements(self) -> impl Iterator<Item = Self> {
        self.document.children_iter(self.node).filter_map(move |node| Self::at(self.document, node))
    }

    /// Those with this name.
    pub(super) fn children(self, namespace: &str, name: &str) -> impl Iterator<Item = Self> {
        self.elements().filter(move |element| element.is(namespace, name))
    }

    /// The one with this name, if there is one.
    ///
    /// # Errors
    /// `Malformed(several)` when there are more.
    pub(super) fn child(self, namespace: &str, name: &str, several: &'static str) -> Result<Option<Self>, SamlError> {
        let mut children = self.children(namespace, name);
        let first = children.next();
        if children.next().is_some() { Err(SamlError::Malformed(several)) } else { Ok(first) }
    }

    /// Every element below, itself included.
    pub(super) fn descendants(self) -> impl Iterator<Item = Self> {
        let below = self.document.descendants(self.node).into_iter().filter(move |node| *node != self.node);
        std::iter::once(self).chain(below.filter_map(move |node| Self::at(self.document, node)))
    }

    /// The whole text directly inside. A comment or a processing instruction does not end it: what the signature
    /// covers reads `user@a.com<!---->.evil.com` as one text, and so must we.
    ///
    /// # Errors
    /// `Malformed(otherwise)` when there are elements inside.
    pub(super) fn text(self, otherwise: &'static str) -> Result<String, SamlError> {
        if self.elements().next().is_some() {
            return Err(SamlError::Malformed(otherwise));
        }
        Ok(self.deep_text())
    }

    /// The whole text inside, that of elements inside included.
    pub(super) fn deep_text(self) -> String {
        let mut text = String::new();
        for node in self.document.descendants(self.node) {
            if let Some(NodeKind::Text(part) | NodeKind::CData(part)) = self.document.node_kind(node) {
                text.push_str(part);
            }
        }
        text
    }

    /// Whether it says that it has no value (`xsi:nil`).
    pub(super) fn is_nil(self) -> bool {
        let element = self.document.element(self.node);
        let nil =
            element.and_then(|element| element.get_attribute_ns("http://www.w3.org/2001/XMLSchema-instance", "nil"));
        matches!(nil, Some("true" | "1"))
    }

    /// Whether there is a comment or a processing instruction anywhere inside.
    pub(super) fn has_comments(self) -> bool {
        self.document.descendants(self.node).into_iter().any(|node| {
            matches!(self.document.node_kind(node), Some(NodeKind::Comment(_) | NodeKind::ProcessingInstruction(_)))
        })
    }
}

/// Escapes text for content and for attributes in double quotes, in XML and in HTML. Line breaks and tabs become references, which parsers
/// do not normalize.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' => escaped.push_str("&#x9;"),
            '\n' => escaped.push_str("&#xA;"),
            '\r' => escaped.push_str("&#xD;"),
            // XML has no way to write these.
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}
