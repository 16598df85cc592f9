//! What is wrong with the command line is said before anything is asked.

use super::support::{Authority, TOKEN, home};
use crate::process::Home;

const PIN: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

#[test]
fn each_part_by_its_name() {
    let nothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let home = home();
    home.write("ca.crt", "no certificate");
    home.write("no-token", "x");
    for (args, error) in [
        (&[][..], "no server is given|name an API server"),
        (
            &["--token-file=token", "--danger-skip-ca-pin"],
            "no server is given|",
        ),
        (
            &["a"],
            "nothing is given to know the cluster's CA by|give its pin with --ca-pin",
        ),
        (
            &["a", "--ca-pin", PIN],
            "no token is given|give one in a file with --token-file",
        ),
        (&["a", "--ca-pin", PIN, "--token="], "no token is given|"),
        (
            &["a", "--ca-pin", PIN, "--token=x", "--token-file=token"],
            "a token is given on the command line and with --token-file as well|leave one of them out",
        ),
        (
            &["a", "--ca-pin", PIN, "--token-file=no-token"],
            "the bootstrap token in the file no-token was not of the form \"\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z\": ",
        ),
        (
            &["http://a", "--ca-pin", PIN],
            "the server \"http://a\" is no address of an API server: the scheme is http, over which nothing can be trusted, want [https://]HOST[:PORT]|write it as 10.0.0.1:6443",
        ),
        (
            &["a", "--ca-pin", PIN, "--token-file=none"],
            "cannot read the token file: open none: no such file or directory|",
        ),
        (
            &["a b", "--ca-pin", PIN],
            "the server \"a b\" is no address of an API server: character 2",
        ),
        (
            &["a", "--ca-pin=sha1:x"],
            "a --ca-pin is no pin: the pin's format is not sha256, want sha256:<64 hexadecimal digits>|take it from `kubeadm-token pin`, as root on a control-plane node or with an administrator's kubeconfig, or name the CA itself with --ca-file\n",
        ),
        (
            &["a", "--ca-pin", nothing],
            "a --ca-pin is the hash of nothing: no CA has it|`openssl rsa`",
        ),
        (
            &["a", "--ca-file=ca.crt"],
            "the CA file ca.crt holds no CA certificates: there is no PEM section CERTIFICATE|",
        ),
        (
            &["a", "--ca-file=none"],
            "cannot read the CA file: open none: no such file or directory|",
        ),
        (
            &["a", "--ca-pin", PIN, "--danger-skip-ca-pin"],
            "--danger-skip-ca-pin is given beside a pin or a CA|",
        ),
        (
            &["a", "--discovery-file=x"],
            "a server is given beside --discovery-file|",
        ),
        (
            &["a", "--timeout=0"],
            "invalid argument \"0\" for \"--timeout\" flag: a timeout is longer than nothing|write it as 90s",
        ),
        (
            &["a", "--timeout=-1s"],
            "invalid argument \"-1s\" for \"--timeout\" flag: a timeout is longer",
        ),
        (
            &["a", "-o", "text"],
            "could not construct output printer: unable to match a printer suitable for the output format \"text\", allowed formats are: json,kubeconfig,yaml|",
        ),
        (
            &["a", "--ca-pin", PIN, "--token-file=token", "--out-file=."],
            "cannot write the kubeconfig to .: is a directory|",
        ),
        (
            &[
                "a",
                "--ca-pin",
                PIN,
                "--token-file=token",
                "--out-file=none/x",
            ],
            "cannot write the kubeconfig to none/x: no such file or directory|",
        ),
    ] {
        refused(&home, args, error);
    }
}

