//! Which CAs are vouched for: those that the kubeconfig trusts, those that are named, and no others.

use super::{cluster_info, signing};
use crate::discover::support::{Authority, kubeconfig};
use crate::fake_server::{FakeServer, Reply, base64};
use crate::process::{Home, Outcome};

/// A server whose cluster-info has these CAs and is not signed, and the kubeconfig of an administrator.
struct Cluster {
    ca: Authority,
    further: Authority,
    third: Authority,
}

impl Cluster {
    fn new() -> Self {
        Self {
            ca: Authority::new("kubernetes"),
            further: Authority::new("further"),
            third: Authority::new("third"),
        }
    }

    /// The server is known only once it listens, so that the replies follow.
    fn serve(&self, replies: impl FnOnce(&str) -> Vec<Reply>) -> FakeServer {
        let server = self.ca.server("127.0.0.1", []);
        server.then(replies(&server.url()));
        server
    }

    /// An administrator who trusts these.
    fn run(server: &FakeServer, trusted: &str, args: &[&str], files: &[(&str, &[u8])]) -> Outcome {
        let home = Home::empty();
        let data = base64(trusted.as_bytes());
        let text = crate::process::kubeconfig(&server.url(), "token: kubeconfig-bearer-token-1");
        let line = match trusted {
            "" => "    insecure-skip-tls-verify: true\n    server: ".to_owned(),
            _ => format!("    certificate-authority-data: {data}\n    server: "),
        };
        home.write("config", &text.replace("    server: ", &line));
        for (name, content) in files {
            std::fs::write(home.path(name), content).unwrap();
        }
        home.watched(args)
    }
}

/// Not signed yet.
fn unsigned(server: &str, bundle: &str) -> Vec<Reply> {
    let text = kubeconfig(bundle).replace("https://cp.example:6443", server);
    vec![
        cluster_info(&[("kubeconfig", &text)]),
        Reply::secrets(&[signing("miss00")]),
    ]
}

const ELSEWHERE: &str = "https://10.0.0.1:6443";

/// What is told, where nothing may be written.
#[track_caller]
fn is_refused(outcome: &Outcome, why: &str) {
    let error = format!(
        "error: cluster-info is not to be signed as it stands: {why}\n\
         help: find out who wrote it, and write the kubeconfig in it anew: `kubeadm init phase bootstrap-token` on a control-plane node; \
         the controller manager signs it then. A CA that is this cluster's, as the next one in the middle of a rotation, is named by --ca-pin or --ca-file\n"
    );
    let table = "TOKEN ID   SIGNATURE   WHY\nmiss00     missing     there is none\n";
    outcome.is(1, table, &error);
}

fn not_trusted(foreign: &[&Authority]) -> String {
    let pins: Vec<_> = foreign.iter().map(|ca| ca.pin()).collect();
    format!(
        "in it stands a CA that the kubeconfig does not trust: {}",
        pins.join(", ")
    )
}

#[test]
fn a_ca_that_nobody_trusts_here_is_not_signed() {
    let all = Cluster::new();
    let Cluster { ca, further, third } = &all;
    let bundle = |of: &[&Authority]| of.iter().map(|ca| &*ca.pem).collect::<String>();
    let pin = further.pin();
    let named = ["--ca-pin", &*pin];
    for (elsewhere, published, flags, foreign) in [
        (false, vec![further], &[][..], vec![further]),
        (false, vec![ca, further, third], &[], vec![further, third]),
        (false, vec![further, ca], &[], vec![further]),
        (false, vec![ca, further, third], &named, vec![third]),
        // One CA for all addresses, as that of a kubeconfig by a node's own.
        (true, vec![ca, further], &[], vec![further]),
        (true, vec![third], &named, vec![third]),
    ] {
        for write in [&[][..], &["--write"]] {
            let server = all.serve(|url| {
                unsigned(if elsewhere { ELSEWHERE } else { url }, &bundle(&published))
            });
            let args = [&["sign"], write, flags].concat();
            let outcome = Cluster::run(&server, &ca.pem, &args, &[]);
            is_refused(&outcome, &not_trusted(&foreign));
            assert_eq!(server.asked().len(), 2, "nothing is written");
        }
    }
}

