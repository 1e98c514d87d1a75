use serde::Deserialize;
use serde_json::Value;

use super::{Text, Tree, read};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    #[expect(dead_code, reason = "read and not looked at")]
    customer: String,
    express: Option<bool>,
    #[serde(default)]
    items: Vec<Item>,
    note: Option<Address>,
    paid: Option<Paid>,
}

#[derive(Debug, Deserialize)]
struct Item {
    #[expect(dead_code, reason = "read and not looked at")]
    number: u32,
    #[expect(dead_code, reason = "read and not looked at")]
    weight: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Address {
    #[expect(dead_code, reason = "read and not looked at")]
    street: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Paid {
    Already,
    OnDelivery,
}

#[test]
fn what_is_right_is_read() {
    let order: Order = read(
        r#"{"customer":"a\u0301na","express":true,"items":[{"number":7,"weight":1},{"number":8}],"note":null,
            "paid":"on_delivery","more":[[[]]]}"#,
    )
    .unwrap();
    assert!(order.express == Some(true) && order.items.len() == 2 && order.note.is_none());
    assert!(matches!(order.paid, Some(Paid::OnDelivery)) && !matches!(order.paid, Some(Paid::Already)));
}

#[test]
fn what_is_wrong_is_told_with_path_expectation_and_value() {
    for (text, told) in [
        (r#"["ana"]"#, "the body: expected an object, got an array"),
        ("7", "the body: expected an object, got the number 7"),
        ("null", "the body: expected an object, got null"),
        ("{}", "customer: missing"),
        (r#"{"customer":"ana","customer":"bob"}"#, "customer: given more than once"),
        (r#"{"customer":7}"#, "customer: expected a string, got the number 7"),
        (r#"{"customer":{}}"#, "customer: expected a string, got an object"),
        (r#"{"customer":"ana","express":"yes"}"#, r#"express: expected true or false, got the string "yes""#),
        (r#"{"customer":"ana","note":["Main Street"]}"#, "note: expected an object, got an array"),
        (r#"{"customer":"ana","note":{}}"#, "note.street: missing"),
        (r#"{"customer":"ana","items":{}}"#, "items: expected an array, got an object"),
        (r#"{"customer":"ana","items":[{"number":1},[2]]}"#, "items[1]: expected an object, got an array"),
        (
            r#"{"customer":"ana","items":[{"number":1.5}]}"#,
            "items[0].number: expected a whole number, got the number 1.5",
        ),
        (
            r#"{"customer":"ana","items":[{"number":-1}]}"#,
            "items[0].number: expected a whole number from 0 to 4294967295, got the number -1",
        ),
        (
            r#"{"customer":"ana","items":[{"number":1,"weight":"1"}]}"#,
            r#"items[0].weight: expected a number, got the string "1""#,
        ),
        (r#"{"customer":"ana","paid":"never"}"#, r#"paid: "never" is not one of already, on_delivery"#),
        (r#"{"customer":"ana","paid":1}"#, "paid: expected a string, got the number 1"),
        ("{\"customer\":", "the body is not complete JSON: it ends at line 1, column 12"),
        ("{'customer'", "the body is not JSON: what is at line 1, column 2 cannot stand there"),
        ("{} x", "the body is not JSON: what is at line 1, column 4 cannot stand there"),
    ] {
        assert_eq!(read::<Order>(text).unwrap_err().message, told, "{text}");
    }
    let long = format!("{{\"customer\":{:?},\"express\":{0:?}}}", "long".repeat(10_000));
    assert!(read::<Order>(&long).unwrap_err().message.len() < 200);
}

#[test]
fn depth_has_an_end() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read::<Value>(&deep).unwrap_err().message, "the body is nested more than 127 levels deep");
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read::<Value>(&nested(127)).is_ok());
    assert!(read::<Value>(&nested(128)).is_err());
}

#[test]
fn any_json_is_read_as_serde_json_reads_it() {
    for text in [
        "null",
        "[true,false,null,0,-1,18446744073709551615,-9223372036854775808,1e300,0.5]",
        r#"{"a":{"b":["\u00e9\n","x",""]},"":1}"#,
    ] {
        assert_eq!(read::<Value>(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }
}

#[test]
fn a_string_is_borrowed_where_it_can_be() {
    #[derive(Deserialize)]
    struct Two<'a> {
        #[serde(borrow)]
        plain: Text<'a>,
        #[serde(borrow)]
        escaped: Text<'a>,
        #[serde(borrow)]
        rest: Tree<'a>,
    }
    let two: Two<'_> = read(r#"{"plain":"ana","escaped":"\u0061na","rest":["ana"]}"#).unwrap();
    assert!(matches!(two.plain.clone().into_cow(), std::borrow::Cow::Borrowed("ana")));
    assert_eq!((two.plain.as_str(), two.escaped.as_str()), ("ana", "ana"));
    assert_eq!(two.rest.to_string(), "an array");
}
