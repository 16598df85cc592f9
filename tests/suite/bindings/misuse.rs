//! Whatever C can express without lying about lengths: a code and a message, never a crash. A program is generated from
//! the header that calls every function rightly, and then with each argument wrong in each way.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;

use conformance::suite::Test;
use conformance::{paths, tests};
use serde_json::Value;

use crate::compile::{Program, running};
use crate::declared::{Function, Parameter, functions};
use crate::header;

pub(crate) const TESTS: &[Test] = tests!["misuse":
    is_answered_with_a_code,
    is_answered_with_a_code_under_the_sanitizers,
    of_a_wiped_token_is_tried_with_every_function_that_takes_one,
    of_a_check_for_a_result_does_not_compile,
    of_a_token_that_was_freed_ends_the_program,
];

fn is_answered_with_a_code() {
    let calls = program().run("misuse.c");
    assert!(
        calls.lines().count() == 1 && calls.ends_with(" calls\n"),
        "{calls}"
    );
}

fn is_answered_with_a_code_under_the_sanitizers() {
    // That NULL is passed where the header says it must not be is what the program is about.
    let sanitizers = [
        "-fsanitize=address,undefined",
        "-fno-sanitize=nonnull-attribute",
        "-fno-sanitize-recover=all",
    ];
    program().flags(&sanitizers).run("misuse.c");
}

fn of_a_wiped_token_is_tried_with_every_function_that_takes_one() {
    let mut tried = 0;
    for function in functions() {
        let mut text = String::new();
        calls(&function, &mut text);
        let takes = |parameter: &&Parameter| parameter.type_ == "const bootstrap_token *";
        for parameter in function.parameters.iter().filter(takes) {
            tried += 1;
            let wiped = text.matches("wiped_token").count();
            assert!(wiped > 0, "{}: {}", function.name, parameter.name);
        }
    }
    assert!(tried > 15, "{tried}");
}

/// `if (matches(...)) join();` joined with a wrong pin, when 0 was the answer for a right one.
fn of_a_check_for_a_result_does_not_compile() {
    let mut checks = 0;
    for function in functions().iter().filter(|function| function.is_check()) {
        checks += 1;
        let right = function.parameters.iter();
        let right: Vec<_> = right
            .map(|parameter| right_of(function, parameter))
            .collect();
        let call = format!("{}({})", function.name, right.join(", "));
        let outputs = "extern bootstrap_token *a_bootstrap_token;\nextern bool a_bool;\n\
            extern int64_t an_int64;\nextern bootstrap_token_error *error;";
        for (condition, is_taken) in [
            (format!("{call};"), true),
            (format!("if ({call}) join();"), false),
            (format!("if (!{call}) join();"), false),
            (format!("if ({call} == 0) join();"), false),
            (
                format!("bootstrap_token_result result = {call}; (void)result;"),
                false,
            ),
        ] {
            let body = format!(
                "{}{outputs}\nvoid join(void);\nvoid f(void);\nvoid f(void) {{ {condition} }}\n",
                texts()
            );
            for compiler in ["cc", "c++"] {
                let stderr = header::compiled(compiler, &body);
                assert_eq!(
                    stderr.is_ok(),
                    is_taken,
                    "{compiler}: {condition}: {stderr:?}"
                );
            }
        }
    }
    assert_eq!(checks, 4);
}

/// The allocator sees it by a mark in the block, which must not be wiped with it.
fn of_a_token_that_was_freed_ends_the_program() {
    let text = "#include <bootstrap_token.h>\nint main(void) { bootstrap_token *token; \
        if (bootstrap_token_generate(&token, NULL)) return 1; \
        bootstrap_token_free(token); bootstrap_token_free(token); return 0; }\n";
    let program = Program::new().file("twice.c", text);
    let output = running(&program.build("twice.c")).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.signal(), Some(6), "{stderr}");
    assert!(stderr.contains("double free"), "{stderr}");
}

pub(crate) fn program() -> Program {
    let mut text = String::new();
    for function in functions() {
        calls(&function, &mut text);
    }
    Program::new()
        .file("texts.inc", &texts())
        .file("calls.inc", &text)
}

