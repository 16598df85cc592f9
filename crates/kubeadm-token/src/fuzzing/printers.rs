use std::collections::BTreeMap;

use bootstrap_token_secret::{StoredToken, defects, keys};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::{is_bounded, now};
use crate::command::diagnose::told_of_secret;
use crate::dry_run;
use crate::failure::Chain;
use crate::output::Output;
use crate::printer::{Options, Printer};

/// Every format, with a template for each path that a text takes.
const FORMATS: [&str; 14] = [
    "text",
    "wide",
    "json",
    "yaml",
    "kyaml",
    "name",
    "jsonpath={.token}{.description}{.groups}{.usages}",
    r#"jsonpath={range .groups[*]}{@}{"\n"}{end}"#,
    "jsonpath={.*}",
    "jsonpath-as-json={.description}",
    "go-template={{.token}}{{.description}}{{range .groups}}{{.}}{{end}}",
    r#"go-template={{printf "%s %q" .description .description}}"#,
    "go-template={{js .description}}{{html .description}}{{urlquery .description}}",
    "go-template={{len .description}}{{index .groups 0}}{{slice .description 0 0}}",
];

/// Prints a token between two others in every format, and its defects.
///
/// `fields` are the Secret's data. A name that begins with a dot is `.namespace`, `.type` or `.deleted`.
///
/// # Panics
/// Panics if the output is many times longer than the token, or if the output of another token changes.
pub fn printers(fields: &[(String, Vec<u8>)]) {
    let secret = secret(fields);
    let input = fields
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum();
    for text in told_of_secret(&secret, now()) {
        is_bounded(text.len(), input, "diagnosis");
    }
    let mut dry_run = Vec::new();
    let mut out = Output::new(&mut dry_run, false);
    assert!(dry_run::attach_list([secret.clone()], &mut out).is_ok());
    is_bounded(dry_run.len(), input, "dry run");
    for format in FORMATS {
        between_others(format, false, &secret, input);
    }
    for format in ["text", "wide", "yaml"] {
        between_others(format, true, &secret, input);
    }
}

fn between_others(format: &str, is_terminal: bool, secret: &Secret, input: usize) {
    let (first, last) = (other("aaaaaa"), other("zzzzzz"));
    let alone = printed(format, is_terminal, &[&first, &last]);
    let with = printed(format, is_terminal, &[&first, secret, &last]);
    assert!(alone[0].is_some(), "{format}");
    assert!(with[0] == alone[0], "{format}: the first");
    assert!(with[2] == alone[1], "{format}: the last");
    let odd = with[1].as_ref();
    is_bounded(odd.map_or(0, Vec::len), input, format);
    // Only the last template needs a group, and there may be none.
    let is_readable = StoredToken::from_secret(secret)
        .is_ok_and(|token| !token.groups().is_empty() || !format.contains("index .groups 0"));
    assert_eq!(odd.is_some(), is_readable, "{format}");
}

/// Returns the output of each token, if it can be printed.
fn printed(format: &str, is_terminal: bool, secrets: &[&Secret]) -> Vec<Option<Vec<u8>>> {
    let options = Options {
        allow_missing_template_keys: true,
        headers: true,
        redact: false,
        colour: is_terminal,
    };
    let mut printer =
        Printer::new(format, &options).unwrap_or_else(|failure| panic!("{}", Chain(&failure)));
    let print = |secret: &&Secret| {
        let token = StoredToken::from_secret(secret).ok()?;
        let mut out = Vec::new();
        let found = || defects(secret, now());
        let mut output = Output::new(&mut out, is_terminal);
        printer.print(&token, &found, now(), &mut output).ok()?;
        Some(out)
    };
    secrets.iter().map(print).collect()
}

fn other(id: &str) -> Secret {
    let mut secret = Secret::default();
    secret.metadata.name = Some(format!("{}{id}", keys::SECRET_PREFIX));
    let data = [
        (keys::TOKEN_ID, id),
        (keys::TOKEN_SECRET, "f395accd246ae52d"),
        (keys::DESCRIPTION, "another"),
        (keys::EXTRA_GROUPS, "system:bootstrappers:a"),
    ];
    let data = data.map(|(key, value)| (key.to_owned(), ByteString(value.into())));
    secret.data = Some(BTreeMap::from(data));
    secret
}

