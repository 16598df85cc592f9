//! kubeadm's checks of usages and groups, all of them in one error: `ValidateBootstrapTokens`.

use bootstrap_token_secret::{ExtraGroup, ExtraGroups, Usage, Usages};

use crate::failure::Failure;
use crate::printer::json_string;
use crate::quote;

/// `BootstrapGroupPattern`.
const GROUP_PATTERN: &str = r"\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z";

const NO_AUTHENTICATION: &str =
    "token groups cannot be specified unless --usages includes \"authentication\"";

/// One value that kubeadm refuses, with its message.
pub(in crate::command) struct Refused {
    pub(in crate::command) what: String,
    pub(in crate::command) why: Why,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::command) enum Why {
    /// No such usage or group exists.
    Name,
    NoAuthentication,
    TtlAndExpires,
}

/// Checks the usages and groups of the token at `index`. Returns all errors.
pub(in crate::command) fn usages_and_groups(
    index: usize,
    usages: &[String],
    groups: &[String],
) -> Result<(Usages, ExtraGroups), Vec<Refused>> {
    let mut errors = Vec::new();

    let (known, mut unknown): (Vec<_>, Vec<_>) = usages
        .iter()
        .map(|usage| usage.parse::<Usage>().map_err(|_| quote::shown_bare(usage)))
        .partition(Result::is_ok);
    let known: Usages = known.into_iter().flatten().collect();
    if !unknown.is_empty() {
        unknown.sort_unstable();
        unknown.dedup();
        let unknown: Vec<_> = unknown.into_iter().filter_map(Result::err).collect();
        errors.push(invalid(
            (index, "usages", usages),
            Why::Name,
            &format!(
                "invalid bootstrap token usage string: {}, valid usage options: signing,authentication",
                unknown.join(",")
            ),
        ));
    }

    if !groups.is_empty() && !known.contains(Usage::Authentication) {
        errors.push(invalid(
            (index, "groups", groups),
            Why::NoAuthentication,
            NO_AUTHENTICATION,
        ));
    }
    let mut valid = Vec::with_capacity(groups.len());
    for group in groups {
        match group.parse::<ExtraGroup>() {
            Ok(group) => valid.push(group),
            Err(_) => errors.push(invalid(
                (index, "groups", groups),
                Why::Name,
                &format!(
                    "bootstrap group {} is invalid (must match {GROUP_PATTERN})",
                    quote::shown(group)
                ),
            )),
        }
    }
    if errors.is_empty() {
        Ok((known, valid.into_iter().collect()))
    } else {
        Err(errors)
    }
}

/// Joins all errors into one.
pub(in crate::command) fn refusal(errors: Vec<Refused>) -> Failure {
    let is_about = |why| errors.iter().any(|error| error.why == why);
    let help = if is_about(Why::NoAuthentication) {
        "usages are signing and authentication; groups, the default one too, need authentication"
    } else if is_about(Why::Name) {
        "usages are signing and authentication; a group is system:bootstrappers: and a name of a-z, 0-9, : and -"
    } else {
        "leave out ttl or expires"
    };
    // Skips an error that is the same as an earlier one.
    let mut different: Vec<String> = Vec::with_capacity(errors.len());
    for Refused { what, .. } in errors {
        if !different.contains(&what) {
            different.push(what);
        }
    }
    let text = match &different[..] {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    Failure::new(text).help(help)
}

/// Formats `field.Invalid` with a list of strings for the value.
fn invalid((index, field, values): (usize, &str, &[String]), why: Why, detail: &str) -> Refused {
    let mut list = String::from("[");
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            list.push(',');
        }
        json_string(&mut list, &quote::shown_bare(value));
    }
    let what = format!("bootstrapTokens.{index}.{field}: Invalid value: {list}]: {detail}");
    Refused { what, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(usages: &[&str], groups: &[&str], says: &str) {
        let own = |texts: &[&str]| {
            texts
                .iter()
                .map(|&text| text.to_owned())
                .collect::<Vec<_>>()
        };
        let errors = usages_and_groups(0, &own(usages), &own(groups))
            .err()
            .unwrap();
        assert_eq!(refusal(errors).to_string(), says);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        refused(
            &["b", "a", "b", "signing"],
            &["x", "x"],
            r#"[bootstrapTokens.0.usages: Invalid value: ["b","a","b","signing"]: invalid bootstrap token usage string: a,b, valid usage options: signing,authentication, bootstrapTokens.0.groups: Invalid value: ["x","x"]: token groups cannot be specified unless --usages includes "authentication", bootstrapTokens.0.groups: Invalid value: ["x","x"]: bootstrap group "x" is invalid (must match \Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z)]"#,
        );
        refused(
            &["authentication"],
            &["a<b"],
            r#"bootstrapTokens.0.groups: Invalid value: ["a\u003cb"]: bootstrap group "a<b" is invalid (must match \Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z)"#,
        );
    }

    #[test]
    fn a_token_that_went_astray_is_not_shown() {
        refused(
            &["abcdef.f395accd246ae52d", "authentication"],
            &[],
            r#"bootstrapTokens.0.usages: Invalid value: ["(23 characters, not shown)","authentication"]: invalid bootstrap token usage string: (23 characters, not shown), valid usage options: signing,authentication"#,
        );
    }
}