/// Good texts, as macros.
pub(crate) fn texts() -> String {
    let read = |file: &str| -> Value {
        let path = paths::workspace().join("tests/vectors").join(file);
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    };
    let first = |file: &str, field: &str| {
        let value = &read(file)[0][field];
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let mut text = String::new();
    let mut define = |name: &str, value: &str| {
        writeln!(text, "#define {name} {}", c_string(value)).unwrap();
    };
    define("TOKEN", "07401b.f395accd246ae52d");
    define("SECRET_JSON", &first("secret_in.json", "json"));
    define("LIST_JSON", &first("secret_list.json", "json"));
    define("CONTENT", &first("jws.json", "content"));
    define("JWS", &first("jws.json", "jws"));
    define("KEY", &first("jws_key.json", "key"));
    define("KEY_JWS", &first("jws_key.json", "jws"));
    define("CERTIFICATES", &first("pin_match.json", "certificates"));
    define("PINS", &first("pin_match.json", "pins"));
    define("CONFIG_MAP", &first("cluster_info.json", "config_map"));
    define("CLUSTER_PINS", &first("cluster_info.json", "pins"));
    define(
        "CLUSTER_CERTIFICATES",
        read("cluster_info.json")[1]["certificates"]
            .as_str()
            .unwrap(),
    );
    text
}

/// A text as C writes it, no longer than its compilers have to take in one piece.
pub(crate) fn c_string(text: &str) -> String {
    let mut c = String::from("\"");
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' | b'\\' => write!(c, "\\{}", char::from(byte)),
            b' '..=b'~' if byte != b'?' => write!(c, "{}", char::from(byte)),
            _ => write!(c, "\\{byte:03o}"),
        }
        .unwrap();
        if at % 500 == 499 {
            c.push_str("\" \"");
        }
    }
    c.push('"');
    c
}

/// One right call of a function, and wrong ones.
fn calls(function: &Function, text: &mut String) {
    if function.returns == "void" && !function.is_check() {
        writeln!(text, "BEGIN({0}) {0}(NULL); END", function.name).unwrap();
        return;
    }
    let right: Vec<_> = function
        .parameters
        .iter()
        .map(|parameter| right_of(function, parameter))
        .collect();
    call(function, &right, "RIGHT", text);
    for (at, parameter) in function.parameters.iter().enumerate() {
        for (argument, expected) in wrong(function, parameter) {
            let mut arguments = right.clone();
            let instead = match argument.as_str() {
                "(NULL, 5)" => vec!["null", "5"],
                "(NULL, 0)" => vec!["null", "0"],
                "(BAD, 1)" => vec!["\"\\377\"", "1"],
                one => vec![one],
            };
            let places = at..at + instead.len();
            arguments.splice(places, instead.into_iter().map(str::to_owned));
            call(function, &arguments, expected, text);
        }
        for canary in canaries(parameter) {
            let mut arguments = right.clone();
            arguments[at] = c_string(canary);
            arguments[at + 1] = canary.len().to_string();
            call(function, &arguments, "ANY", text);
        }
    }
}

