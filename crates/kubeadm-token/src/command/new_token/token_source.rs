//! The sources of a token: the command line, standard input, or a file.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use bootstrap_token::{ParseTokenError, Token};
use zeroize::Zeroizing;

use super::lookalike::Lookalike;
use crate::context::Context;
use crate::failure::{Failure, io_reason};
use crate::quote;
use crate::read_limited;

/// Help for a source without a valid token.
pub(in crate::command) struct Help {
    /// The text is not a token.
    pub(in crate::command) malformed: &'static str,
    /// Standard input cannot be read.
    pub(in crate::command) unread: &'static str,
}

impl Help {
    /// A random token would do.
    const OR_NONE: Self = Self {
        malformed: "leave it out to have a random one, or make one with `kubeadm-token generate`",
        unread: "give it there, or in a file with --token-file",
    };

    /// A random token would do, and the word may belong to a description.
    const OR_QUOTES: Self = Self {
        malformed: "does the --description lack its quotation marks? Otherwise leave the word out to have a random token",
        ..Self::OR_NONE
    };
    /// For a token in a file or on standard input, which the user has to correct there.
    const WHERE_IT_IS_READ: Self = Self {
        malformed: "give the token there and nothing else: six characters, a dot, sixteen characters, and a line break at most",
        ..Self::OR_NONE
    };

    /// For a malformed token that must exist in a cluster.
    pub(in crate::command) const OF_THE_CLUSTER: &str = "give the whole token, as `kubeadm-token create` printed it on the cluster: six characters, a dot, sixteen characters";
}

