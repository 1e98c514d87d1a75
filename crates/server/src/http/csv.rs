//! Lists as CSV (RFC 4180) for spreadsheets, streamed, with a UTF-8 byte order mark, and with cells that cannot be
//! executed.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};

use super::parameter::Words;
use super::{error, limits};
use crate::app::exports::Export;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A column of a list.
#[derive(Debug)]
pub struct Column<R> {
    /// Its name in `sortBy`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// A record's value.
    pub cell: fn(&R) -> String,
}

/// A creator as the console names it (`console/src/authors.ts`).
#[must_use]
pub fn author(name: &str) -> String {
    match name {
        "host" => "Installation",
        "oidc" => "Single sign-on",
        person => person,
    }
    .to_owned()
}

/// The columns that `columns` names, in its order; all if it is empty.
///
/// # Errors
/// `Invalid`, with the unknown name.
pub fn columns<R>(wanted: &Words<{ limits::NAME }>, all: &'static [Column<R>]) -> Result<Vec<&'static Column<R>>> {
    let mut chosen = Vec::new();
    for name in wanted.iter() {
        let column = all.iter().find(|column| column.name == name).ok_or_else(|| {
            let known: Vec<_> = all.iter().map(|column| column.name).collect();
            Error::invalid(format!("columns: {} is not one of {}", quoted(name), known.join(", ")))
        })?;
        if chosen.len() == all.len() {
            return Err(Error::invalid(format!("columns: too many; there are only {}", all.len())));
        }
        chosen.push(column);
    }
    Ok(if chosen.is_empty() { all.iter().collect() } else { chosen })
}

/// A CSV file of all records. An error before the first record is a normal response. A later one breaks the response
/// off, so that no client takes a part for the whole.
///
/// # Errors
/// When the first records cannot be read.
pub async fn file<R: Send + 'static>(
    name: &str,
    columns: Vec<&'static Column<R>>,
    mut records: Export<R>,
) -> Result<Response> {
    let first = records.next().await?;
    let mut begin = BYTE_ORDER_MARK.to_vec();
    let titles = columns.iter().map(|column| column.title);
    writer(&mut begin).write_record(titles).map_err(Error::internal)?;
    if let Some(records) = &first {
        push_records(&mut begin, &columns, records).map_err(Error::internal)?;
    }
    let rest = first.map(|_| Rest { columns, records });
    let body = stream::try_unfold((Some(begin), rest), |(begin, rest)| async move {
        if let Some(begin) = begin {
            return Ok(Some((Bytes::from(begin), (None, rest))));
        }
        let Some(mut rest) = rest else { return Ok(None) };
        Ok::<_, io::Error>(rest.lines().await?.map(|lines| (lines, (None, Some(rest)))))
    });
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, disposition.as_str())];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// The rows still to write.
struct Rest<R: 'static> {
    columns: Vec<&'static Column<R>>,
    records: Export<R>,
}

impl<R: Send + 'static> Rest<R> {
    async fn lines(&mut self) -> io::Result<Option<Bytes>> {
        match self.records.next().await {
            Ok(Some(records)) => {
                let mut lines = Vec::new();
                push_records(&mut lines, &self.columns, &records)?;
                Ok(Some(Bytes::from(lines)))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                error::log(&error);
                Err(io::Error::other("the list cannot be read to its end"))
            }
        }
    }
}

fn push_records<R>(text: &mut Vec<u8>, columns: &[&Column<R>], records: &[R]) -> io::Result<()> {
    let mut lines = writer(text);
    for record in records {
        lines.write_record(columns.iter().map(|column| harmless((column.cell)(record))))?;
    }
    lines.flush()
}

/// A writer of lines behind `text`: RFC 4180 ends them with CR LF.
fn writer(text: &mut Vec<u8>) -> csv::Writer<&mut Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(text)
}

/// The cell with an apostrophe, which marks text, before whatever a spreadsheet takes for the start of a formula; with Chinese,
/// Japanese or Korean settings also the full-width forms.
fn harmless(cell: String) -> String {
    let is_start = |char| matches!(char, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n');
    if !cell.contains(is_start) {
        return cell;
    }
    let mut text = String::with_capacity(cell.len() + 1);
    let mut may_begin = true;
    for char in cell.chars() {
        if may_begin && is_start(char) {
            text.push('\'');
        }
        text.push(char);
        // Where lists are separated by semicolons or tabs, a cell starts after one of these, even within quotes.
        may_begin = matches!(char, ';' | '\t' | '\r' | '\n') || may_begin && char == '"';
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cells: &[&str]) -> String {
        let mut text = Vec::new();
        writer(&mut text).write_record(cells.iter().map(|cell| harmless((*cell).to_owned()))).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn commas_quotes_and_line_breaks_stay_within_their_cell() {
        assert_eq!(
            line(&["a,b", "say \"hi\"", "two\nlines", "plain"]),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",plain\r\n"
        );
    }

    #[test]
    fn what_a_spreadsheet_would_execute_is_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)"] {
            assert_eq!(line(&[cell]), format!("'{cell}\r\n"));
        }
        assert_eq!(line(&["=1,2"]), "\"'=1,2\"\r\n");
        for blank in ["\r", "\n"] {
            assert_eq!(line(&[&format!("{blank}=1")]), format!("\"'{blank}'=1\"\r\n"));
        }
        assert_eq!(line(&["\t=1"]), "'\t'=1\r\n");
        assert_eq!(line(&["ana@example.com", "a=b", "a＝b"]), "ana@example.com,a=b,a＝b\r\n");
        assert_eq!(
            line(&["=cmd|'/c calc'!a1@example.com"]),
            "'=cmd|'/c calc'!a1@example.com\r\n",
            "an email may begin so"
        );
    }

    #[test]
    fn nor_would_one_execute_it_that_separates_by_semicolons() {
        assert_eq!(line(&["a;=1", "a;＝1", "b;c;@SUM(A1)", "d; e=f"]), "a;'=1,a;'＝1,b;c;'@SUM(A1),d; e=f\r\n");
        assert_eq!(line(&["a;\"=1\"", "b\n-1"]), "\"a;\"\"'=1\"\"\",\"b\n'-1\"\r\n");
        assert_eq!(line(&["\"=1\""]), "\"\"\"'=1\"\"\"\r\n");
    }

    #[test]
    fn columns_are_chosen_by_name() {
        static ALL: [Column<u8>; 2] = [
            Column { name: "one", title: "One", cell: u8::to_string },
            Column { name: "two", title: "Two", cell: u8::to_string },
        ];
        let chosen = |query: &str| {
            columns(&Words::from(query), &ALL)
                .map(|chosen| chosen.iter().map(|column| column.title).collect::<Vec<_>>())
        };
        assert_eq!(chosen("").unwrap(), ["One", "Two"]);
        assert_eq!(chosen("two,one").unwrap(), ["Two", "One"]);
        assert_eq!(chosen("two").unwrap(), ["Two"]);
        assert!(chosen("three").unwrap_err().message.contains("\"three\" is not one of one, two"));
        assert!(chosen("one,one,one").is_err());
    }
}
