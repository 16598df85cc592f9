//! From when to when a certificate is valid: the one thing in it that this program looks at, so that no
//! X.509 library is needed for it.

use base64::Engine as _;

/// Unix seconds, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) not_before: i64,
    pub(super) not_after: i64,
}

/// Of the first certificate in `pem`.
pub(super) fn validity(pem: &[u8]) -> Option<Validity> {
    let text = core::str::from_utf8(pem).ok()?;
    let (_, rest) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    of_der(&decode_base64(body)?)
}

/// RFC 5280, 4.1: Certificate, and in it `TBSCertificate`: version, serialNumber, signature, issuer,
/// validity, …
fn of_der(der: &[u8]) -> Option<Validity> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xA0;

    let (certificate, _) = element(der, SEQUENCE)?;
    let (mut rest, _) = element(certificate, SEQUENCE)?;
    if rest.first() == Some(&VERSION) {
        (_, rest) = any_element(rest)?;
    }
    for _ in ["serialNumber", "signature", "issuer"] {
        (_, rest) = any_element(rest)?;
    }
    let (validity, _) = element(rest, SEQUENCE)?;
    let (not_before, rest) = time(validity)?;
    let (not_after, _) = time(rest)?;
    Some(Validity {
        not_before,
        not_after,
    })
}

/// The content of the first element, which must have this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    (der.first() == Some(&tag))
        .then(|| any_element(der))
        .flatten()
}

fn any_element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.get(1..)?.split_first()?;
    if first < 0x80 {
        return rest.split_at_checked(first.into());
    }
    let (length, rest) = rest.split_at_checked((first & 0x7F).into())?;
    let length = length.iter().try_fold(0_usize, |sum, &byte| {
        sum.checked_mul(256)?.checked_add(byte.into())
    })?;
    rest.split_at_checked(length)
}

/// `UTCTime` `YYMMDDHHMMSSZ` or `GeneralizedTime` `YYYYMMDDHHMMSSZ`, and what follows it.
fn time(der: &[u8]) -> Option<(i64, &[u8])> {
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;

    let digits = |text: &[u8]| {
        text.iter().try_fold(0_i64, |sum, d| {
            d.is_ascii_digit().then(|| sum * 10 + i64::from(d - b'0'))
        })
    };
    let (text, rest) = any_element(der)?;
    let text = text.strip_suffix(b"Z")?;
    let (year, text) = match (der.first()?, text.len()) {
        (&UTC_TIME, 12) => {
            let year = digits(&text[..2])?;
            (if year < 50 { 2000 } else { 1900 } + year, &text[2..])
        }
        (&GENERALIZED_TIME, 14) => (digits(&text[..4])?, &text[4..]),
        _ => return None,
    };
    let part = |at: usize| digits(&text[at..at + 2]);
    let (month, day) = (part(0)?, part(2)?);
    let (hour, minute, second) = (part(4)?, part(6)?, part(8)?);
    Some((
        ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second,
        rest,
    ))
}

/// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let since_march = (month + 9) % 12;
    let day_of_year = (153 * since_march + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - 719_468
}

/// Standard base64, line breaks and spaces left out.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_ascii_whitespace().collect();
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_as_the_calendar_does() {
        for (year, month, day, expected) in [
            (1970, 1, 1, 0),
            (1970, 3, 1, 59),
            (2000, 2, 29, 11_016),
            (2000, 3, 1, 11_017),
            (2026, 11, 25, 20_782),
            (1969, 12, 31, -1),
            (9999, 12, 31, 2_932_896),
        ] {
            assert_eq!(days(year, month, day), expected, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn reads_when_a_certificate_is_valid() {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["x".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2024, 2, 29);
        // past 2049 it is a GeneralizedTime
        params.not_after = rcgen::date_time_ymd(2055, 12, 31);
        let pem = params.self_signed(&key).unwrap().pem();
        assert_eq!(
            validity(pem.as_bytes()),
            Some(Validity {
                not_before: days(2024, 2, 29) * 86_400,
                not_after: days(2055, 12, 31) * 86_400
            })
        );
    }

    #[test]
    fn no_certificate_is_none_and_no_panic() {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["x".to_owned()]).unwrap();
        let der = params.self_signed(&key).unwrap().der().to_vec();
        assert!(of_der(&der).is_some());
        // The validity ends well before byte 150 of so small a certificate.
        for length in 0..60 {
            assert_eq!(of_der(&der[..length]), None);
        }
        for (at, byte) in (0..der.len()).flat_map(|at| [0, 0x7F, 0x84, 0xFF].map(|byte| (at, byte)))
        {
            let mut broken = der.clone();
            broken[at] = byte;
            let _ = of_der(&broken);
        }
        assert_eq!(
            validity(b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
            None
        );
        assert_eq!(validity(b"\xFF"), None);
    }
}
