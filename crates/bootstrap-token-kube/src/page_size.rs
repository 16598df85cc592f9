use crate::page::Page;

/// How many tokens a page is asked for, and how long its reply is at a guess.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    tokens: u32,
    most: u32,
    expected: usize,
}

impl PageSize {
    /// The length of a token as kubeadm writes it: 600 bytes of protobuf, and a description.
    const TOKEN: usize = 700;

    pub(crate) fn new(most: u32) -> Self {
        // 0 would ask for everything at once.
        let most = most.max(1);
        Self {
            tokens: most,
            most,
            expected: (most as usize).saturating_mul(Self::TOKEN),
        }
    }

    pub(crate) fn tokens(self) -> u32 {
        self.tokens
    }

    /// The bytes of the reply. Room that is not used is wiped for nothing, and room that lacks is a copy.
    pub(crate) fn expected(self) -> usize {
        self.expected
    }

    /// Asks for fewer, after a page that was too long; `false` if there are no fewer.
    pub(crate) fn shrink(&mut self) -> bool {
        let was = self.tokens;
        self.tokens = (was / 8).max(1);
        self.tokens < was
    }

    /// Asks for more again, after a page: the next is as long, or a little longer.
    pub(crate) fn follow(&mut self, page: &Page) {
        self.expected = page.bytes().saturating_add(page.bytes() / 16);
        self.tokens = self.tokens.saturating_mul(2).min(self.most);
    }
}
