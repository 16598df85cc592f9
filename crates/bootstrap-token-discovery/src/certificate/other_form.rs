use core::fmt;

/// Common content of files that should hold certificates in PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherForm {
    /// PEM or other text in UTF-16.
    Utf16,
    /// PEM with indented lines, as in YAML.
    Indented,
    /// PEM in base64, as in `certificate-authority-data`.
    Base64,
    /// A `TRUSTED CERTIFICATE` section, which only OpenSSL reads.
    TrustedCertificate,
    /// Certificates in PKCS#7, in PEM or DER.
    Pkcs7,
    /// A key store in PKCS#12.
    Pkcs12,
    /// A private key without a certificate.
    PrivateKey,
    /// A public key without a certificate.
    PublicKey,
    /// A certificate request without a certificate.
    Request,
}

impl OtherForm {
    /// Detects the form of bytes without a certificate.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        /// `1.2.840.113549.1.7.2`, signedData, as an OBJECT IDENTIFIER.
        const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
        /// The version of a PKCS#12 file and the start of its content.
        const PKCS_12: &[u8] = b"\x02\x01\x03\x30";
        /// The longest prefix before them: a tag and a length of at most four bytes.
        const HEAD: usize = 6;

        if bytes.first() == Some(&0x30) {
            let holds =
                |what: &[u8]| (2..=HEAD).any(|at| bytes[at.min(bytes.len())..].starts_with(what));
            return match () {
                () if holds(SIGNED_DATA) => Some(Self::Pkcs7),
                () if holds(PKCS_12) => Some(Self::Pkcs12),
                () => None,
            };
        }
        if bytes.starts_with(b"\xff\xfe")
            || bytes.starts_with(b"\xfe\xff")
            || bytes.iter().take(4).filter(|byte| **byte == 0).count() == 2
        {
            return Some(Self::Utf16);
        }
        let is_base64 = bytes.trim_ascii_start().starts_with(b"LS0tLS1CRUdJTi");
        if is_base64 {
            return Some(Self::Base64);
        }
        let is_indented = |line: &[u8]| {
            let unindented = line.trim_ascii_start();
            unindented.len() < line.len() && unindented.starts_with(b"-----BEGIN CERTIFICATE-----")
        };
        if bytes.split(|byte| *byte == b'\n').any(is_indented) {
            return Some(Self::Indented);
        }
        let has = |label: &str| {
            let begin = format!("{label}-----");
            bytes
                .windows(begin.len())
                .any(|part| part == begin.as_bytes())
        };
        [
            ("-----BEGIN TRUSTED CERTIFICATE", Self::TrustedCertificate),
            ("-----BEGIN PKCS7", Self::Pkcs7),
            ("-----BEGIN CMS", Self::Pkcs7),
            ("CERTIFICATE REQUEST", Self::Request),
            ("PRIVATE KEY", Self::PrivateKey),
            ("PUBLIC KEY", Self::PublicKey),
        ]
        .into_iter()
        .find_map(|(label, form)| has(label).then_some(form))
    }
}

impl fmt::Display for OtherForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16 => "it is UTF-16, want PEM in ASCII or UTF-8",
            Self::Indented => "the lines of its PEM sections are indented",
            Self::Base64 => "it is base64 of PEM, as in a kubeconfig",
            Self::TrustedCertificate => {
                "it has a section TRUSTED CERTIFICATE, which is OpenSSL's own, want CERTIFICATE"
            }
            Self::Pkcs7 => "it is PKCS#7, want PEM sections CERTIFICATE",
            Self::Pkcs12 => "it is PKCS#12, want PEM sections CERTIFICATE",
            Self::PrivateKey => "it holds a private key and no certificate",
            Self::PublicKey => "it holds a public key and no certificate",
            Self::Request => "it holds a certificate request and no certificate",
        })
    }
}
