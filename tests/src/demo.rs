//! The main job as a story for a newcomer, told while it happens on a control plane of its own.

use std::io::{self, Write};

use bootstrap_token::Token;
use serde_json::json;

use crate::command::{Output, kubectl, ours};
use crate::control_plane::ControlPlane;
use crate::kubeconfig::Kubeconfig;
use crate::wait;

/// As the new machine asks, `--kubeconfig` where it is given.
const WHOAMI: &str = "kubectl auth whoami --kubeconfig new-machine.conf";

/// Who listens.
#[derive(Debug)]
pub struct Demo<W> {
    to: W,
    /// Whether `to` understands colours.
    colour: bool,
}

impl<W: Write> Demo<W> {
    /// Tells it to `to`, in colours where it understands them.
    pub fn new(to: W, colour: bool) -> Self {
        Self { to, colour }
    }

    /// Tells the whole story.
    ///
    /// # Errors
    /// It cannot be written.
    ///
    /// # Panics
    /// Something did not go as it is told.
    pub fn tell(mut self) -> io::Result<()> {
        self.say("A Kubernetes control plane starts on this machine: etcd, API server, controller manager.")?;
        let plane = ControlPlane::start();
        self.say("It is ready, and no machine can join it yet.")?;

        self.step("The admin creates a bootstrap token. It lives for one hour.")?;
        let create = ours(["create", "--ttl", "1h", "--description", "rack 7"]).prints_token();
        let created = create.kubeconfig(plane.kubeconfig()).run();
        let created = self.run(
            "kubeadm-token create --ttl 1h --description 'rack 7'",
            &created,
        )?;
        let token: Token = created.trim_end().parse().expect("create prints a token");

        self.step("It stands in the list, with what it may be used for.")?;
        let list = ours(["list"]).prints_token().kubeconfig(plane.kubeconfig());
        self.run("kubeadm-token list", &list.run())?;

        self.step("A new machine has a kubeconfig with this token in it, and no other credential. The API server says who that is.")?;
        let joiner = Kubeconfig::of_user(&plane, &json!({ "token": &*token.expose() }));
        let whoami = || kubectl(["auth", "whoami"]).kubeconfig(&joiner.path()).run();
        self.run(WHOAMI, &whoami())?;

        self.step("The controller manager signs the public cluster-info with the token, so that the new machine can tell the real cluster from a false one.")?;
        let signature = format!("jsonpath={{.data.jws-kubeconfig-{}}}", token.id());
        let get = [
            "get",
            "configmap",
            "cluster-info",
            "--namespace=kube-public",
            "--output",
            &signature,
        ];
        let signed = wait::until("the signature appears", || {
            let signed = kubectl(get).kubeconfig(plane.kubeconfig()).run();
            if signed.success().is_empty() {
                Err(signed)
            } else {
                Ok(signed)
            }
        });
        self.run(&format!("kubectl {}", get.join(" ")), &signed)?;

        self.step("The token has done its work, and the admin deletes it.")?;
        let delete = ours(["delete", token.id().as_str()]).kubeconfig(plane.kubeconfig());
        self.run(
            &format!("kubeadm-token delete {}", token.id()),
            &delete.run(),
        )?;

        self.step("Whoever shows it now is refused. The API server remembers for 10 seconds whom it let in, so that may take as long.")?;
        let refused = wait::until("the token is refused", || {
            let answer = whoami();
            if answer.code == Some(0) {
                Err(answer)
            } else {
                Ok(answer)
            }
        });
        self.command(WHOAMI)?;
        self.line(refused.stderr.trim_end())?;

        drop(plane);
        self.say("\nThe control plane is down again; nothing of it is left on this machine.")
    }

    fn step(&mut self, text: &str) -> io::Result<()> {
        self.say(&format!("\n{text}"))
    }

    /// Prose, in lines of 100 characters.
    fn say(&mut self, text: &str) -> io::Result<()> {
        let mut line = String::new();
        for word in text.split(' ') {
            if line.trim_start().chars().count() + word.chars().count() >= 100 {
                self.prose(&line)?;
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.prose(&line)
    }

    fn prose(&mut self, line: &str) -> io::Result<()> {
        match (self.colour, line.trim_start_matches('\n')) {
            (true, text) => {
                let breaks = &line[..line.len() - text.len()];
                self.line(&format!("{breaks}\u{1b}[36m{text}\u{1b}[0m"))
            }
            (false, _) => self.line(line),
        }
    }

    fn command(&mut self, text: &str) -> io::Result<()> {
        if self.colour {
            self.line(&format!("\u{1b}[1m$ {text}\u{1b}[0m"))
        } else {
            self.line(&format!("$ {text}"))
        }
    }

    /// Shows a run that succeeded, and gives what it printed.
    fn run<'a>(&mut self, command: &str, output: &'a Output) -> io::Result<&'a str> {
        self.command(command)?;
        let stdout = output.success();
        self.line(stdout.trim_end())?;
        Ok(stdout)
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.to, "{text}")?;
        self.to.flush()
    }
}
