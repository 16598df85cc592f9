//! Help, version, and what generate prints.

use crate::process::{Home, run};

#[test]
fn help_on_a_verb_is_laid_out_as_cobra_does() {
    let expected = r#"
This command will list all bootstrap tokens for you.

Usage:
  kubeadm-token list [flags]

Flags:
      --allow-missing-template-keys   If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats. (default true)
  -h, --help                          help for list
      --no-headers                    Print no header above the table of -o text and -o wide.
  -o, --output string                 Output format. One of: text|json|yaml|kyaml|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file. (default "text"); and, of this program only, wide|name
      --redact                        Print no token secrets: asterisks stand in their place, in every format.
      --show-managed-fields           If true, keep the managedFields when printing objects in JSON or YAML format.
      --sort-by string                Sort by what a JSONPath expression finds in the object that -o json prints, such as expires or description; tokens without it come last.

Global Flags:
      --context string           The name of the kubeconfig's context to use, in the place of its current-context.
      --dry-run                  Whether to enable dry-run mode or not
      --kubeconfig string        The kubeconfig file to use when talking to the cluster. If the flag is not set, a set of standard locations can be searched for an existing kubeconfig file. (default "/etc/kubernetes/admin.conf")
      --rootfs string            The path to the 'real' host root filesystem. This will cause kubeadm to chroot into the provided path.
  -v, --v Level                  number for the log level verbosity: 1 tells the steps, 5 the requests, 8 the details; none shows a secret
      --version version[=true]   --version prints version information and quits
      --vmodule moduleSpec       comma-separated list of pattern=N settings for file-filtered logging; does nothing here
"#;
    for args in [&["list", "--help"][..], &["list", "-h"], &["help", "list"]] {
        run(args).is(0, expected, "");
    }
}

#[test]
fn help_on_all_is_on_standard_output_and_without_a_verb_it_is_an_error() {
    let help = run(&["--help"]);
    help.is(0, &help.stdout, "");
    for line in [
        "  kubeadm-token [command]",
        "  create      Create bootstrap tokens on the server",
        "  delete      Delete bootstrap tokens on the server",
        "  generate    Generate and print a bootstrap token, but do not create it on the server",
        "  list        List bootstrap tokens on the server",
        "Use \"kubeadm-token [command] --help\" for more information about a command.",
    ] {
        assert!(help.stdout.lines().any(|l| l == line), "{line}");
    }
    run(&["help"]).is(0, &help.stdout, "");
    run(&[]).is(
        1,
        &help.stdout,
        "error: subcommand is required\nhelp: name one of the commands above\n",
    );
}

#[test]
fn version_in_each_form() {
    let version = concat!("kubeadm-token ", env!("CARGO_PKG_VERSION"), "\n");
    for args in [
        &["--version"][..],
        &["--version=raw"],
        &["list", "--version=true"],
    ] {
        run(args).is(0, version, "");
    }
}

#[test]
fn generate_needs_nothing_and_prints_one_token() {
    let mut seen = std::collections::HashSet::new();
    for args in [
        &["generate"][..],
        &["generate", "--dry-run"],
        &["--kubeconfig=/none", "generate"],
    ] {
        let outcome = run(args);
        let token = outcome.stdout.strip_suffix('\n').unwrap();
        let (id, secret) = token.split_once('.').unwrap();
        assert_eq!((id.len(), secret.len()), (6, 16));
        assert!(
            token
                .bytes()
                .all(|b| b == b'.' || b.is_ascii_lowercase() || b.is_ascii_digit())
        );
        outcome.is(0, &outcome.stdout, "");
        assert!(seen.insert(token.to_owned()));
    }
}

#[test]
fn old_flags_are_taken_and_said_to_do_nothing() {
    let outcome = Home::empty().watched(&[
        "generate",
        "--log-flush-frequency=5s",
        "--azure-container-registry-config",
        "x",
        "--vmodule=a=1",
    ]);
    outcome.is(
        0,
        &outcome.stdout,
        "warning: --vmodule does nothing here\n\
         warning: --log-flush-frequency does nothing here\n\
         warning: --azure-container-registry-config does nothing here\n",
    );
}

/// Then it speaks of itself by that name; as kubeadm it wants `token` first.
#[cfg(unix)]
#[test]
fn it_can_be_called_by_other_names() {
    let home = Home::empty();
    for (file, words, name) in [
        ("kubeadm-token", &[][..], "kubeadm-token"),
        ("kubeadm", &["token"], "kubeadm token"),
        ("kubectl-bootstrap_token", &[], "kubectl bootstrap-token"),
    ] {
        let run = |args: &[&str]| home.run_as(file, &[words, args].concat());
        let help = run(&["delete", "--help"]).stdout;
        let usage = format!("\n  {name} delete [token-value] ...\n");
        assert!(help.contains(&usage), "{help}");
        run(&["generate", "x"]).fails_with(&format!(
            "error: unknown command \"x\" for \"{name} generate\"\n\
             help: see `{name} generate --help`\n"
        ));
        run(&["delete"]).fails_with(&format!(
            "error: missing argument; 'token delete' is missing token of form \"\\\\A([a-z0-9]{{6}})\\\\.([a-z0-9]{{16}})\\\\z\" or \"\\\\A([a-z0-9]{{6}})\\\\z\"\n\
             help: see the IDs with `{name} list`\n"
        ));
    }
    home.run_as("kubeadm", &["-v", "1", "init"]).fails_with(
        "error: unknown command \"init\" for \"kubeadm\"\n\
         help: this is kubeadm-token, which takes the place of `kubeadm token` only\n",
    );
}
