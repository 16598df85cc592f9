use core::fmt;
use core::net::Ipv6Addr;
use core::str::FromStr;

/// The default port of an API server, as in kubeadm.
const PORT: u16 = 6443;

/// The address of an API server: `https`, a host name or address, a port.
///
/// Parses what people type (`10.0.0.1`, `cp.example:6443`, `[fd00::1]:6443`, `https://cp.example:6443/`) and prints a
/// URL. A path other than `/` is kept, since some API servers have one. An IPv6 address needs brackets, as in kubeadm:
/// `fd00::1:6443` is a complete address.
///
/// ```
/// use bootstrap_token_discovery::Endpoint;
///
/// let endpoint: Endpoint = "[fd00::1]".parse()?;
/// assert_eq!(endpoint.to_string(), "https://[fd00::1]:6443");
/// let endpoint: Endpoint = "https://cp.example/".parse()?;
/// assert_eq!(endpoint.to_string(), "https://cp.example:443");
/// # Ok::<_, bootstrap_token_discovery::ParseEndpointError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// An IPv6 address has no brackets.
    host: String,
    port: u16,
    /// Empty, or begins with `/` and does not end with it.
    path: String,
}

impl Endpoint {
    /// Returns the host name or address. An IPv6 address has no brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the address without the scheme, as for `kubeadm join`.
    ///
    /// ```
    /// let endpoint: bootstrap_token_discovery::Endpoint = "https://[FD00::1]:443/".parse()?;
    /// assert_eq!(endpoint.address(), "[fd00::1]:443");
    /// # Ok::<_, bootstrap_token_discovery::ParseEndpointError>(())
    /// ```
    #[must_use]
    pub fn address(&self) -> String {
        let Self { host, port, path } = self;
        if host.contains(':') {
            format!("[{host}]:{port}{path}")
        } else {
            format!("{host}:{port}{path}")
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}", self.address())
    }
}

impl FromStr for Endpoint {
    type Err = ParseEndpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        use ParseEndpointError as Error;

        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        match scheme {
            None => {}
            Some(scheme) if scheme.eq_ignore_ascii_case("https") => {}
            Some(scheme) if scheme.eq_ignore_ascii_case("http") => return Err(Error::NotHttps),
            Some(_) => return Err(Error::Scheme),
        }
        if let Some(at) = rest.find(|c: char| !c.is_ascii_graphic()) {
            let position = text[..text.len() - rest.len() + at].chars().count() + 1;
            let is_letter = rest[at..].starts_with(|c: char| c.is_alphanumeric());
            return Err(if is_letter {
                Error::NotAscii { position }
            } else {
                Error::Character { position }
            });
        }
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(Error::Credentials);
        }
        if rest.contains(['?', '#', '\\', '"', '\'']) {
            return Err(Error::NotAnAddress);
        }
        let default = if scheme.is_some() { 443 } else { PORT };
        let (host, port) = host_and_port(authority, default)?;
        Ok(Self {
            host,
            port,
            path: path.trim_end_matches('/').to_owned(),
        })
    }
}

fn host_and_port(authority: &str, default: u16) -> Result<(String, u16), ParseEndpointError> {
    use ParseEndpointError as Error;

    if authority.contains(',') {
        return Err(Error::Several);
    }
    let bracketed = authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    let (host, port) = if let Some((host, port)) = bracketed {
        (in_brackets(host)?, port)
    } else {
        if is_bare_ipv6(authority) {
            return Err(Error::NoBrackets);
        }
        let end = authority.find(':').unwrap_or(authority.len());
        let (host, port) = authority.split_at(end);
        (name(host)?, port)
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => default,
        None => return Err(Error::NotAnAddress),
        // `u16` accepts a plus sign.
        Some(digits) if digits.starts_with('+') => return Err(Error::Port),
        Some(digits) => match digits.parse() {
            Ok(0) | Err(_) => return Err(Error::Port),
            Ok(port) => port,
        },
    };
    Ok((host, port))
}

fn in_brackets(host: &str) -> Result<String, ParseEndpointError> {
    let address: Result<Ipv6Addr, _> = host.parse();
    address
        .map(|address| address.to_string())
        .map_err(|_| match host.split_once('%') {
            Some((address, _)) if address.parse::<Ipv6Addr>().is_ok() => ParseEndpointError::Zone,
            _ if name(host).is_ok() => ParseEndpointError::Brackets,
            _ => ParseEndpointError::NotAnAddress,
        })
}

/// Returns whether this is an IPv6 address, with or without a port: the text is ambiguous.
fn is_bare_ipv6(authority: &str) -> bool {
    let is_ipv6 = |text: &str| text.parse::<Ipv6Addr>().is_ok();
    let address = authority.split('%').next().unwrap_or_default();
    is_ipv6(address) || address.rsplit_once(':').is_some_and(|(ip, _)| is_ipv6(ip))
}

/// Parses a host name or an IPv4 address.
fn name(host: &str) -> Result<String, ParseEndpointError> {
    if host.is_empty() {
        return Err(ParseEndpointError::NoHost);
    }
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if !host.chars().all(in_name) {
        return Err(ParseEndpointError::NotAnAddress);
    }
    Ok(host.to_ascii_lowercase())
}

/// A text is not the address of an API server. The error does not repeat it, since it may be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseEndpointError {
    /// `http://`, which is not secure.
    NotHttps,
    /// A scheme other than `https`.
    Scheme,
    /// White space, a control character, or another one that addresses do not have.
    Character {
        /// Its position, counted from 1.
        position: usize,
    },
    /// A non-ASCII letter: DNS uses another form for such names, `xn--...`.
    NotAscii {
        /// Its position, counted from 1.
        position: usize,
    },
    /// An IPv6 address without brackets: its last group may be a port.
    NoBrackets,
    /// Brackets without an IPv6 address in them.
    Brackets,
    /// An IPv6 address with a network interface (`%eth0`), which no certificate has.
    Zone,
    /// Several comma-separated servers.
    Several,
    /// A user or a password before the host.
    Credentials,
    /// No host.
    NoHost,
    /// The host is not a name or an address, or is not followed by a port or a path.
    NotAnAddress,
    /// Not a number from 1 to 65535.
    Port,
}

impl fmt::Display for ParseEndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHttps => f.write_str("the scheme is http, over which nothing can be trusted"),
            Self::Scheme => f.write_str("the scheme is not https"),
            Self::Character { position } => {
                write!(f, "character {position} has no place in an address")
            }
            Self::NotAscii { position } => write!(f, "character {position} is not ASCII"),
            Self::NoBrackets => f.write_str("too many colons: an IPv6 address needs brackets"),
            Self::Brackets => f.write_str("only an IPv6 address has brackets"),
            Self::Zone => f.write_str("an address with a zone is in no certificate"),
            Self::Several => f.write_str("only one address is allowed: this has a comma"),
            Self::Credentials => f.write_str("a user or password stands before the host"),
            Self::NoHost => f.write_str("there is no host"),
            Self::NotAnAddress => f.write_str("it is neither a host name nor an address"),
            Self::Port => f.write_str("the port is no number from 1 to 65535"),
        }?;
        f.write_str(", want [https://]HOST[:PORT]")
    }
}

impl std::error::Error for ParseEndpointError {}