fn call(function: &Function, arguments: &[String], expected: &str, text: &mut String) {
    let name = &function.name;
    let call = format!("{name}({})", arguments.join(", "));
    // What stands in the outputs is looked at after the call.
    let outputs: Vec<_> = function
        .parameters
        .iter()
        .zip(arguments)
        .filter(|(parameter, argument)| argument.starts_with('&') && parameter.name != "error")
        .map(|(_, argument)| argument[1..].to_owned())
        .collect();
    let kept = outputs
        .iter()
        .map(|output| format!("KEPT({output});"))
        .collect::<Vec<_>>()
        .concat();
    let freed = outputs
        .iter()
        .filter(|output| output.starts_with("new_"))
        .map(|output| format!("FREE({output});"))
        .collect::<Vec<_>>()
        .concat();
    if function.is_check() {
        let told = outputs.first().map_or("0", String::as_str);
        let line = match expected {
            "RIGHT" => format!("YES({call}, {told});"),
            "ANY" => format!("EITHER({call}, {told});"),
            "WIPED" => format!("NO({call}, {told}, INVALID_ARGUMENT);"),
            code => format!("NO({call}, {told}, {code});"),
        };
        writeln!(text, "BEGIN({name}) {line} END").unwrap();
        return;
    }
    let line = match (function.can_fail(), expected) {
        (true, "WIPED") => format!("BEGIN({name}) WRONG({call}, INVALID_ARGUMENT); {kept} END"),
        (false, "WIPED") => format!("BEGIN({name}) ANSWERS({call}, {}); END", of_null(name)),
        (true, "RIGHT") => format!("BEGIN({name}) RIGHT({call}); {freed} END"),
        (true, "ANY") => {
            format!(
                "BEGIN({name}) if (ANY({call})) {{ BUFFERS_KEPT; {kept} }} else {{ {freed} }} END"
            )
        }
        (true, code) => format!("BEGIN({name}) WRONG({call}, {code}); {kept} END"),
        (false, "NULL_POINTER") => {
            format!("BEGIN({name}) ANSWERS({call}, {}); END", of_null(name))
        }
        (false, "INVALID_ARGUMENT") if name.ends_with("_is_expired") => {
            format!("BEGIN({name}) ANSWERS({call}, {}); END", of_null(name))
        }
        // A predicate.
        (false, "INVALID_UTF8") => format!("BEGIN({name}) ANSWERS({call}, false); END"),
        (false, _) if function.returns.ends_with('*') => {
            format!("BEGIN({name}) LENDS({call}); END")
        }
        (false, _) => format!("BEGIN({name}) CALL({call}); END"),
    };
    writeln!(text, "{line}").unwrap();
}

/// What no message may repeat, by the word in it: refused at once, or only when more of its form has been read.
fn canaries(parameter: &Parameter) -> &'static [&'static str] {
    if parameter.type_ != "const char *" {
        return &[];
    }
    match parameter.name.as_str() {
        "text" => &[
            "a canary",
            "canary.0123456789Canary",
            "Canary.0123456789canary",
        ],
        "id" => &["a canary", "Canary"],
        "secret" => &["a canary", "0123456789Canary"],
        "name" => &[
            "canary",
            "bootstrap-token-Canary",
            "bootstrap-token-canary0",
        ],
        "group" | "extra_groups" => &[
            "canary",
            "system:bootstrappers:Canary",
            "system:bootstrappers:a,canary",
        ],
        "expiration" => &["canary", "2040-05-01T10:00:00canary"],
        "json" => &[
            "canary",
            r#"{"kind":"Canary","data":{}}"#,
            r#"{"kind":"Secret","data":"canary"}"#,
            r#"{"kind":"Secret","metadata":{"name":"canary"},"data":{"token-id":"canary"}}"#,
            r#"{"metadata":{"name":"canary"},"data":{"token-id":"Q2FuYXJ5","token-secret":"Y2FuYXJ5"}}"#,
            r#"{"metadata":{"name":"bootstrap-token-canary"},"data":{"token-id":"Y2FuYXJ5","token-secret":"Y2FuYXJ5"}}"#,
            r#"{"kind":"SecretList","items":[{"type":"canary"},{"type":["canary"]}]}"#,
        ],
        "jws" => &["canary", "canary..canary", "canary.canary.canary"],
        "certificates" => &[
            "canary",
            "-----BEGIN CERTIFICATE-----\ncanary\n",
            "-----BEGIN CERTIFICATE-----\ncanarycanary\n-----END CERTIFICATE-----\n",
        ],
        "pins" => &[
            "canary",
            "canary:canary",
            "sha256:canary",
            "a,canary, canary",
        ],
        "config_map" => &[
            "canary",
            r#"{"kind":"Canary"}"#,
            r#"{"data":"canary"}"#,
            r#"{"data":{"kubeconfig":"canary","jws-kubeconfig-07401b":"canary"}}"#,
            r#"{"data":{"kubeconfig":"canary","jws-kubeconfig-07401b":"canary..canary"}}"#,
        ],
        _ => &["canary"],
    }
}

