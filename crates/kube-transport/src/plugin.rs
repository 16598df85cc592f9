//! A credential plugin that gives a client certificate. kube runs it for a token, and keeps its certificate to itself.

use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::client::AuthError;
use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use crate::TransportError;

/// `ExecCredential` of `client.authentication.k8s.io`.
#[derive(Deserialize)]
struct Credential {
    status: Status,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<String>,
    client_certificate_data: String,
    client_key_data: String,
}

/// Runs the user's plugin and replaces it by the certificate and the token that it gives.
pub(crate) fn run(auth_info: &mut AuthInfo) -> Result<(), TransportError> {
    let Some(exec) = auth_info.exec.take() else {
        return Ok(());
    };
    let output = command(&exec)?
        .output()
        .map_err(|error| TransportError::Auth(AuthError::AuthExecStart(error)))?;
    let answer = Zeroizing::new(output.stdout);
    // client-go reads YAML.
    let answer = serde_saphyr::from_slice(&answer).ok();
    let Some(Credential { status }) = answer.filter(|_| output.status.success()) else {
        return Err(TransportError::PluginCredential);
    };
    auth_info.token = status.token.map(Into::into);
    let key = Zeroizing::new(status.client_key_data);
    auth_info.client_certificate_data = Some(STANDARD.encode(status.client_certificate_data));
    auth_info.client_key_data = Some(STANDARD.encode(&*key).into());
    Ok(())
}

fn command(exec: &ExecConfig) -> Result<Command, TransportError> {
    let program = exec.command.as_ref();
    let program = program.ok_or(TransportError::Auth(AuthError::MissingCommand))?;
    let is_interactive = exec.interactive_mode != Some(ExecInteractiveMode::Never);
    let mut spec = json!({ "interactive": is_interactive });
    if exec.provide_cluster_info {
        spec["cluster"] = json!(exec.cluster);
    }
    let info = json!({ "kind": "ExecCredential", "apiVersion": exec.api_version, "spec": spec });
    let variables = exec.env.iter().flatten();
    let variables = variables.filter_map(|entry| entry.get("name").zip(entry.get("value")));
    let mut command = Command::new(program);
    command
        .args(exec.args.iter().flatten())
        .envs(variables)
        .env("KUBERNETES_EXEC_INFO", info.to_string())
        .stderr(Stdio::inherit())
        .stdin(if is_interactive {
            Stdio::inherit()
        } else {
            Stdio::null()
        });
    for variable in exec.drop_env.iter().flatten() {
        command.env_remove(variable);
    }
    Ok(command)
}
