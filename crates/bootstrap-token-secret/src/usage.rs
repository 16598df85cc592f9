use core::fmt;
use core::str::FromStr;

use crate::keys::USAGE_PREFIX;

/// What a token may be used for: `KnownTokenUsages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Usage {
    /// A bearer token at the API server.
    Authentication,
    /// The key with which the controller manager signs `cluster-info`.
    Signing,
}

impl Usage {
    /// Both, in the order in which they print.
    pub const ALL: [Usage; 2] = [Usage::Authentication, Usage::Signing];

    /// `authentication` or `signing`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Usage::Authentication => "authentication",
            Usage::Signing => "signing",
        }
    }

    /// Its key in the Secret's data: `usage-bootstrap-authentication` or `usage-bootstrap-signing`.
    pub fn key(self) -> String {
        format!("{USAGE_PREFIX}{}", self.as_str())
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Usage {
    type Err = ParseUsageError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|usage| usage.as_str() == text)
            .ok_or(ParseUsageError(()))
    }
}

/// A text was not a usage: `ValidateUsages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseUsageError(());

impl fmt::Display for ParseUsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a token usage (expected signing or authentication)")
    }
}

impl std::error::Error for ParseUsageError {}

/// A set of usages; iterates in the order in which kubeadm prints them.
///
/// ```
/// use bootstrap_token_secret::{Usage, Usages};
///
/// let usages: Usages = [Usage::Signing, Usage::Authentication, Usage::Signing].into_iter().collect();
/// assert_eq!(usages, Usages::ALL);
/// assert_eq!(usages.iter().map(Usage::as_str).collect::<Vec<_>>(), ["authentication", "signing"]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Usages {
    authentication: bool,
    signing: bool,
}

impl Usages {
    /// None. Legal: kubeadm makes such a token as the owner of its uploaded certificates.
    pub const NONE: Usages = Usages {
        authentication: false,
        signing: false,
    };

    /// Authentication and signing, what `kubeadm token create` gives by default.
    pub const ALL: Usages = Usages {
        authentication: true,
        signing: true,
    };

    /// Whether `usage` is in the set.
    pub fn contains(self, usage: Usage) -> bool {
        match usage {
            Usage::Authentication => self.authentication,
            Usage::Signing => self.signing,
        }
    }

    /// Those in the set, sorted.
    pub fn iter(self) -> impl Iterator<Item = Usage> {
        Usage::ALL
            .into_iter()
            .filter(move |usage| self.contains(*usage))
    }

    /// Whether the set has none.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }
}

impl FromIterator<Usage> for Usages {
    fn from_iter<I: IntoIterator<Item = Usage>>(usages: I) -> Self {
        let mut set = Self::NONE;
        set.extend(usages);
        set
    }
}

impl Extend<Usage> for Usages {
    fn extend<I: IntoIterator<Item = Usage>>(&mut self, usages: I) {
        for usage in usages {
            match usage {
                Usage::Authentication => self.authentication = true,
                Usage::Signing => self.signing = true,
            }
        }
    }
}
