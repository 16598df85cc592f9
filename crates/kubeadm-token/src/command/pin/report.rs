//! Output of `pin`.

use std::fmt::Write as _;

use bootstrap_token_kube::Escaped;

use super::source::{Pinned, time};
use crate::printer::json_yaml::Value;

/// Lists the pins one per line, as `kubeadm join` takes them.
pub(super) fn lines(pinned: &[Pinned]) -> String {
    pinned.iter().fold(String::new(), |mut text, one| {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{}", one.pin);
        text
    })
}

/// Lists the pins with their validity. All columns but the last have a fixed width.
pub(super) fn table(pinned: &[Pinned]) -> String {
    let head = format!(
        "{:<71}   {:<20}   {:<20}   SOURCE\n",
        "PIN", "NOT BEFORE", "NOT AFTER"
    );
    pinned.iter().fold(head, |mut text, one| {
        let (begin, end) = (one.certificate.not_before(), one.certificate.not_after());
        let (begin, end) = (time(begin), time(end));
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "{}   {begin:<20}   {end:<20}   {}",
            one.pin,
            Escaped(&one.source)
        );
        text
    })
}

pub(super) fn object(pinned: &[Pinned]) -> Value {
    let one = |one: &Pinned| {
        Value::object([
            ("pin", Value::text(one.pin.to_string())),
            ("notBefore", Value::text(time(one.certificate.not_before()))),
            ("notAfter", Value::text(time(one.certificate.not_after()))),
            ("source", Value::text(one.source.clone())),
        ])
    };
    let certificates = pinned.iter().map(one).collect();
    Value::of_kind(
        "PublicKeyPins",
        [("certificates", Value::Array(certificates))],
    )
}
