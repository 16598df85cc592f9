//! What the command line refuses before anything else is looked at, in kubeadm's words.

use crate::process::run;

struct Case(&'static [&'static str], &'static str);

const PATTERN: &str = r#""\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z""#;

/// Arguments, and what standard error says: `error:` and `help:` are added.
const CASES: &[Case] = &[
    // commands
    Case(
        &["bogus"],
        "unknown command \"bogus\" for \"kubeadm-token\"|the commands are create, delete, diagnose, discover, generate, list, manifest, pin, sign",
    ),
    Case(
        &["version"],
        "unknown command \"version\" for \"kubeadm-token\"|the commands are create, delete, diagnose, discover, generate, list, manifest, pin, sign",
    ),
    Case(
        &["generate", "x"],
        "unknown command \"x\" for \"kubeadm-token generate\"|see `kubeadm-token generate --help`",
    ),
    Case(
        &["--kubeconfig", "f", "list", "x"],
        "unknown command \"x\" for \"kubeadm-token list\"|see `kubeadm-token list --help`",
    ),
    Case(
        &["list", "--", "x"],
        "unknown command \"x\" for \"kubeadm-token list\"|see `kubeadm-token list --help`",
    ),
    // flags
    Case(
        &["--bogus"],
        "unknown flag: --bogus|see `kubeadm-token --help`",
    ),
    Case(
        &["create", "--bogus=1"],
        "unknown flag: --bogus|see `kubeadm-token create --help`",
    ),
    Case(
        &["create", "--TTL", "5"],
        "unknown flag: --TTL|see `kubeadm-token create --help`",
    ),
    Case(
        &["create", "--dry_run"],
        "unknown flag: --dry_run|see `kubeadm-token create --help`",
    ),
    Case(
        &["generate", "--ttl", "3h"],
        "unknown flag: --ttl|see `kubeadm-token generate --help`",
    ),
    Case(
        &["create", "-xyz"],
        "unknown shorthand flag: 'x' in -xyz|see `kubeadm-token create --help`",
    ),
    Case(
        &["create", "-="],
        "unknown shorthand flag: '=' in -=|see `kubeadm-token create --help`",
    ),
    Case(
        &["create", "--=5"],
        "bad flag syntax: --=5|see `kubeadm-token create --help`",
    ),
    Case(
        &["create", "---x"],
        "bad flag syntax: ---x|see `kubeadm-token create --help`",
    ),
    // values
    Case(
        &["create", "--ttl"],
        "flag needs an argument: --ttl|see `kubeadm-token create --help`",
    ),
    Case(
        &["list", "-o"],
        "flag needs an argument: 'o' in -o|see `kubeadm-token list --help`",
    ),
    Case(
        &["list", "--output"],
        "flag needs an argument: --output|see `kubeadm-token list --help`",
    ),
    Case(
        &["-v"],
        "flag needs an argument: 'v' in -v|see `kubeadm-token --help`",
    ),
    Case(
        &["list", "-v=3", "--version=", "x-v"],
        r#"invalid argument "" for "--version" flag: not one of the allowed values"#,
    ),
    Case(
        &["list", "-v=v"],
        r#"invalid argument "v" for "-v, --v" flag: strconv.ParseInt: parsing "v": invalid syntax"#,
    ),
    Case(
        &["create", "--ttl", "5"],
        r#"invalid argument "5" for "--ttl" flag: time: missing unit in duration "5""#,
    ),
    Case(
        &["create", "--ttl="],
        r#"invalid argument "" for "--ttl" flag: time: invalid duration """#,
    ),
    Case(
        &["create", "--ttl", "1d"],
        r#"invalid argument "1d" for "--ttl" flag: time: unknown unit "d" in duration "1d""#,
    ),
    Case(
        &["create", "--ttl", "-5m"],
        r#"invalid argument "-5m" for "--ttl" flag: a life span cannot be negative (0 is for ever)"#,
    ),
    Case(
        &["create", "--ttl", "--usages"],
        r#"invalid argument "--usages" for "--ttl" flag: time: invalid duration "--usages""#,
    ),
    Case(
        &["create", "--dry-run=maybe"],
        r#"invalid argument "maybe" for "--dry-run" flag: strconv.ParseBool: parsing "maybe": invalid syntax"#,
    ),
    Case(
        &["create", "--dry-run="],
        r#"invalid argument "" for "--dry-run" flag: strconv.ParseBool: parsing "": invalid syntax"#,
    ),
    Case(
        &["-v", "x", "list"],
        r#"invalid argument "x" for "-v, --v" flag: strconv.ParseInt: parsing "x": invalid syntax"#,
    ),
    Case(
        &["list", "-v99999999999"],
        r#"invalid argument "99999999999" for "-v, --v" flag: strconv.ParseInt: parsing "99999999999": value out of range"#,
    ),
    Case(
        &["create", "--groups", "a\"b"],
        r#"invalid argument "a\"b" for "--groups" flag: parse error on line 1, column 2: bare " in non-quoted-field"#,
    ),
    Case(
        &["create", "--usages", "\"a"],
        r#"invalid argument "\"a" for "--usages" flag: parse error on line 1, column 3: extraneous or missing " in quoted-field"#,
    ),
    // create: all is checked before a kubeconfig is looked for
    Case(
        &["create", "a", "b"],
        "accepts at most 1 arg(s), received 2|the one argument is the token; does a --description lack its quotes?",
    ),
    Case(
        &["create", "abcdef.9r2c3d4e5f6g7h8i", "--token-file", "x"],
        "a token is given on the command line and with --token-file as well|leave one of them out",
    ),
    Case(
        &["create", "--token-file", "missing"],
        "cannot read the token file: open missing: no such file or directory|name a file that you may read, with the token and nothing else in it, or `-` for standard input",
    ),
    Case(
        &["create", "--usages", "foo"],
        r#"[bootstrapTokens.0.usages: Invalid value: ["foo"]: invalid bootstrap token usage string: foo, valid usage options: signing,authentication, bootstrapTokens.0.groups: Invalid value: ["system:bootstrappers:kubeadm:default-node-token"]: token groups cannot be specified unless --usages includes "authentication"]"#,
    ),
    Case(
        &["create", "--usages=signing"],
        r#"bootstrapTokens.0.groups: Invalid value: ["system:bootstrappers:kubeadm:default-node-token"]: token groups cannot be specified unless --usages includes "authentication""#,
    ),
    Case(
        &["create", "--groups", "system:bootstrappers"],
        r#"bootstrapTokens.0.groups: Invalid value: ["system:bootstrappers"]: bootstrap group "system:bootstrappers" is invalid (must match \Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z)"#,
    ),
    // delete: all are read before the first is deleted
    Case(
        &["delete"],
        r#"missing argument; 'token delete' is missing token of form "\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z" or "\\A([a-z0-9]{6})\\z"|see the IDs with `kubeadm-token list`"#,
    ),
    Case(
        &["delete", "abcdef", "foo"],
        r#"given token didn't match pattern "\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z" or "\\A([a-z0-9]{6})\\z"|argument 2: the token ID has 3 characters instead of 6; nothing was deleted, see the IDs with `kubeadm-token list`"#,
    ),
    Case(
        &["delete", "abcdef.X"],
        r#"given token didn't match pattern "\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z" or "\\A([a-z0-9]{6})\\z"|argument 1: character 1 of the token secret is an upper-case letter; nothing was deleted, see the IDs with `kubeadm-token list`"#,
    ),
    // what may be a token is not shown
    Case(
        &["abcdef.9r2c3d4e5f6g7h8i"],
        "unknown command (23 characters, not shown) for \"kubeadm-token\"|the commands are create, delete, diagnose, discover, generate, list, manifest, pin, sign",
    ),
    Case(
        &["list", "abcdef.9r2c3d4e5f6g7h8i"],
        "unknown command (23 characters, not shown) for \"kubeadm-token list\"|see `kubeadm-token list --help`",
    ),
    Case(
        &["create", "--abcdef.9r2c3d4e5f6g7h8i"],
        "unknown flag: (25 characters, not shown)|see `kubeadm-token create --help`",
    ),
    Case(
        &["create", "-abcdef.9r2c3d4e5f6g7h8i"],
        "unknown shorthand flag: 'a' in (24 characters, not shown)|see `kubeadm-token create --help`",
    ),
    Case(
        &["create", "--ttl", "abcdef.9r2c3d4e5f6g7h8i"],
        "invalid argument (23 characters, not shown) for \"--ttl\" flag: time: invalid duration",
    ),
    Case(
        &[
            "create",
            "--usages",
            "abcdef.9r2c3d4e5f6g7h8i,authentication",
        ],
        r#"bootstrapTokens.0.usages: Invalid value: ["(23 characters, not shown)","authentication"]: invalid bootstrap token usage string: (23 characters, not shown), valid usage options: signing,authentication"#,
    ),
];

