//! Real sockets: failures as hyper, rustls and kube report them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use bootstrap_token_kube::{BootstrapTokens, Error, Policy, Unreachable};
use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};
use rcgen::{CertificateParams, DnType, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::message;
use crate::text::{SECRET, id, predicates, text, token};

/// Starts a server that handles this many connections in turn and returns what it read.
fn listen(
    connections: usize,
    mut handle: impl FnMut(usize, TcpStream) -> String + Send + 'static,
) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        (0..connections)
            .map(|at| handle(at, listener.accept().unwrap().0))
            .collect()
    });
    (address, server)
}

/// Reads a request and returns its first line.
fn request(stream: &mut impl Read) -> String {
    head(stream).lines().next().unwrap().to_owned()
}

/// Reads a request and returns its head in lower case.
fn head(stream: &mut impl Read) -> String {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        read.extend(byte);
    }
    let head = String::from_utf8(read).unwrap().to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    stream.read_exact(&mut vec![0; length]).unwrap();
    head
}

fn reply(head: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {head}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn tokens(config: Config) -> BootstrapTokens {
    BootstrapTokens::from_config(config)
        .unwrap()
        .with_policy(Policy::default().with_deadline(Duration::from_secs(1)))
}

fn plain(address: SocketAddr) -> BootstrapTokens {
    tokens(Config::new(format!("http://{address}").parse().unwrap()))
}

async fn error_of(tokens: BootstrapTokens) -> Error {
    tokens.get(id()).await.unwrap_err()
}

#[tokio::test]
async fn no_listener() {
    // A free port could be taken meanwhile.
    let address = "127.0.0.1:1".parse().unwrap();
    let error = error_of(plain(address)).await;
    assert_eq!(error.unreachable(), Some(Unreachable::NotConnected));
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: no connection to the API server, \
         tried again until the deadline of 1s / Connection refused (os error 111)"
    );
    // A create was certainly not carried out.
    let error = plain(address).create(&token()).await.unwrap_err();
    assert_eq!(predicates(&error), ["unreachable"]);
}

#[tokio::test]
async fn a_name_that_does_not_resolve() {
    // A label that is too long, so that no resolver asks the network.
    let name = "a".repeat(64);
    let config = Config::new(format!("https://{name}.invalid:6443").parse().unwrap());
    let error = error_of(tokens(config)).await;
    assert_eq!(error.unreachable(), Some(Unreachable::NameNotResolved));
    assert!(
        text(&error).starts_with(
            "cannot read the bootstrap token 07401b: the API server's name does not resolve, \
             tried again until the deadline of 1s / failed to lookup address information: "
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_connection_that_is_closed_after_the_request() {
    let (address, server) = listen(3, |at, mut stream| {
        let line = request(&mut stream);
        match at {
            0 => {}
            1 => stream
                .write_all(
                    reply(
                        "409 Conflict",
                        r#"{"kind":"Status","apiVersion":"v1","reason":"AlreadyExists","message":"x"}"#,
                    )
                    .as_bytes(),
                )
                .unwrap(),
            _ => stream
                .write_all(reply("200 OK", &message::json(&token())).as_bytes())
                .unwrap(),
        }
        line
    });
    plain(address).create(&token()).await.unwrap();
    assert_eq!(
        server.join().unwrap(),
        [
            "post /api/v1/namespaces/kube-system/secrets http/1.1",
            "post /api/v1/namespaces/kube-system/secrets http/1.1",
            "get /api/v1/namespaces/kube-system/secrets/bootstrap-token-07401b http/1.1",
        ]
    );
}

#[tokio::test]
async fn connections_that_keep_closing() {
    let (address, _server) = listen(20, |_, mut stream| request(&mut stream));
    let error = error_of(plain(address)).await;
    assert_eq!(error.unreachable(), Some(Unreachable::Broken));
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: the connection to the API server broke before it answered, \
         tried again until the deadline of 1s / connection closed before message completed"
    );
}

/// Through a proxy, requests name the whole URL and carry the authentication.
#[tokio::test]
async fn plain_http_through_a_proxy() {
    let (address, server) = listen(1, |_, mut stream| {
        let head = head(&mut stream);
        let reply = reply("200 OK", &message::json(&token()));
        stream.write_all(reply.as_bytes()).unwrap();
        head
    });
    let mut config = Config::new("http://localhost:8080/k8s".parse().unwrap());
    let proxy = format!("http://user:open%20sesame@{address}");
    config.proxy_url = Some(proxy.parse().unwrap());
    tokens(config).get(id()).await.unwrap();
    let asked = server.join().unwrap().remove(0);
    let mut lines: Vec<_> = asked.lines().filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "accept: application/vnd.kubernetes.protobuf, application/json",
            "get http://localhost:8080/k8s/api/v1/namespaces/kube-system/secrets/bootstrap-token-07401b http/1.1",
            "host: localhost:8080",
            // "user:open sesame"
            "proxy-authorization: basic dxnlcjpvcgvuihnlc2ftzq==",
            concat!(
                "user-agent: bootstrap-token-kube/",
                env!("CARGO_PKG_VERSION")
            ),
        ]
    );
}

