use core::fmt;

use crate::{ParsePinError, Pin};

/// Parses at least one pin, separated by single commas.
pub(crate) fn read(text: &str) -> Result<Vec<Pin>, ParsePinListError> {
    if text.is_empty() {
        return Err(ParsePinListError::Empty);
    }
    let position = |is: fn(&str) -> bool| text.split(',').position(is).map(|at| at + 1);
    if let Some(position) = position(str::is_empty) {
        return Err(ParsePinListError::EmptyPin { position });
    }
    if let Some(position) = position(|pin| pin.trim() != pin) {
        return Err(ParsePinListError::WhiteSpace { position });
    }
    let pins: Result<Vec<Pin>, _> = text.split(',').map(str::parse).collect();
    let pins = pins.map_err(ParsePinListError::Pin)?;
    if pins.iter().any(Pin::is_of_nothing) {
        return Err(ParsePinListError::OfNothing);
    }
    Ok(pins)
}

/// A text is not a list of pins that certificates can have. The error does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParsePinListError {
    /// The list is empty.
    Empty,
    /// A pin is empty: between two commas, before the first or after the last.
    EmptyPin {
        /// The pin's place, counted from 1.
        position: usize,
    },
    /// A pin has white space around it.
    WhiteSpace {
        /// The pin's place, counted from 1.
        position: usize,
    },
    /// An entry is not a pin.
    Pin(ParsePinError),
    /// A pin is [the hash of nothing](Pin::is_of_nothing).
    OfNothing,
}

impl fmt::Display for ParsePinListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no pin"),
            Self::EmptyPin { position } => {
                write!(f, "between the commas, pin {position} is empty")
            }
            Self::WhiteSpace { position } => {
                write!(f, "pin {position} has white space or a line break around it")
            }
            Self::Pin(error) => error.fmt(f),
            Self::OfNothing => f.write_str(
                "the pin is the hash of nothing, as 'openssl rsa' makes it of a key that is not an RSA one; \
                 use 'openssl pkey -pubin -outform der'",
            ),
        }
    }
}

impl std::error::Error for ParsePinListError {}
