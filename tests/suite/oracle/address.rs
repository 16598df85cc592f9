//! Where the spelling of an address leads: the lines of a file, answered by kubeadm and client-go and by us.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;

use bootstrap_token_discovery::Endpoint;
use conformance::kubeconfig::Kubeconfig;
use conformance::oracle::{Answer, Oracle};
use conformance::paths;
use conformance::suite::Test;
use conformance::tests;
use http::Uri;
use kube_transport::ascii_name;
use kubeadm_token::{kubeconfig_facts, respelled};
use serde_json::json;

pub(crate) const TESTS: &[Test] = tests!["address":
    a_spelling_leads_where_the_table_says,
    a_name_is_written_in_ascii_as_go_writes_it,
    no_letter_leads_to_another_host_than_with_go,
];

/// A line of the table.
struct Line<'a> {
    /// `join` or `server`.
    place: &'a str,
    spelling: &'a str,
    kubeadm: &'a str,
    ours: &'a str,
    section: Option<&'a str>,
}

/// What became of a spelling: `HOST:PORT`, or what was said of it.
type Outcome = Result<String, String>;

fn a_spelling_leads_where_the_table_says() {
    let table = fs::read_to_string(paths::workspace().join("tests/addresses/spellings.txt"));
    let table = table.unwrap();
    let page = fs::read_to_string(paths::workspace().join("docs/DIFFERENCES.md")).unwrap();
    let page = page.to_lowercase();
    let lines = lines(&table);
    let questions = lines.iter().map(|line| {
        let op = format!("address_{}", line.place);
        json!({"op": op, "input": line.spelling})
    });
    let answers = Oracle::start().ask_all(&questions.collect::<Vec<_>>());
    let mut faults = String::new();
    for (line, answer) in lines.iter().zip(answers) {
        let theirs = match answer {
            Answer::Ok(address) => Ok(address.as_str().unwrap().to_owned()),
            Answer::Error(error) => Err(error),
            other => panic!("{}: {other:?}", line.spelling),
        };
        let ours = match line.place {
            "join" => joined(line.spelling),
            _ => as_server(line.spelling),
        };
        let is_in_page =
            |section: &str| page.contains(&format!("### {}\n", section.replace('-', " ")));
        let expected = match line.ours {
            "=" => line.kubeadm,
            other => other,
        };
        let is_right = is_as_written(&theirs, line.kubeadm, |told, written| {
            told.contains(written)
        }) && is_as_written(&ours, expected, |told, written| told == written)
            && differs(&theirs, &ours) == line.section.is_some()
            && line.section.is_none_or(is_in_page);
        if !is_right {
            let Line {
                place, spelling, ..
            } = line;
            let _ = writeln!(
                faults,
                "{place} {spelling}\n  kubeadm: {theirs:?}\n  ours: {ours:?}"
            );
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(lines.len() >= 70, "{}", lines.len());
}

fn lines(table: &str) -> Vec<Line<'_>> {
    let mut place = "";
    let mut lines = Vec::new();
    for line in table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        if let Some(name) = ["join", "server"]
            .into_iter()
            .find(|name| line == format!("[{name}]"))
        {
            place = name;
            continue;
        }
        let cells: Vec<_> = line.split(" | ").collect();
        let [spelling, kubeadm, ours, section @ ..] = &*cells else {
            panic!("SPELLING | KUBEADM | OURS: {line}");
        };
        lines.push(Line {
            place,
            spelling,
            kubeadm,
            ours,
            section: section.first().copied(),
        });
    }
    lines
}

fn is_as_written(outcome: &Outcome, written: &str, says: impl Fn(&str, &str) -> bool) -> bool {
    match (outcome, written.strip_prefix('-')) {
        (Ok(address), None) => is_same(address, written),
        (Err(told), Some(written)) => says(told, written.trim_start()),
        _ => false,
    }
}

fn differs(theirs: &Outcome, ours: &Outcome) -> bool {
    match (theirs, ours) {
        (Ok(theirs), Ok(ours)) => !is_same(theirs, ours),
        (Err(_), Err(_)) => false,
        _ => true,
    }
}

