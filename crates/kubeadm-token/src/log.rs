//! `-v`: a log of what the program does, on standard error, in klog's format.
//!
//! Invariant: only events of this workspace's crates are written. Events of kube, hyper and rustls may hold an
//! `Authorization` header or the body of a Secret, so they are hidden at every level.

use core::fmt::{self, Write as _};
use std::io::Write as _;
use std::time::SystemTime;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::quote;

/// Crates whose events are written.
const OURS: [&str; 2] = ["bootstrap_token_kube", "kubeadm_token"];

/// Starts the log, if the level asks for one.
pub(crate) fn start(verbosity: i32, now: fn() -> SystemTime) {
    let most = match verbosity {
        ..=0 => return,
        1..=4 => Level::INFO,
        5..=7 => Level::DEBUG,
        8.. => Level::TRACE,
    };
    // Fails only if a subscriber is already set, and this is the only one.
    let _ = tracing::subscriber::set_global_default(Lines { most, now });
}

struct Lines {
    most: Level,
    now: fn() -> SystemTime,
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let of = metadata.target().split("::").next().unwrap_or_default();
        metadata.is_event() && *metadata.level() <= self.most && OURS.contains(&of)
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let line = format!(
            "{}{}\n",
            header(event.metadata(), (self.now)()),
            quote::one_line(&text.0)
        );
        // A failure to write cannot be reported.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }

    // Spans are not shown, so they share one ID.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Formats `I1125 01:07:04.223071   17267 file.rs:86] `, in UTC.
fn header(metadata: &Metadata<'_>, now: SystemTime) -> String {
    let since = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let date = i64::try_from(since.as_secs())
        .ok()
        .and_then(|seconds| bootstrap_token_secret::Expiration::from_unix_seconds(seconds).ok())
        .map(|time| time.to_string())
        .unwrap_or_default();
    let part = |range| date.get(range).unwrap_or_default();
    let severity = match *metadata.level() {
        Level::ERROR => 'E',
        Level::WARN => 'W',
        _ => 'I',
    };
    let file = metadata
        .file()
        .and_then(|path| path.rsplit(['/', '\\']).next())
        .unwrap_or_default();
    format!(
        "{severity}{}{} {}.{:06} {:7} {file}:{}] ",
        part(5..7),
        part(8..10),
        part(11..19),
        since.subsec_micros(),
        std::process::id(),
        metadata.line().unwrap_or_default(),
    )
}

/// The message, followed by the fields.
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a String does not fail.
        let _ = if field.name() == "message" {
            write!(self.0, "{value:?}")
        } else {
            write!(self.0, " {}={value:?}", field.name())
        };
    }
}
