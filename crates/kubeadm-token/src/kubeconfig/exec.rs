//! Credential plugins. The program that the user's entry names is run once, and prints the credential.

use std::io::{IsTerminal as _, stdin};
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_kube::kube_transport::{PLUGIN_LONGEST_ANSWER, PLUGIN_VERSIONS};
use kube::config::AuthInfo;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::fault::Fault;
use super::file::{Malformed, resolve};
use super::user::check_token;
use crate::failure::io_reason;
use crate::read_limited;
use crate::yaml::Node;

/// Whether to run a user's credential plugin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plugin {
    Run,
    Refuse,
}

/// `ExecConfig` of client-go.
pub(super) struct Exec {
    command: String,
    args: Vec<String>,
    env: Vec<(String, Zeroizing<String>)>,
    api_version: String,
    install_hint: String,
    provide_cluster_info: bool,
    interactive_mode: String,
}

impl Exec {
    pub(super) fn read(entry: &Node, folder: &Path) -> Result<Self, Malformed> {
        let command = entry.text("command")?;
        // A command without a slash is searched for in PATH.
        let command = match resolve(command, folder) {
            Some(path) if command.contains('/') => path.to_string_lossy().into_owned(),
            _ => command.to_owned(),
        };
        let mut env = Vec::new();
        for variable in entry.list("env")? {
            let value = Zeroizing::new(variable.text("value")?.to_owned());
            env.push((variable.text("name")?.to_owned(), value));
        }
        let api_version = entry.text("apiVersion")?.to_owned();
        let interactive_mode = match entry.text("interactiveMode")? {
            // Versions before v1 do not require it.
            "" if api_version.starts_with("client.authentication.k8s.io/v1beta") => "IfAvailable",
            mode => mode,
        };
        Ok(Self {
            command,
            args: entry.texts("args")?,
            env,
            install_hint: entry.text("installHint")?.to_owned(),
            provide_cluster_info: entry.bool("provideClusterInfo")?,
            interactive_mode: interactive_mode.to_owned(),
            api_version,
        })
    }

