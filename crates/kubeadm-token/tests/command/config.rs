//! `create --config`: kubeadm's configuration files.

use serde_json::Value;

use crate::fake_server::{FakeServer, Reply, base64, secret, token};
use crate::process::{Home, Outcome, restrict};

const TOKEN: &str = "abcdef.9r2c3d4e5f6g7h8i";
const OTHER: &str = "ghijkl.9r2c3d4e5f6g7h8i";
const INIT: &str = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n";
const CLUSTER: &str = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n";

/// Runs create with this file against a server that agrees to so many creations, and gives what was sent.
fn created(config: &str, count: usize, args: &[&str]) -> (Outcome, Vec<Value>) {
    let agrees = Reply::Whole(201, "", secret("abcdef", &[]));
    let server = FakeServer::new(vec![agrees; count]);
    let home = Home::new(&server);
    home.write("f", config);
    let outcome = home.watched(&[&["create", "--config", "f"], args].concat());
    let sent = server.asked();
    let sent = sent
        .iter()
        .map(|asked| serde_json::from_str(&asked.body).unwrap());
    (outcome, sent.collect())
}

/// Nothing is asked of a cluster before the file is checked.
#[track_caller]
fn refused(config: &str, says: &str) {
    let home = Home::empty();
    home.write("f", config);
    let outcome = home.run(&["create", "--config", "f"]);
    let (said, help) = outcome.stderr.rsplit_once("\nhelp: ").expect("a next step");
    assert_eq!(said, format!("error: {says}"), "{config:.300}");
    assert_eq!((help.lines().count(), outcome.code), (1, 1));
    assert_eq!(outcome.stdout, "");
}

#[track_caller]
fn data(secret: &Value, expected: &[(&str, &str)]) {
    let data = secret["data"].as_object().unwrap();
    let mut expected: Vec<_> = expected
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Value::from(base64(value.as_bytes()))))
        .collect();
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    let found: Vec<_> = data.clone().into_iter().collect();
    assert_eq!(found, expected);
}

#[test]
fn a_token_with_all_of_its_fields() {
    for config in [
        format!(
            "{INIT}bootstrapTokens:\n\
             - token: {TOKEN}\n\
            \x20 description: from a file\n\
            \x20 expires: \"2099-05-01T12:00:00+02:00\"\n\
            \x20 usages: [authentication]\n\
            \x20 groups: [system:bootstrappers:a, system:bootstrappers:b]\n"
        ),
        format!(
            "{{\n\t\"apiVersion\": \"kubeadm.k8s.io/v1beta4\", \"kind\": \"InitConfiguration\",\n\
             \t\"bootstrapTokens\": [{{\"token\": \"{TOKEN}\", \"description\": \"from a file\",\n\
             \t\"expires\": \"2099-05-01T12:00:00+02:00\", \"usages\": [\"authentication\"],\n\
             \t\"groups\": [\"system:bootstrappers:a\", \"system:bootstrappers:b\"]}}]\n}}\n"
        ),
    ] {
        let (outcome, sent) = created(&config, 1, &[]);
        outcome.is(0, &format!("{TOKEN}\n"), "");
        data(
            &sent[0],
            &[
                ("token-id", "abcdef"),
                ("token-secret", "9r2c3d4e5f6g7h8i"),
                ("description", "from a file"),
                ("expiration", "2099-05-01T10:00:00Z"),
                ("usage-bootstrap-authentication", "true"),
                (
                    "auth-extra-groups",
                    "system:bootstrappers:a,system:bootstrappers:b",
                ),
            ],
        );
    }
}

#[test]
fn what_is_left_out_is_as_kubeadm_has_it() {
    let life = |sent: &Value| {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        let text = engine
            .decode(sent["data"]["expiration"].as_str().unwrap())
            .unwrap();
        let expiration: bootstrap_token_secret::Expiration =
            core::str::from_utf8(&text).unwrap().parse().unwrap();
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        expiration.unix_seconds().unsigned_abs() - now.as_secs()
    };
    for config in [
        INIT.to_owned(),
        CLUSTER.to_owned(),
        format!("{INIT}bootstrapTokens: null\n"),
        format!("{INIT}bootstrapTokens: []\n"),
        format!("{INIT}bootstrapTokens: [null]\n"),
        format!("{INIT}bootstrapTokens:\n- {{token: null, ttl: null, usages: null, groups: []}}\n"),
        format!("# comments only\n---\n{CLUSTER}---\n---\n{INIT}"),
    ] {
        let (outcome, sent) = created(&config, 1, &[]);
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{config}");
        assert_eq!(outcome.stdout.len(), 24);
        assert!((86_340..=86_400).contains(&life(&sent[0])), "{config}");
        let groups = base64(b"system:bootstrappers:kubeadm:default-node-token");
        assert_eq!(sent[0]["data"]["auth-extra-groups"], groups);
        for usage in ["signing", "authentication"] {
            let key = format!("usage-bootstrap-{usage}");
            assert_eq!(sent[0]["data"][key], base64(b"true"));
        }
    }
    let (_, sent) = created(&format!("{INIT}bootstrapTokens: [ttl: 1h30m]\n"), 1, &[]);
    assert!((5_340..=5_400).contains(&life(&sent[0])));
}

