//! kubeadm's table.

use std::fmt::Write as _;
use std::time::SystemTime;

use bootstrap_token_kube::Escaped;
use bootstrap_token_secret::Defect;
use zeroize::Zeroizing;

use super::Options;
use super::column_writer::{align, spaces};
use super::redaction::ShownToken;
use super::ttl::Ttl;
use crate::output::{Output, OutputError};

const HEADER: &str = "TOKEN\tTTL\tEXPIRES\tUSAGES\tDESCRIPTION\tEXTRA GROUPS";

/// Width of this column. A wider cell shifts the cells after it.
const TTL_WIDTH: usize = 9;
const USAGES_WIDTH: usize = 22;
const DESCRIPTION_WIDTH: usize = 56;
/// Width of this column in the wide table. In kubeadm's it is the last.
const GROUPS_WIDTH: usize = 47;
/// As wide as a time, for the wide table. kubeadm does not pad it.
const NEVER_WIDE: &str = "<never>             ";

/// Prints the header before the first token, and none if there are no tokens.
#[derive(Default)]
pub(crate) struct Table {
    has_header: bool,
    is_wide: bool,
    colour: bool,
    /// Reused for each token, for its memory.
    cells: Zeroizing<String>,
    aligned: Zeroizing<String>,
}

impl Table {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            has_header: !options.headers,
            colour: options.colour,
            ..Self::default()
        }
    }

    /// Adds our own last column: why a token cannot be used.
    pub(super) fn wide(self) -> Self {
        Self {
            is_wide: true,
            ..self
        }
    }

    pub(super) fn print(
        &mut self,
        token: &ShownToken<'_>,
        defects: &dyn Fn() -> Vec<Defect>,
        now: SystemTime,
        out: &mut Output<'_>,
    ) -> Result<(), OutputError> {
        self.cells.clear();
        self.aligned.clear();
        if !std::mem::replace(&mut self.has_header, true) {
            self.cells.push_str(HEADER);
            self.cells
                .push_str(if self.is_wide { "\tDEFECTS\n" } else { "\n" });
        }
        let ttl = Ttl::of(token.expiration(), now);
        let cells = &mut self.cells;
        let never = if self.is_wide { NEVER_WIDE } else { "<never>" };
        row(token, &ttl.text, never, cells);
        if self.is_wide {
            list(token.groups(), GROUPS_WIDTH, cells);
            cells.push('\t');
            cell(&told(token, &defects()), 0, cells);
        } else {
            list(token.groups(), 0, cells);
        }
        cells.push('\n');
        align(&self.cells, &mut self.aligned);
        if self.colour {
            ttl.colour(token.token(), &mut self.aligned);
        }
        out.print(&self.aligned)
    }
}

/// Writes a row up to its groups, unaligned. kubeadm gives three columns fixed widths, so that rows line up although
/// each is aligned alone.
fn row(token: &ShownToken<'_>, ttl: &str, never: &str, cells: &mut String) {
    cells.push_str(token.token());
    cells.push('\t');
    cell(ttl, TTL_WIDTH, cells);
    cells.push('\t');
    match token.expiration() {
        None => cells.push_str(never),
        // Writing to a String does not fail.
        Some(expiration) => drop(write!(cells, "{expiration}")),
    }
    cells.push('\t');
    list(token.usages(), USAGES_WIDTH, cells);
    cells.push('\t');
    cell(token.description(), DESCRIPTION_WIDTH, cells);
    cells.push('\t');
}

/// Describes why a token cannot be used, or what it is for if it is not meant to be used.
fn told(token: &ShownToken<'_>, defects: &[Defect]) -> String {
    let is_timer = token.is_timer_of_certificates();
    let is_meant = |defect: &&Defect| is_timer && matches!(defect, Defect::LacksUsage { .. });
    let others = defects.iter().filter(|defect| !is_meant(defect));
    let timer = is_timer.then(|| {
        "it is not for joining: the Secret kubeadm-certs is deleted when it expires".to_owned()
    });
    let others = others.map(|defect| Escaped(defect).to_string());
    timer
        .into_iter()
        .chain(others)
        .collect::<Vec<_>>()
        .join("; ")
}

