//! Credential plugins: the program that a user's entry names is run once, and what it prints is the
//! credential.
//!
//! kube would run it twice, and would have its output in the text of its errors.

use std::io::{IsTerminal as _, stdin};
use std::process::{Command, Stdio};

use base64::Engine as _;
use kube::config::{AuthInfo, ExecAuthCluster, ExecConfig, ExecInteractiveMode};
use serde_json::{Value, json};

use crate::failure::words;

/// What is wrong, and what to do about it.
pub(super) type Fault = (String, String);

/// What to do about a user whose credential comes from a plugin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plugin {
    Run,
    Refuse,
}

/// Runs the plugin of `auth_info`, if it has one, and puts the credential in its place.
pub(super) fn run(auth_info: &mut AuthInfo, plugin: Plugin) -> Result<(), Fault> {
    // What stands in the entry itself goes first.
    let has_own = auth_info.token.is_some() || auth_info.username.is_some();
    let Some(exec) = auth_info.exec.take().filter(|_| !has_own) else {
        return Ok(());
    };
    if plugin == Plugin::Refuse {
        return Err((
            "its exec plugin is not run here".to_owned(),
            "use another kubeconfig with --kubeconfig".to_owned(),
        ));
    }
    let output = call(&exec)?;
    let unreadable = || {
        (
            "its exec plugin gave no credential that can be read".to_owned(),
            "run the plugin by hand: it should print an ExecCredential".to_owned(),
        )
    };
    let credential: Value = serde_saphyr::from_slice(&output).map_err(|_| unreadable())?;
    let part = |name: &str| {
        credential["status"][name]
            .as_str()
            .filter(|text| !text.is_empty())
    };
    let encode = |pem: &str| base64::engine::general_purpose::STANDARD.encode(pem);
    match (
        part("token"),
        part("clientCertificateData"),
        part("clientKeyData"),
    ) {
        // Half a pair is nothing that a server could know anybody by.
        (_, Some(_), None) | (_, None, Some(_)) | (None, None, None) => return Err(unreadable()),
        (token, pair, key) => {
            auth_info.token = token.map(|token| token.to_owned().into());
            auth_info.client_certificate_data = pair.map(encode);
            auth_info.client_key_data = key.map(|key| encode(key).into());
        }
    }
    Ok(())
}

fn call(exec: &ExecConfig) -> Result<Vec<u8>, Fault> {
    let Some(program) = exec
        .command
        .as_deref()
        .filter(|program| !program.is_empty())
    else {
        return Err((
            "its exec plugin has no command".to_owned(),
            "add the command, or use another kubeconfig with --kubeconfig".to_owned(),
        ));
    };
    let interactive = match exec.interactive_mode {
        Some(ExecInteractiveMode::Never) => false,
        Some(ExecInteractiveMode::Always) if !stdin().is_terminal() => {
            return Err((
                format!("its exec plugin {program:?} needs a terminal to talk to its user"),
                "run this on a terminal, or use another kubeconfig with --kubeconfig".to_owned(),
            ));
        }
        _ => stdin().is_terminal(),
    };
    let mut command = Command::new(program);
    command
        .args(exec.args.iter().flatten())
        .env("KUBERNETES_EXEC_INFO", info(exec, interactive))
        .stdin(if interactive {
            Stdio::inherit()
        } else {
            Stdio::null()
        })
        .stderr(Stdio::inherit());
    for entry in exec.env.iter().flatten() {
        if let (Some(name), Some(value)) = (entry.get("name"), entry.get("value")) {
            command.env(name, value);
        }
    }
    let output = command.output().map_err(|error| {
        let help = exec.install_hint.as_deref().map_or_else(
            || "install it, or use another kubeconfig with --kubeconfig".to_owned(),
            |hint| hint.split_whitespace().collect::<Vec<_>>().join(" "),
        );
        (
            format!(
                "its exec plugin {program:?} cannot be run: {}",
                words(&error)
            ),
            help,
        )
    })?;
    if !output.status.success() {
        return Err((
            format!("its exec plugin {program:?} failed ({})", output.status),
            "log in with the plugin's own tool, or run the plugin by hand to see what it says"
                .to_owned(),
        ));
    }
    Ok(output.stdout)
}

/// What the plugin is told, as client-go tells it.
fn info(exec: &ExecConfig, interactive: bool) -> String {
    let mut spec = json!({ "interactive": interactive });
    if let Some(cluster) = exec.cluster.as_ref().filter(|_| exec.provide_cluster_info) {
        spec["cluster"] = cluster_info(cluster);
    }
    json!({
        "kind": "ExecCredential",
        "apiVersion": exec.api_version,
        "spec": spec,
    })
    .to_string()
}

fn cluster_info(cluster: &ExecAuthCluster) -> Value {
    let mut info = json!({});
    if let Some(server) = &cluster.server {
        info["server"] = json!(server);
    }
    if let Some(name) = &cluster.tls_server_name {
        info["tls-server-name"] = json!(name);
    }
    if let Some(insecure) = cluster.insecure_skip_tls_verify {
        info["insecure-skip-tls-verify"] = json!(insecure);
    }
    if let Some(authority) = &cluster.certificate_authority_data {
        info["certificate-authority-data"] =
            json!(base64::engine::general_purpose::STANDARD.encode(authority));
    }
    if let Some(proxy) = &cluster.proxy_url {
        info["proxy-url"] = json!(proxy);
    }
    if let Some(config) = &cluster.config {
        info["config"] = config.clone();
    }
    info
}
