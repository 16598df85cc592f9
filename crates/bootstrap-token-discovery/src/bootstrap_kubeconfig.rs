use core::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token::Token;
use zeroize::Zeroizing;

use crate::TrustedCluster;

/// Writes the kubeconfig as kubeadm does, with kubeadm's names.
pub(crate) fn expose(cluster: &TrustedCluster, token: &Token) -> Zeroizing<String> {
    const CLUSTER: &str = "kubernetes";
    const USER: &str = "tls-bootstrap-token-user";

    let data = STANDARD.encode(cluster.certificates_pem());
    let mut server = cluster.server().to_string();
    // A path may end this way. Unquoted, YAML would read a key. An address has no quotation marks.
    if server.ends_with(':') {
        server = format!("'{server}'");
    }
    let proxy = cluster.expose_proxy_url().unwrap_or_default();
    let name = cluster.tls_server_name().unwrap_or_default();
    // Long enough that it never moves in memory.
    let longest = data.len() + server.len() + LONGEST_ESCAPE * (proxy.len() + name.len());
    let mut text = Zeroizing::new(String::with_capacity(longest + 1024));
    // Writing to a String does not fail.
    let _ = write!(
        text,
        "apiVersion: v1\n\
         clusters:\n\
         - cluster:\n\
         \x20   certificate-authority-data: {data}\n"
    );
    if !proxy.is_empty() {
        quoted(&mut text, "proxy-url", proxy);
    }
    let _ = writeln!(text, "    server: {server}");
    if !name.is_empty() {
        quoted(&mut text, "tls-server-name", name);
    }
    let token = token.expose();
    let quote = if is_a_number(&token) { "\"" } else { "" };
    let _ = write!(
        text,
        "\x20 name: {CLUSTER}\n\
         contexts:\n\
         - context:\n\
         \x20   cluster: {CLUSTER}\n\
         \x20   user: {USER}\n\
         \x20 name: {USER}@{CLUSTER}\n\
         current-context: {USER}@{CLUSTER}\n\
         kind: Config\n\
         users:\n\
         - name: {USER}\n\
         \x20 user:\n\
         \x20   token: {quote}{}{quote}\n",
        &*token,
    );
    text
}

/// `\U` and eight digits.
const LONGEST_ESCAPE: usize = 10;

/// Writes a field of the cluster with any text.
fn quoted(text: &mut String, name: &str, value: &str) {
    let _ = write!(text, "    {name}: \"");
    for character in value.chars() {
        let _ = match character {
            '"' | '\\' => write!(text, "\\{character}"),
            ' '..='~' => write!(text, "{character}"),
            _ => write!(text, "\\U{:08x}", u32::from(character)),
        };
    }
    text.push_str("\"\n");
}

/// Returns whether some YAML parser reads a token as a number: decimal, with an exponent of any length, or in another
/// base.
fn is_a_number(token: &str) -> bool {
    let are = |text: &str, other: fn(u8) -> bool| text.bytes().all(|b| b == b'.' || other(b));
    match token.as_bytes() {
        [b'0', b'x', ..] => are(&token[2..], |b| b.is_ascii_hexdigit() || b == b'p'),
        [b'0', b'o' | b'b', ..] => are(&token[2..], |b| b.is_ascii_digit()),
        [b'0'..=b'9', ..] => are(token, |b| b.is_ascii_digit() || b == b'e'),
        _ => false,
    }
}

#[test]
fn a_token_that_some_parsers_read_as_a_number() {
    for (token, expected) in [
        ("123456.1234567890123456", true),
        ("000000.0000000000000000", true),
        ("1e2345.1234567890123456", true),
        ("123456.12345678901234e5", true),
        ("0x12ab.1234567890abcdp1", true),
        ("0o1234.1234567012345670", true),
        ("0b1010.1010101010101010", true),
        ("07401b.f395accd246ae52d", false),
        ("e12345.1234567890123456", false),
        ("123456.123456789012345a", false),
    ] {
        assert_eq!(is_a_number(token), expected, "{token}");
    }
}
