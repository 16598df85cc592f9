//! kubeadm's table.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::SystemTime;

use super::column_writer::{align, spaces};
use super::shown::Shown;
use crate::duration::GoDuration;

const HEADER: &str = "TOKEN\tTTL\tEXPIRES\tUSAGES\tDESCRIPTION\tEXTRA GROUPS\n";

/// Prints the header before the first token, and never without one.
#[derive(Debug, Default)]
pub(crate) struct Table {
    has_header: bool,
    /// Kept from one token to the next for the memory in them.
    cells: String,
    aligned: String,
}

impl Table {
    /// With or without the header.
    pub(super) fn new(headers: bool) -> Self {
        Self {
            has_header: !headers,
            ..Self::default()
        }
    }

    pub(super) fn print(
        &mut self,
        token: &Shown<'_>,
        now: SystemTime,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.cells.clear();
        self.aligned.clear();
        if !std::mem::replace(&mut self.has_header, true) {
            self.cells.push_str(HEADER);
        }
        row(token, now, &mut self.cells);
        align(&self.cells, &mut self.aligned);
        out.write_all(self.aligned.as_bytes())
    }
}

/// A row before its columns are aligned. The widths that kubeadm gives three of them make rows line up
/// though each is aligned by itself.
fn row(token: &Shown<'_>, now: SystemTime, cells: &mut String) {
    cells.push_str(token.token());
    match token.expiration() {
        None => cells.push_str("\t<forever>\t<never>\t"),
        Some(expiration) => {
            let left = GoDuration::saturating(expiration.remaining_nanos(now)).short_human();
            // Writing to a String does not fail.
            let _ = write!(cells, "\t{left:<9}\t{expiration}\t");
        }
    }
    for (text, width) in [
        (&*token.usages().join(","), 22),
        (token.description(), 56),
        (&*token.groups().join(","), 0),
    ] {
        let start = cells.len();
        cells.push_str(if text.is_empty() { "<none>" } else { text });
        let missing = usize::saturating_sub(width, cells[start..].chars().count());
        spaces(missing, cells);
        cells.push('\t');
    }
    // Nothing stands behind the last.
    cells.pop();
    cells.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::samples::stored;
    use super::*;
    use std::time::Duration;

    #[track_caller]
    fn prints(table: &mut Table, data: &[(&str, &str)], expected: &str) {
        // 2026-11-25T00:00:00Z
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_564_800);
        let mut out = Vec::new();
        table
            .print(&Shown::whole(&stored(data)), now, &mut out)
            .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn the_header_once_and_each_row_by_itself() {
        let mut table = Table::default();
        prints(
            &mut table,
            &[],
            "TOKEN                     TTL         EXPIRES   USAGES                   DESCRIPTION                                                EXTRA GROUPS\n\
             abcdef.f395accd246ae52d   <forever>   <never>   <none>                   <none>                                                     <none>\n",
        );
        prints(
            &mut table,
            &[
                ("expiration", "2026-11-26T01:00:00+01:00"),
                ("usage-bootstrap-signing", "true"),
                ("usage-bootstrap-authentication", "true"),
                ("description", "a\tb"),
                ("auth-extra-groups", "x,y"),
            ],
            "abcdef.f395accd246ae52d   1d          2026-11-26T01:00:00+01:00   authentication,signing   a         b                                                        x,y\n",
        );
    }
}
