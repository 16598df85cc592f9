//! The header is what the exported functions say, and the library exports what the list says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use bootstrap_token_secret::{ExtraGroup, keys};
use cbindgen::{Builder, Config};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

const PREAMBLE: &str = include_str!("preamble.h");

fn generated() -> String {
    let mut config = Config::from_file(at("cbindgen.toml")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let mut parts = version.split('.');
    let mut part = || parts.next().unwrap();
    let constants = format!(
        "#define BOOTSTRAP_TOKEN_VERSION \"{version}\"\n\
         #define BOOTSTRAP_TOKEN_VERSION_MAJOR {}\n\
         #define BOOTSTRAP_TOKEN_VERSION_MINOR {}\n\
         #define BOOTSTRAP_TOKEN_VERSION_PATCH {}\n\n\
         /** The namespace of the Secrets. */\n\
         #define BOOTSTRAP_TOKEN_NAMESPACE {:?}\n\
         /** The type of the Secrets. */\n\
         #define BOOTSTRAP_TOKEN_SECRET_TYPE {:?}\n\
         /** The group that kubeadm gives by default. */\n\
         #define BOOTSTRAP_TOKEN_DEFAULT_GROUP {:?}\n",
        part(),
        part(),
        part(),
        keys::NAMESPACE,
        keys::SECRET_TYPE,
        ExtraGroup::DEFAULT_NODE_TOKEN,
    );
    let (head, macros) = PREAMBLE.split_once("@MACROS@\n").unwrap();
    config.header = Some(head.trim_end().to_owned());
    config.after_includes = Some(format!("\n{constants}\n{}", macros.trim_end()));
    let mut text = Vec::new();
    let builder = Builder::new().with_config(config);
    builder
        .with_crate(at(""))
        .generate()
        .unwrap()
        .write(&mut text);
    // Where a line for cbindgen stood.
    String::from_utf8(text).unwrap().replace(" *\n */", " */")
}

fn written_or_compared(path: &str, wanted: &str) {
    let file = at("../../include").join(path);
    if env::var_os("BOOTSTRAP_TOKEN_WRITE_HEADER").is_some() {
        fs::write(&file, wanted).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == wanted,
        "include/{path} is not what the exported functions say; run `make header`"
    );
}

/// The exported functions that stand in the header.
fn declared(header: &str) -> BTreeSet<&str> {
    let words = header.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let mut functions = BTreeSet::new();
    for word in words.filter(|word| word.starts_with("bootstrap_token_")) {
        if header.contains(&format!("{word}(")) {
            functions.insert(word);
        }
    }
    functions
}

#[test]
fn the_header_is_current() {
    written_or_compared("bootstrap_token.h", &generated());
}

#[test]
fn the_list_of_symbols_is_what_the_header_declares() {
    let header = generated();
    let mut list = String::new();
    for function in declared(&header) {
        list.push_str(function);
        list.push('\n');
    }
    written_or_compared("bootstrap_token.symbols", &list);
}
