//! A case as a test.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use conformance::command::Program;
use conformance::kubeconfig;
use conformance::suite::{self, Trial};

use crate::case::{self, Case, Expected, File, Start};
use crate::cluster::{self, Share};
use crate::compare::{as_case, compare, same_times};
use crate::names::Names;
use crate::outcome;
use crate::{line, rules};

/// One for each case. Those that list run alone, so what does not mind is put between them.
pub(crate) fn of_files(files: Vec<File>) -> Vec<Trial> {
    let (lists, others): (Vec<_>, Vec<_>) = files
        .into_iter()
        .flat_map(of_file)
        .partition(|(share, _)| *share == Share::Alone);
    let (free, bound): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|(share, _)| *share == Share::WithAll);
    let (mut lists, mut free) = (lists.into_iter(), free.into_iter());
    let mut all = Vec::new();
    while lists.len() + free.len() > 0 {
        all.extend(lists.next());
        all.extend(free.next());
    }
    all.extend(bound);
    all.into_iter().map(|(_, trial)| trial).collect()
}

fn of_file(file: File) -> Vec<(Share, Trial)> {
    let File { topic, cases } = file;
    let mut lines = BTreeMap::new();
    cases
        .into_iter()
        .map(|case| {
            let before = lines.entry(case.line.clone()).or_insert(0);
            *before += 1;
            let name = match *before {
                1 => format!("{topic}: {}", case.line),
                number => format!("{topic}: {} ({number})", case.line),
            };
            (share(&case), suite::trial(name, move || run(&case)))
        })
        .collect()
}

fn share(case: &Case) -> Share {
    let fails = matches!(case.expected, Expected::Fails);
    if line::words(&case.line).iter().any(|word| word == "list") {
        Share::Alone
    } else if case.start.secrets.is_empty() && (fails || !case.line.contains("create")) {
        Share::WithAll
    } else {
        Share::WithoutLists
    }
}

fn run(case: &Case) {
    let mut names = Names::new();
    write_files(&case.start, &mut names);
    let words = line::words(&case.line);
    let words: Vec<OsString> = words.iter().map(|word| names.expand_word(word)).collect();
    let [kubeadm, ours] = cluster::with(share(case), || {
        [Program::Kubeadm, Program::OursAsKubeadm]
            .map(|program| outcome::run(program, &words, &case.start, &mut names))
    });
    let mut faults = String::new();
    match &case.expected {
        Expected::Works | Expected::Fails => {
            let succeeds = matches!(case.expected, Expected::Works);
            if (kubeadm.exit == 0) != succeeds {
                let _ = writeln!(faults, "kubeadm ends with exit code {}", kubeadm.exit);
            }
            let [theirs, same] = rules::comparable(&kubeadm, &ours);
            compare("ours", &theirs.into(), &same, false, &mut faults);
            same_times(&kubeadm, &ours, &mut faults);
        }
        Expected::Differs {
            kubeadm: recorded,
            ours: wanted,
            ..
        } => {
            compare("kubeadm", recorded, &kubeadm, true, &mut faults);
            compare("ours", wanted, &ours, true, &mut faults);
        }
    }
    assert!(
        faults.is_empty(),
        "{faults}\nwhat was seen:\n{}{}",
        as_case("kubeadm", &kubeadm),
        as_case("ours", &ours)
    );
}

fn write_files(start: &Start, names: &mut Names) {
    let mut files = start.files.clone();
    if let Some(case::Kubeconfig { cluster, user }) = &start.kubeconfig {
        let kubeconfig = kubeconfig::text(cluster, user);
        files.insert("config".to_owned(), kubeconfig);
    }
    for (name, text) in files {
        let path = names.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, names.expand(&text)).unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    }
}