#[test]
fn what_is_refused_is_refused_in_kubeadm_s_words() {
    for Case(args, says) in CASES {
        let outcome = run(args);
        // Where none is written here, any next step will do.
        let (error, help) = says.split_once('|').unwrap_or((says, ""));
        let (said, step) = outcome.stderr.split_once("\nhelp: ").expect("a next step");
        assert_eq!(said, format!("error: {error}"), "{args:?}");
        if help.is_empty() {
            assert_eq!((step.lines().count(), step.ends_with('\n')), (1, true));
        } else {
            assert_eq!(step, format!("{help}\n"), "{args:?}");
        }
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{args:?}");
    }
}

#[test]
fn a_malformed_token_is_told_by_its_fault_and_never_shown() {
    for (token, fault) in [
        (
            "abcdef.9r2c3d4e5f6g7h8",
            "the token secret has 15 characters instead of 16",
        ),
        (
            "abcdeF.9r2c3d4e5f6g7h8i",
            "character 6 of the token ID is an upper-case letter",
        ),
        (
            "abcdef.9r2c3d4e5f6g7h8i\n",
            "character 17 of the token secret is white space or a line break",
        ),
        (
            "abcdef.9r2c-d4e5f6g7h8i",
            "character 5 of the token secret is neither a-z nor 0-9",
        ),
    ] {
        run(&["create", "--", token]).fails_with(&format!(
            "error: the bootstrap token was not of the form {PATTERN}: {fault}\n\
             help: leave it out to have a random one, or make one with `kubeadm-token generate`\n"
        ));
    }
}

