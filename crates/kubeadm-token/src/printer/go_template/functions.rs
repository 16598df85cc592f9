//! The two functions that upstream adds to Go's own.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use gotmpl::{Template, TemplateError, Value};

/// Go ignores the unused bits of the last digit.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical)
        .with_decode_allow_trailing_bits(true),
);

/// Names of functions that a template may call.
pub(super) const NAMES: &[&str] = &[
    "and",
    "base64decode",
    "call",
    "eq",
    "exists",
    "ge",
    "gt",
    "html",
    "index",
    "js",
    "le",
    "len",
    "lt",
    "ne",
    "not",
    "or",
    "print",
    "printf",
    "println",
    "slice",
    "urlquery",
];

pub(super) fn with(template: Template) -> Template {
    template
        .func("exists", |args| {
            let (item, indices) = args
                .split_first()
                .ok_or_else(|| wrong_number("exists", "at least 1", args))?;
            Ok(Value::Bool(exists(item, indices)))
        })
        .func("base64decode", |args| match args {
            [Value::String(text)] => decode(text),
            [other] => Err(TemplateError::Exec(format!(
                "wrong type for value; expected string; got {}",
                other.type_name()
            ))),
            _ => Err(wrong_number("base64decode", "1", args)),
        })
}

fn wrong_number(name: &str, want: &str, args: &[Value]) -> TemplateError {
    let got = args.len();
    TemplateError::Exec(format!(
        "wrong number of args for {name}: want {want} got {got}"
    ))
}

/// Returns whether the indices lead to a value that is not nil.
fn exists(item: &Value, indices: &[Value]) -> bool {
    let found = indices
        .iter()
        .try_fold(item.clone(), |value, at| value.index(at));
    found.is_ok_and(|value| !matches!(value, Value::Nil))
}

/// Decodes base64. Bytes that are not UTF-8 become U+FFFD, since strings of a template are text here.
fn decode(text: &str) -> gotmpl::Result<Value> {
    let text = text.replace(['\r', '\n'], "");
    match BASE64.decode(text) {
        Ok(bytes) => Ok(Value::String(String::from_utf8_lossy(&bytes).into())),
        Err(_) => Err(TemplateError::Exec(
            "base64 decode failed: illegal base64 data".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_called_and_no_other() {
        for name in NAMES {
            // The functions may reject these arguments, but their names are known.
            let template = with(Template::new("t"))
                .parse(&format!("{{{{{name} 1}}}}"))
                .unwrap();
            let result = template.execute_to_string(&Value::Nil);
            assert!(
                !matches!(result, Err(TemplateError::UndefinedFunction(_))),
                "{name}"
            );
        }
    }
}
