//! Secrets of readable tokens, with descriptions and groups that printers might stumble over.

use std::collections::BTreeMap;

use bootstrap_token_secret::keys;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::generate::{ID, group, regex, settled_time};

/// What a description may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    Any,
    /// Nothing at which kubeadm gives up in YAML: characters that YAML forbids, which JSON does not escape.
    Yaml,
}

/// What means something to YAML, to JSON, to Go's quoting or to its column writer.
const PIECES: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    "\x0b",
    "\x0c",
    "\0",
    "\x07",
    "\x08",
    "\x1b",
    "\x1f",
    "\x7f",
    "\u{80}",
    "\u{85}",
    "\u{9f}",
    "\u{a0}",
    "\u{ad}",
    "\u{2028}",
    "\u{2029}",
    "\u{200b}",
    "\u{3000}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e000}",
    "\u{e0001}",
    "\u{10ffff}",
    "é",
    "e\u{301}",
    "漢",
    "한",
    "🦀",
    "👩\u{200d}👩\u{200d}👧",
    "🇩🇪",
    "ｆ",
    "שלום",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "#",
    " #",
    "# ",
    ":",
    ": ",
    " :",
    "-",
    "- ",
    "?",
    "? ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "&",
    "*",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "~",
    "=",
    "<",
    "<<",
    "---",
    "...",
    "--- ",
    "&amp;",
    "<b>",
    "yes",
    "No",
    "null",
    "Null",
    "true",
    "False",
    "on",
    "OFF",
    "y",
    "N",
    "0",
    "00",
    "007",
    "-1",
    "+1",
    "1_000",
    "0x1F",
    "0o17",
    "0b101",
    "1e3",
    "1e400",
    ".5",
    "1.",
    ".inf",
    "-.Inf",
    ".nan",
    "1:20",
    "12:30:45",
    "190:20:30.15",
    "2006-01-02",
    "2006-1-2 3:4:5",
    "2006-01-02T15:04:05Z",
    "18446744073709551616",
    "a",
    "word",
    "two words",
    "x=1",
    "http://x/y",
    "a: b",
    "a long line of words that goes on until it is longer than eighty characters, which is where lines are broken",
];

fn description(lines: Lines) -> BoxedStrategy<String> {
    let pieces = || vec(select(PIECES), 0..8).prop_map(|pieces| pieces.concat());
    let character = prop_oneof![any::<char>(), prop::char::range('\0', '\u{3000}')];
    prop_oneof![
        2 => select(PIECES).prop_map(str::to_owned),
        6 => pieces(),
        2 => any::<String>(),
        2 => vec(character, 0..6).prop_map(String::from_iter),
        1 => vec(select(vec!["word", "a", "", "longer", "it's", "\u{e9}"]), 10..60).prop_map(|words| words.join(" ")),
    ]
    .prop_map(move |text| match lines {
        Lines::Any => text,
        Lines::Yaml => without_what_yaml_forbids(&text),
    })
    .boxed()
}

fn without_what_yaml_forbids(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| {
            !matches!(c, '\x7f' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
        })
        .collect();
    // A line break in quotes must not have a document's mark behind it.
    text.replace("\u{85}---", "\u{85}--")
        .replace("\u{85}...", "\u{85}..")
}

/// A whole token, with or without each of the rest.
pub(crate) fn secret(lines: Lines) -> BoxedStrategy<Secret> {
    let groups = prop_oneof![
        3 => vec(group(), 1..4).prop_map(|groups| groups.join(",")),
        1 => vec(description(lines), 1..3).prop_map(|groups| groups.join(",")),
    ];
    let usage =
        || option::of(select(vec!["true", "true", "false", "True"]).prop_map(str::to_owned));
    (
        (regex(ID), regex("[a-z0-9]{16}")),
        option::weighted(0.9, description(lines)),
        option::of(settled_time()),
        option::of(groups),
        (usage(), usage(), usage()),
    )
        .prop_map(|((id, secret), description, expiration, groups, usages)| {
            let mut token = Secret::default();
            token.metadata.name = Some(format!("bootstrap-token-{id}"));
            token.metadata.namespace = Some(keys::NAMESPACE.to_owned());
            token.type_ = Some(keys::SECRET_TYPE.to_owned());
            let data: BTreeMap<_, _> = [
                (keys::TOKEN_ID, Some(id)),
                (keys::TOKEN_SECRET, Some(secret)),
                (keys::DESCRIPTION, description),
                (keys::EXPIRATION, expiration),
                (keys::EXTRA_GROUPS, groups),
                ("usage-bootstrap-authentication", usages.0),
                ("usage-bootstrap-signing", usages.1),
                ("usage-bootstrap-other", usages.2),
            ]
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), ByteString(value?.into_bytes()))))
            .collect();
            token.data = Some(data);
            token
        })
        .boxed()
}
