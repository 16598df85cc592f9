//! By which proxy every verb goes, and what the proxy is told.

use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use bootstrap_token_discovery::Endpoint;
use bootstrap_token_kube::kube_transport::{Proxy, ProxyEnvironment};

use crate::discover::support::{Authority, TOKEN, signed};
use crate::fake_proxy::FakeProxy;
use crate::fake_server::{FakeServer, NOBODY, Reply, base64, secret, token};
use crate::process::{Home, kubeconfig};

/// An API server of names that lead nowhere but by the proxy, and the proxy.
struct World {
    ca: Authority,
    server: FakeServer,
    proxy: FakeProxy,
    home: Home,
}

/// What no machine is, by its name and by its addresses.
const SERVERS: [&str; 3] = ["cp.example:6443", "192.0.2.7:6443", "[2001:db8::7]:6443"];
const NAMES: [&str; 3] = ["cp.example", "192.0.2.7", "2001:db8::7"];

impl World {
    /// `of_proxy` signs the proxy's certificate, and is one that this system trusts if `is_trusted`.
    fn new(ca: Authority, of_proxy: &Authority, is_trusted: bool) -> Self {
        let server = ca.server_of(&NAMES, []);
        let address = server.url().replace("https://", "").parse().unwrap();
        let (certificate, key) = of_proxy.certify(&["127.0.0.1"]);
        let home = Home::empty();
        let trusted = if is_trusted {
            of_proxy.pem.clone()
        } else {
            Authority::new("trusted").pem
        };
        home.write("trusted.pem", &trusted);
        home.write("token", TOKEN);
        Self {
            proxy: FakeProxy::new(&certificate, &key, address),
            ca,
            server,
            home,
        }
    }

    fn write_kubeconfig(&self, server: &str, more: &str) {
        let ca = base64(self.ca.pem.as_bytes());
        let server = format!("https://{server}\n    certificate-authority-data: {ca}{more}");
        self.home.write("config", &kubeconfig(&server, "token: x"));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.home.command(args);
        command.env("SSL_CERT_FILE", self.home.path("trusted.pem"));
        command
    }

    /// Runs the verb on a server, the replies in readiness that make it end well.
    fn run(&self, verb: &str, server: &str, https_proxy: &str) -> Output {
        let cluster =
            crate::discover::support::kubeconfig(&self.ca.pem).replace("cp.example:6443", server);
        let info = signed(&cluster, TOKEN);
        let allowed = Reply::ok(r#"{"status":{"allowed":true}}"#);
        let pin = self.ca.pin();
        let (args, replies) = match verb {
            "list" => (vec!["list"], vec![Reply::secrets(&[token(TOKEN, &[])])]),
            "create" => (
                vec!["create", "-"],
                vec![Reply::Whole(201, "", secret("abcdef", &[]))],
            ),
            "discover" => (
                vec!["discover", server, "--token-file=token", "--ca-pin", &pin],
                vec![info.clone(), info],
            ),
            _ => (
                vec!["diagnose", "-", "--server", server, "--ca-pin", &pin],
                vec![
                    info.clone(),
                    info.clone(),
                    info,
                    allowed.clone(),
                    allowed.clone(),
                    allowed,
                ],
            ),
        };
        self.server.then(replies);
        let mut command = self.command(&args);
        command.env("HTTPS_PROXY", https_proxy);
        if verb == "diagnose" {
            // As a machine that joins has none.
            command.env("KUBECONFIG", self.home.path("none"));
        }
        output(command)
    }
}

fn output(mut command: Command) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(TOKEN.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn every_verb_goes_by_every_kind_of_proxy_to_every_kind_of_server() {
    let of_proxy = Authority::new("company");
    let world = World::new(Authority::new("kubernetes"), &of_proxy, true);
    let address = world.proxy.address();
    for verb in ["list", "create", "discover", "diagnose"] {
        for server in SERVERS {
            world.write_kubeconfig(server, "");
            for (scheme, kind) in [
                ("", "http"),
                ("http://", "http"),
                ("https://", "https"),
                ("socks5://", "socks5"),
                ("socks5h://", "socks5"),
            ] {
                for login in ["", "user:open%20sesame@"] {
                    let output = world.run(verb, server, &format!("{scheme}{login}{address}"));
                    assert!(
                        output.status.success(),
                        "{verb} {scheme}{login} {server}: {output:?}"
                    );
                    let login = login.replace("%20", " ").replace('@', "");
                    let asked = format!("{kind} {server} {login}").trim_end().to_owned();
                    let found = world.proxy.asked();
                    assert!(
                        !found.is_empty() && found.iter().all(|found| *found == asked),
                        "{asked}: {found:?}"
                    );
                }
            }
        }
    }
    let name = format!(
        "kubeadm-token/{} ({}/{})",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS.replace("macos", "darwin"),
        std::env::consts::ARCH
            .replace("x86_64", "amd64")
            .replace("aarch64", "arm64")
    );
    for asked in world.server.asked() {
        assert_eq!(asked.header("user-agent"), Some(&*name), "{asked:?}");
        assert_eq!(asked.header("proxy-authorization"), None, "{asked:?}");
    }
}

/// The settings that the suite `oracle` asks Go about, by whole runs.
#[test]
fn a_run_goes_where_its_setting_leads() {
    let of_proxy = Authority::new("company");
    let world = World::new(Authority::new("kubernetes"), &of_proxy, true);
    let address = world.proxy.address();
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/proxies/settings.txt"
    );
    let file = fs::read_to_string(file).unwrap();
    let lines = file.lines();
    let (mut by_proxy, mut without) = (0, 0);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let setting = Setting::parse(line, &address);
        let proxy = setting.proxy();
        let Some(command) = setting.command(&world, proxy.is_some()) else {
            continue;
        };
        let asked = asked_by(command, &world.proxy);
        let ours = proxy.filter(|proxy| format!("{}:{}", proxy.host(), proxy.port()) == address);
        if let Some(proxy) = ours {
            let kind = proxy.to_string().split_once("://").unwrap().0.to_owned();
            let kind = kind.replace("socks5h", "socks5") + " ";
            let login = proxy
                .expose_login()
                .map_or_else(String::new, |(user, password)| {
                    format!(" {user}:{password}")
                });
            let is_right = |asked: &String| asked.starts_with(&kind) && asked.ends_with(&login);
            assert!(asked.first().is_some_and(is_right), "{line}: {asked:?}");
            by_proxy += 1;
        } else {
            assert_eq!(asked, [""; 0], "{line}");
            without += 1;
        }
    }
    assert!(by_proxy >= 30 && without >= 30, "{by_proxy} and {without}");
}

