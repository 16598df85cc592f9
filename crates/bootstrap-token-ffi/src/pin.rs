//! Public key pins: `sha256:<hex>` over a certificate's `SubjectPublicKeyInfo`.

use core::ffi::c_char;

use bootstrap_token_discovery::{
    Anchor, Certificate, ParseCertificateError, ParsePinListError, Pin,
};

use crate::boundary::{Failure, call, question};
use crate::code::Code;
use crate::error::Error;
use crate::input;
use crate::output::{Buffer, Out};

/// Bytes for a pin and its NUL.
pub const CA_PIN_SIZE: usize = 72;

/// How many certificates a file has, PEM (a bundle) or DER (one).
///
/// Fails with `CERTIFICATE_MISSING` to `CERTIFICATE_MALFORMED`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_ca_count(
    certificates: *const c_char,
    certificates_len: usize,
    count: *mut usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(count, "count")?;
            let file = input::bytes(certificates, certificates_len, "certificates")?;
            out.set(Certificate::bundle(file)?.len());
            Ok(())
        })
    }
}

/// Writes the pin of a file's certificate number `index`, counted from 0, and a NUL to `buffer`, of at least
/// `BOOTSTRAP_TOKEN_CA_PIN_SIZE` bytes. The file is PEM (a bundle) or DER (one certificate).
///
/// Fails with `CERTIFICATE_MISSING` to `CERTIFICATE_MALFORMED`, and with `INVALID_ARGUMENT` if there is no such one.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(4)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_ca_pin_compute(
    certificates: *const c_char,
    certificates_len: usize,
    index: usize,
    buffer: *mut c_char,
    buffer_size: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let buffer = Buffer::at(buffer, buffer_size, CA_PIN_SIZE - 1, "buffer")?;
            let file = input::bytes(certificates, certificates_len, "certificates")?;
            let bundle = Certificate::bundle(file)?;
            let certificate = bundle.get(index).ok_or_else(|| {
                Failure::new(
                    Code::InvalidArgument,
                    format!(
                        "'index' is {index}, there are {} certificates",
                        bundle.len()
                    ),
                )
            })?;
            buffer.write(&Pin::of(certificate).to_string());
            Ok(())
        })
    }
}

/// Checks that a certificate of a file has one of the pins: `*is_pinned` is true if so, and false if not or if the check
/// fails. `pins` is one or more of them with commas between, the file PEM (a bundle) or DER (one certificate). The other
/// certificates of a bundle are not vouched for.
///
/// Fails with `PIN_MALFORMED`, `PIN_OF_NOTHING`, `NOT_PINNED`, and `CERTIFICATE_MISSING` to `CERTIFICATE_MALFORMED`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(5)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_ca_pin_check(
    pins: *const c_char,
    pins_len: usize,
    certificates: *const c_char,
    certificates_len: usize,
    is_pinned: *mut bool,
    error: *mut *mut Error,
) {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        question(is_pinned, "is_pinned", false, error, || {
            let anchor = Anchor::from_pin_list(input::text(pins, pins_len, "pins")?)?;
            let file = input::bytes(certificates, certificates_len, "certificates")?;
            let bundle = Certificate::bundle(file)?;
            if bundle.iter().any(|found| anchor.vouches_for(found)) {
                return Ok(true);
            }
            Err(Failure::new(
                Code::NotPinned,
                "none of the certificates has one of the pins",
            ))
        });
    }
}

impl From<ParsePinListError> for Failure {
    fn from(error: ParsePinListError) -> Self {
        let code = match error {
            ParsePinListError::OfNothing => Code::PinOfNothing,
            _ => Code::PinMalformed,
        };
        Self::of(code, &error)
    }
}

impl From<ParseCertificateError> for Failure {
    fn from(error: ParseCertificateError) -> Self {
        Self::of(code(error), &error)
    }
}

pub(crate) fn code(error: ParseCertificateError) -> Code {
    match error {
        ParseCertificateError::Empty | ParseCertificateError::OtherForm(_) => {
            Code::CertificateMissing
        }
        ParseCertificateError::NotPem { .. } => Code::CertificateNotPem,
        ParseCertificateError::NoCertificate { .. } => Code::CertificateMalformed,
        _ => Code::Other,
    }
}