#[test]
fn an_address_is_told_how_to_be_written() {
    let home = home();
    for (args, error) in [
        (
            &["fd00::1:6443", "--ca-pin", PIN][..],
            "the server \"fd00::1:6443\" is no address of an API server: too many colons: an IPv6 address needs brackets, want [https://]HOST[:PORT]|write it as [fd00::1]:6443, or [fd00::1:6443]:6443\n",
        ),
        (
            &["[cp.example]6443", "--ca-pin", PIN],
            "the server \"[cp.example]6443\" is no address of an API server: only an IPv6 address has brackets, want [https://]HOST[:PORT]|write it as 10.0.0.1:6443, [fd00::1]:6443 or https://cp.example:6443\n",
        ),
        (
            &["07401b,f395accd246ae52d", "--ca-pin", PIN],
            "the server (23 characters, not shown) is no address of an API server: only one address is allowed: this has a comma, want [https://]HOST[:PORT]|write it as 10.0.0.1:6443, [fd00::1]:6443 or https://cp.example:6443\n",
        ),
        (
            &["[f395accd246ae52d]", "--ca-pin", PIN],
            "the server (18 characters, not shown) is no address of an API server: only an IPv6 address has brackets, want [https://]HOST[:PORT]|write it as 10.0.0.1:6443, [fd00::1]:6443 or https://cp.example:6443\n",
        ),
        (
            &["[cp.example]:6443", "--ca-pin", PIN],
            "the server \"[cp.example]:6443\" is no address of an API server: only an IPv6 address has brackets, want [https://]HOST[:PORT]|write it as cp.example:6443\n",
        ),
        (
            &["a:6443,b:6443", "--ca-pin", PIN],
            "the server \"a:6443,b:6443\" is no address of an API server: only one address is allowed: this has a comma, want [https://]HOST[:PORT]|write them with blanks between: a:6443 b:6443\n",
        ),
        (
            &["bücher.example:6443", "--ca-pin", PIN],
            "the server \"bücher.example:6443\" is no address of an API server: character 2 is not ASCII, want [https://]HOST[:PORT]|write it as xn--bcher-kva.example:6443\n",
        ),
        (
            &["[fe80::1%eth0]:6443", "--ca-pin", PIN],
            "the server \"[fe80::1%eth0]:6443\" is no address of an API server: an address with a zone is in no certificate, want [https://]HOST[:PORT]|use the machine's name, or an address",
        ),
    ] {
        refused(&home, args, error);
    }
}

fn refused(home: &Home, args: &[&str], error: &str) {
    let outcome = home.run(&[&["discover"], args].concat());
    let expected = format!("error: {}", error.replace('|', "\nhelp: "));
    assert!(
        outcome.stderr.starts_with(&expected),
        "{args:?}: {outcome:?}"
    );
    assert!(outcome.stderr.contains("\nhelp: "), "{args:?}: {outcome:?}");
    assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{args:?}");
}

