//! What the targets share: one token, one moment, one authority that is pinned.
#![forbid(unsafe_code)]

use std::error::Error;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, Certificate, Pin, TrustedCluster};

/// Its text, which some of the seeds hold where it has no place.
pub const TOKEN: &str = "07401b.f395accd246ae52d";
const SECRET: &str = "f395accd246ae52d";

/// The token that the targets sign and verify with.
pub fn token() -> Token {
    TOKEN.parse().expect("a token")
}

/// The same ID with another secret.
pub fn another_secret() -> Token {
    "07401b.f395accd246ae52e".parse().expect("a token")
}

/// 2027-01-01, when the seeds' certificates are valid.
pub fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_798_761_600)
}

/// The authority that is pinned.
pub fn authority() -> Certificate {
    Certificate::from_der(include_bytes!("../seeds/der/ecdsa.der")).expect("a certificate")
}

/// By its pin.
pub fn anchor() -> Anchor {
    Anchor::certificates([&authority()]).expect("one certificate")
}

/// Neither the error nor what it comes from shows the token secret, whatever stood in the input.
pub fn tells_no_secret(error: &impl Error) {
    let mut shown = format!("{error:?}\n{error}");
    let mut source = error.source();
    while let Some(error) = source {
        let _ = write!(shown, "\n{error:?}\n{error}");
        source = error.source();
    }
    assert!(!shown.contains(SECRET), "{shown}");
}

/// The public key is the certificate's own bytes, as upstream hashes them, and the pin one that can be read.
pub fn sound(certificate: &Certificate) {
    let (der, spki) = (certificate.der(), certificate.spki());
    assert!(!spki.is_empty() && der.windows(spki.len()).any(|part| part == spki));
    assert_eq!(Certificate::from_der(der).as_ref(), Ok(certificate));
    let pin = Pin::of(certificate);
    assert_eq!(pin.to_string().parse(), Ok(pin));
    assert!(!pin.is_of_nothing());
}

/// What holds for every cluster that is trusted.
pub fn holds_together(cluster: &TrustedCluster, anchor: &Anchor) {
    let certificates = cluster.certificates();
    assert!(!certificates.is_empty(), "trusted without a CA");
    for certificate in certificates {
        assert!(anchor.vouches_for(certificate), "{certificate:?}");
    }
    let pem = cluster.certificates_pem();
    let read = Certificate::bundle_from_pem(pem.as_bytes());
    assert_eq!(read.as_deref(), Ok(certificates));
    assert_eq!(
        cluster.server().to_string().parse().as_ref(),
        Ok(cluster.server())
    );
    // What a kubelet is given says the same, whatever the server's address is made of.
    let kubeconfig = cluster.expose_bootstrap_kubeconfig(&token());
    let again = TrustedCluster::from_discovery_file(&kubeconfig, anchor, now());
    assert_eq!(again.as_ref(), Ok(cluster), "{}", cluster.server());
    assert_eq!(
        kubeconfig.matches("token: ").count(),
        1,
        "{}",
        cluster.server()
    );
}
