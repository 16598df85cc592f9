//! Chains of certificates, each of one line of `tests/certificates/servers.txt`.

use std::fs;

use conformance::paths;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CidrSubnet, CustomExtension, DnType,
    ExtendedKeyUsagePurpose as Purpose, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose as Usage, NameConstraints,
};

/// Certificates from the root down.
pub(crate) struct Chain {
    links: Vec<Link>,
    pub(crate) host: String,
    is_reversed: bool,
    /// What our refusal says.
    pub(crate) says: Option<String>,
}

struct Link {
    certificate: Certificate,
    key: KeyPair,
    is_trusted: bool,
    is_sent: bool,
}

impl Chain {
    /// Those of the file, each with its line.
    pub(crate) fn all() -> Vec<(String, Self)> {
        let file = paths::workspace().join("tests/certificates/servers.txt");
        let file = fs::read_to_string(file).unwrap();
        let lines = file.lines();
        lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| (line.to_owned(), Self::parse(line)))
            .collect()
    }

    fn parse(line: &str) -> Self {
        let (line, says) = match line.split_once(" says=") {
            Some((line, says)) => (line, Some(says.to_owned())),
            None => (line, None),
        };
        let line = line.trim_end_matches(" |");
        let (chain, options) = line.split_once(" | ").unwrap_or((line, ""));
        let parts: Vec<_> = chain.split(" < ").collect();
        let mut links: Vec<Link> = Vec::new();
        let mut params: Vec<CertificateParams> = Vec::new();
        for (at, words) in parts.iter().enumerate() {
            let words: Vec<_> = words.split(' ').collect();
            let value = |name: &str| {
                words
                    .iter()
                    .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
            };
            let is_last = at + 1 == parts.len();
            let key = match value("key-of") {
                Some(of) => {
                    let der = links[of.parse::<usize>().unwrap()].key.serialize_der();
                    KeyPair::try_from(der).unwrap()
                }
                None => KeyPair::generate_for(match value("key") {
                    Some("p384") => &rcgen::PKCS_ECDSA_P384_SHA384,
                    Some("ed25519") => &rcgen::PKCS_ED25519,
                    _ => &rcgen::PKCS_ECDSA_P256_SHA256,
                })
                .unwrap(),
            };
            let of = self::params(at, is_last, &value, words.contains(&"critical"));
            let certificate = match (params.last(), links.last()) {
                (Some(above), Some(issuer)) => {
                    let issuer = Issuer::from_params(above, &issuer.key);
                    of.signed_by(&key, &issuer).unwrap()
                }
                _ => of.self_signed(&key).unwrap(),
            };
            let is_sent =
                (at > 0 || is_last || words.contains(&"sent")) && !words.contains(&"unsent");
            links.push(Link {
                certificate,
                key,
                is_trusted: words.contains(&"trusted"),
                is_sent,
            });
            params.push(of);
        }
        if !links.iter().any(|link| link.is_trusted) {
            links[0].is_trusted = true;
        }
        let option = |name: &str| {
            options
                .split(' ')
                .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
        };
        Self {
            links,
            host: option("host").unwrap_or("127.0.0.1").to_owned(),
            is_reversed: option("order") == Some("reverse"),
            says,
        }
    }

    pub(crate) fn roots(&self) -> Vec<&Certificate> {
        let trusted = self.links.iter().filter(|link| link.is_trusted);
        trusted.map(|link| &link.certificate).collect()
    }

    pub(crate) fn roots_pem(&self) -> String {
        self.roots().iter().map(|root| root.pem()).collect()
    }

    /// What the server shows: its own certificate first.
    pub(crate) fn shown(&self) -> Vec<&Certificate> {
        let sent = self.links.iter().rev().filter(|link| link.is_sent);
        let mut shown: Vec<_> = sent.map(|link| &link.certificate).collect();
        if self.is_reversed {
            shown[1..].reverse();
        }
        shown
    }

    /// Of the server.
    pub(crate) fn key(&self) -> &KeyPair {
        &self.links.last().unwrap().key
    }
}

fn params<'a>(
    at: usize,
    is_last: bool,
    value: &impl Fn(&str) -> Option<&'a str>,
    is_critical: bool,
) -> CertificateParams {
    let list = |name: &str| value(name).map(|list| list.split(',').collect::<Vec<_>>());
    let names = list("names").unwrap_or(if is_last { vec!["127.0.0.1"] } else { vec![] });
    let names = names.into_iter().filter(|name| !name.is_empty());
    let names: Vec<_> = names.map(str::to_owned).collect();
    let mut params = CertificateParams::new(names).unwrap();
    let name = value("cn").map_or_else(|| format!("certificate {at}"), str::to_owned);
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let year = |name: &str, otherwise| {
        let year = value(name).map_or(otherwise, |year| year.parse().unwrap());
        rcgen::date_time_ymd(year, 1, 1)
    };
    (params.not_before, params.not_after) = (year("from", 2020), year("to", 2055));
    let length = value("len").map(|length| length.parse().unwrap());
    params.is_ca = match value("ca").unwrap_or(if is_last { "none" } else { "yes" }) {
        "yes" => IsCa::Ca(length.map_or(
            BasicConstraints::Unconstrained,
            BasicConstraints::Constrained,
        )),
        "no" => IsCa::ExplicitNoCa,
        _ => IsCa::NoCa,
    };
    for usage in list("usage").unwrap_or_default() {
        params.key_usages.push(match usage {
            "sign" => Usage::KeyCertSign,
            "crl" => Usage::CrlSign,
            _ => Usage::DigitalSignature,
        });
    }
    for purpose in list("for").unwrap_or_default() {
        params.extended_key_usages.push(match purpose {
            "server" => Purpose::ServerAuth,
            "client" => Purpose::ClientAuth,
            _ => Purpose::Any,
        });
    }
    let subtrees = |name: &str| {
        let all = list(name).unwrap_or_default().into_iter();
        all.map(|of| match of.split_once('/') {
            Some((address, mask)) => GeneralSubtree::IpAddress(CidrSubnet::V4(
                address.parse::<std::net::Ipv4Addr>().unwrap().octets(),
                mask.parse::<std::net::Ipv4Addr>().unwrap().octets(),
            )),
            None => GeneralSubtree::DnsName(of.to_owned()),
        })
        .collect::<Vec<_>>()
    };
    let (permitted_subtrees, excluded_subtrees) = (subtrees("permit"), subtrees("exclude"));
    if !permitted_subtrees.is_empty() || !excluded_subtrees.is_empty() {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees,
            excluded_subtrees,
        });
    }
    for extension in list("raw").unwrap_or_default() {
        let (id, bytes) = extension.split_once(':').unwrap();
        let arcs: Vec<u64> = id
            .trim_end_matches('!')
            .split('.')
            .map(|arc| arc.parse().unwrap())
            .collect();
        let mut extension = CustomExtension::from_oid_content(&arcs, hex(bytes));
        extension.set_criticality(id.ends_with('!'));
        params.custom_extensions.push(extension);
    }
    if is_critical {
        let mut extension =
            CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
    }
    params
}

fn hex(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}