#[test]
fn what_is_like_a_pin_or_a_ca_is_named() {
    let home = home();
    home.write("base64", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==");
    let pem = Authority::new("kubernetes").pem;
    home.write("indented", &pem.replace("-----BEGIN", "  -----BEGIN"));
    home.write(
        "trusted",
        &pem.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
    );
    home.write("pkcs7", &pem.replace("CERTIFICATE", "PKCS7"));
    let with_mark = format!("\u{feff}{pem}");
    let utf16 = with_mark.encode_utf16().flat_map(u16::to_le_bytes);
    let utf16: Vec<u8> = utf16.collect();
    std::fs::write(home.path("utf16"), utf16).unwrap();
    let fingerprint = format!("sha256:{}", ["AB"; 32].join(":"));
    let sha_1 = "0a".repeat(20);
    for (args, error) in [
        (
            &["a", "--ca-pin", &fingerprint][..],
            "a --ca-pin is no pin: the pin has more than one colon, want sha256:<64 hexadecimal digits>|that is the fingerprint of a certificate, and a pin is the SHA-256 of its public key: take it from `kubeadm-token pin`",
        ),
        (
            &["a", "--ca-pin", &sha_1],
            "a --ca-pin is no pin: the pin has no colon, want sha256:<64 hexadecimal digits>|that is the fingerprint of a certificate",
        ),
        (
            &["a", "--ca-file=base64"],
            "the CA file base64 holds no CA certificates: it is base64 of PEM, as in a kubeconfig|decode it first: `base64 -d`\n",
        ),
        (
            &["a", "--ca-file=indented"],
            "the CA file indented holds no CA certificates: the lines of its PEM sections are indented|take the white space before its lines away: ",
        ),
        (
            &["a", "--ca-file=trusted"],
            "the CA file trusted holds no CA certificates: it has a section TRUSTED CERTIFICATE, which is OpenSSL's own, want CERTIFICATE|`openssl x509 -in FILE` writes it as PEM\n",
        ),
        (
            &["a", "--ca-file=pkcs7"],
            "the CA file pkcs7 holds no CA certificates: it is PKCS#7, want PEM sections CERTIFICATE|`openssl pkcs7 -print_certs -in FILE` writes it as PEM",
        ),
        (
            &["a", "--ca-file=utf16"],
            "the CA file utf16 holds no CA certificates: it is UTF-16, want PEM in ASCII or UTF-8|save it as ASCII or UTF-8: ",
        ),
    ] {
        refused(&home, args, error);
    }
}

/// It would say nothing: all that is in the file is trusted.
#[test]
fn a_pin_that_is_to_be_skipped_beside_a_discovery_file() {
    let args = ["--discovery-file=none", "--danger-skip-ca-pin"];
    home().run(&[&["discover"], &args[..]].concat()).fails_with(
        "error: --danger-skip-ca-pin is given beside --discovery-file\n\
         help: leave it out: the cluster's CA is the one in the file\n",
    );
}

/// Nor does anything become of what is there: the token is not even read.
#[cfg(unix)]
#[test]
fn an_out_file_that_is_no_regular_file() {
    const HELP: &str = "help: name a regular file, or one that is not there, in a folder that you may write to; or leave --out-file out to have it printed\n";

    let home = home();
    std::os::unix::fs::symlink("token", home.path("link")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(home.path("socket")).unwrap();
    for (out_file, what) in [
        ("link", "a symbolic link"),
        ("socket", "a fifo, device or socket"),
        ("/dev/null", "a fifo, device or socket"),
    ] {
        let args = [
            "discover",
            "a",
            "--ca-pin",
            PIN,
            "--token-file=none",
            "--out-file",
            out_file,
        ];
        home.run(&args).fails_with(&format!(
            "error: cannot write the kubeconfig to {out_file}: is {what}\n{HELP}"
        ));
    }
    home.run(&["discover", "a", "--ca-pin", PIN, "--out-file="])
        .fails_with(&format!(
            "error: the name given to --out-file is empty\n{HELP}"
        ));
    let link = std::fs::read_link(home.path("link")).unwrap();
    assert_eq!(link.to_str(), Some("token"));
}

#[test]
fn the_help_says_when_it_is_asked_again_and_what_is_not_written_over() {
    let help = home().run(&["discover", "--help"]).stdout;
    for said in [
        "asked again every 5 seconds, so that a shorter timeout asks once",
        "a link, a device and anything else is refused",
    ] {
        assert!(help.contains(said), "want {said:?} in {help}");
    }
}

/// It is not shown, and DNS is not asked of it.
#[test]
fn a_token_in_the_place_of_a_server() {
    const ERROR: &str = "error: a token stands where the API server's address is expected\n";

    let home = home();
    let half = &TOKEN[7..];
    let give = "give the token in a file with --token-file, or on standard input with `--token -`";
    for half in [
        half.to_owned(),
        format!("https://{half}"),
        format!("{half}/"),
    ] {
        home.run(&["discover", &half, "--danger-skip-ca-pin"])
            .fails_with(&format!(
            "error: what may be a token secret stands where the API server's address is expected\n\
             help: {give}; if it is the name of a host, write its port behind it: `:6443`\n"
        ));
    }
    for password in ["admin:hunter2@a:6443,b:6443", "https://admin:hunter2@a"] {
        let run = home.run(&["discover", password, "--danger-skip-ca-pin"]);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
        assert!(
            run.stderr
                .contains("(not shown, since it may hold a password)")
        );
    }
    for server in [
        TOKEN.to_owned(),
        format!(" {TOKEN}\n"),
        format!("https://{TOKEN}"),
        format!("HTTP://{TOKEN}"),
        format!("{TOKEN}:6443"),
        format!("https://{TOKEN}:6443/"),
    ] {
        let args = ["--danger-skip-ca-pin", "--token-file=token", "--timeout=1s"];
        let discovered = home.run(&[&["discover", "a", &*server], &args[..]].concat());
        discovered.fails_with(&format!(
            "{ERROR}help: give the token in a file with --token-file, or on standard input with `--token -`\n"
        ));
        let diagnosed = home.run(&["diagnose", "-", "--server", &server]);
        diagnosed.fails_with(&format!(
            "{ERROR}help: give the token as `-` on standard input, or by --token-file\n"
        ));
    }
}
