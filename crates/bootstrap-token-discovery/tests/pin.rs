//! Pins and certificates as a user meets them.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_discovery::{
    Anchor, Certificate, OtherForm, ParseCertificateError, ParsePinError, Pin,
};
use rcgen::{CertificateParams, KeyPair};

const NOTHING: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn authority() -> rcgen::Certificate {
    let mut params = CertificateParams::default();
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2055, 6, 30);
    params.self_signed(&KeyPair::generate().unwrap()).unwrap()
}

#[track_caller]
fn refused(text: &str, why: ParsePinError, says: &str) {
    assert_eq!(text.parse::<Pin>(), Err(why), "{text}");
    assert_eq!(
        why.to_string(),
        format!("{says}, want sha256:<64 hexadecimal digits>")
    );
}

#[test]
fn a_pin_is_read_in_any_case_and_printed_in_lower() {
    let pin: Pin = NOTHING.to_uppercase().parse().unwrap();
    assert_eq!(pin.to_string(), NOTHING);
    assert!(pin.is_of_nothing());
    let other: Pin = NOTHING.replace("b855", "b856").parse().unwrap();
    assert!(!other.is_of_nothing());
    assert_eq!(other.as_bytes()[30..], [0xb8, 0x56]);
}

#[test]
fn each_fault_is_named() {
    let digits = &NOTHING[7..];
    refused("", ParsePinError::NoColon, "the pin has no colon");
    refused(digits, ParsePinError::NoColon, "the pin has no colon");
    refused(
        &format!("{NOTHING}:"),
        ParsePinError::Colons,
        "the pin has more than one colon",
    );
    refused(
        &format!("sha512:{digits}"),
        ParsePinError::UnknownFormat,
        "the pin's format is not sha256",
    );
    refused(
        &format!(" {NOTHING}"),
        ParsePinError::UnknownFormat,
        "the pin's format is not sha256",
    );
    refused(
        &NOTHING[..70],
        ParsePinError::Length { found: 63 },
        "the pin has 63 characters after the colon instead of 64",
    );
    refused(
        &format!("{NOTHING}\n"),
        ParsePinError::Length { found: 65 },
        "the pin has 65 characters after the colon instead of 64",
    );
    refused(
        &NOTHING.replace("b855", "b85g"),
        ParsePinError::NotHexadecimal { position: 64 },
        "character 64 of the pin is no hexadecimal digit",
    );
}

#[test]
fn a_bundle_is_read_in_order_and_what_stands_between_is_left_out() {
    let (first, second) = (authority(), authority());
    let key = KeyPair::generate().unwrap().serialize_pem();
    let bundle = format!(
        "# first\n{}\r\n{key}the second:\n{}",
        first.pem(),
        second.pem()
    );
    let read = Certificate::bundle_from_pem(bundle.as_bytes()).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].der(), &**first.der());
    assert_eq!(read[1], Certificate::from_der(second.der()).unwrap());
    assert_ne!(Pin::of(&read[0]), Pin::of(&read[1]));
    // Go's reader leaves spaces out, but not before the frame.
    let spaced = first.pem().replace("MI", " M\tI ");
    assert_eq!(
        Certificate::bundle_from_pem(spaced.as_bytes()).unwrap(),
        read[..1]
    );
    let indented = first.pem().replace("-----BEGIN", " -----BEGIN");
    assert_eq!(
        Certificate::bundle_from_pem(indented.as_bytes()),
        Err(OtherForm::Indented.into())
    );
    let year_2026 = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    let june_2055 = UNIX_EPOCH + Duration::from_secs(2_697_926_400);
    assert_eq!(read[0].not_before(), year_2026);
    assert_eq!(read[0].not_after(), june_2055);
}

#[test]
fn what_is_no_bundle_is_refused_as_a_whole() {
    let good = authority().pem();
    let key = KeyPair::generate().unwrap().serialize_pem();
    let relabelled = key.replace("PRIVATE KEY", "CERTIFICATE");
    let refused = |pem: &str, why: ParseCertificateError| {
        assert_eq!(
            Certificate::bundle_from_pem(pem.as_bytes()),
            Err(why),
            "{pem}"
        );
    };
    refused("", ParseCertificateError::Empty);
    refused(&key, OtherForm::PrivateKey.into());
    refused(
        "-----BEGIN CERTIFICATE-----\n",
        ParseCertificateError::NotPem { position: 1 },
    );
    refused(
        &format!("{good}{}", &good[..90]),
        ParseCertificateError::NotPem { position: 2 },
    );
    refused(
        &good.replacen("MI", "!!", 1),
        ParseCertificateError::NotPem { position: 1 },
    );
    refused(
        &format!("{good}{relabelled}"),
        ParseCertificateError::NoCertificate { position: 2 },
    );
    let der = Certificate::bundle_from_pem(good.as_bytes())
        .unwrap()
        .remove(0)
        .der()
        .to_vec();
    for der in [&der[..der.len() - 1], &[&der[..], &[0]].concat(), &[]] {
        let refused = ParseCertificateError::NoCertificate { position: 1 };
        assert_eq!(Certificate::from_der(der), Err(refused));
    }
}

