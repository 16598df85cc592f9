//! The manual pages in `docs/man`. They are made from the definitions behind `--help`, and the test here compares them.
//! `make man` writes them.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

use super::NAME;

/// Environment variable that makes the test here write the pages instead of comparing them.
const WRITE: &str = "KUBEADM_TOKEN_WRITE_MANUAL";

/// Sections at the end of each page. The first is about the whole command.
const FILES: &str = r#"
.SH FILES
.TP
.I /etc/kubernetes/admin.conf
The kubeconfig that is used when \fB\-\-kubeconfig\fR names none, and none of the files in
.B KUBECONFIG
exists, or where that is not set no
.IR ~/.kube/config .
.SH ENVIRONMENT
.TP
.B KUBECONFIG
Kubeconfigs, separated by colons; the first that exists is used.
.TP
.BR HTTPS_PROXY ", " HTTP_PROXY ", " NO_PROXY
The proxy to the API server.
.SH EXIT STATUS
0 when all was done, and when standard output was closed early; 1 after any failure. Then the last line on standard
error begins with
.B help:
and names the next step.
"#;

/// Returns the examples of a verb.
fn examples(verb: &str) -> String {
    let examples: &[(&str, &str)] = match verb {
        "create" => &[
            (
                "Create a token for one machine, for two hours:",
                "kubeadm-token create --ttl 2h --description \"rack 7\"",
            ),
            (
                "Create a token that is known already, and keep it out of the list of processes:",
                "kubeadm-token create --token-file token",
            ),
            (
                "Create a token and give a program all that a machine needs to join:",
                "kubeadm-token create --output json",
            ),
        ],
        "list" => &[
            ("List all tokens:", "kubeadm-token list"),
            (
                "See which cannot be used and why, those that expire first at the top:",
                "kubeadm-token list --output wide --sort-by expires --redact",
            ),
        ],
        "manifest" => &[(
            "Make a token without asking a cluster, to be written by kubectl:",
            "kubeadm-token manifest --ttl 2h | kubectl apply --filename -",
        )],
        "pin" => &[
            (
                "Print the pin of an authority for \"kubeadm join --discovery-token-ca-cert-hash\":",
                "kubeadm-token pin /etc/kubernetes/pki/ca.crt",
            ),
            (
                "See the pins that the cluster shows to newcomers, and how long its authorities are valid:",
                "kubeadm-token pin --cluster --output wide",
            ),
        ],
        "sign" => &[
            (
                "See whether each token has its signature in cluster-info:",
                "kubeadm-token sign",
            ),
            (
                "Sign in the controller manager's place:",
                "kubeadm-token sign --write",
            ),
        ],
        "delete" => &[("Delete a token by its ID:", "kubeadm-token delete 07401b")],
        "diagnose" => &[
            (
                "See why machines cannot join by a token:",
                "kubeadm-token diagnose 07401b",
            ),
            (
                "The same of a token that somebody has typed, without showing it to other users of this machine:",
                "kubeadm-token diagnose - < token",
            ),
            (
                "See whether machines can join this cluster by tokens at all:",
                "kubeadm-token diagnose",
            ),
        ],
        "discover" => &[
            (
                "Verify a cluster before a machine joins it, and leave a kubeconfig for its kubelet to bootstrap with:",
                "kubeadm-token discover cp.example:6443 --token-file token --ca-file ca.crt --out-file /etc/kubernetes/bootstrap-kubelet.conf",
            ),
            (
                "Find the first of several API servers that can be trusted, and write no kubeconfig:",
                "kubeadm-token discover cp1.example cp2.example --token-file token --ca-pin sha256:... --output json",
            ),
        ],
        "generate" => &[(
            "Make a token without asking a cluster, and keep it in a file:",
            "(umask 077; kubeadm-token generate > token)",
        )],
        _ => return String::new(),
    };
    let mut text = String::from(".SH EXAMPLES\n");
    for (what, line) in examples {
        // Without this, a formatter breaks lines and words anywhere.
        let _ = writeln!(text, ".TP\n{what}\n.nf");
        for row in rows(line) {
            // roff removes plain quotation marks from the argument of a macro.
            let row = escaped(&row).replace('"', "\\(dq");
            let _ = writeln!(text, ".B {row}");
        }
        text.push_str(".fi\n");
    }
    text
}

/// Width of an example: 80 columns without the indentation.
const COLUMNS: usize = 64;

/// Breaks a command line before its flags, with a backslash for the shell.
fn rows(line: &str) -> Vec<String> {
    let mut parts = line.split(" --");
    let mut rows = vec![parts.next().unwrap_or_default().to_owned()];
    for flag in parts {
        match rows.last_mut() {
            Some(row) if row.len() + " --".len() + flag.len() <= COLUMNS => {
                row.push_str(" --");
                row.push_str(flag);
            }
            last => {
                if let Some(row) = last {
                    row.push_str(" \\");
                }
                rows.push(format!("--{flag}"));
            }
        }
    }
    rows
}

