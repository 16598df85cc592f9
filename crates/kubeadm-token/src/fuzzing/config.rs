use std::io;

use bootstrap_token_secret::{Defect, StoredToken, defects};

use super::{SECRET, is_bounded, now};
use crate::command::create::tokens_of_config;
use crate::context::Context;
use crate::failure::Chain;
use crate::notes::{Notes, Reader};
use crate::output::Output;

/// Parses a configuration as `create --config` does.
///
/// # Panics
/// Panics if a property does not hold.
pub fn config(text: &str) {
    let mut told = Vec::new();
    let mut stdout = io::sink();
    let mut context = Context {
        stdin: &mut io::empty(),
        stdout: Output::new(&mut stdout, false),
        notes: Notes::new(&mut told, Reader::Person),
        env: &|_| None,
        now,
    };
    let read = tokens_of_config(text, &mut context);
    context.end(None, str::to_owned);
    let mut told = String::from_utf8_lossy(&told).into_owned();
    match read {
        Ok(tokens) => {
            assert!(!tokens.is_empty());
            for token in tokens {
                let secret = token.expose_secret();
                let stored = StoredToken::from_secret(&secret);
                assert_eq!(stored.as_ref().map(StoredToken::token), Ok(token.token()));
                for defect in defects(&secret, now()) {
                    let is_asked_for =
                        matches!(defect, Defect::Expired { .. } | Defect::LacksUsage { .. });
                    assert!(is_asked_for, "{defect}");
                }
            }
        }
        Err(failure) => {
            let (chain, help) = (Chain(&failure).to_string(), failure.remedy());
            told = format!("{told}{chain}{help:?}{failure:?}");
        }
    }
    assert!(!told.contains(SECRET), "{told}");
    is_bounded(told.len(), text.len(), "configuration");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::config;

    const HEAD: &str = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n";

    #[test]
    fn deep_and_wide_ones_end() {
        const MANY: usize = 200_000;
        for (open, inside, close) in [
            ("[", "", "]"),
            ("{a: ", "1", "}"),
            ("- ", "1", ""),
            ("? ", "1", ""),
            ("!!str ", "1", ""),
            ("&a ", "1", ""),
            ("{\"a\":", "1", "}"),
        ] {
            let nested = format!("{}{inside}{}", open.repeat(MANY), close.repeat(MANY));
            config(&nested);
            config(&format!("{HEAD}bootstrapTokens: {nested}"));
            config(&format!("{HEAD}nodeRegistration: {nested}"));
        }
        for line in [
            "- {}\n",
            "- {usages: [a]}\n",
            "- {groups: [\",\"]}\n",
            "- a\n",
            "- {ttl: 1, a: 1}\n",
        ] {
            config(&format!("{HEAD}bootstrapTokens:\n{}", line.repeat(40_000)));
        }
        config(&format!("{HEAD}{}", "a: 1\n".repeat(MANY)));
        config(&"---\n".repeat(MANY));
        config(&format!("---\n{HEAD}").repeat(10_000));
    }

    proptest! {
        #[test]
        fn any_field_may_be_anything(
            field in prop::sample::select(vec!["token", "ttl", "expires", "usages", "groups", "description", "other"]),
            value in prop_oneof![
                Just("07401b.f395accd246ae52d".to_owned()),
                Just("f395accd246ae52d".to_owned()),
                Just("[signing, f395accd246ae52d]".to_owned()),
                "[-+]?[0-9.]{1,30}(h|s|)",
                "[\\[\\]{}:,&*!|>'\"%@` a1-]{0,12}",
                any::<String>(),
            ],
        ) {
            config(&format!("{HEAD}bootstrapTokens:\n- {field}: {value}\n"));
            config(&format!("{HEAD}{field}: {value}\n"));
        }
    }
}
