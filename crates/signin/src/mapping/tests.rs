//! One test for each rule: what providers send, and what a person becomes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn of_claims(value: Value) -> Result<Mapped, MappingError> {
    map(Received::Claims(&object(value)), &Mappers::default())
}

fn of_attributes(pairs: &[(&str, &[&str])]) -> Result<Mapped, MappingError> {
    let attributes: BTreeMap<String, Vec<String>> = pairs
        .iter()
        .map(|(name, values)| ((*name).to_owned(), values.iter().map(|v| (*v).to_owned()).collect()))
        .collect();
    map(Received::Attributes(&attributes), &Mappers::default())
}

fn present(names: &[&str]) -> Groups {
    Groups::Present(names.iter().map(|name| (*name).to_owned()).collect())
}

fn with_groups(value: Value) -> Result<Groups, MappingError> {
    of_claims(json!({"GROUPS": value})).map(|mapped| mapped.groups)
}

#[test]
fn a_person_with_everything() {
    let mapped = of_claims(json!({
        "sub": "1", "email": "ana@example.com", "email_verified": true, "given_name": "Ana", "family_name": "Łuc",
        "GROUPS": ["b", "a"], "UID": 1000, "GID": "2000", "SUPPLEMENTARYGROUPS": [3, "4", 3]
    }))
    .unwrap();

    assert_eq!(
        mapped,
        Mapped {
            email: Some("ana@example.com".to_owned()),
            email_verified: Verified::Yes,
            groups: present(&["b", "a"]),
            uid: Some(1000),
            gid: Some(2000),
            supplementary_groups: vec![3, 4],
            first_name: Some("Ana".to_owned()),
            last_name: Some("Łuc".to_owned()),
            warnings: Vec::new(),
        }
    );
}

#[test]
fn a_person_with_nothing() {
    for mapped in [of_claims(json!({})).unwrap(), of_attributes(&[]).unwrap()] {
        assert_eq!(mapped.email, None);
        assert_eq!(mapped.email_verified, Verified::Absent);
        assert_eq!(mapped.groups, Groups::Absent { why: NoGroups::Missing { claim: "GROUPS".to_owned() } });
        assert_eq!((mapped.uid, mapped.gid, mapped.supplementary_groups.len()), (None, None, 0));
        assert_eq!((mapped.first_name, mapped.last_name, mapped.warnings.len()), (None, None, 0));
    }
}

#[test]
fn attributes_of_saml_have_any_number_of_values() {
    let mapped = of_attributes(&[
        ("email", &["ana@example.com"]),
        ("firstName", &["Ana"]),
        ("GROUPS", &["CN=a,OU=b", "c"]),
        ("UID", &["1000"]),
        ("GID", &[""]),
        ("SUPPLEMENTARYGROUPS", &["3", "4"]),
    ])
    .unwrap();

    assert_eq!(mapped.email.as_deref(), Some("ana@example.com"));
    assert_eq!(mapped.email_verified, Verified::Absent);
    assert_eq!(mapped.groups, present(&["CN=a,OU=b", "c"]));
    assert_eq!((mapped.uid, mapped.gid), (Some(1000), None));
    assert_eq!(mapped.supplementary_groups, [3, 4]);
    assert_eq!(mapped.first_name.as_deref(), Some("Ana"));
    assert_eq!(of_attributes(&[("GROUPS", &[])]).unwrap().groups, present(&[]));

    // Names of attributes contain dots, which lead nowhere.
    let attributes = BTreeMap::from([("a".to_owned(), vec!["b".to_owned()])]);
    let mappers = Mappers { groups: "a.b".to_owned(), ..Mappers::default() };
    let mapped = map(Received::Attributes(&attributes), &mappers).unwrap();
    assert!(matches!(mapped.groups, Groups::Absent { .. }));
}

#[test]
fn groups_are_a_list_a_text_or_the_values_of_an_object() {
    assert_eq!(with_groups(json!(["a", "b"])), Ok(present(&["a", "b"])));
    assert_eq!(with_groups(json!("CN=a,OU=b")), Ok(present(&["CN=a,OU=b"])));
    assert_eq!(with_groups(json!({"1": "a", "2": "b"})), Ok(present(&["a", "b"])));
    assert_eq!(with_groups(json!(["a", "A", "a", "é", "e\u{301}"])), Ok(present(&["a", "A", "é", "e\u{301}"])));
    for none in [json!([]), json!({})] {
        assert_eq!(with_groups(none), Ok(present(&[])));
    }
    assert!(matches!(with_groups(json!(null)), Ok(Groups::Absent { .. })));
}