/// Where the token is.
pub(in crate::command) enum TokenSource<'a> {
    Nowhere,
    /// An empty word on the command line. kubeadm treats it as missing.
    Empty,
    Word(&'a OsStr),
    Stdin,
    File(&'a Path),
}

impl<'a> TokenSource<'a> {
    pub(in crate::command) fn of(
        words: &'a [OsString],
        file: Option<&'a OsStr>,
    ) -> Result<Self, Failure> {
        match (words, file) {
            ([], None) => Ok(Self::Nowhere),
            ([], Some(file)) if file == "-" => Ok(Self::Stdin),
            ([], Some(file)) => Ok(Self::File(file.as_ref())),
            ([word], None) if word.is_empty() => Ok(Self::Empty),
            ([word], None) if word == "-" => Ok(Self::Stdin),
            ([word], None) => Ok(Self::Word(word)),
            ([_], Some(_)) => Err(Failure::new(
                "a token is given on the command line and with --token-file as well",
            )
            .help("leave one of them out")),
            (more, _) => Err(Failure::new(format!(
                "accepts at most 1 arg(s), received {}",
                more.len()
            ))
            .help("the one argument is the token; does a --description lack its quotes?")),
        }
    }

    /// Reads the token. Removes only a line break at the end. After a description of one word, the word may be its next
    /// one.
    pub(super) fn read(
        self,
        is_behind_a_word: bool,
        context: &mut Context<'_>,
    ) -> Result<Option<Token>, Failure> {
        match self {
            Self::Nowhere => Ok(None),
            Self::Empty => {
                context.advise("the token given is empty: a random one is generated");
                Ok(None)
            }
            Self::Stdin | Self::File(_) => self.read_one(&Help::WHERE_IT_IS_READ, context),
            Self::Word(_) if is_behind_a_word => self.read_one(&Help::OR_QUOTES, context),
            Self::Word(_) => self.read_one(&Help::OR_NONE, context),
        }
    }

    /// Reads a token that a cluster already has, if one is given.
    pub(in crate::command) fn read_known(
        self,
        help: &Help,
        context: &mut Context<'_>,
    ) -> Result<Option<Token>, Failure> {
        self.read_one(help, context)
    }

    fn read_one(self, help: &Help, context: &mut Context<'_>) -> Result<Option<Token>, Failure> {
        match self {
            Self::Nowhere | Self::Empty => Ok(None),
            Self::Word(word) => parse_word(word, help).map(Some),
            Self::Stdin => read(context.stdin)
                .map_err(|error| {
                    Failure::new("cannot read a token from standard input")
                        .because(io_reason(&error))
                        .help(help.unread)
                })
                .and_then(|text| parse_or(text.line(), "", help))
                .map(Some),
            Self::File(path) => from_file(path, help, context).map(Some),
        }
    }
}

fn from_file(path: &Path, help: &Help, context: &mut Context<'_>) -> Result<Token, Failure> {
    let failure = |error: io::Error| {
        Failure::new(format!(
            "cannot read the token file: open {}: {}",
            quote::shown_path(path),
            io_reason(&error)
        ))
        .help("name a file that you may read, with the token and nothing else in it, or `-` for standard input")
    };
    let mut file = File::open(path).map_err(failure)?;
    let metadata = file.metadata().map_err(failure)?;
    if metadata.is_file() && others_may_read(&metadata) {
        context.advise(format_args!(
            "other users may read the token file {path}: `chmod 600 {path}`",
            path = path.display()
        ));
    }
    let text = read(&mut file).map_err(failure)?;
    let which = format!(" in the file {}", quote::shown_path(path));
    parse_or(text.line(), &which, help)
}

#[cfg(unix)]
pub(in crate::command) fn others_may_read(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o044 != 0
}

#[cfg(not(unix))]
pub(in crate::command) fn others_may_read(_: &std::fs::Metadata) -> bool {
    false
}

pub(in crate::command) fn parse(text: &[u8]) -> Result<Token, Failure> {
    parse_or(text, "", &Help::OR_NONE)
}

/// `which` is what an error says after "the bootstrap token".
fn parse_or(text: &[u8], which: &str, help: &Help) -> Result<Token, Failure> {
    Token::from_bytes(text).map_err(|error| {
        let (fault, help) = fault(text, &error, help);
        Failure::new(malformed(which)).because(fault).help(help)
    })
}

/// Parses a word. An error repeats the word, as kubeadm's does, if it cannot be a mistyped token.
fn parse_word(word: &OsStr, help: &Help) -> Result<Token, Failure> {
    let bytes = word.as_encoded_bytes();
    match word.to_str() {
        Some(text) if !quote::may_hold_secret(text) => Token::from_bytes(bytes).map_err(|error| {
            let (fault, help) = fault(bytes, &error, help);
            Failure::new(malformed(&format!(" {}", quote::go(text))))
                .help(format!("{fault}; {help}"))
        }),
        _ => parse_or(bytes, "", help),
    }
}

fn malformed(which: &str) -> String {
    format!(
        "the bootstrap token{which} was not of the form {}",
        quote::go(quote::TOKEN_PATTERN)
    )
}

/// Describes what is wrong, and how to fix it.
fn fault(text: &[u8], error: &ParseTokenError, help: &Help) -> (String, &'static str) {
    match Lookalike::of(text) {
        Some(found) => (found.fault().to_owned(), found.help()),
        None => (error.problem().to_string(), help.malformed),
    }
}

/// The beginning of the input: enough to see that it is not a token, however long it continues.
struct Input {
    bytes: Zeroizing<Vec<u8>>,
    length: usize,
}

impl Input {
    const ENOUGH: usize = Token::LEN + 2;
    /// A terminal delivers lines of up to this length at once. The rest of a line that is not read goes to the shell.
    const LINE: usize = 4096;

    fn line(&self) -> &[u8] {
        let text = &self.bytes[..self.length.min(Self::ENOUGH)];
        text.strip_suffix(b"\n").unwrap_or(text)
    }
}

fn read(from: &mut dyn Read) -> io::Result<Input> {
    let mut bytes = Zeroizing::new(vec![0; Input::LINE]);
    let length = read_limited::fill(from, &mut bytes, Input::ENOUGH)?;
    Ok(Input { bytes, length })
}