/// kubeadm's own form is a text.
#[test]
fn a_ttl_that_is_a_number_is_told_how_to_write_it() {
    for number in ["0", "3600"] {
        let home = Home::empty();
        home.write(
            "c.yaml",
            &format!("{INIT}bootstrapTokens: [ttl: {number}]\n"),
        );
        home.run(&["create", "--config", "c.yaml"]).fails_with(
            "error: c.yaml: InitConfiguration: cannot unmarshal number into field bootstrapTokens[0].ttl of type string\n\
             help: write a duration with its unit, as in `ttl: 24h`; `ttl: 0s` is for ever\n",
        );
        home.write(
            "c.yaml",
            &format!("{INIT}timeouts: {{discovery: {number}}}\n"),
        );
        home.run(&["create", "--config", "c.yaml"]).fails_with(
            "error: c.yaml: InitConfiguration: cannot unmarshal number into field timeouts.discovery of type string\n\
             help: write a duration with its unit, as in `5m`\n",
        );
    }
}

#[test]
fn of_several_tokens_the_first_is_printed() {
    let config = format!("{INIT}bootstrapTokens:\n- token: {TOKEN}\n- token: {OTHER}\n- ttl: 0s\n");
    let (outcome, sent) = created(&config, 3, &[]);
    let id = sent[2]["metadata"]["name"].as_str().unwrap();
    let id = id.strip_prefix("bootstrap-token-").unwrap();
    outcome.is(
        0,
        &format!("{TOKEN}\n"),
        &format!(
            "warning: the token will never expire; delete it when it has served its purpose\n\
             warning: created and not printed: ghijkl, {id}; see them with `kubeadm-token list`\n"
        ),
    );
    assert_eq!(sent[1]["metadata"]["name"], "bootstrap-token-ghijkl");
}

#[test]
fn what_was_written_before_a_failure_is_told() {
    let server = FakeServer::new([
        Reply::Whole(201, "", secret("abcdef", &[])),
        Reply::refusal(409, "AlreadyExists", "there is one"),
        Reply::ok(token("ghijkl.0123456789abcdef", &[])),
    ]);
    let home = Home::new(&server);
    home.write(
        "f",
        &format!("{INIT}bootstrapTokens:\n- token: {TOKEN}\n- token: {OTHER}\n"),
    );
    home.run(&["create", "--config=f"]).fails_with(
        "warning: created and not printed: abcdef; see them with `kubeadm-token list`\n\
         error: a token with id \"ghijkl\" already exists\n\
         help: take another one, or delete it first: `kubeadm-token delete ghijkl`\n",
    );
    assert_eq!(server.asked().len(), 3);
}

/// Nothing is created, so nothing is said of it.
#[test]
fn a_dry_run_of_several_tokens() {
    let not_found = || Reply::refusal(404, "NotFound", "there is none");
    let taken = || Reply::ok(token(OTHER, &[]));
    let config = format!("{INIT}bootstrapTokens:\n- token: {TOKEN}\n- token: {OTHER}\n");
    for (second, code, stderr) in [
        (not_found(), 0, ""),
        (
            taken(),
            1,
            "error: a token with id \"ghijkl\" already exists\n\
             help: take another one, or delete it first: `kubeadm-token delete ghijkl`\n",
        ),
    ] {
        let server = FakeServer::new([not_found(), second]);
        let home = Home::new(&server);
        home.write("f", &config);
        let outcome = home.run(&["create", "--config=f", "--dry-run"]);
        outcome.is(code, &outcome.stdout, stderr);
        assert_eq!(
            outcome.stdout.ends_with(&format!("\n{TOKEN}\n")),
            code == 0,
            "{outcome:?}"
        );
        server.asked();
    }
}

