//! The paths that kubectl accepts in custom columns, `--sort-by` and `wait --for=jsonpath=`.

use crate::error::{ParseError, Syntax};

/// `^\{\.?([^{}]+)\}$|^\.?([^{}]+)$`, and then `{.` + the group + `}`.
pub(crate) fn expression(path: &str) -> Result<String, ParseError> {
    if path.is_empty() {
        return Ok(String::new());
    }
    let inside = path
        .strip_prefix('{')
        .map_or(Some(path), |rest| rest.strip_suffix('}'))
        .filter(|inside| !inside.is_empty() && !inside.contains(['{', '}']))
        .ok_or(Syntax::NotAPath)?;
    // A lone dot is the path, not its prefix.
    let inside = match inside.strip_prefix('.') {
        Some(rest) if !rest.is_empty() => rest,
        _ => inside,
    };
    Ok(format!("{{.{inside}}}"))
}
