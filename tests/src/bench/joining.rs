//! What a machine does before it joins, and what is asked when it cannot.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;

use bootstrap_token_discovery::{Certificate, Pin};

use super::figures::{measure_alone, measure_in_turn};
use super::table::{Row, Table};
use super::{Bench, fill, per_call};
use crate::control_plane::ControlPlane;
use crate::{paths, secrets};

pub(super) fn rows<W: Write>(table: &mut Table<'_, W>, plane: &ControlPlane, bench: &Bench) {
    let (ours, upstream) = per_call::measure(plane.ca_file());
    let mut row = |what, ours, upstream, limit| {
        table.row(&Row::per_call(what, ours, upstream, limit));
    };
    row("sign 2,000 bytes", ours.sign, upstream.sign, 0.25);
    row("verify 2,000 bytes", ours.verify, upstream.verify, 0.25);
    row("pin of a certificate", ours.pin, upstream.pin, 0.5);

    let token = secrets::token();
    fill(plane, [token.clone()]);
    let text = token.expose();
    let pem = fs::read(plane.ca_file()).unwrap();
    let pin = Pin::of(&Certificate::bundle_from_pem(&pem).unwrap()[0]).to_string();
    let server = plane.server().trim_start_matches("https://");

    let mut ours = command(&bench.release, &["discover", server, "--timeout", "60s"]);
    ours.extend(["--token", &text, "--ca-pin", &pin].map(OsString::from));
    let mut kubeadm = command(&paths::control_plane(), &["discover", "--timeout", "60s"]);
    kubeadm.extend(["--pin", &pin, server, &text].map(OsString::from));
    // The first run, which is not counted, waits for the signature.
    let pair = measure_in_turn(&ours, &kubeadm, 30);
    table.row(&Row::wall("discover", &pair, 0.5));

    let mut diagnose = command(&bench.release, &["diagnose", token.id().as_str()]);
    diagnose.extend(["--kubeconfig".into(), bench.kubeconfig.clone().into()]);
    table.row(&Row::wall_alone("diagnose", &measure_alone(&diagnose, 30)));
}

fn command(program: &Path, words: &[&str]) -> Vec<OsString> {
    let program = program.as_os_str();
    let words = words.iter().map(OsString::from);
    [program.to_owned()].into_iter().chain(words).collect()
}