fn secret(fields: &[(String, Vec<u8>)]) -> Secret {
    let mut secret = other("mmmmmm");
    for (key, value) in fields {
        let text = || Some(String::from_utf8_lossy(value).into_owned());
        match &**key {
            ".namespace" => secret.metadata.namespace = text(),
            ".type" => secret.type_ = text(),
            ".deleted" => {
                secret.metadata.deletion_timestamp =
                    Some(Time(k8s_openapi::jiff::Timestamp::UNIX_EPOCH));
            }
            key => {
                let data = secret.data.get_or_insert_default();
                data.insert(key.to_owned(), ByteString(value.clone()));
            }
        }
    }
    secret
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::printers;

    const FIELDS: [&str; 10] = [
        "description",
        "auth-extra-groups",
        "expiration",
        "token-id",
        "token-secret",
        "usage-bootstrap-signing",
        "another",
        ".namespace",
        ".type",
        ".deleted",
    ];

    /// Texts to repeat.
    const PIECES: [&str; 30] = [
        "\t",
        "\n",
        "\n\t",
        "\t\n",
        "\x0b",
        "\x0c",
        "\r",
        ",",
        "a,",
        "\0",
        "\x1b",
        "\x7f",
        " ",
        "  ",
        "a",
        "é",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{10ffff}",
        "[",
        "{",
        "(",
        "\\",
        "\"",
        "'",
        "{{",
        "system:bootstrappers:a,",
        "&",
        "a b ",
    ];

    fn content(largest: usize) -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            6 => select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
            1 => Just(vec![0xff]),
            2 => vec(select(&PIECES[..]), 1..6).prop_map(|pieces| pieces.concat().into_bytes()),
            1 => vec(any::<u8>(), 1..40),
        ];
        // Small and large sizes are equally frequent.
        let size = (0..=largest.ilog2()).prop_map(|bits| 1 << bits);
        (vec((piece, size), 1..3)).prop_map(move |parts| {
            let parts = parts
                .into_iter()
                .map(|(piece, size): (Vec<u8>, usize)| piece.repeat(size.div_ceil(piece.len())));
            parts.collect::<Vec<_>>().concat()
        })
    }

    fn fields(largest: usize) -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
        let key = prop_oneof![
            4 => select(&FIELDS[..]).prop_map(str::to_owned),
            1 => "usage-bootstrap-[a-z]{1,8}",
        ];
        vec((key, content(largest)), 1..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn nothing_that_is_stored_hides_another_token(fields in fields(1 << 12)) {
            printers(&fields);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]
        #[test]
        fn nor_does_a_megabyte(fields in fields(1 << 20)) {
            printers(&fields);
        }
    }

    /// Inputs that were, or would be, the worst case of some printer.
    #[test]
    fn megabytes_that_are_known() {
        let field = |key: &str, piece: &str| {
            (
                key.to_owned(),
                piece.repeat((1 << 20) / piece.len()).into_bytes(),
            )
        };
        let wide = || {
            ["a".repeat(1 << 19), "\t\nb".repeat(1 << 17)]
                .concat()
                .into_bytes()
        };
        for fields in [
            vec![field("description", "\t")],
            vec![(
                "description".to_owned(),
                ["\n", &"\t".repeat(75_000)].concat().into_bytes(),
            )],
            vec![("description".to_owned(), wide())],
            vec![(
                "auth-extra-groups".to_owned(),
                ["a", &",".repeat(1 << 20)].concat().into_bytes(),
            )],
            vec![field("auth-extra-groups", "system:bootstrappers:a,")],
            (0..20_000)
                .map(|n| (format!("usage-bootstrap-{n}"), b"true".to_vec()))
                .collect(),
        ] {
            printers(&fields);
        }
    }
}