fn cell(text: &str, width: usize, cells: &mut String) {
    let text = if text.is_empty() { "<none>" } else { text };
    cells.push_str(text);
    spaces(width.saturating_sub(text.chars().count()), cells);
}

/// Writes a cell of texts separated by commas, without allocating.
fn list(texts: &[String], width: usize, cells: &mut String) {
    let start = cells.len();
    for (at, text) in texts.iter().enumerate() {
        cells.push_str(if at > 0 { "," } else { "" });
        cells.push_str(text);
    }
    if cells.len() == start {
        return cell("", width, cells);
    }
    spaces(width.saturating_sub(cells[start..].chars().count()), cells);
}

#[cfg(test)]
mod tests {
    use super::super::samples::stored;
    use super::*;
    use std::time::Duration;

    fn options() -> Options {
        Options {
            allow_missing_template_keys: true,
            headers: true,
            redact: false,
            colour: false,
        }
    }

    #[track_caller]
    fn prints(table: &mut Table, data: &[(&str, &str)], expected: &str) {
        // 2026-11-25T00:00:00Z
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_564_800);
        let defects = || {
            let found = "k0s".to_owned();
            vec![Defect::BeingDeleted, Defect::WrongType { found }]
        };
        let mut bytes = Vec::new();
        let mut out = Output::new(&mut bytes, false);
        table
            .print(&ShownToken::whole(&stored(data)), &defects, now, &mut out)
            .unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn the_header_once_and_each_row_by_itself() {
        let mut table = Table::new(&options());
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
    #[test]
    fn the_wide_table_tells_what_is_wrong() {
        let mut table = Table::new(&Options {
            headers: false,
            ..options()
        })
        .wide();
        prints(
            &mut table,
            &[("auth-extra-groups", "x")],
            "abcdef.f395accd246ae52d   <forever>   <never>                <none>                   <none>                                                     x                                                 it is being deleted and waits for a finalizer; its type is \"k0s\" instead of \"bootstrap.kubernetes.io/token\"\n",
        );
    }

    /// This token has no usages on purpose.
    #[test]
    fn the_token_of_the_uploaded_certificates_is_told_as_what_it_is() {
        use bootstrap_token_secret::Usage;

        let lacks = |usage| Defect::LacksUsage {
            usage,
            present: false,
        };
        let defects = [
            lacks(Usage::Signing),
            lacks(Usage::Authentication),
            Defect::BeingDeleted,
        ];
        let of = |description| {
            let stored = stored(&[("description", description)]);
            told(&ShownToken::whole(&stored), &defects)
        };
        assert_eq!(
            of("Proxy for managing TTL for the kubeadm-certs secret"),
            "it is not for joining: the Secret kubeadm-certs is deleted when it expires; it is being deleted and waits for a finalizer"
        );
        assert_eq!(of("another").matches("; ").count(), 2);
    }

    #[test]
    fn what_asks_for_attention_is_coloured_and_nothing_else() {
        let mut table = Table::new(&Options {
            headers: false,
            colour: true,
            ..options()
        });
        for (expiration, ttl) in [
            ("", "\x1b[33m<forever>\x1b[0m   <never>   "),
            (
                "2026-11-25T00:00:00Z",
                "\x1b[31m0s\x1b[0m          2026-11-25T00:00:00Z   ",
            ),
            (
                "2026-11-24T00:00:00Z",
                "\x1b[31m<invalid>\x1b[0m   2026-11-24T00:00:00Z   ",
            ),
            (
                "2026-11-25T00:59:59Z",
                "\x1b[33m59m\x1b[0m         2026-11-25T00:59:59Z   ",
            ),
            (
                "2026-11-25T01:00:00Z",
                "1h          2026-11-25T01:00:00Z   ",
            ),
        ] {
            prints(
                &mut table,
                &[("expiration", expiration)],
                &format!(
                    "abcdef.f395accd246ae52d   {ttl}<none>                   <none>                                                     <none>\n"
                ),
            );
        }
    }
}
