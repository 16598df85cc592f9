//! Go's `text/tabwriter` with kubeadm's arguments: cells at least 10 wide, padding 3, spaces, left-aligned, no flags.

use memchr::{memchr2, memchr2_iter};

const MIN_WIDTH: usize = 10;
const PADDING: usize = 3;

/// Aligns the cells of `text` alone: kubeadm flushes after each token.
///
/// A cell ends at a tab or a vertical tab. Text after the last of them in a line belongs to no column. Adjacent lines
/// that have a cell in a column share its width, which counts characters.
pub(super) fn align(text: &str, out: &mut String) {
    // A single row, as in nearly every call: no other row changes its columns.
    if let [row @ .., b'\n'] = text.as_bytes()
        && memchr2(b'\n', b'\x0c', row).is_none()
    {
        let mut start = 0;
        for end in memchr2_iter(b'\t', b'\x0b', row) {
            pad(&text[start..end], MIN_WIDTH, out);
            start = end + 1;
        }
        out.push_str(&text[start..]);
        return;
    }
    // A form feed ends a line and all columns above it.
    for block in text.split_inclusive('\x0c') {
        Columns::of(block).print(block, out);
    }
}

/// Appends a cell, padded to `width`.
fn pad(cell: &str, width: usize, out: &mut String) {
    let length = cell.chars().count();
    out.push_str(cell);
    spaces(width.max(length + PADDING) - length, out);
}

/// Appends `count` spaces.
pub(super) fn spaces(mut count: usize, out: &mut String) {
    const SPACES: &str = "                                                                ";
    while count > 0 {
        let some = count.min(SPACES.len());
        out.push_str(&SPACES[..some]);
        count -= some;
    }
}

fn lines(block: &str) -> impl Iterator<Item = &str> {
    block.split(['\n', '\x0c'])
}

/// Returns the cells of a line, without the text after the last tab.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split_inclusive(['\t', '\x0b'])
        .filter_map(|cell| cell.strip_suffix(['\t', '\x0b']))
}

/// Returns the text after the last tab of a line.
fn rest(line: &str) -> &str {
    line.rfind(['\t', '\x0b'])
        .map_or(line, |at| &line[at + 1..])
}

/// Limit of padding: aligned cells may take this many bytes for each byte of theirs, and [`MOST_ANYWAY`] more. Without
/// it, one wide cell above many lines would take gigabytes.
const MOST: usize = 16;
const MOST_ANYWAY: usize = 1 << 16;

/// The columns of adjacent lines. A column ends at the first line without a cell in it.
struct Columns {
    /// The width of each column, in the order in which they begin.
    widths: Vec<usize>,
    /// The column of each cell, in the order of the text.
    of_cell: Vec<usize>,
    /// The length of all cells, including the tabs after them.
    bytes: usize,
}

impl Columns {
    /// Visits each cell once, whatever the number of columns: a description may have a million.
    fn of(block: &str) -> Self {
        let (mut widths, mut of_cell, mut bytes) = (Vec::new(), Vec::new(), 0);
        // Columns of the line above.
        let mut open: Vec<usize> = Vec::new();
        for line in lines(block) {
            let mut count = 0;
            for cell in cells(line) {
                if count == open.len() {
                    open.push(widths.len());
                    widths.push(MIN_WIDTH);
                }
                let column = open[count];
                widths[column] = widths[column].max(cell.chars().count() + PADDING);
                of_cell.push(column);
                bytes += cell.len() + 1;
                count += 1;
            }
            open.truncate(count);
        }
        Self {
            widths,
            of_cell,
            bytes,
        }
    }

    fn print(&self, block: &str, out: &mut String) {
        let padded = self.of_cell.iter().map(|column| self.widths[*column]);
        let padded = padded.fold(0, usize::saturating_add);
        let is_aligned = padded <= MOST_ANYWAY + MOST * self.bytes;
        let mut of_cell = self.of_cell.iter();
        for (number, line) in lines(block).enumerate() {
            if number > 0 {
                out.push('\n');
            }
            for (cell, column) in cells(line).zip(&mut of_cell) {
                let width = if is_aligned {
                    self.widths[*column]
                } else {
                    MIN_WIDTH
                };
                pad(cell, width, out);
            }
            out.push_str(rest(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::align;

    #[test]
    fn columns_end_where_go_ends_them() {
        for (text, aligned) in [
            ("", ""),
            ("a\n", "a\n"),
            ("a\tb\n", "a         b\n"),
            ("a\tb\t\n", "a         b         \n"),
            ("1234567\tb\n", "1234567   b\n"),
            ("12345678\tb\n", "12345678   b\n"),
            ("é漢🦀\tb\n", "é漢🦀       b\n"),
            ("12345678\tb\nx\ty\n", "12345678   b\nx          y\n"),
            // a line with fewer cells ends the column
            ("12345678\tb\nx\nx\ty\n", "12345678   b\nx\nx         y\n"),
            ("a\t\tb\n", "a                   b\n"),
            ("a\x0b1\n", "a         1\n"),
            ("12345678\tb\x0cx\ty\n", "12345678   b\nx         y\n"),
        ] {
            let mut out = String::new();
            align(text, &mut out);
            assert_eq!(out, aligned, "{text:?}");
        }
    }

    fn aligned(text: &str) -> String {
        let mut out = String::new();
        align(text, &mut out);
        out
    }

    #[test]
    fn a_million_columns_and_a_million_lines() {
        let tabs = "\t".repeat(1 << 20);
        let padded = " ".repeat(10 << 20);
        assert!(aligned(&format!("{tabs}\n")) == format!("{padded}\n"));
        assert!(aligned(&format!("a\n{tabs}\n")) == format!("a\n{padded}\n"));
        let lines = "\t\n".repeat(1 << 19);
        assert!(aligned(&lines) == "          \n".repeat(1 << 19));
        let steps: String = (0..1000).map(|n| "\t".repeat(n) + "\n").collect();
        let padded: String = (0..1000).map(|n| " ".repeat(10 * n) + "\n").collect();
        assert!(aligned(&steps) == padded);
    }

    #[test]
    fn one_wide_cell_does_not_widen_a_million_lines() {
        let wide = "a".repeat(1 << 19);
        let text = format!("{wide}\t\n{}", "b\t\n".repeat(1 << 17));
        let as_if_alone = format!("{wide}   \n{}", "b         \n".repeat(1 << 17));
        assert!(aligned(&text) == as_if_alone);
        // Up to this limit they are as wide as in Go.
        let text = format!("{}\t\n{}", "a".repeat(97), "b\t\n".repeat(9));
        let first = "a".repeat(97) + "   \n";
        let others = format!("b{}\n", " ".repeat(99)).repeat(9);
        assert!(aligned(&text) == first + &others);
    }
}
