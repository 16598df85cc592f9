//! A position in a template, and the start of the current piece.

pub(super) struct Cursor<'t> {
    text: &'t str,
    start: usize,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            start: 0,
            at: 0,
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Returns the byte before the last character read.
    pub(super) fn byte_before_last(&self, last: char) -> Option<u8> {
        let before = self.at.checked_sub(last.len_utf8() + 1)?;
        self.text.as_bytes().get(before).copied()
    }

    /// Skips `prefix`, if it is there, and starts a new piece.
    pub(super) fn skip(&mut self, prefix: &str) -> bool {
        let there = self.rest().starts_with(prefix);
        if there {
            self.at += prefix.len();
            self.start = self.at;
        }
        there
    }

    /// Returns the text since the last piece.
    pub(super) fn take(&mut self) -> &'t str {
        let taken = &self.text[self.start..self.at];
        self.start = self.at;
        taken
    }

    /// Returns the text before the next `end`, or all of it.
    pub(super) fn take_until(&mut self, end: char) -> &'t str {
        self.at += self.rest().find(end).unwrap_or(self.rest().len());
        self.take()
    }
}