#[tokio::test]
async fn a_reply_that_is_cut_off() {
    let (address, _server) = listen(20, |_, mut stream| {
        let line = request(&mut stream);
        let whole = reply("200 OK", &message::json(&token()));
        stream
            .write_all(&whole.as_bytes()[..whole.len() - 1])
            .unwrap();
        line
    });
    let error = error_of(plain(address)).await;
    assert_eq!(predicates(&error), ["bad_reply"]);
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: the API server's reply was cut off, \
         tried again until the deadline of 1s / end of file before message length reached"
    );
}

#[tokio::test]
async fn a_server_that_accepts_and_does_not_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let error = error_of(plain(listener.local_addr().unwrap())).await;
    assert_eq!(predicates(&error), ["deadline"]);
}

/// kube's own retries would repeat a create and hide that the first may have been carried out.
#[tokio::test]
async fn kube_does_not_retry_on_its_own() {
    let (address, server) = listen(1, |_, mut stream| {
        let mut lines = request(&mut stream);
        stream
            .write_all(reply("504 Gateway Timeout", "").as_bytes())
            .unwrap();
        // Drains the connection.
        stream
            .set_read_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        let mut more = String::new();
        let _ = stream.read_to_string(&mut more);
        lines.push_str(&more);
        lines
    });
    let error = plain(address).create(&token()).await.unwrap_err();
    assert_eq!(predicates(&error), ["server_error", "uncertain"]);
    assert_eq!(
        server.join().unwrap(),
        ["post /api/v1/namespaces/kube-system/secrets http/1.1"]
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (address, server) = listen(1, |_, mut stream| {
        let line = request(&mut stream);
        let answer =
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer.as_bytes()).unwrap();
        line
    });
    let error = error_of(plain(address)).await;
    assert_eq!(predicates(&error), ["bad_reply"]);
    assert_eq!(server.join().unwrap().len(), 1);
}

/// A certificate authority and its servers.
struct Authority {
    key: KeyPair,
    params: CertificateParams,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        Self {
            key: KeyPair::generate().unwrap(),
            params,
        }
    }

    fn certificate(&self) -> Vec<u8> {
        self.params.self_signed(&self.key).unwrap().der().to_vec()
    }

    /// Returns the error of a client that trusts `trusted` at a server of this authority.
    async fn meet(
        &self,
        trusted: &Authority,
        adjust: impl FnOnce(&mut CertificateParams),
    ) -> Error {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        adjust(&mut params);
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let server = Arc::new(server);
        let (address, server) = listen(1, move |_, mut tcp| {
            let mut tls = ServerConnection::new(Arc::clone(&server)).unwrap();
            let mut stream = Stream::new(&mut tls, &mut tcp);
            let mut byte = [0];
            if stream.read(&mut byte).is_ok() {
                let _ = stream.write_all(reply("404 Not Found", r#"{"kind":"Status"}"#).as_bytes());
            }
            String::new()
        });
        let mut config = Config::new(format!("https://{address}").parse().unwrap());
        config.root_cert = Some(vec![trusted.certificate()]);
        let error = error_of(tokens(config)).await;
        // One connection: it was not retried.
        assert_eq!(server.join().unwrap().len(), 1);
        error
    }
}

/// Returns what the client says of the server's certificate.
#[track_caller]
fn distrusts(error: &Error, why: Unreachable, says: &str, certificate: &str) {
    assert_eq!(error.unreachable(), Some(why), "{error:?}");
    let text = text(error);
    assert_eq!(
        text,
        format!(
            "cannot read the bootstrap token 07401b: {says} / certificate of the server {certificate}"
        )
    );
}

#[tokio::test]
async fn certificates() {
    let ours = Authority::new("ours");
    let others = Authority::new("others");
    let error = ours.meet(&ours, |_| {}).await;
    assert_eq!(predicates(&error), ["not_found"], "{error:?}");
    distrusts(
        &others.meet(&ours, |_| {}).await,
        Unreachable::UntrustedCertificate,
        "the API server's certificate is not trusted",
        "(CN=rcgen self signed cert, issuer CN=others): no trusted CA has issued it",
    );
    distrusts(
        &ours
            .meet(&ours, |params| {
                params.not_after = date_time_ymd(2020, 1, 1);
            })
            .await,
        Unreachable::ExpiredCertificate,
        "the API server's certificate has expired",
        "(CN=rcgen self signed cert, issuer CN=ours): it expired at 2020-01-01T00:00:00Z",
    );
    distrusts(
        &ours
            .meet(&ours, |params| {
                params.not_before = date_time_ymd(2100, 1, 1);
            })
            .await,
        Unreachable::FutureCertificate,
        "the API server's certificate is not valid yet",
        "(CN=rcgen self signed cert, issuer CN=ours): it is not valid before 2100-01-01T00:00:00Z",
    );
    distrusts(
        &ours
            .meet(&ours, |params| {
                *params = CertificateParams::new(vec!["api.example".to_owned()]).unwrap();
            })
            .await,
        Unreachable::WrongName,
        "the API server's certificate is for another name",
        "(CN=rcgen self signed cert, issuer CN=ours): it is not for 127.0.0.1, but for api.example",
    );
}

/// The error repeats the names in a certificate.
#[tokio::test]
async fn control_characters_in_a_certificate() {
    let ours = Authority::new("ours");
    let error = ours
        .meet(&ours, |params| {
            let names = vec!["x\u{1b}[2J\nhelp: run this".to_owned()];
            *params = CertificateParams::new(names).unwrap();
        })
        .await;
    assert_eq!(error.unreachable(), Some(Unreachable::WrongName));
    let text = text(&error);
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(
        text.contains("x\u{fffd}[2J\u{fffd}help: run this"),
        "{text:?}"
    );
}

#[tokio::test]
async fn a_server_without_tls() {
    let (address, _server) = listen(20, |_, mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = stream.read(&mut [0; 1000]);
        String::new()
    });
    let config = Config::new(format!("https://{address}").parse().unwrap());
    let error = error_of(tokens(config)).await;
    assert_eq!(error.unreachable(), Some(Unreachable::Tls));
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: no TLS connection to the API server, tried again until the \
         deadline of 1s / received corrupt message of type InvalidContentType"
    );
}

