use core::fmt;

/// What is wrong with a reply that should have been a Kubernetes API server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadReply {
    CutOff,
    TooLong { limit: usize },
    NotProtobuf,
    NotJson { line: usize, column: usize },
    OtherKind,
    Unexpected { code: u16 },
    Repeats,
    NoVersion,
}

impl fmt::Display for BadReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadReply::CutOff => f.write_str("the API server's reply was cut off"),
            BadReply::TooLong { limit } => {
                write!(
                    f,
                    "the API server's reply is longer than {} MiB",
                    limit >> 20
                )
            }
            BadReply::NotProtobuf => {
                f.write_str("the API server's reply is not the protobuf message it should be")
            }
            // serde_json's own words may hold the value that it did not expect.
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
            BadReply::Repeats => f.write_str("the API server sends the same page again"),
        }
    }
}