/// How many bytes of the caller's a function needs.
fn needed(function: &Function) -> &'static str {
    match function.name.strip_prefix("bootstrap_token_").unwrap() {
        "copy_id" | "copy_id_in_secret_name" => "BOOTSTRAP_TOKEN_ID_SIZE",
        "expose_secret" => "BOOTSTRAP_TOKEN_SECRET_SIZE",
        "expose_text" => "BOOTSTRAP_TOKEN_TEXT_SIZE",
        "copy_secret_name" => "BOOTSTRAP_TOKEN_SECRET_NAME_SIZE",
        "copy_jws_key_name" => "BOOTSTRAP_TOKEN_JWS_KEY_NAME_SIZE",
        "ca_pin_compute" => "BOOTSTRAP_TOKEN_CA_PIN_SIZE",
        name if name.ends_with("_into") => "BOOTSTRAP_TOKEN_STORAGE_SIZE",
        other => panic!("{other}: how much?"),
    }
}

/// What a function answers of NULL, as its page says: mostly nothing, whatever that is in its type.
fn of_null(function: &str) -> &str {
    match function {
        "bootstrap_token_error_code" => "BOOTSTRAP_TOKEN_RESULT_NULL_POINTER",
        "bootstrap_token_record_is_expired" => "true",
        "bootstrap_token_find_weakness" => "BOOTSTRAP_TOKEN_WEAKNESS_OTHER",
        _ => "0",
    }
}

/// What comes of a text of one byte that is no UTF-8.
fn of_bad_text(function: &Function, parameter: &Parameter) -> &'static str {
    let name = function.name.strip_prefix("bootstrap_token_").unwrap();
    match parameter.name.as_str() {
        _ if !function.can_fail() && !function.is_check() => "INVALID_UTF8",
        // Any bytes can be signed, and be a key.
        "content" | "key" if name.contains("_sign") => "RIGHT",
        "content" | "key" => "JWS_SIGNATURE",
        // What is read byte by byte.
        "text" => "TOKEN_MISSING_DOT",
        "id" | "secret" => "TOKEN_CHARACTER",
        "json" => "SECRET_NOT_JSON",
        "config_map" => "CLUSTER_INFO_NOT_JSON",
        "certificates" => "CERTIFICATE_MISSING",
        _ => "INVALID_UTF8",
    }
}

/// What a parameter is given in a right call.
fn right_of(function: &Function, parameter: &Parameter) -> String {
    let name = function.name.strip_prefix("bootstrap_token_").unwrap();
    let with_key = name.ends_with("_with_key");
    let text = match parameter.name.trim_end_matches("_len") {
        "text" => "TOKEN",
        "id" => "\"07401b\"",
        "secret" => "\"f395accd246ae52d\"",
        "group" | "extra_groups" => "BOOTSTRAP_TOKEN_DEFAULT_GROUP",
        "name" if name == "usage_parse" => "\"signing\"",
        "name" => "\"bootstrap-token-07401b\"",
        "expiration" => "\"2040-05-01T10:00:00Z\"",
        "description" => "\"rack 7\"",
        "json" if name.contains("list") => "LIST_JSON",
        "json" => "SECRET_JSON",
        "key" => "KEY",
        "content" => "CONTENT",
        "jws" if with_key => "KEY_JWS",
        "jws" => "JWS",
        "certificates" if name.contains("cluster") => "CLUSTER_CERTIFICATES",
        "certificates" => "CERTIFICATES",
        "pins" if name.contains("cluster") => "CLUSTER_PINS",
        "pins" => "PINS",
        "config_map" => "CONFIG_MAP",
        _ => "",
    };
    match (parameter.type_.as_str(), parameter.name.as_str()) {
        (_, "error") if parameter.type_.ends_with("**") => "&error".to_owned(),
        (type_, _) if type_.ends_with("**") => {
            let made = type_
                .trim_end_matches([' ', '*'])
                .trim_start_matches("const ");
            let borrowed = type_.starts_with("const ") || name.ends_with("_into");
            format!("&{}_{made}", if borrowed { "lent" } else { "new" })
        }
        ("const char *", _) => text.to_owned(),
        ("size_t", name) if name.ends_with("_len") => format!("sizeof({text}) - 1"),
        ("char *" | "void *", name) => name.to_owned(),
        ("size_t", name) if name.ends_with("_size") => {
            format!("sizeof {}", name.trim_end_matches("_size"))
        }
        ("size_t", _) | ("uint32_t", "result") => "0".to_owned(),
        ("size_t *", _) => "&a_size".to_owned(),
        ("int64_t *", _) => "&an_int64".to_owned(),
        ("bool *", _) => "&a_bool".to_owned(),
        ("uint32_t *", _) => "&a_uint32".to_owned(),
        ("int64_t", "now") => "INT64_C(1900000000)".to_owned(),
        ("int64_t", "ttl_seconds") => "60".to_owned(),
        ("int64_t", _) => "INT64_C(1900000060)".to_owned(),
        ("uint32_t", "now_nanoseconds") => "999999999".to_owned(),
        ("uint32_t", _) => "3".to_owned(),
        (type_, _) if type_.ends_with('*') => {
            let object = type_
                .trim_end_matches([' ', '*'])
                .trim_start_matches("const ");
            format!("a_{object}")
        }
        other => panic!("{}: no argument for {other:?}", function.name),
    }
}