#[tokio::test]
async fn a_connection_that_is_closed_before_the_request() {
    let (address, _server) = listen(20, |_, mut stream| {
        let _ = stream.read(&mut [0; 1000]);
        String::new()
    });
    let config = Config::new(format!("https://{address}").parse().unwrap());
    let error = tokens(config).create(&token()).await.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot create the bootstrap token 07401b: no TLS connection to the API server, tried again until the \
         deadline of 1s / tls handshake eof"
    );
    // Certainly not carried out.
    assert_eq!(predicates(&error), ["unreachable"]);
}

/// Builds a client for a kubeconfig with this user.
async fn with_user(user: serde_json::Value) -> Result<BootstrapTokens, Error> {
    let cluster = serde_json::json!({"server": "http://127.0.0.1:9"});
    with_cluster(cluster, user).await
}

async fn with_cluster(
    cluster: serde_json::Value,
    user: serde_json::Value,
) -> Result<BootstrapTokens, Error> {
    let kubeconfig = serde_json::json!({
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "c",
    });
    let kubeconfig: Kubeconfig = serde_json::from_value(kubeconfig).unwrap();
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(kubeconfig, &options)
        .await
        .unwrap();
    BootstrapTokens::from_config(config)
}

fn plugin(command: &str, script: &str) -> serde_json::Value {
    serde_json::json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": command,
        "args": ["-c", script],
        "interactiveMode": "Never",
    }})
}

#[tokio::test]
async fn unavailable_credentials() {
    for (user, says) in [
        (
            plugin("sh", &format!("echo {SECRET}; echo {SECRET} >&2; exit 3")),
            "the kubeconfig's credential plugin failed (exit status: 3)",
        ),
        (
            plugin("sh", &format!("echo '{{\"status\": {SECRET}'")),
            "the kubeconfig's credential plugin did not give a usable credential / the credential plugin printed no \
             ExecCredential that can be read",
        ),
        (
            plugin("/nowhere/plugin", SECRET),
            "the kubeconfig's credential plugin cannot be started / No such file or directory (os error 2)",
        ),
        (
            serde_json::json!({"tokenFile": "/nowhere/token"}),
            "the kubeconfig's token file /nowhere/token cannot be read / No such file or directory (os error 2)",
        ),
    ] {
        let error = with_user(user).await.unwrap_err();
        assert_eq!(predicates(&error), ["credentials"]);
        assert_eq!(
            text(&error),
            format!("cannot make a client of the API server: {says}")
        );
    }
}

/// A plugin that works once and fails when the credential is renewed.
#[tokio::test]
async fn credentials_that_cannot_be_renewed() {
    let dir = tempfile::tempdir().unwrap();
    let used = dir.path().join("used");
    let credential = serde_json::json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": SECRET, "expirationTimestamp": "2020-01-01T00:00:00Z"},
    });
    let script = format!(
        "[ -e {used} ] && {{ echo {SECRET}; exit 4; }}; : > {used}; echo '{credential}'",
        used = used.display()
    );
    let tokens = with_user(plugin("sh", &script)).await.unwrap();
    let error = tokens.create(&token()).await.unwrap_err();
    assert_eq!(predicates(&error), ["credentials"]);
    assert_eq!(
        text(&error),
        "cannot create the bootstrap token 07401b: the kubeconfig's credential plugin failed (exit status: 4)"
    );
}

