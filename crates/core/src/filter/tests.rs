//! What a filter means, which filters are refused with which message, and properties of every text.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::parse::Operator;
use super::*;

const FIELDS: [Field; 8] = [
    Field { name: "name", kind: Kind::Text },
    Field { name: "nameLong", kind: Kind::Text },
    Field { name: "createdBy", kind: Kind::Text },
    Field { name: "createdAt", kind: Kind::Date },
    Field { name: "isLocal", kind: Kind::Bool },
    Field { name: "roleId", kind: Kind::Integer },
    Field { name: "status.phase", kind: Kind::Text },
    Field { name: "accessIn", kind: Kind::Scope },
];

fn read(inputs: &[&str]) -> Vec<(&'static str, Test)> {
    parse(inputs, &FIELDS).unwrap().conditions.into_iter().map(|c| (c.field, c.test)).collect()
}

fn refusal(input: &str) -> String {
    parse(&[input], &FIELDS).unwrap_err().to_string()
}

fn is(comparison: Comparison, text: &str) -> Test {
    Test::Compare(comparison, Value::Text(text.to_owned()))
}

fn holds(search: Search, text: &str) -> Test {
    Test::Search(search, text.to_owned())
}

#[test]
fn text_takes_all_eight_operators() {
    for (input, test) in [
        ("name==Ana", is(Comparison::Equal, "Ana")),
        ("name!=Ana", is(Comparison::NotEqual, "Ana")),
        ("name<=Ana", is(Comparison::AtMost, "Ana")),
        ("name>=Ana", is(Comparison::AtLeast, "Ana")),
        ("name=@Ana", holds(Search::Contains, "Ana")),
        ("name!@Ana", holds(Search::NotContains, "Ana")),
        ("name=^Ana", holds(Search::StartsWith, "Ana")),
        ("name=$Ana", holds(Search::EndsWith, "Ana")),
    ] {
        assert_eq!(read(&[input]), [("name", test)], "{input}");
    }
}

#[test]
fn each_kind_takes_its_own_operators_and_no_other() {
    for (field, value, takes) in [
        ("createdAt", "2026-01-31", "== != <= >="),
        ("roleId", "7", "== != <= >="),
        ("isLocal", "true", "== !="),
        ("accessIn", "department:7", "== !="),
        ("name", "x", "== != <= >= =@ !@ =^ =$"),
    ] {
        let taken: Vec<_> = Operator::ALL
            .into_iter()
            .map(Operator::symbol)
            .filter(|symbol| parse(&[&format!("{field}{symbol}{value}")], &FIELDS).is_ok())
            .collect();
        assert_eq!(taken.join(" "), takes, "{field}");
    }
}

#[test]
fn values_have_the_type_of_their_field() {
    let equal = |value| Test::Compare(Comparison::Equal, value);
    let midnight = Timestamp::parse("2024-09-24T00:00:00Z").unwrap();
    for (input, value) in [
        ("createdAt==2024-09-24", Value::Date(midnight)),
        ("createdAt==2024-09-24T02:00:00+02:00", Value::Date(midnight)),
        ("isLocal==true", Value::Bool(true)),
        ("isLocal==False", Value::Bool(false)),
        ("roleId==-12", Value::Integer(-12)),
        ("accessIn==project:33", Value::Scope(ScopeKind::Project, "33".to_owned())),
        ("name==true", Value::Text("true".into())),
    ] {
        assert_eq!(read(&[input])[0].1, equal(value), "{input}");
    }
}

#[test]
fn a_comma_separates_only_where_a_known_field_and_an_operator_follow() {
    let values = |input: &str| -> Vec<String> {
        let filter = parse(&[input], &FIELDS).unwrap();
        filter.conditions.iter().map(|c| input.get(c.span.clone()).unwrap().to_owned()).collect()
    };
    assert_eq!(values("createdBy=@a,createdAt>=2024-01-01"), ["a", "2024-01-01"]);
    assert_eq!(values("createdBy=@a,xcreatedAt>=2024-01-01"), ["a,xcreatedAt>=2024-01-01"]);
    assert_eq!(values("createdBy=@a,createdAtx>=2024-01-01"), ["a,createdAtx>=2024-01-01"]);
    assert_eq!(values("createdBy=@a,CreatedAt>=2024-01-01"), ["a,CreatedAt>=2024-01-01"]);
    assert_eq!(values("createdBy=@a,createdAt=2024-01-01"), ["a,createdAt=2024-01-01"]);
    assert_eq!(values("createdBy=@a, name==b"), ["a, name==b"]);
    assert_eq!(values("name==a,nameLong==b,name==c"), ["a", "b", "c"]);
    assert_eq!(values("name==a,,name==b"), ["a,", "b"]);
    assert_eq!(values("name==a,"), ["a,"]);
    assert_eq!(values("name==,"), [","]);
    assert_eq!(values("name=== @\"x\" name==y"), ["= @\"x\" name==y"]);
    assert_eq!(values("name=@größe, λ,status.phase==Ready"), ["größe, λ", "Ready"]);
    assert_eq!(values("name== "), [" "]);
}

