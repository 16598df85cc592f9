use core::fmt;
use core::str::FromStr;

/// A group that a token's bearer is in beside `system:bootstrappers`:
/// `\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z` (`BootstrapGroupPattern`).
///
/// `system:bootstrappers` itself, to which every bootstrap token belongs, is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtraGroup(Box<str>);

impl ExtraGroup {
    /// `BootstrapDefaultGroup` and the colon that an extra group's name goes on with.
    pub const PREFIX: &'static str = "system:bootstrappers:";

    /// Characters after the prefix: 1 to this many.
    pub const MAX_SUFFIX_LEN: usize = 256;

    /// The group that kubeadm gives by default: `NodeBootstrapTokenAuthGroup`.
    pub const DEFAULT_NODE_TOKEN: &'static str = "system:bootstrappers:kubeadm:default-node-token";

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExtraGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for ExtraGroup {
    type Err = ParseGroupError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let Some(suffix) = name.strip_prefix(Self::PREFIX) else {
            return Err(ParseGroupError::Prefix);
        };
        if suffix.is_empty() || suffix.len() > Self::MAX_SUFFIX_LEN {
            return Err(ParseGroupError::Length {
                found: suffix.len(),
            });
        }
        let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        if !suffix
            .bytes()
            .all(|b| alphanumeric(b) || b == b':' || b == b'-')
        {
            return Err(ParseGroupError::Character);
        }
        if !suffix.bytes().last().is_some_and(alphanumeric) {
            return Err(ParseGroupError::LastCharacter);
        }
        Ok(Self(name.into()))
    }
}

/// Why a text is not an extra group: `ValidateBootstrapGroupName`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseGroupError {
    /// It does not begin with `system:bootstrappers:`.
    Prefix,
    /// Nothing, or too much, after the prefix.
    Length {
        /// Bytes after the prefix.
        found: usize,
    },
    /// A character outside `[a-z0-9:-]` after the prefix.
    Character,
    /// The last character is not one of `[a-z0-9]`.
    LastCharacter,
}

impl fmt::Display for ParseGroupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseGroupError::Prefix => {
                write!(f, "an extra group must begin with {:?}", ExtraGroup::PREFIX)
            }
            ParseGroupError::Length { found } => write!(
                f,
                "an extra group has 1 to {} characters after {:?}, found {found}",
                ExtraGroup::MAX_SUFFIX_LEN,
                ExtraGroup::PREFIX
            ),
            ParseGroupError::Character => write!(
                f,
                "an extra group has only a-z, 0-9, ':' and '-' after {:?}",
                ExtraGroup::PREFIX
            ),
            ParseGroupError::LastCharacter => {
                f.write_str("an extra group must end with a-z or 0-9")
            }
        }
    }
}

impl std::error::Error for ParseGroupError {}

/// Extra groups in the order in which they were given, which is the order in which they are stored and
/// printed. What the API server makes of them is [`identity`](Self::identity).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ExtraGroups(Vec<ExtraGroup>);

impl ExtraGroups {
    /// [`ExtraGroup::DEFAULT_NODE_TOKEN`] alone: `DefaultTokenGroups` of kubeadm.
    pub fn node_token() -> Self {
        Self(vec![ExtraGroup(ExtraGroup::DEFAULT_NODE_TOKEN.into())])
    }

    /// In stored order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &ExtraGroup> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The groups of the authenticated user, sorted and without repetition, `system:bootstrappers` among
    /// them: `GetGroups` in `cluster-bootstrap/util/secrets`.
    pub fn identity(&self) -> Vec<&str> {
        let mut groups: Vec<_> = self.0.iter().map(ExtraGroup::as_str).collect();
        groups.push(ExtraGroup::PREFIX.trim_end_matches(':'));
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}

/// Reads the value of `auth-extra-groups` as the API server does, by `GetGroups` in `cluster-bootstrap/util/secrets`:
/// nothing is no group, but nothing between two commas is a bad one. (kubeadm, which
/// [`StoredToken`](crate::StoredToken) follows, takes a value that begins with a comma for no groups.)
impl FromStr for ExtraGroups {
    type Err = ParseGroupError;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        let groups = value.split(',').filter(|_| !value.is_empty());
        groups.map(str::parse).collect()
    }
}

impl FromIterator<ExtraGroup> for ExtraGroups {
    fn from_iter<I: IntoIterator<Item = ExtraGroup>>(groups: I) -> Self {
        Self(groups.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_says_why() {
        for (name, says) in [
            (
                "system:bootstrappers",
                "an extra group must begin with \"system:bootstrappers:\"",
            ),
            (
                "",
                "an extra group must begin with \"system:bootstrappers:\"",
            ),
            (
                "system:bootstrappers:",
                "an extra group has 1 to 256 characters after \"system:bootstrappers:\", found 0",
            ),
            (
                "system:bootstrappers:A",
                "an extra group has only a-z, 0-9, ':' and '-' after \"system:bootstrappers:\"",
            ),
            (
                "system:bootstrappers:a-",
                "an extra group must end with a-z or 0-9",
            ),
            (
                "system:bootstrappers:a\n",
                "an extra group has only a-z, 0-9, ':' and '-' after \"system:bootstrappers:\"",
            ),
        ] {
            assert_eq!(name.parse::<ExtraGroup>().unwrap_err().to_string(), says);
        }
    }

    #[test]
    fn the_longest_name_is_256_characters_after_the_prefix() {
        let name = |n| format!("{}{}", ExtraGroup::PREFIX, "a".repeat(n));
        assert_eq!(name(256).parse::<ExtraGroup>().unwrap().as_str(), name(256));
        assert_eq!(
            name(257).parse::<ExtraGroup>(),
            Err(ParseGroupError::Length { found: 257 })
        );
    }

    #[test]
    fn the_default_is_a_group() {
        let group: ExtraGroup = ExtraGroup::DEFAULT_NODE_TOKEN.parse().unwrap();
        assert_eq!(ExtraGroups::node_token(), [group].into_iter().collect());
    }

    #[test]
    fn a_value_is_read_as_the_api_server_reads_it() {
        let read = |value: &str| {
            value
                .parse::<ExtraGroups>()
                .map(|groups| groups.iter().len())
        };
        assert_eq!(read(""), Ok(0));
        assert_eq!(read("system:bootstrappers:b,system:bootstrappers:a"), Ok(2));
        assert_eq!(
            read(",system:bootstrappers:a"),
            Err(ParseGroupError::Prefix)
        );
        assert_eq!(
            read("system:bootstrappers:a,"),
            Err(ParseGroupError::Prefix)
        );
    }

    #[test]
    fn the_identity_is_sorted_without_repetition() {
        let groups: ExtraGroups = [
            "system:bootstrappers:z",
            "system:bootstrappers:a",
            "system:bootstrappers:z",
        ]
        .iter()
        .map(|g| g.parse().unwrap())
        .collect();
        assert_eq!(groups.iter().len(), 3);
        assert_eq!(
            groups.identity(),
            [
                "system:bootstrappers",
                "system:bootstrappers:a",
                "system:bootstrappers:z"
            ]
        );
    }
}
