//! Our command against kubeadm, whole processes, and single functions against upstream's: in turn, on one control
//! plane.
//!
//! What counts is the ratio of the two in one run on one machine; a figure alone tells more of the machine.

mod bindings;
mod figures;
mod joining;
mod per_call;
mod table;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bootstrap_token::Token;
use bootstrap_token_secret::{BootstrapToken, Expiration, ExtraGroup, Usages};

use crate::control_plane::{Component, ControlPlane};
use crate::{paths, secrets};
use figures::{Figures, Pair, measure_in_turn};
use table::{Row, Table};

/// Measures everything, prints the table, and says whether each ratio is within its limit.
///
/// # Errors
/// The table cannot be written.
///
/// # Panics
/// Something that is measured fails.
pub fn run(to: &mut impl Write) -> io::Result<bool> {
    let (release, kubeadm) = (paths::release_command(), paths::kubeadm());
    assert!(
        release.exists() && kubeadm.exists(),
        "`make bench` builds what is measured"
    );
    writeln!(
        to,
        "Measuring on a control plane of its own; this takes about 3 minutes."
    )?;
    let plane = ControlPlane::start();
    let bench = Bench {
        release,
        kubeadm,
        kubeconfig: plane.kubeconfig().to_owned(),
    };
    let mut table = Table::new(to);

    let generate = bench.pair(&["generate"], 40);
    table.row(&Row::wall("generate", &generate, 0.15));

    three(
        &mut table,
        "create",
        &bench.pair_with_kubeconfig(&["create"], 30),
        [0.5, 0.3, 0.35],
    );
    let join = bench.pair_with_kubeconfig(&["create", "--print-join-command"], 30);
    table.row(&Row::wall("create --print-join-command", &join, 0.5));

    joining::rows(&mut table, &plane, &bench);
    remove_all(&plane);

    // Signing thousands of tokens would keep it, and the machine, busy while others are measured.
    plane.stop(Component::ControllerManager);
    let mut tokens = secrets::tokens(10_000).into_iter();
    fill(&plane, tokens.by_ref().take(2));
    three(
        &mut table,
        "list of 2",
        &bench.pair_with_kubeconfig(&["list"], 30),
        [0.5, 0.3, 0.35],
    );

    fill(&plane, tokens.by_ref().take(98));
    let of_100 = bench.pair_with_kubeconfig(&["list"], 10).ours;

    fill(&plane, tokens);
    let of_10_000 = bench.pair_with_kubeconfig(&["list"], 10);
    three(&mut table, "list of 10,000", &of_10_000, [0.42, 0.17, 0.20]);
    for format in [
        "json",
        "yaml",
        "jsonpath={.token}",
        "go-template={{.token}}",
    ] {
        let pair = bench.pair_with_kubeconfig(&["list", "-o", format], 5);
        let what = format!("10,000 as {}", format.split('=').next().unwrap_or(format));
        table.row(&Row::wall(&what, &pair, 0.5));
        table.row(&Row::peak(&what, &pair, 0.25));
    }
    table.row(&Row::growth(
        "list, 10,000 against 100",
        &of_10_000.ours,
        &of_100,
        1.3,
    ));

    table.row(&Row::size(
        "binary",
        size(&bench.release),
        size(&bench.kubeadm),
        0.13,
    ));
    drop(plane);
    bindings::rows(&mut table);
    table.end()
}

struct Bench {
    release: PathBuf,
    kubeadm: PathBuf,
    kubeconfig: PathBuf,
}

impl Bench {
    fn pair(&self, words: &[&str], runs: usize) -> Pair {
        let ours = [self.release.as_os_str().to_owned()];
        let kubeadm = [self.kubeadm.as_os_str().to_owned(), "token".into()];
        let with = |program: &[OsString]| -> Vec<OsString> {
            program
                .iter()
                .cloned()
                .chain(words.iter().map(OsString::from))
                .collect()
        };
        measure_in_turn(&with(&ours), &with(&kubeadm), runs)
    }

    fn pair_with_kubeconfig(&self, words: &[&str], runs: usize) -> Pair {
        let kubeconfig = self.kubeconfig.to_str().expect("a path of ours is UTF-8");
        self.pair(&[words, &["--kubeconfig", kubeconfig]].concat(), runs)
    }
}

fn three<W: Write>(table: &mut Table<'_, W>, what: &str, pair: &Pair, limits: [f64; 3]) {
    table.row(&Row::wall(what, pair, limits[0]));
    table.row(&Row::cpu(what, pair, limits[1]));
    table.row(&Row::peak(what, pair, limits[2]));
}

/// Adds tokens as kubeadm makes them by default.
fn fill(plane: &ControlPlane, tokens: impl IntoIterator<Item = Token>) {
    let expiration = Expiration::after(SystemTime::now(), Duration::from_secs(86_400)).unwrap();
    let groups = || {
        [ExtraGroup::DEFAULT_NODE_TOKEN.parse().unwrap()]
            .into_iter()
            .collect()
    };
    let tokens: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            BootstrapToken::new(token)
                .with_usages(Usages::ALL)
                .with_groups(groups())
                .with_expiration(expiration)
        })
        .collect();
    plane.admin().create_all(&tokens);
}

fn remove_all(plane: &ControlPlane) {
    for secret in plane.admin().token_secrets() {
        plane
            .admin()
            .delete_secret(&secret.metadata.name.unwrap_or_default());
    }
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).unwrap().len()
}
