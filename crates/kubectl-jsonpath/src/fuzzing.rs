//! Properties of every template, for a test with generated input and a fuzz target.

use serde_json::{Value, json};

use crate::Template;

const STEPS: usize = 1 << 14;
const RESULTS: usize = 1 << 12;
const OUTPUT: usize = 1 << 14;

/// Renders a template, in each form that kubectl accepts, for the JSON on its first line, if any.
///
/// # Panics
/// A property does not hold.
pub fn template(text: &str) {
    let (data, template) = match text.split_once('\n') {
        Some((first, rest)) => (serde_json::from_str(first).ok(), rest),
        None => (None, text),
    };
    let data = data.unwrap_or_else(|| json!({"a": [{"b": 1}, "c", null], "": 1.5, "d": true}));
    for parsed in [Template::parse(template), Template::relaxed(template)] {
        match parsed {
            Ok(parsed) => rendered(&parsed, &data, text.len()),
            Err(error) => is_bounded(error.to_string().len(), text.len()),
        }
    }
}

fn rendered(template: &Template, data: &Value, length: usize) {
    for template in [
        template.clone(),
        template.clone().allow_missing_keys(true),
        template.clone().json_output(true).integers_as_floats(true),
    ] {
        let within = template
            .clone()
            .max_steps(STEPS)
            .max_results(RESULTS)
            .max_output(OUTPUT);
        match within.render(data) {
            Ok(printed) => {
                assert!(printed.len() <= OUTPUT);
                // A higher limit changes nothing.
                let more = within.max_steps(2 * STEPS).max_results(2 * RESULTS);
                assert_eq!(more.max_output(2 * OUTPUT).render(data), Ok(printed));
            }
            Err(error) => {
                is_bounded(error.to_string().len(), length);
                assert!(!(error.is_limit() && error.is_missing_key()));
            }
        }
    }
}

/// Checks that a text is at most a small multiple of its input.
#[track_caller]
fn is_bounded(told: usize, input: usize) {
    assert!(told <= 32 * input + 1024, "{told} bytes of {input}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::template;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn renders_within_its_limits(
            pieces in proptest::collection::vec(
                prop_oneof![
                    r"\{(range |)(@|\.a|\.\.|\.\*|\.d)?(\[[-0-9*:,]{0,5}\]|\[\?\(@\.b==1\)\]|\.\*|\.\.){0,3}\}",
                    Just("{end}".to_owned()),
                    "[-{}@.a-d\\[\\]'\"*?()0-9]{0,12}",
                ],
                0..6,
            ),
            data in prop_oneof![Just(String::new()), r#"(\[\[1,"x"\],null,\{"a":\[2\]\}\]|\{"a":\{"b":\[true,1e3\]\}\})"#],
        ) {
            template(&format!("{data}\n{}", pieces.concat()));
            template(&pieces.concat());
        }
    }
}