/// Wrong arguments, and what has to come of each.
fn wrong(function: &Function, parameter: &Parameter) -> Vec<(String, &'static str)> {
    let wrong = |list: &[(&str, &'static str)]| {
        list.iter()
            .map(|(argument, expected)| ((*argument).to_owned(), *expected))
            .collect()
    };
    match (parameter.type_.as_str(), parameter.name.as_str()) {
        (type_, "error") if type_.ends_with("**") => wrong(&[("NULL", "RIGHT")]),
        ("const char *", _) => wrong(&[
            ("(NULL, 5)", "NULL_POINTER"),
            ("(NULL, 0)", "ANY"),
            ("(BAD, 1)", of_bad_text(function, parameter)),
        ]),
        ("size_t", name) if name.ends_with("_len") => {
            wrong(&[("SIZE_MAX", "INVALID_ARGUMENT"), ("0", "ANY"), ("1", "ANY")])
        }
        ("size_t", name) if name.ends_with("_size") => vec![
            ("0".to_owned(), "BUFFER_TOO_SMALL"),
            (format!("{} - 1", needed(function)), "BUFFER_TOO_SMALL"),
        ],
        ("size_t", _) => wrong(&[
            ("SIZE_MAX", "INVALID_ARGUMENT"),
            ("1000", "INVALID_ARGUMENT"),
        ]),
        ("uint32_t", "usages") => wrong(&[
            ("4", "INVALID_ARGUMENT"),
            ("UINT32_MAX", "INVALID_ARGUMENT"),
        ]),
        ("uint32_t", "now_nanoseconds") => wrong(&[
            ("UINT32_MAX", "INVALID_ARGUMENT"),
            ("1000000000", "INVALID_ARGUMENT"),
        ]),
        ("uint32_t", _) => wrong(&[("UINT32_MAX", "ANY"), ("99", "ANY")]),
        ("int64_t", "ttl_seconds") => wrong(&[
            ("0", "INVALID_ARGUMENT"),
            ("-1", "INVALID_ARGUMENT"),
            ("INT64_MIN", "INVALID_ARGUMENT"),
            ("INT64_MAX", "EXPIRATION_OUT_OF_RANGE"),
        ]),
        ("int64_t", "now") => wrong(&[
            ("-1", "INVALID_ARGUMENT"),
            ("INT64_MIN", "INVALID_ARGUMENT"),
            ("INT64_MAX", "ANY"),
        ]),
        ("int64_t", _) => wrong(&[("INT64_MAX", "ANY"), ("INT64_MIN", "ANY"), ("-1", "ANY")]),
        ("const bootstrap_token *", _) => wrong(&[
            ("null", "NULL_POINTER"),
            ("wiped_token", "WIPED"),
            ("zeroed_token", "WIPED"),
            ("overwritten_token", "WIPED"),
            ("torn_token", "WIPED"),
        ]),
        (type_, _) if type_.ends_with('*') => wrong(&[("null", "NULL_POINTER")]),
        other => panic!("{}: nothing wrong for {other:?}", function.name),
    }
}