#[test]
fn a_list_of_pins_has_commas_between_and_nothing_around() {
    let pin = format!("sha256:{}", "0a".repeat(32));
    let one = Anchor::pins([pin.parse().unwrap()]);
    assert_eq!(Anchor::from_pin_list(&pin).ok(), one);
    assert!(Anchor::from_pin_list(&format!("{pin},{pin}")).is_ok());
    for (text, says) in [
        (String::new(), "there is no pin"),
        (format!("{pin},"), "between the commas, pin 2 is empty"),
        (format!(",{pin}"), "between the commas, pin 1 is empty"),
        (
            format!("{pin}, {pin}"),
            "pin 2 has white space or a line break around it",
        ),
        (
            format!("{pin}\n"),
            "pin 1 has white space or a line break around it",
        ),
        (
            format!("{pin},sha256"),
            "the pin has no colon, want sha256:<64 hexadecimal digits>",
        ),
        (
            format!("{pin},{NOTHING}"),
            "the pin is the hash of nothing, as 'openssl rsa' makes it of a key that is not an RSA one; \
             use 'openssl pkey -pubin -outform der'",
        ),
    ] {
        let error = Anchor::from_pin_list(&text).unwrap_err();
        assert_eq!(error.to_string(), says);
    }
}

#[test]
fn a_byte_order_mark_hides_no_certificate() {
    let (first, second) = (authority().pem(), authority().pem());
    let both = Certificate::bundle_from_pem(format!("{first}{second}").as_bytes());
    for bundle in [
        format!("\u{feff}{first}{second}"),
        format!("{first}\u{feff}{second}"),
        format!("\u{feff}{first}\u{feff}{second}"),
    ] {
        assert_eq!(Certificate::bundle(bundle.as_bytes()), both);
    }
}

#[test]
fn what_people_have_in_the_place_of_certificates_is_named() {
    let pem = authority().pem();
    let utf16 =
        |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { pem.encode_utf16().flat_map(bytes).collect() };
    let relabelled = |label: &str| pem.replace("CERTIFICATE", label).into_bytes();
    let der = |head: &[u8]| [head, &[0; 64][..]].concat();
    for (bytes, form) in [
        (utf16(u16::to_le_bytes), OtherForm::Utf16),
        (utf16(u16::to_be_bytes), OtherForm::Utf16),
        (
            [b"\xff\xfe".to_vec(), utf16(u16::to_le_bytes)].concat(),
            OtherForm::Utf16,
        ),
        (
            format!("    {}", pem.replace('\n', "\n    ")).into_bytes(),
            OtherForm::Indented,
        ),
        (
            format!("\t{}", pem.replace('\n', "\r\n\t")).into_bytes(),
            OtherForm::Indented,
        ),
        (STANDARD.encode(&pem).into_bytes(), OtherForm::Base64),
        (
            relabelled("TRUSTED CERTIFICATE"),
            OtherForm::TrustedCertificate,
        ),
        (relabelled("PKCS7"), OtherForm::Pkcs7),
        (relabelled("EC PRIVATE KEY"), OtherForm::PrivateKey),
        (relabelled("PUBLIC KEY"), OtherForm::PublicKey),
        (relabelled("CERTIFICATE REQUEST"), OtherForm::Request),
        (
            der(b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"),
            OtherForm::Pkcs7,
        ),
        (
            der(b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"),
            OtherForm::Pkcs7,
        ),
        (der(b"\x30\x82\x01\x00\x02\x01\x03\x30"), OtherForm::Pkcs12),
    ] {
        assert_eq!(
            Certificate::bundle(&bytes),
            Err(form.into()),
            "{}",
            bytes.escape_ascii()
        );
    }
    assert_eq!(
        Certificate::bundle(b"\x30\x82"),
        Err(ParseCertificateError::NoCertificate { position: 1 })
    );
    assert_eq!(
        Certificate::bundle(b"certificate"),
        Err(ParseCertificateError::Empty)
    );
}
