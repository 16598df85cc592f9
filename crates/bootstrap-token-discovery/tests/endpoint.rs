//! The address of an API server as people type it.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use bootstrap_token_discovery::{Endpoint, ParseEndpointError as Error};

#[test]
fn what_people_type_is_read() {
    for (text, url) in [
        ("10.0.0.1", "https://10.0.0.1:6443"),
        ("10.0.0.1:443", "https://10.0.0.1:443"),
        ("cp.example", "https://cp.example:6443"),
        ("CP.Example:6443", "https://cp.example:6443"),
        ("https://cp.example", "https://cp.example:443"),
        ("HTTPS://cp.example:6443", "https://cp.example:6443"),
        ("https://cp.example:6443/", "https://cp.example:6443"),
        (
            "https://cp.example/k8s/clusters/c-1/",
            "https://cp.example:443/k8s/clusters/c-1",
        ),
        ("[fd00::1]", "https://[fd00::1]:6443"),
        ("[fd00:0::1]:8443", "https://[fd00::1]:8443"),
        ("https://[::1]", "https://[::1]:443"),
        ("localhost:65535", "https://localhost:65535"),
    ] {
        let endpoint: Endpoint = text.parse().unwrap();
        assert_eq!(endpoint.to_string(), url, "{text}");
        assert_eq!(endpoint.to_string().parse(), Ok(endpoint), "{text}");
    }
    let endpoint: Endpoint = "[fd00::1]:8443".parse().unwrap();
    assert_eq!((endpoint.host(), endpoint.port()), ("fd00::1", 8443));
}

#[test]
fn everything_else_is_refused_without_being_repeated() {
    for (text, why) in [
        ("", Error::NoHost),
        (":6443", Error::NoHost),
        ("https://", Error::NoHost),
        ("https:///x", Error::NoHost),
        ("http://cp.example", Error::NotHttps),
        ("HTTP://cp.example", Error::NotHttps),
        ("ftp://cp.example", Error::Scheme),
        ("://cp.example", Error::Scheme),
        ("cp.example ", Error::Character { position: 11 }),
        ("https://cp.\nexample", Error::Character { position: 12 }),
        ("https://cp.exämple", Error::NotAscii { position: 14 }),
        ("cp.example—x", Error::Character { position: 11 }),
        ("https://admin:secret@cp.example", Error::Credentials),
        ("cp.example:0", Error::Port),
        ("cp.example:65536", Error::Port),
        ("cp.example:+1", Error::Port),
        ("cp.example:", Error::Port),
        ("cp.example:https", Error::Port),
        ("cp.example:6443:1", Error::Port),
        ("[fd00::1", Error::NotAnAddress),
        ("[fd00::1]6443", Error::NotAnAddress),
        ("[fd00::1::2]:6443", Error::NotAnAddress),
        ("[cp.example]:6443", Error::Brackets),
        ("[10.0.0.1]:6443", Error::Brackets),
        ("[fe80::1%eth0]:6443", Error::Zone),
        ("[fe80::1%25eth0]:6443", Error::Zone),
        ("fd00::1", Error::NoBrackets),
        ("fd00::1:6443", Error::NoBrackets),
        ("fd00:0:0:0:0:0:0:1:6443", Error::NoBrackets),
        ("::1:port", Error::NoBrackets),
        ("fe80::1%eth0", Error::NoBrackets),
        ("https://::1:6443/", Error::NoBrackets),
        ("fd00::1::2", Error::Port),
        ("a.example:6443,b.example:6443", Error::Several),
        ("[fd00::1]:6443,[fd00::2]:6443", Error::Several),
        ("cp,example", Error::Several),
        ("cp.example?x", Error::NotAnAddress),
        ("cp.example/#", Error::NotAnAddress),
        ("cp.example/\"", Error::NotAnAddress),
    ] {
        assert_eq!(text.parse::<Endpoint>(), Err(why), "{text}");
    }
    let why = "07401b.f395accd246ae52d\n".parse::<Endpoint>().unwrap_err();
    assert_eq!(
        why.to_string(),
        "character 24 has no place in an address, want [https://]HOST[:PORT]"
    );
}
