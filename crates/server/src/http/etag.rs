//! Entity tags (RFC 9110, section 8.8.3): they detect concurrent changes of one entity.
//!
//! The tag of an entity is the revision of its last change, in quotes. A client that changes the entity may send the
//! tag that it has read in `If-Match`. This module writes and parses tags; the change compares them.
//!
//! Nothing is answered with 304: responses are not to be stored, and a user's last sign-in is shown without changing
//! the tag.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result, RevisionStamp};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{HeaderBuilder, ObjectBuilder, OpenApi, RefOr, Required, Type};

use super::limits;

/// An answer with the tag of the thing that it shows.
pub fn tagged(mut response: Response, last_change: RevisionStamp) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{last_change}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The revisions in `If-Match`; `None` where it is absent or `*`, which matches every changeable entity.
///
/// The comparison is the strong one (section 13.1.1): weak tags, and tags that the server never issues, match nothing.
///
/// # Errors
/// Invalid when it is no list of tags.
pub fn if_match(headers: &HeaderMap) -> Result<Option<Vec<RevisionStamp>>> {
    let mut lines = Vec::new();
    for value in headers.get_all(header::IF_MATCH) {
        let visible = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~' | 0x80..);
        if !value.as_bytes().iter().all(visible) {
            return Err(malformed(""));
        }
        // Tags may contain bytes that are not UTF-8. Ours never do, so how those bytes are decoded does not matter.
        lines.push(String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let list = lines.join(",");
    limits::ensure_field("If-Match", &list, limits::IF_MATCH)?;
    if list.trim() == "*" { Ok(None) } else { tags(&list).map(Some) }
}

fn tags(list: &str) -> Result<Vec<RevisionStamp>> {
    let mut revisions = Vec::new();
    let mut any = false;
    let mut rest = list;
    loop {
        // A list may have empty elements (section 5.6.1).
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return if any { Ok(revisions) } else { Err(malformed(list)) };
        }
        let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |quoted| (true, quoted));
        let opened = quoted.strip_prefix('"').ok_or_else(|| malformed(list))?;
        let (tag, after) = opened.split_once('"').ok_or_else(|| malformed(list))?;
        let after = after.trim_start_matches([' ', '\t']);
        if tag.contains([' ', '\t']) || !(after.is_empty() || after.starts_with(',')) {
            return Err(malformed(list));
        }
        any = true;
        rest = after;
        revisions.extend(RevisionStamp::parse(tag).filter(|_| !weak));
    }
}

fn malformed(list: &str) -> Error {
    Error::invalid(format!(
        "If-Match: {} is neither * nor a list of ETags such as \"17-0123456789abcdef\" with the quotes; send the ETag as you received it",
        quoted(list)
    ))
}

/// The paths whose operations use tags, by entity.
const TAGGED: [&str; 7] =
    ["{clusterUuid}", "{departmentId}", "{projectId}", "{userId}", "{serviceAccountId}", "{idp}", "{roleId}"];

/// Documents which operations return a tag, and which respect `If-Match`.
pub fn describe(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        if TAGGED.iter().any(|id| path.ends_with(id)) {
            item.get.iter_mut().chain(&mut item.put).for_each(answers_with_tag);
        }
        if TAGGED.iter().any(|id| path.contains(id)) {
            for operation in [&mut item.put, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten() {
                operation.parameters.get_or_insert_default().push(RefOr::T(if_match_parameter()));
            }
        }
    }
}

fn answers_with_tag(operation: &mut Operation) {
    if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") {
        let tag = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
            .description(Some(
                "The revision of the last change to this and its id, in quotes, for If-Match. Absent where the caller sees no more than a \
                 name. Signing in is no change",
            ))
            .build();
        answer.headers.insert("ETag".to_owned(), RefOr::T(tag));
    }
}

fn if_match_parameter() -> Parameter {
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The ETag that this was read with, or several: 412, and nothing happens, when it was changed since",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(limits::IF_MATCH)).build()))
        .example(Some("\"17-0123456789abcdef\"".into()))
        .build()
}

#[cfg(test)]
mod tests {
    use rolecall_core::{Revision, RevisionId};

    use super::*;

    /// The tag with that number.
    fn tag(number: i64) -> String {
        format!("\"{}\"", RevisionStamp { revision: Revision::new(number), id: RevisionId::new(0xa1) })
    }

    fn read(lines: &[&[u8]]) -> Result<Option<Vec<i64>>> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::IF_MATCH, HeaderValue::from_bytes(line).unwrap());
        }
        Ok(if_match(&headers)?.map(|revisions| revisions.into_iter().map(RevisionStamp::number).collect()))
    }

    #[test]
    fn a_list_of_tags_is_read_as_the_standard_says() {
        assert_eq!(read(&[]).unwrap(), None);
        let (one, two) = (&tag(17), &tag(18));
        let cases: [(&[&str], Option<Vec<i64>>); 12] = [
            (&["*"], None),
            (&[" * "], None),
            (&[one], Some(vec![17])),
            (&[&tag(0)], Some(vec![0])),
            (&[&format!("{one}, {two},{}", tag(19))], Some(vec![17, 18, 19])),
            (&[one, two], Some(vec![17, 18])),
            (&[&format!(", {one} ,, {two} ,")], Some(vec![17, 18])),
            // Weak tags, and tags that we never give, match nothing.
            (&[&format!("W/{one}")], Some(vec![])),
            (&[&format!("W/{one}, {two}")], Some(vec![18])),
            (&["\"\""], Some(vec![])),
            (&["\"17\""], Some(vec![])),
            (
                &["\"017-00000000000000a1\", \"17-a1\", \"a,b\", \"*\", \"99999999999999999999-00000000000000a1\""],
                Some(vec![]),
            ),
        ];
        for (lines, expected) in cases {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(read(&lines).unwrap(), expected, "{lines:?}");
        }
        let with_bytes = [b"\"\xff\", ".as_slice(), one.as_bytes()].concat();
        assert_eq!(read(&[&with_bytes]).unwrap(), Some(vec![17]));
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        for line in [
            "",
            " ",
            ",",
            "17",
            "\"17",
            "17\"",
            "\"17\" \"18\"",
            "\"17\"x",
            "w/\"17\"",
            "W/17",
            "*, \"17\"",
            "**",
            "\"1 7\"",
        ] {
            let error = read(&[line.as_bytes()]).expect_err(line);
            assert!(error.message.starts_with("If-Match: "), "{}", error.message);
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let response = tagged(
            Response::new(axum::body::Body::empty()),
            RevisionStamp { revision: Revision::new(42), id: RevisionId::new(7) },
        );
        assert_eq!(read(&[response.headers()[header::ETAG].as_bytes()]).unwrap(), Some(vec![42]));
    }
}