/// An address has several spellings.
fn is_same(one: &str, other: &str) -> bool {
    let address = |text: &str| text.parse::<SocketAddr>().ok();
    one.eq_ignore_ascii_case(other) || address(one).is_some() && address(one) == address(other)
}

fn joined(spelling: &str) -> Outcome {
    let refused = |_| respelled(spelling).unwrap_or_default();
    let endpoint: Endpoint = spelling.parse().map_err(refused)?;
    let path = endpoint.address();
    Ok(path.split('/').next().unwrap().to_owned())
}

fn as_server(spelling: &str) -> Outcome {
    let kubeconfig = Kubeconfig::new(&json!({"server": spelling}), &json!({"token": "x"}));
    let respelled = |told: String| {
        told.split("write it as ")
            .nth(1)
            .unwrap_or_default()
            .to_owned()
    };
    let facts = kubeconfig_facts(&kubeconfig.path()).map_err(respelled)?;
    let server: Uri = facts["server"].as_str().unwrap().parse().unwrap();
    let port = server.port_u16().unwrap_or(match server.scheme_str() {
        Some("http") => 80,
        _ => 443,
    });
    Ok(format!("{}:{port}", server.host().unwrap()))
}

fn a_name_is_written_in_ascii_as_go_writes_it() {
    let names = [
        "bücher.example",
        "BÜCHER.Example",
        "a.bücher.example",
        ".bücher.example",
        "straße.example",
        "中国.example",
        "日本語.例え.example",
        "пример.example",
        "παράδειγμα.example",
        "ελλάς",
        "ΕΛΛΆΣ.example",
        "한국.example",
        "cp-ü-1.example",
        "xn--bcher-kva.ü",
        "ü",
        &"ü".repeat(80),
        // Refused by both.
        "-ü.example",
        "ü-.example",
        "ü_1.example",
        "ü 1.example",
        "ü%.example",
    ];
    let questions = names.map(|name| json!({"op": "idna", "input": name}));
    let answers = Oracle::start().ask_all(&questions);
    for (name, theirs) in names.into_iter().zip(&answers) {
        let theirs = theirs.ok().map(|name| name.as_str().unwrap());
        assert_eq!(ascii_name(name).as_deref(), theirs, "{name}");
    }
}

/// A name with a letter that Go replaces by another is left as it is.
fn no_letter_leads_to_another_host_than_with_go() {
    let words = [
        "ｃｐ.example",
        "ﬁle.example",
        "①.example",
        "xª.example",
        "ℌ.example",
        "ĳ.example",
        "ẞ.example",
    ];
    // One of 16 of the many that are alike.
    let is_asked = |c: &char| match u32::from(*c) {
        point @ (0x3400..=0xd7ff | 0x1_1000..) => point % 16 == 0,
        _ => true,
    };
    let letters = ('\u{80}'..=char::MAX).filter(|c| c.is_alphanumeric() && is_asked(c));
    let names: Vec<_> = words
        .into_iter()
        .map(str::to_owned)
        .chain(letters.map(|c| format!("{c}{c}.example")))
        .collect();
    let questions = names
        .iter()
        .map(|name| json!({"op": "idna", "input": name}));
    let answers = Oracle::start().ask_all(&questions.collect::<Vec<_>>());
    let (mut known, mut differ) = (0, Vec::new());
    for (name, theirs) in names.iter().zip(&answers) {
        let theirs = theirs.ok().map(|name| name.as_str().unwrap());
        match (ascii_name(name), theirs) {
            (Some(ours), Some(theirs)) if ours == theirs => known += 1,
            (Some(ours), Some(theirs)) => {
                differ.push(format!("{name}: Go: {theirs}, ours: {ours}"));
            }
            // Go refuses more, such as a name that begins with a mark.
            _ => {}
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    for name in words {
        assert_eq!(ascii_name(name), None, "{name}");
    }
    assert!(known >= 3000, "{known} of {}", names.len());
}
