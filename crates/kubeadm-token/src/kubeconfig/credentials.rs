//! What a user's entry has to show to the API server, as far as it can be told before.

use std::path::Path;
use std::time::{Duration, SystemTime};

use bootstrap_token_discovery::{Certificate, ParseCertificateError};
use kube::config::AuthInfo;
use secrecy::ExposeSecret;

use super::fault::file;
use super::{content, forget_empty};
use crate::failure::words;
use crate::moment::utc;

/// Reads the token once, white space taken off as client-go does; a run is too short for it to change. The
/// file goes before the token beside it, which only stands in for a file that cannot be read.
pub(super) fn read_token_file(auth_info: &mut AuthInfo) -> Result<(), String> {
    forget_empty(&mut auth_info.token_file);
    let Some(path) = auth_info.token_file.take() else {
        return Ok(());
    };
    match std::fs::read_to_string(&path) {
        Ok(token) if token.trim().is_empty() => Err(format!("its tokenFile {path} is empty")),
        Ok(token) => {
            auth_info.token = Some(token.trim().to_owned().into());
            Ok(())
        }
        Err(_) if auth_info.token.is_some() => Ok(()),
        Err(error) => Err(format!("its tokenFile: open {path}: {}", words(&error))),
    }
}

/// kube panics at a token that no header can hold.
pub(super) fn check_token(auth_info: &AuthInfo) -> Result<(), &'static str> {
    let token = auth_info.token.as_ref().map(ExposeSecret::expose_secret);
    match token.map(http::HeaderValue::from_str) {
        Some(Err(_)) => Err("its token holds characters that cannot be sent"),
        _ => Ok(()),
    }
}

/// A client certificate that is of no use any more, or not yet, is told apart from the API server's
/// refusal of it, which does not say so.
pub(super) fn check_certificate(
    auth_info: &mut AuthInfo,
    now: SystemTime,
) -> Result<(), (String, String)> {
    forget_empty(&mut auth_info.client_certificate);
    forget_empty(&mut auth_info.client_certificate_data);
    forget_empty(&mut auth_info.client_key);
    let broken = |what: String| {
        let help = "write the kubeconfig anew, or use another one with --kubeconfig";
        (what, help.to_owned())
    };
    for (name, data, path) in [
        (
            "client-certificate",
            auth_info.client_certificate_data.is_some(),
            &auth_info.client_certificate,
        ),
        (
            "client-key",
            auth_info.client_key_data.is_some(),
            &auth_info.client_key,
        ),
    ] {
        if let (false, Some(path)) = (data, path) {
            file(Path::new(path)).map_err(|error| broken(format!("its {name}: {error}")))?;
        }
    }
    let found = content(
        "client-certificate",
        auth_info.client_certificate_data.as_deref(),
        auth_info.client_certificate.as_deref(),
    );
    let Some(pem) = found.map_err(broken)? else {
        return Ok(());
    };
    let certificate =
        leaf(&pem).map_err(|error| broken(format!("its client certificate: {error}")))?;
    let renew = "renew it (`kubeadm certs renew admin.conf` on a control-plane node), or set this machine's clock";
    let (first, last) = (certificate.not_before(), certificate.not_after());
    if last + Duration::from_secs(1) <= now {
        let what = format!("its client certificate expired at {}", utc(last));
        return Err((what, renew.to_owned()));
    }
    if now < first {
        let what = format!("its client certificate is not valid before {}", utc(first));
        return Err((what, renew.to_owned()));
    }
    Ok(())
}

/// The first certificate of a chain, which is all that Go looks at too.
fn leaf(pem: &[u8]) -> Result<Certificate, ParseCertificateError> {
    const END: &[u8] = b"-----END CERTIFICATE-----";

    let end = pem
        .windows(END.len())
        .position(|window| window == END)
        .map_or(pem.len(), |at| at + END.len());
    let mut chain = Certificate::bundle_from_pem(&pem[..end])?;
    Ok(chain.swap_remove(0))
}