    /// Refuses what client-go refuses before it runs a plugin.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.command.is_empty() {
            return Err(Fault::from("its exec plugin has no command")
                .help("add the command, or use another kubeconfig with --kubeconfig"));
        }
        if !PLUGIN_VERSIONS.contains(&&*self.api_version) {
            return Err(
                Fault::from("its exec plugin has no apiVersion that is still spoken").help(
                    format!(
                        "write `apiVersion: {}`, and renew the plugin if it is too old for that",
                        PLUGIN_VERSIONS[0]
                    ),
                ),
            );
        }
        if !matches!(&*self.interactive_mode, "Never" | "IfAvailable" | "Always") {
            return Err(Fault::from("its exec plugin has no interactiveMode")
                .help("write `interactiveMode: IfAvailable`, or Never or Always"));
        }
        if self.env.iter().any(|(name, _)| name.is_empty()) {
            return Err("its exec plugin has an env entry without a name".into());
        }
        Ok(())
    }

    /// Runs the plugin and adds the credential to `auth_info`.
    pub(super) fn run(
        &self,
        plugin: Plugin,
        cluster: &Value,
        auth_info: &mut AuthInfo,
    ) -> Result<(), Fault> {
        if plugin == Plugin::Refuse {
            return Err("its exec plugin is not run here".into());
        }
        let answer = self.call(cluster)?;
        let unreadable = || {
            Fault::from("its exec plugin gave no credential that can be read")
                .help("run the plugin by hand: it should print an ExecCredential")
        };
        let answer = Node::read(&answer).map_err(|_| unreadable())?;
        let text =
            |node: &Node, name: &str| node.text(name).map(|text| Zeroizing::new(text.to_owned()));
        let part = |name: &str| -> Result<Option<Zeroizing<String>>, Fault> {
            let status = answer.get("status").map_err(|_| unreadable())?;
            let part = status.map_or(Ok(Zeroizing::default()), |status| text(status, name));
            let part = part.map_err(|_| unreadable())?;
            Ok(Some(part).filter(|part| !part.is_empty()))
        };
        let kind = answer.text("kind").map_err(|_| unreadable())?;
        let version = answer.text("apiVersion").map_err(|_| unreadable())?;
        if kind != "ExecCredential" || !PLUGIN_VERSIONS.contains(&version) {
            return Err(unreadable());
        }
        if version != self.api_version {
            return Err(Fault::from(format!(
                "its exec plugin answered in version {version}, and was asked for {}",
                self.api_version
            ))
            .help("write the plugin's own version as the apiVersion of exec"));
        }
        match (
            part("token")?,
            part("clientCertificateData")?,
            part("clientKeyData")?,
        ) {
            // Half a key pair identifies nobody.
            (_, Some(_), None) | (_, None, Some(_)) | (None, None, None) => Err(unreadable()),
            (token, pair, key) => {
                if let Some(token) = &token {
                    check_token(token)?;
                }
                auth_info.token = token.map(|token| (*token).clone().into());
                auth_info.client_certificate_data = pair.map(|pem| STANDARD.encode(&*pem));
                auth_info.client_key_data = key.map(|pem| STANDARD.encode(&*pem).into());
                Ok(())
            }
        }
    }

    /// Runs the plugin and returns its output. Its standard error is that of this program.
    fn call(&self, cluster: &Value) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let program = &self.command;
        let has_terminal = stdin().is_terminal();
        if self.interactive_mode == "Always" && !has_terminal {
            return Err(Fault::from(format!(
                "its exec plugin {program:?} needs a terminal to talk to its user"
            ))
            .help("run this on a terminal, or use another kubeconfig with --kubeconfig"));
        }
        let interactive = has_terminal && self.interactive_mode != "Never";
        let mut command = Command::new(program);
        command
            .args(&self.args)
            .envs(self.env.iter().map(|(name, value)| (name, value.as_str())))
            .env("KUBERNETES_EXEC_INFO", self.info(interactive, cluster))
            .stdin(if interactive {
                Stdio::inherit()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let not_run = |error| {
            let hint: Vec<_> = self.install_hint.split_whitespace().collect();
            let help = match &*hint {
                [] => "install it, or use another kubeconfig with --kubeconfig".to_owned(),
                words => words.join(" "),
            };
            Fault::from(format!(
                "its exec plugin {program:?} cannot be run: {}",
                io_reason(&error)
            ))
            .help(help)
        };
        let mut child = command.spawn().map_err(not_run)?;
        let answer = match child.stdout.take() {
            Some(mut stdout) => read_limited::read(&mut stdout, PLUGIN_LONGEST_ANSWER),
            None => Ok(None),
        };
        if !matches!(answer, Ok(Some(_))) {
            // Nobody reads the rest of the output, so the plugin may never end by itself.
            let _: std::io::Result<()> = child.kill();
        }
        let status = child.wait().map_err(not_run)?;
        let Some(answer) = answer.map_err(not_run)? else {
            return Err(Fault::from(format!(
                "its exec plugin {program:?} printed more than 1 MiB"
            ))
            .help("run the plugin by hand: it should print an ExecCredential"));
        };
        if !status.success() {
            return Err(Fault::from(format!("its exec plugin {program:?} failed ({status})")).help(
                "log in with the plugin's own tool, or run the plugin by hand to see what it says",
            ));
        }
        Ok(answer)
    }

    /// Returns the plugin's input, in the form that client-go uses.
    fn info(&self, interactive: bool, cluster: &Value) -> String {
        let mut spec = json!({ "interactive": interactive });
        if self.provide_cluster_info {
            spec["cluster"] = cluster.clone();
        }
        json!({
            "kind": "ExecCredential",
            "apiVersion": self.api_version,
            "spec": spec,
        })
        .to_string()
    }
}
