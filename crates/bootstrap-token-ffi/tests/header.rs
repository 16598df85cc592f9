//! The header is what the exported functions say, and the library exports what the list says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use bootstrap_token_secret::{ExtraGroup, keys};
use cbindgen::{Builder, Config};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

const PREAMBLE: &str = include_str!("preamble.h");

fn generated() -> String {
    let mut config = Config::from_file(at("cbindgen.toml")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let mut parts = version.split('.');
    let mut part = || parts.next().unwrap();
    let constants = format!(
        "#define BOOTSTRAP_TOKEN_VERSION \"{version}\"\n\
         #define BOOTSTRAP_TOKEN_VERSION_MAJOR {}\n\
         #define BOOTSTRAP_TOKEN_VERSION_MINOR {}\n\
         #define BOOTSTRAP_TOKEN_VERSION_PATCH {}\n\n\
         /** The namespace of the Secrets. */\n\
         #define BOOTSTRAP_TOKEN_NAMESPACE {:?}\n\
         /** The type of the Secrets. */\n\
         #define BOOTSTRAP_TOKEN_SECRET_TYPE {:?}\n\
         /** The group that kubeadm gives by default. */\n\
         #define BOOTSTRAP_TOKEN_DEFAULT_GROUP {:?}\n",
        part(),
        part(),
        part(),
        keys::NAMESPACE,
        keys::SECRET_TYPE,
        ExtraGroup::DEFAULT_NODE_TOKEN,
    );
    let (head, macros) = PREAMBLE.split_once("@MACROS@\n").unwrap();
    config.header = Some(head.trim_end().to_owned());
    config.after_includes = Some(format!("\n{constants}\n{}", macros.trim_end()));
    let mut text = Vec::new();
    let builder = Builder::new().with_config(config);
    builder
        .with_crate(at(""))
        .generate()
        .unwrap()
        .write(&mut text);
    // Where a line for cbindgen stood.
    String::from_utf8(text).unwrap().replace(" *\n */", " */")
}

fn written_or_compared(path: &str, wanted: &str) {
    let file = at("../../include").join(path);
    if env::var_os("BOOTSTRAP_TOKEN_WRITE_HEADER").is_some() {
        fs::write(&file, wanted).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == wanted,
        "include/{path} is not what the exported functions say; run `make header`"
    );
}

/// The exported functions that stand in the header.
fn declared(header: &str) -> BTreeSet<&str> {
    let words = header.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let mut functions = BTreeSet::new();
    for word in words.filter(|word| word.starts_with("bootstrap_token_")) {
        if header.contains(&format!("{word}(")) {
            functions.insert(word);
        }
    }
    functions
}

#[test]
fn the_header_is_current() {
    written_or_compared("bootstrap_token.h", &generated());
}

#[test]
fn the_list_of_symbols_is_what_the_header_declares() {
    let header = generated();
    let mut list = String::new();
    for function in declared(&header) {
        list.push_str(function);
        list.push('\n');
    }
    written_or_compared("bootstrap_token.symbols", &list);
}

/// What programs are compiled against, a line each: constants, numbers of enums, and functions by the types of their
/// arguments, whose names are nobody's business. The version is no part of it.
fn abi(header: &str) -> BTreeSet<String> {
    let is_kept = |line: &&str| !line.starts_with("#define BOOTSTRAP_TOKEN_VERSION");
    let constants = header.lines().filter(|line| {
        line.starts_with("#define BOOTSTRAP_TOKEN_") && !line.contains('(') && line.contains(' ')
    });
    let constants = constants
        .filter(is_kept)
        .filter(|line| line.split(' ').count() > 2);
    let numbers = header.lines().map(str::trim);
    let numbers =
        numbers.filter(|line| line.starts_with("BOOTSTRAP_TOKEN_") && line.contains(" = "));
    let functions = pages(header).map(|(_, declaration)| {
        let (before, after) = declaration.split_once('(').unwrap();
        let types = after.split_once(')').unwrap().0.split(',').map(|argument| {
            let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            match argument.trim() {
                "void" => "void".to_owned(),
                argument => argument.trim_end_matches(name).trim().to_owned(),
            }
        });
        let before = before.replace("BOOTSTRAP_TOKEN_MUST_USE", "");
        let before = before.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{before}({})", types.collect::<Vec<_>>().join(", "))
    });
    let lines = constants
        .chain(numbers)
        .map(|line| line.trim_end_matches(',').to_owned());
    lines.chain(functions).collect()
}

/// The first line is the number of the ABI, by the constant: with another, anything may change.
const ABI_VERSION: &str = "#define BOOTSTRAP_TOKEN_ABI_VERSION ";

#[test]
fn what_programs_are_compiled_against_is_kept_or_the_abi_has_another_number() {
    let lines = abi(&generated());
    let functions = lines.iter().filter(|line| line.contains('('));
    assert_eq!(functions.count(), declared(&generated()).len());
    let number = lines.iter().find(|line| line.starts_with(ABI_VERSION));
    let number = number.unwrap().clone();
    let frozen = fs::read_to_string(at("../../include/bootstrap_token.abi")).unwrap_or_default();
    // Before anything is written: `make header` breaks no program either.
    if frozen.lines().next() == Some(&number) {
        for line in frozen.lines() {
            assert!(
                lines.contains(line),
                "programs were built against `{line}`: keep it, or raise ABI_VERSION"
            );
        }
    }
    let rest = lines.iter().filter(|line| **line != number);
    let list: String = [&number]
        .into_iter()
        .chain(rest)
        .flat_map(|line| [line.as_str(), "\n"])
        .collect();
    written_or_compared("bootstrap_token.abi", &list);
}

/// A function's page, in one line, and its declaration.
fn pages(header: &str) -> impl Iterator<Item = (String, &str)> {
    header.split("/**").skip(1).filter_map(|part| {
        let (page, rest) = part.split_once("*/")?;
        let declaration = rest.split(';').next()?;
        let is_function = declaration.contains("bootstrap_token_") && declaration.contains('(');
        let words = page.split_whitespace().filter(|word| *word != "*");
        is_function.then(|| (words.collect::<Vec<_>>().join(" "), declaration))
    })
}

/// The arguments of a declaration by their names.
fn arguments(declaration: &str) -> Vec<&str> {
    let list = declaration.split_once('(').unwrap().1;
    let list = list.split_once(')').unwrap().0.split(',');
    list.map(|argument| argument.rsplit([' ', '*']).next().unwrap())
        .collect()
}

/// 0 is how a result says yes, and any other number is true in C: `if (matches(...)) join();` would join with a wrong pin.
/// So whatever returns a result gives an object, a text or a number, or changes something, and whatever answers yes or no
/// by an output returns nothing that could stand in a condition.
#[test]
fn no_result_is_a_functions_whole_answer() {
    let header = generated();
    let (mut results, mut checks) = (0, 0);
    for (page, declaration) in pages(&header) {
        let (before, list) = declaration.split_once('(').unwrap();
        let list = list.split_once(')').unwrap().0;
        let outputs = list
            .split(',')
            .map(str::trim)
            .filter(|argument| argument.contains('*') && !argument.ends_with("error"))
            .filter(|argument| !argument.starts_with("const ") || argument.contains("**"));
        if before.contains("bootstrap_token_result ") && list.contains(',') {
            results += 1;
            assert!(outputs.count() >= 1, "{declaration}");
            assert!(!list.contains("bool *"), "{declaration}");
        } else if before.trim_start().starts_with("void") && list.contains(',') {
            checks += 1;
            assert_eq!(outputs.count(), 1, "{declaration}");
            assert!(before.contains("_check"), "{declaration}");
            let tells = page.contains("if the check fails");
            assert!(tells && page.starts_with("Checks "), "{declaration}");
        } else {
            assert!(!before.contains("_check"), "{declaration}");
        }
    }
    assert!(results > 30 && checks == 4, "{results} {checks}");
}

/// A compiler may take what is named in NONNULL for a promise, and leave out whatever NULL is answered with.
#[test]
fn no_page_answers_null_where_it_must_not_be() {
    let header = generated();
    let mut seen = 0;
    for (page, declaration) in pages(&header) {
        let arguments = arguments(declaration);
        let Some((_, places)) = declaration.split_once("BOOTSTRAP_TOKEN_NONNULL(") else {
            continue;
        };
        seen += 1;
        for place in places.split_once(')').unwrap().0.split(',') {
            let name = arguments[place.trim().parse::<usize>().unwrap() - 1];
            assert!(
                !page.contains("is NULL") || !page.contains(&format!("`{name}`")),
                "{declaration}: `{name}`"
            );
        }
    }
    assert!(seen > 20, "{seen}");
}

/// And NULL that is not forbidden is answered by every noun's page.
#[test]
fn every_page_that_lends_says_what_null_is_answered_with() {
    let header = generated();
    let mut seen = 0;
    for (page, declaration) in pages(&header) {
        let names = arguments(declaration);
        if names.contains(&"len") {
            seen += 1;
            let says = page.split_once("NULL if ").map_or("", |(_, says)| says);
            for name in [names[0], "len"] {
                assert!(
                    says.contains(&format!("`{name}`")),
                    "{declaration}: `{name}`"
                );
            }
            assert!(says.contains("is NULL"), "{declaration}");
        }
    }
    assert!(seen > 5, "{seen}");
}

/// Whose an output is, as the head has it: what points to const is borrowed.
#[test]
fn every_page_tells_whose_its_outputs_are() {
    let header = generated();
    let mut lent = 0;
    for (page, declaration) in pages(&header) {
        let list = declaration.split_once('(').unwrap().1;
        for output in list.split(',').filter(|argument| argument.contains("**")) {
            if output.contains("const ") {
                lent += 1;
                assert!(page.contains("borrowed"), "{declaration}");
            } else if !output.contains("bootstrap_token_error **") {
                let is_told = page.contains("belongs to the caller")
                    || page.contains("memory of the caller's")
                    || page.starts_with("As `");
                assert!(is_told && !page.contains("borrowed until"), "{declaration}");
            }
        }
        if declaration.split('(').next().unwrap().contains("const ") {
            lent += 1;
            let lives = page.contains("borrowed until") || page.contains("lives for ever");
            assert!(lives, "{declaration}");
        }
    }
    assert!(lent > 10, "{lent}");
}

/// Who gives a clock's time is told what comes of one that no clock shows.
#[test]
fn every_page_with_a_clock_tells_of_one_that_fails() {
    let header = generated();
    let mut seen = 0;
    for (page, declaration) in pages(&header) {
        if arguments(declaration).contains(&"now") {
            seen += 1;
            let is_told =
                page.contains("a `now` before 1970") || page.contains("Fails as that does");
            assert!(is_told, "{declaration}");
        }
    }
    assert!(seen > 5, "{seen}");
}
