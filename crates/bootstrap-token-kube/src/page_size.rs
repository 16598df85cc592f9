use crate::page::Page;

/// The number of tokens to request in a page, and the estimated length of the reply.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    tokens: u32,
    most: u32,
    expected: usize,
}

impl PageSize {
    /// The length of a token written by kubeadm: 600 bytes of protobuf and a description.
    const TOKEN: usize = 700;

    pub(crate) fn new(most: u32) -> Self {
        // 0 would request everything at once.
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

    /// Returns the estimated bytes of the reply. Too much is wiped in vain, too little costs a copy.
    pub(crate) fn expected(self) -> usize {
        self.expected
    }

    /// Requests fewer tokens after a page that was too long. Returns `false` if it cannot.
    pub(crate) fn shrink(&mut self) -> bool {
        let was = self.tokens;
        self.ask_for((was / 8).max(1));
        self.tokens < was
    }

    /// Grows the page again, assuming that the next tokens are as long as these or a little longer.
    pub(crate) fn adapt_to(&mut self, page: &Page) {
        self.adapt_to_bytes(page.bytes());
    }

    fn adapt_to_bytes(&mut self, bytes: usize) {
        self.expected = bytes.saturating_add(bytes / 16);
        self.ask_for(self.tokens.saturating_mul(2).min(self.most));
    }

    /// Scales the estimate with the number of tokens.
    fn ask_for(&mut self, tokens: u32) {
        // Both are at least 1.
        let scaled = self.expected.saturating_mul(tokens as usize) / self.tokens as usize;
        self.expected = scaled;
        self.tokens = tokens;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_scales_with_the_tokens() {
        const TOKEN: usize = PageSize::TOKEN;

        let mut size = PageSize::new(2500);
        assert_eq!((size.tokens(), size.expected()), (2500, 2500 * TOKEN));
        assert!(size.shrink());
        assert_eq!((size.tokens(), size.expected()), (312, 312 * TOKEN));
        size.adapt_to_bytes(312 * 1600);
        assert_eq!((size.tokens(), size.expected()), (624, 624 * 1700));
        for _ in 0..4 {
            size.adapt_to_bytes(size.tokens() as usize * 1600);
        }
        assert_eq!((size.tokens(), size.expected()), (2500, 2500 * 1700));

        let mut one = PageSize::new(1);
        assert!(!one.shrink());
        assert_eq!((one.tokens(), one.expected()), (1, TOKEN));
        one.adapt_to_bytes(usize::MAX);
        assert_eq!((one.tokens(), one.expected()), (1, usize::MAX));
    }
}