#[test]
fn what_is_ignored_is_told() {
    let config = format!(
        "{INIT}bootstrapTokens:\n- groops: [x]\n  description: a\n  description: b\n\
         zebra: 1\nlocalAPIEndpoint: {{bindPort: 6443, address: x}}\n\
         ---\napiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nx: y\n\
         ---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration\n\
         ---\napiVersion: foo.example/v1\nkind: Foo\n"
    );
    let (outcome, sent) = created(&config, 1, &[]);
    assert_eq!(outcome.code, 0);
    assert_eq!(
        outcome.stderr,
        "warning: f: ignored configuration document with GroupVersionKind foo.example/v1, Kind=Foo\n\
         warning: f: InitConfiguration: strict decoding error: unknown field \"bootstrapTokens[0].groops\" (ignored), \
         duplicate field \"bootstrapTokens[0].description\" (the last one counts), unknown field \"zebra\" (ignored), \
         unknown field \"localAPIEndpoint.address\" (ignored)\n\
         warning: f: ignored configuration document with GroupVersionKind kubeadm.k8s.io/v1beta4, Kind=JoinConfiguration\n"
    );
    assert_eq!(sent[0]["data"]["description"], base64(b"b"));
}

#[test]
fn choices_to_regret_are_warned_of() {
    let config = format!(
        "{INIT}bootstrapTokens:\n\
         - token: abcdef.0123456789abcdef\n\
        \x20 expires: \"2001-01-01T00:00:00Z\"\n\
         - ttl: 1ms\n"
    );
    let server = FakeServer::new(vec![Reply::Whole(201, "", secret("abcdef", &[])); 2]);
    let home = Home::new(&server);
    restrict(&home.write("f", &config), 0o644);
    let outcome = home.watched(&["create", "--config=f"]);
    assert_eq!(outcome.code, 0);
    let mut lines: Vec<_> = outcome.stderr.lines().collect();
    assert!(
        lines
            .pop()
            .unwrap()
            .starts_with("warning: created and not printed")
    );
    assert_eq!(
        lines,
        [
            "warning: other users may read the tokens in f: `chmod 600 f`",
            "warning: token \"abcdef\" is easy to guess: its secret is an example from public documentation; leave it out to have a random one",
            "warning: the token has expired already, by this machine's clock",
            "warning: the token will have expired before it can be used: whole seconds are stored",
        ]
    );
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn files_that_are_no_configuration() {
    const NONE: &str =
        "f: no InitConfiguration or ClusterConfiguration kind was found in the configuration file";
    const MANDATORY: &str = "kind and apiVersion is mandatory information that must be specified";
    refused("", NONE);
    refused("---\n", NONE);
    refused(
        &format!("{INIT}bootstrapTokens: [\n"),
        "could not interpret GroupVersionKind; unmarshal error: f is no YAML or JSON from line 3 column 18 on",
    );
    refused(
        "- x\n",
        "f: document 1 is not an object with kind and apiVersion, but of type array",
    );
    refused(
        &format!("{INIT}---\n{TOKEN}\n"),
        "f: document 2 is not an object with kind and apiVersion, but of type string",
    );
    refused(
        "apiVersion: 1\nkind: InitConfiguration\n",
        "f: could not interpret GroupVersionKind; unmarshal error: cannot unmarshal number into field apiVersion of type string",
    );
    for (head, gvk) in [
        ("kind: InitConfiguration\n", "/, Kind=InitConfiguration"),
        ("apiVersion: v1\nkind: ConfigMap\n", "/v1, Kind=ConfigMap"),
        (
            "apiVersion: kubeadm.k8s.io/v1beta4\n",
            "kubeadm.k8s.io/v1beta4, Kind=",
        ),
        ("a: b\n", "/, Kind="),
    ] {
        refused(
            head,
            &format!("f: invalid configuration for GroupVersionKind {gvk}: {MANDATORY}"),
        );
    }
    refused(
        &format!("{INIT}---\n{INIT}"),
        "f: invalid configuration: kind \"InitConfiguration\" is specified twice in YAML file",
    );
    refused(
        "apiVersion: kubeadm.k8s.io/v1beta3\nkind: InitConfiguration\n",
        "f: your configuration file uses an old API spec: \"kubeadm.k8s.io/v1beta3\" (kind: \"InitConfiguration\"). Please use kubeadm v1.36 instead and run 'kubeadm config migrate --old-config old-config-file --new-config new-config-file', which will write the new, similar spec using a newer API version.",
    );
    refused(
        "apiVersion: kubeadm.k8s.io/v1\nkind: InitConfiguration\n",
        "f: experimental API spec: \"kubeadm.k8s.io/v1\" (kind: \"InitConfiguration\") is not allowed",
    );
    refused(
        "apiVersion: kubeadm.k8s.io/v2\nkind: InitConfiguration\n",
        "f: no kind \"InitConfiguration\" is registered for version \"kubeadm.k8s.io/v2\"",
    );
    // A list within a list within a list, and no end of it.
    refused(
        &format!("{INIT}x: {}\n", "[".repeat(1000)),
        "could not interpret GroupVersionKind; unmarshal error: f is no YAML or JSON from line 3 column 259 on",
    );
    refused(
        &"#".repeat((1 << 20) + 1),
        "unable to read config from \"f\": it is larger than 1048576 bytes",
    );
    let home = Home::empty();
    std::fs::write(home.path("f"), b"\xFF").unwrap();
    for (file, why) in [
        ("f", "it is not UTF-8"),
        ("none", "open none: no such file or directory"),
        ("/", "open /: is a directory"),
    ] {
        home.run(&["create", "--config", file]).fails_with(&format!(
            "error: unable to read config from \"{file}\": {why}\n\
             help: name a file that you may read, with an InitConfiguration in it\n"
        ));
    }
}

#[test]
fn fields_that_are_not_what_they_may_be() {
    for (fields, says) in [
        (
            "bootstrapTokens: 5",
            "InitConfiguration: cannot unmarshal number into field bootstrapTokens of type list",
        ),
        (
            "bootstrapTokens: {}",
            "InitConfiguration: cannot unmarshal object into field bootstrapTokens of type list",
        ),
        (
            "bootstrapTokens: [x]",
            "InitConfiguration: cannot unmarshal string into field bootstrapTokens[0] of type object",
        ),
        (
            "bootstrapTokens: [description: yes]",
            "InitConfiguration: cannot unmarshal bool into field bootstrapTokens[0].description of type string",
        ),
        (
            "bootstrapTokens: [ttl: 5]",
            "InitConfiguration: cannot unmarshal number into field bootstrapTokens[0].ttl of type string",
        ),
        (
            "bootstrapTokens: [usages: signing]",
            "InitConfiguration: cannot unmarshal string into field bootstrapTokens[0].usages of type list",
        ),
        (
            "dryRun: \"yes\"",
            "InitConfiguration: cannot unmarshal string into field dryRun of type bool",
        ),
        (
            "localAPIEndpoint: {bindPort: 6443.5}",
            "InitConfiguration: cannot unmarshal number into field localAPIEndpoint.bindPort of type int32",
        ),
        (
            "timeouts: {discovery: 5x}",
            "InitConfiguration: timeouts.discovery: time: unknown unit in duration",
        ),
        (
            "bootstrapTokens: [ttl: 5x]",
            "bootstrapTokens.0.ttl: time: unknown unit \"x\" in duration \"5x\"",
        ),
        (
            "bootstrapTokens: [ttl: \"\"]",
            "bootstrapTokens.0.ttl: time: invalid duration \"\"",
        ),
        (
            "bootstrapTokens: [ttl: -5m]",
            "bootstrapTokens.0.ttl: a life span cannot be negative (0 is for ever)",
        ),
        (
            "bootstrapTokens: [token: {a: b}]",
            "cannot unmarshal object into field bootstrapTokens.0.token of type string",
        ),
        (
            "bootstrapTokens: [token: 123456.1234567890123456]",
            "bootstrapTokens.0.token: the token is read as a number",
        ),
        (
            "bootstrapTokens: [{ttl: 1h, expires: \"2030-01-01T00:00:00Z\"}]",
            "bootstrapTokens.0: Invalid value: \"\": the BootstrapToken .TTL and .Expires fields are mutually exclusive",
        ),
        (
            "bootstrapTokens: [{usages: [foo]}, {usages: [signing], groups: [x]}, {}]",
            "[bootstrapTokens.0.usages: Invalid value: [\"foo\"]: invalid bootstrap token usage string: foo, valid usage options: signing,authentication, bootstrapTokens.0.groups: Invalid value: [\"system:bootstrappers:kubeadm:default-node-token\"]: token groups cannot be specified unless --usages includes \"authentication\", bootstrapTokens.1.groups: Invalid value: [\"x\"]: token groups cannot be specified unless --usages includes \"authentication\", bootstrapTokens.1.groups: Invalid value: [\"x\"]: bootstrap group \"x\" is invalid (must match \\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z)]",
        ),
        (
            "bootstrapTokens: [token: abcdef.9r2c3d4e5f6g7h8i, token: abcdef.9r2c3d4e5f6g7h8j]",
            "bootstrapTokens.1.token: a token with the id of bootstrapTokens.0.token",
        ),
    ] {
        refused(&format!("{INIT}{fields}\n"), &format!("f: {says}"));
    }
    refused(
        &format!("{CLUSTER}apiServer: {{extraArgs: {{a: b}}}}\n"),
        "f: ClusterConfiguration: cannot unmarshal object into field apiServer.extraArgs of type list",
    );
}

#[test]
fn a_token_in_a_wrong_place_is_not_shown() {
    let almost = "9r2c3d4e5f6g7h8i0";
    for fields in [
        format!("bootstrapTokens: [token: abcdef.{almost}]"),
        format!("bootstrapTokens: [token: \"\\\"{TOKEN}\\\"\"]"),
        format!("bootstrapTokens: [ttl: {almost}]"),
        format!("bootstrapTokens: [expires: {almost}]"),
        format!("bootstrapTokens: [usages: [{almost}]]"),
        format!("bootstrapTokens: [groups: [{almost}]]"),
        format!("timeouts: {{discovery: {almost}}}"),
        format!("{almost}: ]"),
        format!("---\napiVersion: {almost}\nkind: {almost}"),
        format!("---\napiVersion: {almost}/{almost}\nkind: InitConfiguration"),
    ] {
        let home = Home::empty();
        home.write("f", &format!("{INIT}{fields}\n"));
        let outcome = home.run(&["create", "--config", "f", "-v=10"]);
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{fields}");
        assert!(
            !outcome.stderr.contains("9r2c3d4e5f6g7h8i"),
            "{fields}: {}",
            outcome.stderr
        );
    }
    let config = format!("{INIT}abcdef.{almost}: x\n---\napiVersion: a/{almost}\nkind: {almost}\n");
    let (outcome, _) = created(&config, 1, &["-v=10"]);
    assert_eq!(outcome.code, 0);
    assert!(!outcome.stderr.contains(almost), "{}", outcome.stderr);
}

#[test]
fn what_cannot_stand_beside_a_file() {
    let home = Home::empty();
    home.write("f", INIT);
    let mixed = |args: &[&str], says: &str| {
        home.run(&[&["create", "--config", "f"], args].concat())
            .fails_with(&format!("error: {says}\n"));
    };
    mixed(
        &[
            "--usages=signing",
            "--ttl",
            "1h",
            "--certificate-key=",
            "--groups",
            "",
        ],
        "can not mix '--config' with arguments [certificate-key groups ttl usages]\n\
         help: say it all in the file, or all by flags",
    );
    mixed(
        &["--token-file=f", "--description="],
        "can not mix '--config' with arguments [description token-file]\n\
         help: say it all in the file, or all by flags",
    );
    mixed(
        &[TOKEN],
        "a token is given on the command line and --config as well\n\
         help: put the token into the file, or leave out --config",
    );
    home.watched(&["create", "--config=f", "--vmodule=a=1"])
        .fails_with(
            "warning: --vmodule does nothing here\n\
             error: can not mix '--config' with arguments [vmodule]\n\
             help: say it all in the file, or all by flags\n",
        );
    home.run(&["create", "--config=", "--ttl=1h"]).fails_with(
        "error: can not mix '--config' with arguments [ttl]\n\
         help: say it all in the file, or all by flags\n",
    );
}

#[test]
fn flags_that_may_stand_beside_a_file() {
    let config = format!("{INIT}bootstrapTokens: [token: {TOKEN}]\n");
    let (outcome, sent) = created(&config, 1, &["--v=0", "--print-join-command=false", ""]);
    outcome.is(0, &format!("{TOKEN}\n"), "");
    assert_eq!(sent.len(), 1);
    let server = FakeServer::new([Reply::refusal(404, "NotFound", "none")]);
    let home = Home::new(&server);
    home.write("f", &config);
    let outcome = home.run(&["create", "--config=f", "--dry-run"]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.stdout.ends_with(&format!("\n\n{TOKEN}\n")),
        "{}",
        outcome.stdout
    );
    assert!(server.lines()[0].starts_with("GET "));
}

/// An empty name is none, as for kubeadm.
#[test]
fn an_empty_name_is_no_file() {
    let server = FakeServer::new([Reply::Whole(201, "", secret("abcdef", &[]))]);
    let outcome = Home::new(&server).run(&["create", TOKEN, "--config", ""]);
    // kubeadm takes the token then.
    outcome.is(0, &format!("{TOKEN}\n"), "");
    assert_eq!(server.asked().len(), 1);
}
