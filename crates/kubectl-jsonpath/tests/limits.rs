//! Malicious templates and data.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use kubectl_jsonpath::{ExecuteError, Template};
use proptest::prelude::*;
use serde_json::{Value, json};

#[track_caller]
fn refused(template: &Template, data: &Value, expected: &str) -> ExecuteError {
    let error = template.render(data).unwrap_err();
    assert_eq!(error.to_string(), expected);
    error
}

/// Builds `[[[...]]]`. Never dropped: dropping it would overflow the stack.
fn nested(depth: usize) -> &'static Value {
    let mut value = json!([]);
    for _ in 0..depth {
        value = Value::Array(vec![value]);
    }
    Box::leak(Box::new(value))
}

#[test]
fn unended_ranges_are_limited() {
    let template = Template::parse(&"{range @}".repeat(60))
        .unwrap()
        .max_steps(1 << 20);
    assert!(refused(&template, &json!(1), "template needs too many steps").is_limit());
    let template = Template::parse(&"{range @}".repeat(12)).unwrap();
    assert!(
        template
            .clone()
            .max_steps(100_000)
            .render(&json!(1))
            .is_ok()
    );
    refused(
        &template.max_steps(1_000),
        &json!(1),
        "template needs too many steps",
    );
}

#[test]
fn unions_and_descents_are_limited() {
    for step in ["[*,*]", "..", "...*", ".*.."] {
        let template =
            Template::parse(&format!("{{{}}}", format!("{step}[*]").repeat(100))).unwrap();
        let error = template
            .max_steps(1_000_000)
            .render(nested(400))
            .unwrap_err();
        assert_eq!(error.to_string(), "template needs too many steps", "{step}");
    }
}

#[test]
fn results_in_memory_are_limited() {
    let many = json!([[1, 2, 3], [4, 5, 6]]);
    for (path, most) in [
        // Two lists and their elements.
        ("{[*][*]}", 8),
        ("{[*].*}", 8),
        ("{[0:2][0:3]}", 8),
        ("{[*,*]}", 6),
        ("{...*}", 12),
        ("{[?(@[0]>3)]}", 3),
        ("{range [*]}{[*]}{end}", 6),
        ("{[*][*]}{[*][*]}{[*][*]}", 8),
    ] {
        let template = Template::parse(path).unwrap();
        let enough = template.clone().max_results(most).render(&many);
        assert!(enough.is_ok(), "{path}: {enough:?}");
        let too_few = template.max_results(most - 1);
        let error = refused(&too_few, &many, "template has too many results at once");
        assert!(error.is_limit());
    }
}

#[test]
fn unions_and_descents_use_limited_memory() {
    let unions = format!("{{{}}}", "[*,*,*,*,*,*,*,*]".repeat(16));
    let descents = format!("{{{}}}", "...*".repeat(8));
    let ranges = format!("{{range @[{}]}}", vec!["0"; 5_000].join(",")).repeat(30);
    for template in [unions, descents, ranges] {
        let template = Template::parse(&template).unwrap().max_results(100_000);
        refused(
            &template,
            nested(400),
            "template has too many results at once",
        );
    }
}

/// Neither printed results nor finished data of a range stay in memory.
#[test]
fn ranges_keep_no_results() {
    for (end, steps) in [("{@}", 1 << 20), ("{@}-", 1 << 20), ("", 1 << 20)] {
        let template = Template::parse(&format!("{}{end}", "{range @}".repeat(60)))
            .unwrap()
            .max_steps(steps)
            .max_results(62);
        for data in [json!({}), json!([1]), json!(null)] {
            refused(&template, &data, "template needs too many steps");
        }
    }
}

#[test]
fn a_limit_is_not_a_missing_key() {
    let template = Template::parse("{[?(@..[*]..[*]..[*]..[*])]}").unwrap();
    assert!(template.clone().render(&json!([[[1]]])).is_ok());
    refused(
        &template.max_steps(100_000),
        nested(400),
        "template needs too many steps",
    );
}

#[test]
fn ranges_nest_a_hundred_times() {
    let ranges = |depth| {
        format!(
            "{}{{@}}{}",
            "{range @}".repeat(depth),
            "{end}".repeat(depth)
        )
    };
    let template = Template::parse(&ranges(100)).unwrap();
    assert_eq!(template.render(&json!(1)).unwrap(), b"1");
    for depth in [101, 100_000] {
        let template = Template::parse(&ranges(depth)).unwrap();
        assert!(refused(&template, &json!(1), "template nests too many ranges").is_limit());
    }
}

#[test]
fn output_ends_at_its_limit() {
    let template = Template::parse("{@}{@}").unwrap();
    let data = json!("four");
    assert_eq!(
        template.clone().max_output(8).render(&data).unwrap(),
        b"fourfour"
    );
    assert!(
        refused(
            &template.max_output(7),
            &data,
            "template makes too much output"
        )
        .is_limit()
    );
    let indented = Template::parse("{@}")
        .unwrap()
        .json_output(true)
        .max_output(1 << 20);
    refused(&indented, nested(10_000), "template makes too much output");
}

#[test]
fn data_may_be_deeper_than_the_stack() {
    let deep = nested(200_000);
    let printed = Template::parse("{@}").unwrap().render(deep).unwrap();
    assert_eq!(printed.len(), 400_002);
    let descent = Template::parse("{..a}").unwrap();
    assert_eq!(
        descent
            .clone()
            .allow_missing_keys(true)
            .render(deep)
            .unwrap(),
        b""
    );
    assert!(refused(&descent, deep, "a is not found").is_missing_key());
    let data = json!({"a": 1});
    let filter = Template::parse("{[?(@)]}").unwrap();
    refused(
        &filter,
        &data,
        "map[a:1] is not array or slice and cannot be filtered",
    );
}

#[test]
fn long_templates_are_read_without_recursion() {
    for piece in [
        "{", "}", "{}", "[", "{[0]}", "{.a", "{..", "{[?(", "{[?(@)]", "'", "{'", "\\", "{.\\",
        "{[1,", "{1", "{@", "{range ",
    ] {
        let long = piece.repeat(200_000);
        let _ = Template::parse(&long);
        let _ = Template::parse(&format!("{{{long}}}"));
        let _ = Template::parse(&format!("{{[?({long})]}}"));
        let _ = Template::parse(&format!("{{[{long},0]}}"));
        let _ = Template::relaxed(&long);
    }
    let one_action = format!("{{{}}}", "@.a".repeat(200_000));
    let template = Template::parse(&one_action)
        .unwrap()
        .allow_missing_keys(true);
    assert_eq!(template.render(&json!({"a": 1})).unwrap(), b"");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_causes_a_panic(text in any::<String>(), inside in "[-\\[\\](){}?@$.*,:'\"\\\\!<>=+0-9a-c \u{e9}]{0,24}") {
        let data = json!({"a": [{"b": 1}, "c", null], "": 1.5});
        for text in [text.clone(), format!("{{{text}}}"), inside.clone(), format!("{{{inside}}}"), format!("{{[?({inside})]}}")] {
            for template in [Template::parse(&text), Template::relaxed(&text)].into_iter().flatten() {
                let _ = template.render(&data);
                let _ = template.json_output(true).allow_missing_keys(true).render(&data);
            }
        }
    }
}
