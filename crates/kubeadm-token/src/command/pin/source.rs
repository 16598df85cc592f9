//! Reads the certificates to pin.

use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use bootstrap_token_discovery::{Certificate, Pin};
use bootstrap_token_secret::Expiration;

use crate::context::Context;
use crate::failure::{Failure, io_reason};
use crate::read_limited;
use crate::{pem_help, quote};

/// A certificate and its pin.
pub(super) struct Pinned {
    pub(super) pin: Pin,
    pub(super) certificate: Certificate,
    /// Where it was found.
    pub(super) source: String,
}

impl Pinned {
    pub(super) fn all(certificates: Vec<Certificate>, source: &str) -> Vec<Self> {
        let one = |certificate| Self {
            pin: Pin::of(&certificate),
            certificate,
            source: source.to_owned(),
        };
        certificates.into_iter().map(one).collect()
    }

    /// Describes a certificate that is not valid now, so that nobody can join by it.
    pub(super) fn outdated(&self, now: SystemTime) -> Option<String> {
        let Self {
            pin,
            certificate,
            source,
        } = self;
        let (begin, end) = (certificate.not_before(), certificate.not_after());
        if now > end {
            Some(format!(
                "the certificate in {source} with {pin} expired at {}",
                time(end)
            ))
        } else if now < begin {
            Some(format!(
                "the certificate in {source} with {pin} is not valid before {}",
                time(begin)
            ))
        } else {
            None
        }
    }
}

/// Formats a time like the expiration of a token.
pub(super) fn time(time: SystemTime) -> String {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()),
        Err(before) => i64::try_from(before.duration().as_secs()).map(|seconds| -seconds),
    };
    seconds
        .ok()
        .and_then(|seconds| Expiration::from_unix_seconds(seconds).ok())
        .map_or_else(|| "unknown".to_owned(), |time| time.to_string())
}

/// Returns the certificates of a file, and its name. Other content, such as a private key, is wiped and never shown.
pub(super) fn read(
    file: &OsStr,
    context: &mut Context<'_>,
) -> Result<(Vec<Certificate>, String), Failure> {
    let is_stdin = file == "-";
    let name = if is_stdin {
        "standard input".to_owned()
    } else {
        quote::shown_path(Path::new(file))
    };
    let bytes = if is_stdin {
        read_limited::read(context.stdin, LONGEST)
    } else {
        File::open(file).and_then(|mut file| read_limited::read(&mut file, LONGEST))
    };
    let failure =
        |why: String| Failure::new(format!("cannot read a certificate from {name}: {why}"));
    let bytes = bytes.map_err(|error| {
        failure(io_reason(&error)).help("name files that you may read, or `-` for standard input")
    })?;
    let Some(bytes) = bytes else {
        return Err(failure(format!("it is longer than {LONGEST} bytes"))
            .help("that is no certificate of an authority, nor a bundle of some"));
    };
    let certificates = Certificate::bundle(&bytes).map_err(|error| {
        failure(error.to_string()).help(pem_help::help(&error).unwrap_or(
            "name a PEM file with certificates, or one certificate in DER; on a control-plane node the authority's is /etc/kubernetes/pki/ca.crt",
        ))
    })?;
    Ok((certificates, name))
}

/// Size limit: far more than any bundle. The 150 authorities of browsers are 200 KB.
const LONGEST: usize = 16 << 20;
