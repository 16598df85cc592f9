use core::fmt;
use core::time::Duration;

use crate::wire::Secret;

/// Why a reply is not one of a Kubernetes API server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadReply {
    CutOff,
    TooLong {
        limit: usize,
    },
    NotProtobuf,
    NotJson {
        line: usize,
        column: usize,
    },
    OtherKind,
    Unexpected {
        code: u16,
    },
    NoVersion,
    /// The index of an item of a list, from 0.
    NotASecret {
        item: usize,
    },
    SecretTooLong,
    /// The next page begins where this one does.
    Repeats,
    /// A page begins at or before the last name of the previous one.
    Backwards,
    NoEnd(NoEnd),
}

/// The limit of a list that was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoEnd {
    Pages(usize),
    EmptyPages(usize),
    Bytes(u64),
    Time(Duration),
    Signing(usize),
}

impl fmt::Display for BadReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadReply::CutOff => f.write_str("the API server's reply was cut off"),
            BadReply::TooLong { limit } => {
                let (size, unit) = match limit >> 20 {
                    0 => (limit >> 10, "KiB"),
                    size => (size, "MiB"),
                };
                write!(f, "the API server's reply is longer than {size} {unit}")
            }
            BadReply::NotProtobuf => {
                f.write_str("the API server's reply is not the protobuf message it should be")
            }
            // serde_json's message may quote the unexpected value.
            BadReply::NotJson { line, column } => write!(
                f,
                "the API server's reply is not the JSON object it should be, from line {line} column {column}"
            ),
            BadReply::OtherKind => {
                f.write_str("the API server's reply is an object of another kind")
            }
            BadReply::Unexpected { code } => write!(
                f,
                "the answer was {}, as no Kubernetes API server gives it",
                super::status::code_and_phrase(*code)
            ),
            BadReply::NoVersion => f.write_str("the API server's reply has no resourceVersion"),
            BadReply::NotASecret { item } => {
                write!(f, "items[{item}] of the API server's list is not a Secret")
            }
            BadReply::SecretTooLong => write!(
                f,
                "a Secret in the API server's reply is longer than the {} KiB that etcd takes",
                Secret::LONGEST >> 10
            ),
            BadReply::Repeats => f.write_str("the API server sends the same page again"),
            BadReply::Backwards => f.write_str(
                "the API server's list goes backwards: a page begins with a name that is not behind the last one",
            ),
            BadReply::NoEnd(what) => write!(f, "the API server's list has no end: {what}"),
        }
    }
}

impl fmt::Display for NoEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoEnd::Pages(most) => write!(f, "more than {most} pages"),
            NoEnd::EmptyPages(most) => write!(f, "{most} pages in a row without a Secret"),
            NoEnd::Bytes(most) => write!(f, "more than {} GiB", most >> 30),
            NoEnd::Time(most) => write!(f, "it took longer than {most:?}"),
            NoEnd::Signing(most) => write!(f, "more than {most} tokens are to sign"),
        }
    }
}
