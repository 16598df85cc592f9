//! Go's `text/tabwriter` with the arguments that kubeadm gives it: cells at least 10 wide, 3 of padding,
//! spaces, left-aligned, no flags.

const MIN_WIDTH: usize = 10;
const PADDING: usize = 3;

/// Aligns the cells of `text` and of nothing else: kubeadm flushes after each token.
///
/// A cell ends at a tab or a vertical tab; what follows the last of them in a line is no cell of any
/// column. Adjacent lines that have a cell in a column share its width, which counts characters.
pub(super) fn align(text: &str, out: &mut String) {
    // A row by itself, which is nearly every call, needs no looking at others.
    let bytes = text.as_bytes();
    if let [row @ .., b'\n'] = bytes
        && !row.iter().any(|b| matches!(b, b'\n' | b'\x0c'))
    {
        let mut start = 0;
        for end in (0..row.len()).filter(|at| matches!(row[*at], b'\t' | b'\x0b')) {
            let cell = &text[start..end];
            pad(cell, MIN_WIDTH.max(cell.chars().count() + PADDING), out);
            start = end + 1;
        }
        out.push_str(&text[start..]);
        return;
    }
    // A form feed ends a line and all the columns before it.
    for block in text.split_inclusive('\x0c') {
        let lines: Vec<Line<'_>> = block.split(['\n', '\x0c']).map(Line::new).collect();
        // A line without any cell ends all columns too, which comes to the same: it is in none.
        format(&lines, out);
    }
}

fn pad(cell: &str, width: usize, out: &mut String) {
    out.push_str(cell);
    spaces(width - cell.chars().count(), out);
}

/// Appends as many spaces.
pub(super) fn spaces(mut count: usize, out: &mut String) {
    const SPACES: &str = "                                                                ";
    while count > 0 {
        let some = count.min(SPACES.len());
        out.push_str(&SPACES[..some]);
        count -= some;
    }
}

struct Line<'a> {
    cells: Vec<&'a str>,
}

impl<'a> Line<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            cells: text.split(['\t', '\x0b']).collect(),
        }
    }

    fn has(&self, column: usize) -> bool {
        column + 1 < self.cells.len()
    }
}

/// Prints lines, the columns of each as wide as its neighbours ask for. The last line has no line break
/// behind it.
fn format(lines: &[Line<'_>], out: &mut String) {
    let last = lines.len() - 1;
    let mut widths = Vec::with_capacity(lines.len());
    lay_out(lines, 0, &mut Vec::new(), &mut widths);
    for (number, (line, widths)) in lines.iter().zip(&widths).enumerate() {
        for (column, cell) in line.cells.iter().enumerate() {
            match widths.get(column) {
                Some(&width) => pad(cell, width, out),
                None => out.push_str(cell),
            }
        }
        if number != last {
            out.push('\n');
        }
    }
}

/// The widths of each line's columns, from `column` on.
fn lay_out(lines: &[Line<'_>], column: usize, widths: &mut Vec<usize>, to: &mut Vec<Vec<usize>>) {
    let mut rest = lines;
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|line| line.has(column)).count();
        if !first.has(column) {
            to.push(widths.clone());
            rest = &rest[1..];
            continue;
        }
        let (block, after) = rest.split_at(length);
        let width = block
            .iter()
            .map(|line| line.cells[column].chars().count() + PADDING)
            .fold(MIN_WIDTH, usize::max);
        widths.push(width);
        lay_out(block, column + 1, widths, to);
        widths.pop();
        rest = after;
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
}
