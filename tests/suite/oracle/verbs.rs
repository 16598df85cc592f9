//! The servers of `tests/certificates`, by whole commands: `list`, `discover` and `diagnose` trust whom crypto/tls trusts.

use std::sync::Mutex;
use std::thread;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Certificate, Pin};
use conformance::command::{Output, ours};
use conformance::kubeconfig::Kubeconfig;
use conformance::oracle::Oracle;
use conformance::suite::Test;
use conformance::{paths, secrets, tests};
use serde_json::{Value, json};

use crate::chain::Chain;
use crate::tls::{Pem, pems};
use crate::worlds::{World, base64, cluster, serve};

pub(crate) const TESTS: &[Test] = tests!["verbs":
    each_verb_trusts_whom_crypto_tls_trusts,
    a_client_is_taken_whom_crypto_tls_takes,
];

/// What crypto/tls takes and we do not (docs/DIFFERENCES.md).
const ONLY_GO: &[&str] = &["p224"];
/// Its server ends each handshake itself: by TLS 1.3 it cannot sign with such a key.
const SHOWS_NOTHING: &str = "rsa-512-server";
/// As many run at the same time.
const THREADS: usize = 4;

/// `discover` and `diagnose` tell of a CA's dates before a server is asked for its certificate.
const OF_CLUSTER: &str = "the cluster's CA certificate ";
/// By which a refusal names the certificate.
const NAMED: &[&str] = &[
    "certificate of the server",
    "certificate of a CA",
    // No certificate is left to trust a server by.
    "there is no certificate that can be read",
    OF_CLUSTER,
];

/// A server that waits to be asked.
struct Server {
    world: World,
    address: String,
    /// What a kubeconfig calls it.
    host: String,
    /// What a refusal says.
    says: Option<String>,
    /// Whether crypto/tls trusts it by that name.
    is_trusted: bool,
    /// And by its address: `discover` and `diagnose` know no other name.
    is_trusted_by_address: bool,
}

fn each_verb_trusts_whom_crypto_tls_trusts() {
    let mut oracle = Oracle::start();
    let token = secrets::token();
    let servers = servers(&mut oracle, &token);
    let count = |is_trusted| {
        let servers = servers.iter();
        servers
            .filter(|at| at.is_trusted_by_address == is_trusted)
            .count()
    };
    let (trusted, refused) = (count(true), count(false));
    assert!(
        trusted >= 80 && refused >= 80,
        "{trusted} trusted, {refused} refused"
    );
    in_parallel(&servers, |server| run(server, &token));
}

/// The other way round: the files of `clients`, each shown by `list` to a server that asks for a certificate.
fn a_client_is_taken_whom_crypto_tls_takes() {
    let folder = paths::workspace().join("tests/certificates");
    let server = Pem::read(&folder.join("servers/p256-signs-by-sha384.pem"));
    let roots = server.last_certificate();
    let (mut oracle, token) = (Oracle::start(), secrets::token());
    let clients = pems(&folder.join("clients")).into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let identity = Pem::read(&path).text;
        let mut world = World::new(name, server.text.clone(), roots.clone());
        world.identity = Some(identity.clone());
        let answer = serve(&mut oracle, &world, &token);
        let address = answer.ok().unwrap().as_str().unwrap().to_owned();
        let theirs = oracle.ask(&json!({
            "op": "tls_get", "address": address, "roots": roots, "identity": identity,
        }));
        (world, address, theirs.accepted())
    });
    let clients: Vec<_> = clients.collect();
    let accepted = clients.iter().filter(|(.., is_taken)| *is_taken).count();
    let refused = clients.len() - accepted;
    assert!(
        accepted >= 20 && refused >= 4,
        "{accepted} taken, {refused} refused"
    );
    in_parallel(&clients, |(world, address, is_taken)| {
        let pem = base64(world.identity.as_deref().unwrap());
        let user = json!({"client-certificate-data": pem, "client-key-data": pem});
        let kubeconfig = Kubeconfig::new(&cluster(address, &world.authority), &user);
        let listed = ours(["list"]).kubeconfig(&kubeconfig.path()).run();
        let differs = (listed.code == Some(0)) != *is_taken;
        let what = || {
            format!(
                "{}\n  crypto/tls takes it: {is_taken}\n  {listed:?}\n",
                world.name
            )
        };
        differs.then(what).into_iter().collect()
    });
}

