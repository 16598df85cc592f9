use core::fmt;

use http::StatusCode;

use crate::Escaped;

/// A refusal, of the API server's or of something in between: the HTTP status code, and what its `Status` object says
/// where it sent one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    code: u16,
    voice: Voice,
    reason: String,
    message: String,
}

/// Whose answer it shows itself to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// The body was not read to its end, and may be a `Status`.
    Unread,
    /// The body is no `Status`: it may be of something in between.
    Anybody,
    /// A `Status`: of another resource, of a path that leads to none, or from an admission webhook.
    Status,
    /// A `Status` about `configmaps`.
    StatusOfConfigMaps,
}

impl Status {
    /// A refusal without words.
    pub(crate) fn new(code: StatusCode, voice: Voice) -> Self {
        Self {
            code: code.as_u16(),
            voice,
            reason: String::new(),
            message: String::new(),
        }
    }

    pub(crate) fn saying(mut self, reason: &str, message: &str) -> Self {
        reason.clone_into(&mut self.reason);
        message.clone_into(&mut self.message);
        self
    }

    /// The HTTP status code.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The machine-readable reason, such as `NotFound`; empty where the server gave none, or one that is not made of
    /// words.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    pub(crate) fn voice(&self) -> Voice {
        self.voice
    }

    pub(crate) fn is_of_config_maps(&self) -> bool {
        self.voice == Voice::StatusOfConfigMaps
    }

    pub(crate) fn is_already_exists(&self) -> bool {
        self.code == 409 && self.reason == "AlreadyExists"
    }

    /// The server's own words, such as `secrets "bootstrap-token-abcdef" not found`; empty where it gave none.
    ///
    /// An admission webhook may repeat a token secret in them, in any encoding. So they are shown as far as they are
    /// ordinary words and a few digits; `…` stands for the rest, and a remark in parentheses says so. They are data:
    /// show them by [`Escaped`](crate::Escaped).
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answered = match self.voice {
            Voice::Anybody => "the answer was",
            Voice::Unread | Voice::Status | Voice::StatusOfConfigMaps => "the API server answered",
        };
        write!(f, "{answered} {}", code_and_phrase(self.code))?;
        match &*self.message {
            "" | "Unauthorized" => Ok(()), // which is all that a 401 says
            message => write!(f, ": {}", Escaped(message)),
        }
    }
}

/// `404 Not Found`.
pub(super) fn code_and_phrase(code: u16) -> String {
    match StatusCode::from_u16(code)
        .ok()
        .and_then(|code| code.canonical_reason())
    {
        Some(phrase) => format!("{code} {phrase}"),
        None => code.to_string(),
    }
}
