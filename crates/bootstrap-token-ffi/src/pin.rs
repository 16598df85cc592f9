//! Public key pins: `sha256:<hex>` over a certificate's `SubjectPublicKeyInfo`.

use core::ffi::c_char;

use bootstrap_token_discovery::{Certificate, ParseCertificateError, ParsePinError, Pin};

use crate::boundary::{Failure, call};
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

/// Whether a certificate of a file has one of the pins: `pins` is one or more of them with commas between, the file PEM
/// (a bundle) or DER (one certificate).
///
/// Fails with `PIN_MALFORMED`, `PIN_OF_NOTHING`, `NOT_PINNED`, and `CERTIFICATE_MISSING` to `CERTIFICATE_MALFORMED`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_ca_pin_matches(
    pins: *const c_char,
    pins_len: usize,
    certificates: *const c_char,
    certificates_len: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let pins = read(input::text(pins, pins_len, "pins")?)?;
            let file = input::bytes(certificates, certificates_len, "certificates")?;
            let bundle = Certificate::bundle(file)?;
            if bundle.iter().any(|found| pins.contains(&Pin::of(found))) {
                return Ok(());
            }
            Err(Failure::new(
                Code::NotPinned,
                "none of the certificates has one of the pins",
            ))
        })
    }
}

/// Pins with commas between, at least one.
pub(crate) fn read(text: &str) -> Result<Vec<Pin>, Failure> {
    if text.is_empty() {
        return Err(Failure::new(Code::PinMalformed, "there is no pin"));
    }
    if let Some(at) = text.split(',').position(str::is_empty) {
        let position = at + 1;
        return Err(Failure::new(
            Code::PinMalformed,
            format!("between the commas, pin {position} is empty"),
        ));
    }
    if let Some(at) = text.split(',').position(|pin| pin.trim() != pin) {
        let position = at + 1;
        return Err(Failure::new(
            Code::PinMalformed,
            format!("pin {position} has white space or a line break around it"),
        ));
    }
    let pins: Vec<Pin> = text.split(',').map(str::parse).collect::<Result<_, _>>()?;
    if pins.iter().any(Pin::is_of_nothing) {
        return Err(Failure::new(
            Code::PinOfNothing,
            "the pin is the hash of nothing, as 'openssl rsa' makes it of a key that is not an RSA one; \
             use 'openssl pkey -pubin -outform der'",
        ));
    }
    Ok(pins)
}

impl From<ParsePinError> for Failure {
    fn from(error: ParsePinError) -> Self {
        Self::of(Code::PinMalformed, &error)
    }
}

impl From<ParseCertificateError> for Failure {
    fn from(error: ParseCertificateError) -> Self {
        Self::of(code(error), &error)
    }
}

pub(crate) fn code(error: ParseCertificateError) -> Code {
    match error {
        ParseCertificateError::Empty => Code::CertificateMissing,
        ParseCertificateError::NotPem { .. } => Code::CertificateNotPem,
        ParseCertificateError::NoCertificate { .. } => Code::CertificateMalformed,
        _ => Code::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_a_pin_is_told() {
        let pin = format!("sha256:{}", "0a".repeat(32));
        for text in [format!("{pin}, {pin}"), format!("{pin},{pin}\n")] {
            let failure = read(&text).err();
            assert_eq!(
                failure.map(|failure| (failure.code, failure.message)),
                Some((
                    Code::PinMalformed,
                    "pin 2 has white space or a line break around it".to_owned()
                ))
            );
        }
        assert!(read(&format!("{pin},{pin}")).is_ok());
    }
}
