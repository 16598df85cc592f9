//! kubeadm's table.

use std::io::{self, Write};
use std::time::SystemTime;

use bootstrap_token_secret::StoredToken;

use super::column_writer::align;
use crate::duration::GoDuration;

const HEADER: &str = "TOKEN\tTTL\tEXPIRES\tUSAGES\tDESCRIPTION\tEXTRA GROUPS\n";

/// Prints the header before the first token, and never without one.
#[derive(Debug, Default)]
pub(crate) struct Table {
    has_header: bool,
}

impl Table {
    pub(super) fn print(
        &mut self,
        token: &StoredToken,
        now: SystemTime,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut text = String::new();
        if !std::mem::replace(&mut self.has_header, true) {
            text.push_str(HEADER);
        }
        text.push_str(&row(token, now));
        out.write_all(align(&text).as_bytes())
    }
}

/// A row before its columns are aligned. The widths that kubeadm gives three of them make rows line up
/// though each is aligned by itself.
fn row(token: &StoredToken, now: SystemTime) -> String {
    let (ttl, expires) = token.expiration().map_or_else(
        || ("<forever>".to_owned(), "<never>".to_owned()),
        |expiration| {
            let left = GoDuration::saturating(expiration.remaining_nanos(now));
            (left.short_human(), expiration.to_string())
        },
    );
    let or_none = |text: String| {
        if text.is_empty() {
            "<none>".to_owned()
        } else {
            text
        }
    };
    format!(
        "{}\t{ttl:<9}\t{expires}\t{:<22}\t{:<56}\t{}\n",
        token.token().expose(),
        or_none(token.usages().join(",")),
        or_none(token.description().to_owned()),
        or_none(token.groups().join(",")),
    )
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
        table.print(&stored(data), now, &mut out).unwrap();
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