#[test]
fn what_is_known_is_signed_and_told_before() {
    let all = Cluster::new();
    let Cluster { ca, further, .. } = &all;
    let both = format!("{}{}", ca.pem, further.pem);
    let compared = "; this kubeconfig leads to another server and trusts no CA of these, so that nothing was compared: --ca-pin or --ca-file does";
    let pin = further.pin();
    let named = ["--ca-pin", &*pin];
    let file = ["--ca-file", "next.crt"];
    let danger = ["--danger-skip-ca-pin"];
    for (elsewhere, trusted, published, flags, more) in [
        (false, &ca.pem, &ca.pem, &[][..], ""),
        // In the middle of a rotation.
        (false, &both, &both, &[], ""),
        (false, &ca.pem, &both, &named, ""),
        (false, &ca.pem, &both, &file, ""),
        // Behind a load balancer with a certificate of its own.
        (true, &ca.pem, &further.pem, &danger, compared),
        (true, &ca.pem, &further.pem, &named, ""),
    ] {
        let server = all.serve(|url| {
            let mut replies = unsigned(if elsewhere { ELSEWHERE } else { url }, published);
            replies.push(Reply::ok("{}"));
            replies
        });
        let args = [&["sign", "--write"], flags].concat();
        let next = ("next.crt", further.pem.as_bytes());
        let outcome = Cluster::run(&server, trusted, &args, &[next]);
        let url = if elsewhere { ELSEWHERE } else { &server.url() };
        let address = url.replace("https://", "");
        let pins = match published == &both {
            true => format!("{}, {pin}", ca.pin()),
            false if *published == ca.pem => ca.pin(),
            false => pin.clone(),
        };
        outcome.is(
            0,
            "TOKEN ID   SIGNATURE         WHY\nmiss00     missing, signed   there is none\n",
            &format!(
                "warning: whoever signs vouches for the server {address} and the CA {pins}, which stand in cluster-info: see that they are this cluster's{more}\n"
            ),
        );
        assert!(server.asked()[2].line.starts_with("PATCH "));
    }
}

/// kubeadm takes YAML that is not taken here, and with it a CA that nobody has looked at.
#[test]
fn a_ca_that_cannot_be_read_is_not_signed() {
    let all = Cluster::new();
    let server = all.serve(|url| {
        let text = kubeconfig(&all.further.pem).replace("https://cp.example:6443", url);
        let text = text.replace("server: ", "server: &anchor ");
        let info = cluster_info(&[("kubeconfig", &text)]);
        vec![info, Reply::secrets(&[signing("miss00")])]
    });
    let outcome = Cluster::run(&server, &all.ca.pem, &["sign", "--write"], &[]);
    is_refused(
        &outcome,
        "its CA cannot be told: the kubeconfig cannot be read beyond line 5",
    );
    assert_eq!(server.asked().len(), 2);
}

/// Between the first look and the write, somebody has put a CA there.
#[test]
fn what_is_read_again_is_judged_again() {
    let all = Cluster::new();
    let both = format!("{}{}", all.ca.pem, all.further.pem);
    let server = all.serve(|url| {
        let mut replies = unsigned(url, &all.ca.pem);
        let changed = Reply::refusal(409, "Conflict", "the object has been modified");
        replies.push(changed);
        replies.extend(unsigned(url, &both));
        replies
    });
    let outcome = Cluster::run(&server, &all.ca.pem, &["sign", "--write"], &[]);
    assert_eq!(outcome.code, 1);
    let why = not_trusted(&[&all.further]);
    assert!(outcome.stderr.contains(&why), "{outcome:?}");
    assert_eq!(server.asked().len(), 5);
}

/// Whoever writes cluster-info writes the server in it too.
#[test]
fn what_nobody_can_compare_is_not_signed() {
    let all = Cluster::new();
    let Cluster { ca, further, .. } = &all;
    let elsewhere = "this kubeconfig leads to another server and trusts no CA of these";
    let unknown = "this kubeconfig knows no server by a CA";
    for (is_elsewhere, trusted, why) in [(true, &*ca.pem, elsewhere), (false, "", unknown)] {
        for flags in [&["--write"][..], &["--write", "--dry-run"]] {
            let server =
                all.serve(|url| unsigned(if is_elsewhere { ELSEWHERE } else { url }, &further.pem));
            let args = [&["sign"], flags].concat();
            let outcome = Cluster::run(&server, trusted, &args, &[]);
            let url = if is_elsewhere {
                ELSEWHERE
            } else {
                &server.url()
            };
            let address = url.replace("https://", "");
            let insecure = match trusted {
                "" => {
                    "warning: DIR/config has insecure-skip-tls-verify for cluster \"fake\": whoever sits between can read the token\n"
                }
                _ => "",
            };
            outcome.is(
                1,
                "TOKEN ID   SIGNATURE   WHY\nmiss00     missing     there is none\n",
                &format!(
                    "{insecure}error: cluster-info is not to be signed as it stands: nobody vouches for the server {address} and the CA {} in it: {why}\n\
                     help: name this cluster's CA by --ca-pin or --ca-file, as /etc/kubernetes/pki/ca.crt on a control-plane node; \
                     --danger-skip-ca-pin signs whatever stands there\n",
                    further.pin()
                ),
            );
            assert_eq!(server.asked().len(), 2, "nothing is written");
        }
    }
}