/// What cannot be a secret is repeated, as kubeadm does it, and told by what it looks like.
#[test]
fn a_word_that_is_no_token_by_length_or_form_is_shown() {
    let no_dot = "the token has no dot between its ID and its secret";
    let or_none = "leave it out to have a random one, or make one with `kubeadm-token generate`";
    for (word, fault, help) in [
        ("foo", no_dot, or_none),
        ("abcdef.", "the token secret is empty", or_none),
        (
            "\u{2014}print-join-command",
            "it begins with a long dash, as web pages and word processors make it of hyphens",
            "type the flag with two hyphens: `--`",
        ),
        (
            "2>&1",
            "it holds a redirection or a pipe, which the shell has not seen",
            "leave out the quotation marks around it, so that the shell sees it",
        ),
        (
            "$TOKEN",
            "it is the name of a variable or a placeholder",
            "give the token itself; in single quotes the shell puts nothing in a variable's place",
        ),
    ] {
        run(&["create", word]).fails_with(&format!(
            "error: the bootstrap token \"{word}\" was not of the form {PATTERN}\nhelp: {fault}; {help}\n"
        ));
    }
    // A description without its quotation marks.
    run(&["create", "--description", "my", "token"]).fails_with(&format!(
        "error: the bootstrap token \"token\" was not of the form {PATTERN}\n\
         help: {no_dot}; does the --description lack its quotation marks? Otherwise leave the word out to have a random token\n"
    ));
    run(&["create", "--description", "my own", "token"]).fails_with(&format!(
        "error: the bootstrap token \"token\" was not of the form {PATTERN}\nhelp: {no_dot}; {or_none}\n"
    ));
    // and so is one's own typing error
    for (ttl, says) in [
        (
            "1440minutes",
            "time: unknown unit \"minutes\" in duration \"1440minutes\"",
        ),
        (
            "24h0m0sec",
            "time: unknown unit \"sec\" in duration \"24h0m0sec\"",
        ),
    ] {
        run(&["create", "--ttl", ttl]).fails_with(&format!(
            "error: invalid argument \"{ttl}\" for \"--ttl\" flag: {says}\n\
             help: write it as 90m, 24h or 1h30m; 0 is for ever\n"
        ));
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let odd = OsStr::from_bytes(b"\xFF");
    for (args, says) in [
        (
            vec![OsStr::new("create"), OsStr::new("--ttl"), odd],
            "error: an argument is not valid UTF-8\nhelp: see `kubeadm-token create --help`\n"
                .to_owned(),
        ),
        (
            vec![OsStr::new("create"), odd],
            format!(
                "error: the bootstrap token was not of the form {PATTERN}: the token has no dot between its ID and its secret\n\
                 help: leave it out to have a random one, or make one with `kubeadm-token generate`\n"
            ),
        ),
    ] {
        let output = crate::process::Home::empty()
            .command(&args)
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), says);
        assert_eq!(output.status.code(), Some(1));
    }
}