/// A line of the file.
struct Setting<'a> {
    server: &'a str,
    environment: Vec<(&'a str, String)>,
    proxy_url: Option<String>,
}

impl<'a> Setting<'a> {
    fn parse(line: &'a str, proxy: &str) -> Self {
        let (server, settings) = line.split_once(' ').unwrap_or((line, ""));
        let settings = settings
            .split(" ; ")
            .filter_map(|setting| setting.split_once('='));
        let (own, environment): (Vec<_>, Vec<_>) = settings
            .map(|(name, value)| (name, value.replace("PROXY", proxy)))
            .partition(|(name, _)| *name == "proxy-url");
        let proxy_url = own
            .into_iter()
            .map(|(_, value)| value)
            .find(|value| !value.is_empty());
        Self {
            server,
            environment,
            proxy_url,
        }
    }

    /// Whose answer is Go's: the suite `oracle` sees to that. None as well where it is refused.
    fn proxy(&self) -> Option<Proxy> {
        if let Some(url) = &self.proxy_url {
            return url.parse().ok();
        }
        let env = |name: &str| {
            let found = self.environment.iter().find(|(of, _)| *of == name);
            found.map(|(_, value)| value.into())
        };
        let endpoint = self.server.parse::<Endpoint>();
        let server =
            endpoint.map_or_else(|_| self.server.to_owned(), |endpoint| endpoint.to_string());
        let proxy = ProxyEnvironment::new(env).proxy_for(&server.parse().unwrap());
        proxy.unwrap_or_default()
    }

    /// `discover` for a server that no kubeconfig is about: it ends soon where nobody answers. `list` for the rest, if a
    /// proxy does. By plain HTTP no token is sent over a proxy at all.
    fn command(&self, world: &World, has_proxy: bool) -> Option<Command> {
        let mut command = if self.server.starts_with("https") && self.proxy_url.is_none() {
            world.command(&[
                "discover",
                self.server,
                "--token-file=token",
                "--danger-skip-ca-pin",
                "--timeout=200ms",
            ])
        } else if has_proxy && self.server.starts_with("https") {
            let proxy = self
                .proxy_url
                .iter()
                .map(|url| format!("\n    proxy-url: '{url}'"));
            let server = format!("{}{}", self.server, proxy.collect::<String>());
            world.home.write("config", &kubeconfig(&server, "token: x"));
            world.command(&["list"])
        } else {
            return None;
        };
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        Some(command)
    }
}