#[test]
fn repeated_parameters_and_joined_ones_mean_the_same() {
    let joined = read(&["name=@ana,isLocal==true,roleId<=3"]);
    assert_eq!(joined.len(), 3);
    assert_eq!(read(&["name=@ana", "isLocal==true", "roleId<=3"]), joined);
    assert_eq!(read(&["name=@ana,isLocal==true", "", "roleId<=3"]), joined);
    let second = parse(&["name=@ana", "isLocal==true"], &FIELDS).unwrap().conditions[1].clone();
    assert_eq!((second.input, second.span), (1, 9..13));
}

#[test]
fn nothing_filters_nothing() {
    assert_eq!(parse(&[], &FIELDS).unwrap(), Filter::default());
    assert_eq!(parse(&["", ""], &FIELDS).unwrap(), Filter::default());
}

#[test]
fn a_refusal_names_the_part_its_place_and_what_would_be_right() {
    assert_snapshot!(refusal("colour==red"), @r#""colour" at byte 0 is not a known field; a filter is field, operator, value, and the fields are name, nameLong, createdBy, createdAt, isLocal, roleId, status.phase, accessIn"#);
    assert_snapshot!(refusal("Name==red"), @r#""Name" at byte 0 is not a known field; a filter is field, operator, value, and the fields are name, nameLong, createdBy, createdAt, isLocal, roleId, status.phase, accessIn"#);
    assert_snapshot!(refusal("==red,name==x"), @r#""==red" at byte 0 is not a known field; a filter is field, operator, value, and the fields are name, nameLong, createdBy, createdAt, isLocal, roleId, status.phase, accessIn"#);
    assert_snapshot!(refusal(" name==x"), @r#"" name==x" at byte 0 is not a known field; a filter is field, operator, value, and the fields are name, nameLong, createdBy, createdAt, isLocal, roleId, status.phase, accessIn"#);
    assert_snapshot!(refusal("name=ana,isLocal==true"), @r#""name=ana" at byte 0 lacks an operator; name holds text and takes == != <= >= =@ !@ =^ =$"#);
    assert_snapshot!(refusal("createdAt"), @r#""createdAt" at byte 0 lacks an operator; createdAt holds an ISO 8601 date (2026-01-31T09:30:00Z or 2026-01-31) and takes == != <= >="#);
    assert_snapshot!(refusal("name==a,createdAt=@2026"), @r#""=@" at byte 17 does not suit createdAt, which holds an ISO 8601 date (2026-01-31T09:30:00Z or 2026-01-31) and takes == != <= >="#);
    assert_snapshot!(refusal("isLocal<=true"), @r#""<=" at byte 7 does not suit isLocal, which holds true or false and takes == !="#);
    assert_snapshot!(refusal("name==a,roleId=^1"), @r#""=^" at byte 14 does not suit roleId, which holds a whole number of at most 64 bits and takes == != <= >="#);
    assert_snapshot!(refusal("name==a,createdBy=@,isLocal==true"), @r#""createdBy=@" at byte 8 lacks a value after the operator"#);
    assert_snapshot!(refusal("name=="), @r#""name==" at byte 0 lacks a value after the operator"#);
    assert_snapshot!(refusal("isLocal==yes"), @r#""yes" at byte 9 is not a value for isLocal, which holds true or false"#);
    for scope in ["department", "department:", "room:7", ":7", "7"] {
        assert!(refusal(&format!("accessIn=={scope}")).ends_with(
            "is not a value for accessIn, which holds a scope: tenant, cluster, department or project, a colon and its id (department:7)"
        ));
    }
    assert_snapshot!(refusal("roleId==9223372036854775808"), @r#""9223372036854775808" at byte 8 is not a value for roleId, which holds a whole number of at most 64 bits"#);
    assert_snapshot!(refusal("createdAt>=notadate,name==x"), @r#""notadate" at byte 11 is not a value for createdAt, which holds an ISO 8601 date (2026-01-31T09:30:00Z or 2026-01-31)"#);
    assert_snapshot!(refusal("name==a\0b"), @r#""<U+0000>" at byte 7 is a control character; remove it"#);
    let second = parse(&["name==a", "isLocal==true,isLocal==1"], &FIELDS).unwrap_err();
    assert_snapshot!(second, @r#""1" at byte 23 of value 2 is not a value for isLocal, which holds true or false"#);
    assert_snapshot!(parse(&["name==a"], &[]).unwrap_err(), @r#""name" at byte 0 is not a known field; this list has none to filter by"#);
}

#[test]
fn what_follows_a_typed_value_and_begins_with_no_known_field_is_the_wrong_part() {
    assert_snapshot!(refusal("isLocal==true,colour==red,name==x"), @r#""colour" at byte 14 is not a known field; a filter is field, operator, value, and the fields are name, nameLong, createdBy, createdAt, isLocal, roleId, status.phase, accessIn"#);
    assert_snapshot!(refusal("roleId==1,name"), @r#""name" at byte 10 lacks an operator; name holds text and takes == != <= >= =@ !@ =^ =$"#);
    assert_snapshot!(refusal("roleId==1,"), @r#"the empty text after the comma at byte 10 is not a known field; a filter is field, operator, value, and the fields are name, nameLong, createdBy, createdAt, isLocal, roleId, status.phase, accessIn"#);
    assert_snapshot!(refusal("isLocal==tru,colour==red"), @r#""tru,colour==red" at byte 9 is not a value for isLocal, which holds true or false"#);
}

#[test]
fn dates_that_are_none_are_refused() {
    for date in [
        "notadate",
        "10000-01-01",
        "10000-01-01T00:00:00Z",
        "+010000-01-01T00:00:00Z",
        "2026-02-30",
        "2026-13-01",
        "2026-01-31T25:00:00Z",
        "2026-01-31T09:30:00",
        "2026-01-31T09:30:00 02:00",
        "1769851800",
        " 2026-01-31",
        "2026-01-31 ",
        "99999999999999999999999999",
    ] {
        let error = parse(&[&format!("createdAt>={date}")], &FIELDS).unwrap_err();
        assert_eq!(error.problem, Problem::WrongValue { field: "createdAt", kind: Kind::Date }, "{date}");
        assert_eq!((error.position, error.part.as_str()), (11, date));
    }
}

#[test]
fn a_filter_has_limits_and_a_refusal_stays_short() {
    let conditions = vec!["name==a"; MOST_CONDITIONS].join(",");
    assert_eq!(read(&[&conditions]).len(), MOST_CONDITIONS);
    assert_snapshot!(parse(&[&conditions, "isLocal==true"], &FIELDS).unwrap_err(), @r#""isLocal==true" at byte 0 of value 2 is one condition too many; a filter has at most 32"#);
    assert_snapshot!(refusal(&format!("{conditions},roleId==1")), @r#""roleId==1" at byte 256 is one condition too many; a filter has at most 32"#);

    let longest = format!("name=={}", "é".repeat(MOST_CHARACTERS - 6));
    assert!(parse(&[&longest], &FIELDS).is_ok());
    assert_snapshot!(refusal(&format!("{longest}x")), @r#""name==éééééééééééééééééééééééééééééééééééééééééééééééééééééé…" at byte 0 starts a filter that is too long; one value has at most 8192 characters"#);
    assert!(refusal(&"é".repeat(MOST_CHARACTERS + 1)).len() < 400);
    assert!(refusal(&format!("isLocal=={}", "é".repeat(1000))).len() < 400);
}

/// Texts of tricky parts: names, operators, commas, typed values, wide characters.
fn confusing(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(FIELDS.map(|field| field.name).to_vec()).prop_map(str::to_owned),
        4 => proptest::sample::select(Operator::ALL.map(Operator::symbol).to_vec()).prop_map(str::to_owned),
        4 => Just(",".to_owned()),
        2 => proptest::sample::select(vec!["2026-01-31", "true", "7", "=", "!", " ", "\"", "x", "é", "🦀", "%"])
            .prop_map(str::to_owned),
        1 => "\\PC{1,3}",
    ];
    proptest::collection::vec(piece, pieces).prop_map(|pieces| pieces.concat())
}

/// A text that can be the value of a condition, judged by searching for every separator.
fn value_text() -> impl Strategy<Value = String> {
    confusing(1..6).prop_filter("a separator inside", |text| {
        FIELDS.iter().all(|field| {
            Operator::ALL.iter().all(|operator| !text.contains(&format!(",{}{}", field.name, operator.symbol())))
        })
    })
}

/// From the beginning of the year 0000 to 9999-12-30T22:00:00Z, the last instant that every offset can write.
const MILLIS: std::ops::Range<i64> = -62_167_219_200_000..253_402_207_200_000;

fn condition() -> impl Strategy<Value = (&'static str, Test)> {
    let of_kind = |kind: Kind| {
        let taken: Vec<_> = Operator::ALL.into_iter().filter(|operator| operator.suits(kind)).collect();
        proptest::sample::select(taken)
    };
    let compare = |operator: Operator, value: Value| match (operator, value) {
        (Operator::Compare(comparison), value) => Test::Compare(comparison, value),
        (Operator::Search(search), value) => Test::Search(search, value.to_string()),
    };
    let text = proptest::sample::select(vec!["name", "nameLong", "createdBy", "status.phase"]);
    prop_oneof![
        3 => (text, of_kind(Kind::Text), value_text()).prop_map(move |(field, o, v)| (field, compare(o, Value::Text(v)))),
        1 => (of_kind(Kind::Date), MILLIS)
            .prop_map(move |(o, v)| ("createdAt", compare(o, Value::Date(Timestamp::from_millis(v))))),
        1 => (of_kind(Kind::Bool), any::<bool>()).prop_map(move |(o, v)| ("isLocal", compare(o, Value::Bool(v)))),
        1 => (of_kind(Kind::Scope), proptest::sample::select(ScopeKind::ALL.to_vec()), value_text())
            .prop_map(move |(o, kind, id)| ("accessIn", compare(o, Value::Scope(kind, id)))),
        1 => (of_kind(Kind::Integer), any::<i64>()).prop_map(move |(o, v)| ("roleId", compare(o, Value::Integer(v)))),
    ]
}

/// Properties of the result for any text, accepted or refused.
fn check(inputs: &[&str]) -> Result<(), TestCaseError> {
    match parse(inputs, &FIELDS) {
        Ok(filter) => {
            for condition in &filter.conditions {
                let value = inputs[condition.input].get(condition.span.clone());
                prop_assert!(value.is_some_and(|value| !value.is_empty()), "{condition:?}");
                if let Test::Compare(_, Value::Text(text)) | Test::Search(_, text) = &condition.test {
                    prop_assert_eq!(value, Some(text.as_str()));
                }
            }
            let again = read(&[&filter.to_string()]);
            let tests: Vec<_> = filter.conditions.into_iter().map(|c| (c.field, c.test)).collect();
            prop_assert_eq!(again, tests);
        }
        Err(error) => {
            let from = inputs[error.input].get(error.position..);
            prop_assert!(from.is_some(), "{error:?}");
            if error.problem != Problem::ControlCharacter {
                prop_assert!(from.unwrap().starts_with(error.part.trim_end_matches('…')), "{error:?}");
            }
            prop_assert!(error.to_string().len() < 700);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_printed_filter_reads_as_itself(conditions in proptest::collection::vec(condition(), 0..8)) {
        let filter = Filter {
            conditions: conditions
                .iter()
                .map(|(field, test)| Condition { field, test: test.clone(), input: 0, span: 0..0 })
                .collect(),
        };
        prop_assert_eq!(read(&[&filter.to_string()]), conditions.clone());
        let each: Vec<_> = filter.conditions.iter().map(ToString::to_string).collect();
        let each: Vec<_> = each.iter().map(String::as_str).collect();
        prop_assert_eq!(read(&each), conditions);
    }

    #[test]
    fn any_text_is_read_or_refused_in_its_place(first in any::<String>(), second in any::<String>()) {
        check(&[&first, &second])?;
        check(&[&format!("name=={first}"), &format!("isLocal==true,{second}")])?;
    }

    #[test]
    fn confusing_text_is_read_or_refused_in_its_place(first in confusing(0..20), second in confusing(0..20)) {
        check(&[&first])?;
        check(&[&format!("name=={first}"), &second])?;
        check(&[&format!("createdBy=@{first},{second}")])?;
        check(&[&format!("roleId>=7,{first}")])?;
    }
}
