//! Help for a file that should hold certificates in PEM and holds something else.

use bootstrap_token_discovery::{OtherForm, ParseCertificateError};

/// Returns the help, if the form of the file is known.
pub(crate) fn help(error: &ParseCertificateError) -> Option<&'static str> {
    let ParseCertificateError::OtherForm(form) = error else {
        return None;
    };
    Some(match form {
        OtherForm::Utf16 => {
            "save it as ASCII or UTF-8: in PowerShell, `Set-Content -Encoding ascii`, not `>`"
        }
        OtherForm::Indented => {
            "take the white space before its lines away: `sed 's/^[[:space:]]*//'`"
        }
        OtherForm::Base64 => "decode it first: `base64 -d`",
        OtherForm::TrustedCertificate => "`openssl x509 -in FILE` writes it as PEM",
        OtherForm::Pkcs7 => {
            "`openssl pkcs7 -print_certs -in FILE` writes it as PEM; with `-inform der` if the file is DER"
        }
        OtherForm::Pkcs12 => {
            "`openssl pkcs12 -in FILE -cacerts -nokeys` writes its CA certificates as PEM"
        }
        OtherForm::PrivateKey => {
            "a key is for nobody else's eyes: name the certificate, which on a control-plane node is /etc/kubernetes/pki/ca.crt"
        }
        _ => "name the certificate, which on a control-plane node is /etc/kubernetes/pki/ca.crt",
    })
}