/// Runs a check for each, and fails with all that they found.
fn in_parallel<T: Sync>(all: &[T], check: impl Fn(&T) -> Vec<String> + Sync) {
    let (left, differ) = (Mutex::new(all.iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let next = left.lock().unwrap().next();
                    let Some(next) = next else { break };
                    let found = check(next);
                    differ.lock().unwrap().extend(found);
                }
            });
        }
    });
    let differ = differ.into_inner().unwrap();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

fn servers(oracle: &mut Oracle, token: &Token) -> Vec<Server> {
    let chains = Chain::all().into_iter().map(|(line, chain)| {
        let shown: String = chain.shown().iter().map(|one| one.pem()).collect();
        let pem = format!("{shown}{}", chain.key().serialize_pem());
        let world = World::new(&line, pem, chain.roots_pem());
        (world, chain.host.clone(), chain.says.clone())
    });
    let folder = paths::workspace().join("tests/certificates/servers");
    let files = pems(&folder).into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let pem = Pem::read(&path);
        let authority = pem.last_certificate();
        let is_weak = name.ends_with("-sha1") || name.ends_with("-md5");
        let says = is_weak.then(|| "which is not supported".to_owned());
        let world = World::new(&name, pem.text, authority);
        (world, "127.0.0.1".to_owned(), says)
    });
    let files = files.filter(|(world, ..)| world.name != SHOWS_NOTHING);
    let mut servers = Vec::new();
    for (world, host, says) in chains.chain(files) {
        // crypto/tls shows no certificate of its own that it cannot read: the library is asked of those.
        let answer = serve(oracle, &world, token);
        let Some(address) = answer.ok().and_then(Value::as_str) else {
            continue;
        };
        let mut trusts = |name: &str| {
            let answer = oracle.ask(&json!({
                "op": "tls_dial", "address": address, "name": name, "roots": world.authority,
            }));
            answer.accepted() && !ONLY_GO.contains(&world.name.as_str())
        };
        servers.push(Server {
            is_trusted: trusts(&host),
            is_trusted_by_address: trusts("127.0.0.1"),
            address: address.to_owned(),
            host,
            says,
            world,
        });
    }
    servers
}

/// What is not as crypto/tls has it.
fn run(server: &Server, token: &Token) -> Vec<String> {
    let authority = Certificate::bundle_from_pem(server.world.authority.as_bytes()).unwrap();
    let pins: Vec<_> = authority
        .iter()
        .map(|one| format!("--ca-pin={}", Pin::of(one)))
        .collect();
    let mut cluster = cluster(&server.address, &server.world.authority);
    cluster["tls-server-name"] = server.host.clone().into();
    let kubeconfig = Kubeconfig::new(&cluster, &json!({"token": "a-token"}));
    let listed = ours(["list"]).kubeconfig(&kubeconfig.path()).run();
    let discovered = ours(["discover", "--timeout=20s", "--token=-", &server.address])
        .args(&pins)
        .stdin(token.expose().as_bytes())
        .prints_token()
        .run();
    let diagnosed = ours(["diagnose", "-", "--server", &server.address])
        .args(&pins)
        .stdin(token.expose().as_bytes())
        .run();
    let found = [
        judge(
            server,
            server.is_trusted,
            &listed.stderr,
            listed.code == Some(0),
            &listed,
        ),
        judge(
            server,
            server.is_trusted_by_address,
            &discovered.stderr,
            discovered.code == Some(0),
            &discovered,
        ),
        judge(
            server,
            server.is_trusted_by_address,
            &diagnosed.stdout,
            diagnosed.stdout.starts_with("server-name-unknown: ")
                && !diagnosed.stdout.contains(&server.address),
            &diagnosed,
        ),
    ];
    found.into_iter().flatten().collect()
}

fn judge(
    server: &Server,
    expected: bool,
    said: &str,
    is_trusted: bool,
    output: &Output,
) -> Option<String> {
    let what = if expected != is_trusted {
        format!("crypto/tls trusts it: {expected}")
    } else if is_trusted {
        return None;
    } else if !NAMED.iter().any(|named| said.contains(named)) {
        "names no certificate".to_owned()
    } else if said.contains("in between") && !said.contains("no trusted CA has issued it") {
        "speaks of an impostor".to_owned()
    } else if let Some(says) = &server.says
        && !said.contains(says)
        && !said.contains(OF_CLUSTER)
    {
        format!("does not say {says}")
    } else {
        return None;
    };
    Some(format!(
        "{}\n  {what}\n  {}{}\n",
        server.world.name, output.stdout, output.stderr
    ))
}