#[tokio::test]
async fn a_token_that_is_not_a_valid_header() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    for user in [
        serde_json::json!({"token": format!("{SECRET}\n{SECRET}")}),
        serde_json::json!({"tokenFile": file}),
        serde_json::json!({"auth-provider": {
            "name": "oidc", "config": {"id-token": format!("{SECRET}\n")},
        }}),
    ] {
        let error = match with_user(user).await {
            Ok(tokens) => error_of(tokens).await,
            Err(error) => error,
        };
        assert_eq!(predicates(&error), ["credentials"], "{error:?}");
        assert!(text(&error).ends_with(
            "the kubeconfig's token holds a line break or another character that cannot be sent"
        ));
    }
}

/// Nothing is sent over an unencrypted connection or with a visible password, and no plugin runs.
#[tokio::test]
async fn servers_that_must_not_get_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let runs = dir.path().join("runs");
    let insecure = |mut cluster: serde_json::Value| {
        cluster["server"] = "https://127.0.0.1:9".into();
        cluster["insecure-skip-tls-verify"] = true.into();
        cluster
    };
    // Of "no certificate".
    let ca = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";
    let plain =
        "the server is reached by plain HTTP, so that anybody in between can read the tokens";
    for (cluster, says) in [
        (serde_json::json!({"server": "http://10.0.0.1:6443"}), plain),
        (
            serde_json::json!({"server": "http://127.0.0.1:9", "proxy-url": "http://10.0.0.1:3128"}),
            plain,
        ),
        (
            serde_json::json!({"server": "https://ann:hunter2@127.0.0.1:9"}),
            "the URL of the server holds a user name or a password",
        ),
        (
            insecure(serde_json::json!({"certificate-authority-data": ca})),
            "the server's certificate is not to be verified, and there are certificate authorities for it",
        ),
    ] {
        let script = format!("echo run >> {}", runs.display());
        let error = with_cluster(cluster, plugin("sh", &script))
            .await
            .unwrap_err();
        assert_eq!(
            text(&error),
            format!("cannot make a client of the API server: the client cannot be used / {says}")
        );
        assert!(!format!("{error:?}").contains("hunter2"));
        assert!(!runs.exists());
    }
}

#[tokio::test]
async fn a_plugins_token_that_is_not_a_valid_header() {
    let credential = serde_json::json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": format!("{SECRET}\n")},
    });
    let user = plugin("sh", &format!("cat <<'END'\n{credential}\nEND"));
    let error = with_user(user).await.unwrap_err();
    assert_eq!(predicates(&error), ["credentials"], "{error:?}");
    assert_eq!(
        text(&error),
        "cannot make a client of the API server: the kubeconfig's token holds a line break or another character that \
         cannot be sent"
    );
}

/// kube panics on it. The error does not claim that the token caused it.
#[tokio::test]
async fn an_auth_providers_token_that_is_not_a_valid_header() {
    let user = serde_json::json!({"auth-provider": {
        "name": "gcp", "config": {"cmd-path": "echo", "cmd-args": SECRET},
    }});
    let error = with_user(user).await.unwrap_err();
    assert_eq!(predicates(&error), [""; 0], "{error:?}");
    assert_eq!(
        text(&error),
        "cannot make a client of the API server: the client cannot be used / kube panicked; the command \
         of the kubeconfig's auth-provider may have given a token that cannot be sent"
    );
}

/// Even a caught panic prints a message.
#[tokio::test]
async fn an_invalid_token_in_the_kubeconfig_does_not_panic() {
    let panicked = Arc::new(AtomicBool::new(false));
    let (seen, here) = (Arc::clone(&panicked), std::thread::current().id());
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == here {
            seen.store(true, Ordering::SeqCst);
        } else {
            before(panic);
        }
    }));
    let outcome = with_user(serde_json::json!({"token": format!("{SECRET}\n")})).await;
    assert!(!panicked.load(Ordering::SeqCst));
    assert!(outcome.unwrap_err().is_credentials());
}

#[tokio::test]
async fn a_configuration_without_a_client() {
    let mut config = Config::new("https://127.0.0.1:9".parse().unwrap());
    config.root_cert = Some(vec![b"no certificate".to_vec()]);
    let error = match BootstrapTokens::from_config(config) {
        Ok(tokens) => error_of(tokens).await,
        Err(error) => error,
    };
    assert!(
        text(&error)
            .starts_with("cannot make a client of the API server: the client cannot be used / "),
        "{error:?}"
    );
}
