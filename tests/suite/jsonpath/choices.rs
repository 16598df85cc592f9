//! Generators that make one choice after the other. Fewer and smaller choices make a smaller input, so that
//! whatever differs is shrunk by proptest with no more said.

use proptest::collection::vec;
use proptest::prelude::*;

pub(crate) struct Choices(std::vec::IntoIter<u16>);

impl Choices {
    /// A number below that; 0 when the choices are used up.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % end.max(1)
    }

    /// True so often in a hundred, and false at the end.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Up to so many.
    pub(crate) fn several<T>(
        &mut self,
        most: usize,
        mut one: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| one(self)).collect()
    }

    pub(crate) fn number(&mut self) -> u64 {
        (0..4).fold(0, |number, _| number << 16 | self.below(1 << 16) as u64)
    }
}

pub(crate) fn made<T: std::fmt::Debug>(by: impl Fn(&mut Choices) -> T) -> impl Strategy<Value = T> {
    vec(any::<u16>(), 0..160).prop_map(move |choices| by(&mut Choices(choices.into_iter())))
}
