//! The table that `make bench` prints, row by row as they are known.

use std::io::{self, Write};

use super::{Figures, Pair};

pub(super) struct Row {
    what: String,
    ours: String,
    other: String,
    /// The limit and the ratio; `None` for what is printed for the record.
    held: Option<(f64, f64)>,
}

impl Row {
    pub(super) fn wall(what: &str, pair: &Pair, limit: f64) -> Self {
        let wall = |f: &Figures| f.wall_us / 1e3;
        Self::of(
            &format!("{what}: wall"),
            "ms",
            wall(&pair.ours),
            wall(&pair.kubeadm),
            limit,
        )
    }

    pub(super) fn cpu(what: &str, pair: &Pair, limit: f64) -> Self {
        let cpu = |f: &Figures| f.cpu_us / 1e3;
        Self::of(
            &format!("{what}: processor time"),
            "ms",
            cpu(&pair.ours),
            cpu(&pair.kubeadm),
            limit,
        )
    }

    pub(super) fn peak(what: &str, pair: &Pair, limit: f64) -> Self {
        Self::of(
            &format!("{what}: peak memory"),
            "MB",
            mb(&pair.ours),
            mb(&pair.kubeadm),
            limit,
        )
    }

    /// Ours against ours with less to do.
    pub(super) fn growth(what: &str, more: &Figures, less: &Figures, limit: f64) -> Self {
        Self::of(
            &format!("{what}: peak memory"),
            "MB",
            mb(more),
            mb(less),
            limit,
        )
    }

    pub(super) fn size(what: &str, ours: u64, kubeadm: u64, limit: f64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a file of less than 2^52 bytes")]
        let mb = |bytes: u64| bytes as f64 / 1e6;
        Self::of(&format!("{what}: size"), "MB", mb(ours), mb(kubeadm), limit)
    }

    /// One of our functions against one of upstream's.
    pub(super) fn per_call(what: &str, ours_ns: f64, upstream_ns: f64, limit: f64) -> Self {
        Self::of(
            &format!("{what}: a call"),
            "us",
            ours_ns / 1e3,
            upstream_ns / 1e3,
            limit,
        )
    }

    /// What has to stay below a figure, not beside upstream's.
    pub(super) fn most(what: &str, unit: &str, ours: f64, limit: f64) -> Self {
        Self {
            what: what.to_owned(),
            ours: format!("{ours:.2} {unit}").trim_end().to_owned(),
            other: "none".to_owned(),
            held: Some((limit, ours)),
        }
    }

    /// What kubeadm has no counterpart for.
    pub(super) fn wall_alone(what: &str, ours: &Figures) -> Self {
        Self {
            what: format!("{what}: wall"),
            ours: format!("{:.1} ms", ours.wall_us / 1e3),
            other: "none".to_owned(),
            held: None,
        }
    }

    fn of(what: &str, unit: &str, ours: f64, other: f64, limit: f64) -> Self {
        Self {
            what: what.to_owned(),
            ours: format!("{ours:.1} {unit}"),
            other: format!("{other:.1} {unit}"),
            held: Some((limit, ours / other)),
        }
    }
}

fn mb(figures: &Figures) -> f64 {
    figures.peak_bytes / 1e6
}

pub(super) struct Table<'a, W> {
    to: &'a mut W,
    within: bool,
    written: io::Result<()>,
}

impl<'a, W: Write> Table<'a, W> {
    pub(super) fn new(to: &'a mut W) -> Self {
        let mut table = Self {
            to,
            within: true,
            written: Ok(()),
        };
        table.line("what", "ours", "upstream", "at most", "ratio");
        table
    }

    pub(super) fn row(&mut self, row: &Row) {
        let Some((limit, ratio)) = row.held else {
            return self.line(&row.what, &row.ours, &row.other, "", "");
        };
        let within = ratio <= limit;
        self.within &= within;
        let mark = if within { "" } else { " !" };
        let ratio = format!("{ratio:.2}{mark}");
        self.line(
            &row.what,
            &row.ours,
            &row.other,
            &format!("{limit:.2}"),
            &ratio,
        );
    }

    fn line(&mut self, what: &str, ours: &str, other: &str, limit: &str, ratio: &str) {
        if self.written.is_ok() {
            self.written = writeln!(
                self.to,
                "{what:<38} {ours:>10} {other:>10} {limit:>8} {ratio:>6}"
            )
            .and_then(|()| self.to.flush());
        }
    }

    /// Whether every ratio was within its limit.
    pub(super) fn end(self) -> io::Result<bool> {
        self.written.map(|()| self.within)
    }
}
