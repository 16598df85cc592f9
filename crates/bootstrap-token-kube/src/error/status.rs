use core::fmt;

use http::StatusCode;

use crate::Escaped;

/// A refusal by the API server or something in between: the HTTP status code, and the content of its `Status` object,
/// if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    code: u16,
    sender: Sender,
    reason: String,
    message: String,
}

/// Who seems to have sent a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The body was not read completely and may be a `Status`.
    Unread,
    /// The body is not a `Status`: it may come from something in between.
    Anybody,
    /// A `Status` about another resource, about an unknown path, or from an admission webhook.
    Status,
    /// A `Status` about `configmaps`.
    StatusOfConfigMaps,
}

impl Status {
    /// Creates a refusal without a message.
    pub(crate) fn new(code: StatusCode, sender: Sender) -> Self {
        Self {
            code: code.as_u16(),
            sender,
            reason: String::new(),
            message: String::new(),
        }
    }

    pub(crate) fn saying(mut self, reason: &str, message: &str) -> Self {
        reason.clone_into(&mut self.reason);
        message.clone_into(&mut self.message);
        self
    }

    /// Returns the HTTP status code.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// Returns the machine-readable reason, such as `NotFound`. Empty if the server gave none or it is not made of
    /// words.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    pub(crate) fn sender(&self) -> Sender {
        self.sender
    }

    pub(crate) fn is_of_config_maps(&self) -> bool {
        self.sender == Sender::StatusOfConfigMaps
    }

    pub(crate) fn is_already_exists(&self) -> bool {
        self.code == 409 && self.reason == "AlreadyExists"
    }

    /// Returns the server's message, such as `secrets "bootstrap-token-abcdef" not found`. Empty if the server gave
    /// none.
    ///
    /// An admission webhook may repeat a token secret in it, in any encoding. Only ordinary words and a few digits are
    /// shown; `…` replaces the rest, with a note in parentheses. Treat it as data and print it with
    /// [`Escaped`](crate::Escaped).
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answered = match self.sender {
            Sender::Anybody => "the answer was",
            Sender::Unread | Sender::Status | Sender::StatusOfConfigMaps => {
                "the API server answered"
            }
        };
        write!(f, "{answered} {}", code_and_phrase(self.code))?;
        match &*self.message {
            "" | "Unauthorized" => Ok(()), // all that a 401 says
            message => write!(f, ": {}", Escaped(message)),
        }
    }
}

/// Formats a code like `404 Not Found`.
pub(super) fn code_and_phrase(code: u16) -> String {
    match StatusCode::from_u16(code)
        .ok()
        .and_then(|code| code.canonical_reason())
    {
        Some(phrase) => format!("{code} {phrase}"),
        None => code.to_string(),
    }
}
