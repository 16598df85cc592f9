//! `--config`: the tokens of an `InitConfiguration`, read as kubeadm's `BytesToInitConfiguration` reads it.

mod document;
mod schema;
mod tokens;
mod tree;

use std::fs::File;
use std::path::Path;

use zeroize::Zeroizing;

use super::super::new_token::{Draft, others_may_read};
use crate::context::Context;
use crate::failure::{Failure, io_reason};
use crate::quote;
use crate::read_limited;
use document::Document;
use tokens::Described;
use tree::Tree;

/// Size limit: far more than the largest configuration.
const MAX_SIZE: usize = 1 << 20;

/// The version of kubeadm's configuration API that is accepted, as in kubeadm v1.37.
const API_VERSION: &str = "kubeadm.k8s.io/v1beta4";

/// Reads the tokens of the file and checks all of it.
pub(super) fn read(path: &Path, context: &mut Context<'_>) -> Result<Vec<Draft>, Failure> {
    let shown = quote::shown_path(path);
    let (text, is_private) = text(path, &shown)?;
    of_text(&text, &shown, is_private, context)
}

/// Reads the tokens of a file's text.
pub(super) fn of_text(
    text: &str,
    shown: &str,
    is_private: bool,
    context: &mut Context<'_>,
) -> Result<Vec<Draft>, Failure> {
    let trees = tree::all(text).map_err(|place| {
        Failure::new(format!(
            "could not interpret GroupVersionKind; unmarshal error: {shown} is no YAML or JSON{place}"
        ))
        .help("mend it there; `kubeadm config print init-defaults` shows the form")
    })?;
    let documents = document::all(trees).map_err(|error| in_file(shown, error))?;
    let tokens = choose(&documents, shown, context)?;
    let tokens =
        tokens::read(tokens, (context.now)()).map_err(|failure| in_file(shown, failure))?;
    if !is_private && tokens.iter().any(Described::is_given) {
        context.advise(format_args!(
            "other users may read the tokens in {shown}: `chmod 600 {shown}`"
        ));
    }
    tokens
        .into_iter()
        .map(|token| token.draft(context))
        .collect()
}

/// Returns the file's content, and whether only its owner may read it.
fn text(path: &Path, shown: &str) -> Result<(Zeroizing<String>, bool), Failure> {
    let unable = || Failure::new(format!("unable to read config from {}", quote::go(shown)));
    let help = "name a file that you may read, with an InitConfiguration in it";
    let failure = |error: std::io::Error| {
        unable()
            .because(format!("open {shown}: {}", io_reason(&error)))
            .help(help)
    };
    let mut file = File::open(path).map_err(failure)?;
    let metadata = file.metadata().map_err(failure)?;
    let is_private = !metadata.is_file() || !others_may_read(&metadata);
    let Some(bytes) = read_limited::read(&mut file, MAX_SIZE).map_err(failure)? else {
        return Err(unable()
            .because(format!("it is larger than {MAX_SIZE} bytes"))
            .help(help));
    };
    match core::str::from_utf8(&bytes) {
        Ok(text) => Ok((Zeroizing::new(text.to_owned()), is_private)),
        Err(_) => Err(unable().because("it is not UTF-8").help(help)),
    }
}

/// Returns the document with the tokens, if there is one. Checks the others, and warns if they are ignored.
fn choose<'a>(
    documents: &'a [Document],
    shown: &str,
    context: &mut Context<'_>,
) -> Result<Option<&'a Tree>, Failure> {
    let mut tokens = None;
    let mut is_configuration = false;
    for document in documents {
        document
            .check_version()
            .map_err(|failure| in_file(shown, failure))?;
        let Some(schema) = document
            .schema()
            .map_err(|failure| in_file(shown, failure))?
        else {
            if !document.is_of_a_component() {
                context.report(format_args!(
                    "{shown}: ignored configuration document with GroupVersionKind {document}"
                ));
            }
            continue;
        };
        let strange = schema::check(&document.tree, schema).map_err(|unfit| {
            let what = format!("{}: {}", document.kind, unfit.what);
            in_file(shown, Failure::new(what)).help(unfit.help())
        })?;
        if !strange.is_empty() {
            // kubeadm prints both this warning and the one before.
            context.report(format_args!(
                "{shown}: {}: strict decoding error: {}",
                document.kind,
                strange.join(", ")
            ));
        }
        is_configuration = true;
        if document.kind == document::INIT {
            tokens = document.tree.get("bootstrapTokens");
        }
    }
    if !is_configuration {
        return Err(in_file(
            shown,
            Failure::new(
                "no InitConfiguration or ClusterConfiguration kind was found in the configuration file",
            ),
        )
        .help("`kubeadm config print init-defaults` shows one"));
    }
    Ok(tokens)
}

/// Names the file in an error.
fn in_file(shown: &str, failure: Failure) -> Failure {
    let help = failure.remedy().map(ToOwned::to_owned);
    let named = Failure::new(shown).because(failure);
    match help {
        Some(help) => named.help(help),
        None => named,
    }
}
