//! What a shell is told, which shows descriptions beside token IDs.

use super::{HOSTILE, fault, fault_of_lines, text};
use crate::fake_server::{FakeServer, Reply, token};
use crate::process::Home;

const ASKS: &str = "KUBEADM_TOKEN_COMPLETE";

#[test]
fn descriptions_of_tokens() {
    for shell in ["fish", "zsh"] {
        let description: &[(&str, &[u8])] = &[("description", HOSTILE.as_bytes())];
        let listed = Reply::secrets(&[token("abcdef.9r2c3d4e5f6g7h8i", description)]);
        let home = Home::new(&FakeServer::new([listed]));
        let mut command = home.command(&["--", "kubeadm-token", "delete", "ab"]);
        command.env(ASKS, shell).env("_CLAP_COMPLETE_INDEX", "2");
        let told = text(&command.output().unwrap().stdout);
        assert!(
            told.starts_with("abcdef") && told.contains("evil"),
            "{shell}: {told:?}"
        );
        // fish has a tab between the two.
        assert_eq!(
            fault(&told.replacen('\t', " ", 1)),
            None,
            "{shell}: {told:?}"
        );
        assert_eq!(told.lines().count(), 1, "{shell}: {told:?}");
    }
}

#[test]
fn a_shell_that_there_is_not() {
    let home = Home::empty();
    let mut command = home.command(&["--"]);
    let stderr = text(&command.env(ASKS, HOSTILE).output().unwrap().stderr);
    assert!(stderr.contains("evil"), "{stderr:?}");
    assert_eq!(fault_of_lines(&stderr), None, "{stderr:?}");
}