/// What the proxy was asked first, or nothing by the end of the run.
fn asked_by(mut command: Command, proxy: &FakeProxy) -> Vec<String> {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    loop {
        let has_ended = child.try_wait().unwrap().is_some();
        let asked = proxy.asked();
        if has_ended || !asked.is_empty() {
            let _ = child.kill();
            let _ = child.wait();
            return asked;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Whoever answers at an address is not the proxy yet.
#[test]
fn a_proxy_by_tls_that_is_not_verified_gets_no_password() {
    let stranger = Authority::new("stranger");
    let world = World::new(Authority::new("kubernetes"), &stranger, false);
    let server = SERVERS[0];
    let proxy = format!("https://user:open-sesame@{}", world.proxy.address());
    for (verb, more) in [
        ("list", ""),
        ("discover", ""),
        ("diagnose", ""),
        ("list", "\n    insecure-skip-tls-verify: true"),
    ] {
        world.write_kubeconfig(server, more);
        if !more.is_empty() {
            world.home.write(
                "config",
                &kubeconfig(&format!("https://{server}{more}"), "token: x"),
            );
        }
        let output = if verb == "discover" {
            let args = [
                "discover",
                server,
                "--token-file=token",
                "--danger-skip-ca-pin",
                "--timeout=1s",
            ];
            let mut command = world.command(&args);
            command.env("HTTPS_PROXY", &proxy);
            output(command)
        } else {
            world.run(verb, server, &proxy)
        };
        assert!(!output.status.success(), "{output:?}");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let expected = format!(
            "the proxy made no connection to the API server: proxy https://{}: TLS handshake failed: certificate of the proxy (CN=rcgen self signed cert, issuer CN=stranger): no trusted CA has issued it",
            world.proxy.address()
        );
        assert!(said.contains(&expected), "{verb}: {said}");
        assert!(!said.contains("sesame"), "{said}");
        assert_eq!(world.proxy.asked(), [""; 0]);
    }
}

/// Go takes the cluster's own CA for the proxy, and no other; here it is one more.
#[test]
fn a_proxy_by_tls_may_be_of_the_cluster_s_own_ca() {
    let ca = Authority::new("kubernetes");
    let (certificate, key) = ca.certify(&["127.0.0.1"]);
    let mut world = World::new(ca, &Authority::new("company"), false);
    let address = world
        .server
        .url()
        .replace("https://", "")
        .parse::<SocketAddr>()
        .unwrap();
    world.proxy = FakeProxy::new(&certificate, &key, address);
    world.write_kubeconfig(SERVERS[0], "");
    let output = world.run(
        "list",
        SERVERS[0],
        &format!("https://{}", world.proxy.address()),
    );
    assert!(output.status.success(), "{output:?}");
    assert_eq!(world.proxy.asked(), ["https cp.example:6443"]);
}

/// A load balancer hands every connection to the next backend; this many of them take it and say nothing.
fn behind_a_balancer(silent: usize, replies: Vec<Reply>) -> (Authority, FakeServer, Home) {
    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", replies);
    let backend: SocketAddr = server.url().replace("https://", "").parse().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let balancer = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut held = Vec::new();
        for (at, stream) in listener.incoming().flatten().enumerate() {
            if at < silent {
                held.push(stream);
                continue;
            }
            let server = std::net::TcpStream::connect(backend).unwrap();
            let ends = [(&stream, &server), (&server, &stream)];
            for (from, to) in
                ends.map(|(from, to)| (from.try_clone().unwrap(), to.try_clone().unwrap()))
            {
                thread::spawn(move || std::io::copy(&mut &from, &mut &to));
            }
        }
    });
    let home = Home::empty();
    let data = base64(ca.pem.as_bytes());
    let url = format!("https://{balancer}\n    certificate-authority-data: {data}");
    home.write("config", &kubeconfig(&url, "token: x"));
    (ca, server, home)
}

#[test]
fn a_backend_that_is_silent_is_given_up_for_another() {
    let created = Reply::Whole(201, "", secret("abcdef", &[]));
    let (_ca, server, home) = behind_a_balancer(1, vec![created]);
    let outcome = home.run(&["create", TOKEN]);
    outcome.is(0, &format!("{TOKEN}\n"), "");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn what_no_backend_took_is_known_not_to_be_there() {
    let (_ca, server, home) = behind_a_balancer(usize::MAX, vec![]);
    let outcome = home.run(&["create", TOKEN]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .stderr
            .contains("the API server took the connection and did not answer"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stderr
            .contains("tried again until the deadline of 10s"),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("not known"), "{}", outcome.stderr);
    assert!(!server.was_asked());
}

/// The kubeconfig's own always counts: `NO_PROXY` and the environment's proxy say nothing about it.
#[test]
fn the_kubeconfig_s_proxy_always_counts() {
    let of_proxy = Authority::new("company");
    let forbidden = Reply::refusal(403, "Forbidden", "no");
    for (args, replies, code) in [
        (&["list"][..], vec![Reply::secrets(&[])], 0),
        (
            &["create", "-"],
            vec![Reply::Whole(201, "", secret("abcdef", &[]))],
            0,
        ),
        (&["delete", "abcdef"], vec![Reply::ok(token(TOKEN, &[]))], 0),
        (&["diagnose"], vec![forbidden; 64], 1),
    ] {
        let world = World::new(Authority::new("kubernetes"), &of_proxy, true);
        let proxy = format!("\n    proxy-url: http://{}", world.proxy.address());
        world.write_kubeconfig(SERVERS[0], &proxy);
        world.server.then(replies);
        let mut command = world.command(args);
        command
            .env("NO_PROXY", "127.0.0.1,cp.example,*")
            .env("HTTPS_PROXY", NOBODY);
        let output = output(command);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {output:?}");
        assert!(world.server.was_asked(), "{args:?}");
        let asked = world.proxy.asked();
        assert!(!asked.is_empty(), "{args:?}");
        for asked in asked {
            assert_eq!(asked, "http cp.example:6443", "{args:?}");
        }
    }
}