#[test]
fn groups_of_another_form_are_refused_and_shown() {
    for (value, came) in [
        (json!(7), "7"),
        (json!(true), "true"),
        (json!(["a", 1]), r#"["a",1]"#),
        (json!([["a"]]), r#"[["a"]]"#),
        (json!([null]), "[null]"),
        (json!({"a": {"b": "c"}}), r#"{"a":{"b":"c"}}"#),
        (json!({"a": ["b"]}), r#"{"a":["b"]}"#),
    ] {
        let refused = with_groups(value).unwrap_err();
        assert_eq!(refused.code(), "claim-groups");
        assert!(refused.to_string().contains("\"GROUPS\" must hold group names"), "{refused}");
        assert!(refused.to_string().contains(&format!("and is {came};")), "{refused}");
    }
    let long = with_groups(json!([1, "x".repeat(5000)])).unwrap_err().to_string();
    assert!(long.len() < 500, "{long}");
}

#[test]
fn names_that_cannot_be_groups_are_left_out_with_a_warning() {
    let long = "x".repeat(256);
    let kept = "x".repeat(255);
    let mapped = of_claims(json!({"GROUPS": [
        "a", "", "  ", "b\n", "b\u{7f}", " c", "c ", long, kept, "system:masters", "System:nodes", "systems", "a  b"
    ]}))
    .unwrap();

    assert_eq!(mapped.groups, present(&["a", &kept, "systems", "a  b"]));
    let counts: Vec<_> = mapped
        .warnings
        .iter()
        .map(|warning| match warning {
            Warning::Groups { why, count, .. } => (*why, *count),
            Warning::Name { .. } => panic!("{warning}"),
        })
        .collect();
    assert_eq!(
        counts,
        [
            (Unusable::Empty, 2),
            (Unusable::Control, 2),
            (Unusable::Spaces, 2),
            (Unusable::TooLong, 1),
            (Unusable::System, 2)
        ]
    );
    let text = mapped.warnings[4].to_string();
    assert!(text.contains("\"system:masters\", \"System:nodes\""), "{text}");
    assert!(mapped.warnings.iter().all(|warning| warning.to_string().len() < 500));
}

#[test]
fn two_thousand_groups_are_the_limit() {
    let many = |count: usize| json!((0..count).map(|number| format!("g{number}")).collect::<Vec<_>>());
    assert!(matches!(with_groups(many(2000)), Ok(Groups::Present(names)) if names.len() == 2000));
    assert_eq!(
        with_groups(many(2001)),
        Err(MappingError::TooManyGroups { claim: "\"GROUPS\"".to_owned(), count: 2001 })
    );
    // Copies are not counted.
    assert_eq!(with_groups(json!(vec!["a"; 5000])), Ok(present(&["a"])));
}

#[test]
fn entras_overage_is_not_the_absence_of_groups() {
    let mappers = Mappers { groups: "groups".to_owned(), ..Mappers::default() };
    let groups = |value: Value| map(Received::Claims(&object(value)), &mappers).unwrap().groups;
    let overage = Groups::Absent { why: NoGroups::Overage { claim: "groups".to_owned() } };

    let sources = json!({"src1": {"endpoint": "https://graph.windows.net/x/users/y/getMemberObjects"}});
    assert_eq!(groups(json!({"_claim_names": {"groups": "src1"}, "_claim_sources": sources})), overage);
    assert_eq!(groups(json!({"hasgroups": true})), overage);
    assert_eq!(groups(json!({"hasgroups": "true"})), overage);

    let missing = Groups::Absent { why: NoGroups::Missing { claim: "groups".to_owned() } };
    assert_eq!(groups(json!({"_claim_names": {"roles": "src1"}})), missing);
    assert_eq!(groups(json!({"_claim_names": "groups"})), missing);
    assert_eq!(groups(json!({"hasgroups": false})), missing);
    assert_eq!(groups(json!({"hasgroups": true, "groups": ["a"]})), present(&["a"]));
}

#[test]
fn dots_lead_into_objects_only_where_no_claim_has_the_name() {
    let mappers = |groups: &str| Mappers { groups: groups.to_owned(), ..Mappers::default() };
    let groups = |claims: Value, name: &str| map(Received::Claims(&object(claims)), &mappers(name)).unwrap().groups;

    let keycloak = json!({"realm_access": {"roles": ["a"]}, "resource_access": {"runai": {"roles": ["b"]}}});
    assert_eq!(groups(keycloak.clone(), "realm_access.roles"), present(&["a"]));
    assert_eq!(groups(keycloak.clone(), "resource_access.runai.roles"), present(&["b"]));
    assert!(matches!(groups(keycloak.clone(), "realm_access.roles.0"), Groups::Absent { .. }));
    assert!(matches!(groups(keycloak.clone(), "realm_access."), Groups::Absent { .. }));
    assert!(matches!(groups(keycloak, &".".repeat(10_000)), Groups::Absent { .. }));

    let both = json!({"a.b": ["literal"], "a": {"b": ["path"]}});
    assert_eq!(groups(both, "a.b"), present(&["literal"]));
    // A literal null is an answer: the path is not tried.
    assert!(matches!(groups(json!({"a.b": null, "a": {"b": ["path"]}}), "a.b"), Groups::Absent { .. }));
    let auth0 = json!({"https://example.com/groups": ["c"]});
    assert_eq!(groups(auth0, "https://example.com/groups"), present(&["c"]));
}

#[test]
fn openshifts_user_is_an_object_of_objects() {
    let mappers = Mappers {
        groups: "groups".to_owned(),
        email: "metadata.name".to_owned(),
        uid: "metadata.uid".to_owned(),
        ..Mappers::default()
    };
    let user = json!({"kind": "User", "metadata": {"name": "ana@example.com", "uid": "1000"}, "groups": ["system:authenticated", "dev"]});
    let mapped = map(Received::Claims(&object(user)), &mappers).unwrap();
    assert_eq!(mapped.email.as_deref(), Some("ana@example.com"));
    assert_eq!(mapped.uid, Some(1000));
    assert_eq!(mapped.groups, present(&["dev"]));
}

#[test]
fn ids_are_whole_numbers_of_32_bits() {
    let uid = |value: Value| of_claims(json!({"UID": value})).map(|mapped| mapped.uid);
    for (value, number) in [
        (json!(0), Some(0)),
        (json!(4_294_967_295_u32), Some(u32::MAX)),
        (json!("4294967295"), Some(u32::MAX)),
        (json!("007"), Some(7)),
        (json!([5]), Some(5)),
        (json!([]), None),
        (json!(""), None),
        (json!(null), None),
    ] {
        assert_eq!(uid(value.clone()), Ok(number), "{value}");
    }
    for value in [
        json!(-1),
        json!(4_294_967_296_u64),
        json!("4294967296"),
        json!(1.0),
        json!(1.5),
        json!("+1"),
        json!("-1"),
        json!(" 1"),
        json!("1 "),
        json!("0x1"),
        json!("١"),
        json!("1,2"),
        json!([1, 2]),
        json!(true),
        json!({"a": 1}),
    ] {
        assert_eq!(uid(value.clone()).unwrap_err().code(), "claim-number", "{value}");
    }

    let more =
        |value: Value| of_claims(json!({"SUPPLEMENTARYGROUPS": value})).map(|mapped| mapped.supplementary_groups);
    assert_eq!(more(json!([1, "2", 1])), Ok(vec![1, 2]));
    assert_eq!(more(json!(7)), Ok(vec![7]));
    assert_eq!(more(json!("7")), Ok(vec![7]));
    assert_eq!(more(json!("")), Ok(Vec::new()));
    assert_eq!(more(json!(["1", "x"])).unwrap_err().code(), "claim-number");
    assert_eq!(more(json!("1,2")).unwrap_err().code(), "claim-number");
    assert_eq!(more(json!({"a": 1})).unwrap_err().code(), "claim-number");
    assert_eq!(more(json!(vec![1; 2001])).unwrap_err().code(), "claim-too-many-supplementary-groups");
}

#[test]
fn the_email_is_one_text() {
    let email = |value: Value| of_claims(json!({"email": value})).map(|mapped| mapped.email);
    assert_eq!(email(json!("Ana@Example.com")), Ok(Some("Ana@Example.com".to_owned())));
    assert_eq!(email(json!(["ana@example.com"])), Ok(Some("ana@example.com".to_owned())));
    for none in [json!(""), json!(" "), json!([]), json!(null)] {
        assert_eq!(email(none), Ok(None));
    }
    for bad in [json!(1), json!(["a@b", "c@d"]), json!({"a": "b"}), json!("a\0b"), json!("x".repeat(256))] {
        assert_eq!(email(bad).unwrap_err().code(), "claim-email");
    }
}

#[test]
fn email_verified_is_about_the_claim_email_alone() {
    let verified = |value: Value| of_claims(value).unwrap().email_verified;
    assert_eq!(verified(json!({"email": "a@b", "email_verified": true})), Verified::Yes);
    assert_eq!(verified(json!({"email": "a@b", "email_verified": "true"})), Verified::Yes);
    for no in [json!(false), json!("false"), json!("yes"), json!(1), json!([])] {
        assert_eq!(verified(json!({"email": "a@b", "email_verified": no})), Verified::No);
    }
    assert_eq!(verified(json!({"email": "a@b"})), Verified::Absent);
    assert_eq!(verified(json!({"email_verified": true})), Verified::Absent);

    let mappers = Mappers { email: "upn".to_owned(), ..Mappers::default() };
    let by_upn = |value: Value| map(Received::Claims(&object(value)), &mappers).unwrap().email_verified;
    assert_eq!(by_upn(json!({"upn": "root@b", "email": "a@b", "email_verified": true})), Verified::Absent);
    assert_eq!(by_upn(json!({"upn": "root@b", "email_verified": true})), Verified::Absent);
    assert_eq!(by_upn(json!({"upn": "a@b", "email": "a@b", "email_verified": true})), Verified::Yes);
}

#[test]
fn an_unusable_name_stops_no_sign_in() {
    let mapped = of_claims(json!({"firstName": 5, "given_name": "Ana", "lastName": "x".repeat(300)})).unwrap();
    assert_eq!(mapped.first_name.as_deref(), Some("Ana"));
    assert_eq!(mapped.last_name, None);
    assert_eq!(mapped.warnings.len(), 2);

    let mappers = Mappers { first_name: Some("nick".to_owned()), ..Mappers::default() };
    let claims = object(json!({"firstName": "Ana", "nick": "an"}));
    assert_eq!(map(Received::Claims(&claims), &mappers).unwrap().first_name.as_deref(), Some("an"));
}

#[test]
fn the_mandatory_claim_has_one_of_its_values() {
    let mandatory = MandatoryClaim { claim: "team".to_owned(), values: vec!["gpu".to_owned(), "ml".to_owned()] };
    let check = |value: Value| mandatory.check(Received::Claims(&object(value)));
    for good in [json!({"team": "gpu"}), json!({"team": ["x", "ml"]})] {
        assert_eq!(check(good), Ok(()));
    }
    for bad in [
        json!({}),
        json!({"team": "GPU"}),
        json!({"team": "gpu "}),
        json!({"team": "gpu,ml"}),
        json!({"team": []}),
        json!({"team": [["gpu"]]}),
        json!({"team": {"a": "gpu"}}),
        json!({"team": null}),
        json!({"Team": "gpu"}),
    ] {
        assert_eq!(check(bad.clone()).unwrap_err().code(), "mandatory-claim", "{bad}");
    }
    assert_eq!(
        check(json!({"team": ["sales"]})).unwrap_err().to_string(),
        "signing in needs the claim \"team\" with one of the values \"gpu\", \"ml\", and it is [\"sales\"]; ask the administrator of the identity provider for it"
    );
    assert!(check(json!({"sub": "1"})).unwrap_err().to_string().contains("it is missing; what came is \"sub\";"));

    let attributes = BTreeMap::from([("team".to_owned(), vec!["x".to_owned(), "gpu".to_owned()])]);
    assert_eq!(mandatory.check(Received::Attributes(&attributes)), Ok(()));
}

#[test]
fn mappers_have_their_defaults_and_the_names_of_the_api() {
    let mappers: Mappers = serde_json::from_value(json!({"groups": "roles", "supplementaryGroups": "more"})).unwrap();
    assert_eq!(
        mappers,
        Mappers { groups: "roles".to_owned(), supplementary_groups: "more".to_owned(), ..Mappers::default() }
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-c]?", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_claims_panic_and_no_message_is_long(values in prop::collection::vec(any_json(), 8)) {
        let names = ["GROUPS", "UID", "GID", "SUPPLEMENTARYGROUPS", "email", "email_verified", "firstName", "_claim_names"];
        let claims: Map<String, Value> = names.iter().map(|name| (*name).to_owned()).zip(values).collect();
        let message = match map(Received::Claims(&claims), &Mappers::default()) {
            Ok(mapped) => mapped.warnings.iter().map(ToString::to_string).collect::<String>(),
            Err(error) => error.to_string(),
        };
        prop_assert!(message.chars().count() < 3000);
        prop_assert!(!message.contains(char::is_control));
        let mandatory = MandatoryClaim { claim: "GROUPS".to_owned(), values: vec!["x".to_owned()] };
        let _ = mandatory.check(Received::Claims(&claims));
    }
}