/// Returns the pages of the command and of each verb: file names and texts.
fn pages() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut all = super::command();
    all.build();
    let verbs: Vec<_> = all
        .get_subcommands()
        .filter(|verb| verb.get_name() != "help" && !verb.is_hide_set())
        .cloned()
        .collect();
    let mut commands = String::from(".SH COMMANDS\n");
    let mut names = Vec::new();
    for verb in &verbs {
        let name = format!("{NAME}-{}", verb.get_name());
        let about = verb
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        let _ = write!(
            commands,
            ".TP\n.BR {} (1)\n{}\n",
            escaped(&name),
            escaped(&about)
        );
        names.push(name);
    }
    let usage = format!("{NAME} [command] [flags]");
    let mut pages = vec![page(NAME, all, &usage, &commands, &names)?];
    for (verb, name) in verbs.into_iter().zip(&names) {
        let usage = verb.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ");
        let examples = examples(verb.get_name());
        pages.push(page(name, verb, usage, &examples, &[NAME.to_owned()])?);
    }
    Ok(pages)
}

fn page(
    name: &str,
    command: Command,
    usage: &str,
    own: &str,
    see_also: &[String],
) -> Result<(String, String), Box<dyn Error>> {
    // Without a date, a page changes only with the program.
    let man = Man::new(command.display_name(name))
        .title(name.to_uppercase())
        .date("")
        .source(format!("{NAME} {}", env!("CARGO_PKG_VERSION")))
        .manual("Kubernetes bootstrap tokens");
    let mut text = String::new();
    text.push_str(&section(|to| man.render_title(to))?);
    text.push_str(&section(|to| man.render_name_section(to))?);
    let _ = write!(text, ".SH SYNOPSIS\n.B {}\n", escaped(usage));
    text.push_str(&section(|to| man.render_description_section(to))?);
    text.push_str(&section(|to| man.render_options_section(to))?);
    text.push_str(own);
    text.push_str(FILES.trim_start());
    let others: Vec<_> = see_also
        .iter()
        .map(String::as_str)
        .chain(["kubeadm", "kubectl"])
        .map(|name| format!(".BR {} (1)", escaped(name)))
        .collect();
    let _ = writeln!(text, ".SH SEE ALSO\n{}", others.join(",\n"));
    Ok((format!("{name}.1"), text))
}

/// Renders a section. Removes the library's definition of an apostrophe, which today's formatters already have.
fn section(
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<String, Box<dyn Error>> {
    let mut text = Vec::new();
    render(&mut text)?;
    let text = String::from_utf8(text)?;
    let is_apostrophe = |line: &&str| line.starts_with(".ie ") || line.starts_with(".el ");
    Ok(text
        .split_inclusive('\n')
        .filter(|line| !is_apostrophe(line))
        .map(|line| line.replace(r"\*(Aq", r"\(aq"))
        .collect())
}

/// Escapes hyphens, so that they are typed as hyphens and do not look like hyphenation.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

#[test]
fn the_manual_pages_are_current() -> Result<(), Box<dyn Error>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/man");
    let pages = pages()?;
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(&dir)?;
        for (file, text) in &pages {
            fs::write(dir.join(file), text)?;
        }
    }
    for (file, text) in &pages {
        let found = fs::read_to_string(dir.join(file)).unwrap_or_default();
        assert!(
            found == *text,
            "{file} is not what --help says: run `make man`"
        );
    }
    let there = fs::read_dir(&dir)?.count();
    assert_eq!(there, pages.len(), "a page of a verb that is no more");
    Ok(())
}

/// Checks the rendered page, not only its source: formatters drop quotation marks in a macro's argument.
#[test]
fn the_examples_can_be_pasted() {
    for verb in [
        "create", "list", "manifest", "pin", "sign", "delete", "diagnose", "discover", "generate",
    ] {
        let text = examples(verb);
        let lines: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix(".B "))
            .collect();
        assert!(!lines.is_empty(), "{verb}");
        let mut shown = String::new();
        for line in lines {
            assert!(!line.contains('"'), "{line}");
            let row = line
                .replace("\\-", "-")
                .replace("\\(dq", "\"")
                .replace("\\e", "\\");
            assert!(row.len() <= COLUMNS + " \\".len(), "{row}");
            shown.push_str(&row);
            shown.push('\n');
        }
        // Joins lines as a shell does.
        for line in shown.replace("\\\n", "").lines() {
            assert!(
                line.starts_with("kubeadm-token ") || line.starts_with('('),
                "{line}"
            );
            assert_eq!(line.matches('"').count() % 2, 0, "{line}");
        }
        // A formatter must neither fill nor break these lines.
        assert_eq!(
            text.matches(".nf\n.B ").count(),
            text.matches("\n.fi\n").count()
        );
    }
    let discover = examples("discover");
    assert!(
        discover.contains(".B \\-\\-out\\-file /etc/kubernetes/bootstrap\\-kubelet.conf\n.fi\n")
    );
    assert!(examples("create").contains(r"\-\-description \(dqrack 7\(dq"));
}
