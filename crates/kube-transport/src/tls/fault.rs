use core::fmt;
use core::time::Duration;

use x509_cert::der::DateTime;

use super::bad_certificate::cut;

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// No trusted CA has issued it.
    UnknownIssuer,
    /// A trusted CA has the name of its issuer, but has not signed it.
    Namesake,
    /// It expired at this moment, in seconds since 1970.
    Expired(u64),
    /// It is not valid before this moment, in seconds since 1970.
    NotYetValid(u64),
    /// It is for other names.
    OtherName {
        /// The name of the server.
        wanted: String,
        /// The names in the certificate.
        names: Vec<String>,
    },
    /// It is for other purposes.
    Purpose,
    /// It has a critical extension that is not supported.
    Extension,
    /// Its issuer is not a CA: it says so, or may not sign certificates.
    NotACa,
    /// More CAs are below it than it allows.
    PathTooLong,
    /// A CA above it may not issue for its names.
    NameConstraints,
    /// Its signature has this algorithm, which is not supported.
    Algorithm(String),
    /// Its key, described here, is not supported.
    Key(String),
    /// It cannot be parsed.
    Malformed,
    /// Its sender does not have its key.
    NotTheirs,
    /// The message of the platform's verifier.
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |seconds: u64| {
            let moment = DateTime::from_unix_duration(Duration::from_secs(seconds));
            moment.map_or_else(|_| format!("{seconds} s after 1970"), |at| at.to_string())
        };
        f.write_str(match self {
            Self::UnknownIssuer => "no trusted CA has issued it",
            Self::Namesake => "a trusted CA has the name of its issuer, and has not signed it",
            Self::Expired(moment) => return write!(f, "it expired at {}", at(*moment)),
            Self::NotYetValid(moment) => {
                return write!(f, "it is not valid before {}", at(*moment));
            }
            Self::OtherName { wanted, names } => return other_name(f, wanted, names),
            Self::Purpose => "its extended key usage does not allow this use",
            Self::Extension => "it has a critical extension that is not supported",
            Self::NotACa => "its issuer may not issue certificates",
            Self::PathTooLong => "there are more CAs below it than its path length allows",
            Self::NameConstraints => "the name constraints of a CA above it do not allow its names",
            Self::Algorithm(name) => {
                return write!(f, "it is signed by {name}, which is not supported");
            }
            Self::Key(what) => return write!(f, "its key is {what}, which is not supported"),
            Self::Malformed => "it is malformed",
            Self::NotTheirs => "the signature of the TLS handshake is not by its key",
            Self::Other(what) => return write!(f, "refused by the platform: {what}"),
        })
    }
}

fn other_name(f: &mut fmt::Formatter<'_>, wanted: &str, names: &[String]) -> fmt::Result {
    const MOST: usize = 12;

    let wanted = cut(wanted);
    if names.is_empty() {
        return write!(f, "it is for no name, and not for {wanted}");
    }
    write!(f, "it is not for {wanted}, but for ")?;
    for (at, name) in names.iter().take(MOST).enumerate() {
        let before = if at == 0 { "" } else { ", " };
        write!(f, "{before}{}", cut(name))?;
    }
    match names.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An unverified server writes these names.
    #[test]
    fn long_lists_of_names_are_cut() {
        let fault = Fault::OtherName {
            wanted: "cp.example".to_owned(),
            names: vec!["\u{e9}".repeat(50_000); 14],
        };
        let name = format!("{}...", "\u{e9}".repeat(120));
        let names = vec![name; 12].join(", ");
        assert_eq!(
            fault.to_string(),
            format!("it is not for cp.example, but for {names} and 2 more")
        );
    }
}
