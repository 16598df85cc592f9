use core::convert::Infallible;
use core::fmt;

use rand::distr::{Distribution, Uniform};
use rand::rngs::SysRng;
use rand::{TryCryptoRng, TryRng};

use crate::alphabet::ALPHABET;
use crate::{Token, TokenId, TokenSecret};

impl Token {
    /// Draws a token from the operating system's randomness, each character uniformly from `[a-z0-9]`.
    ///
    /// ```
    /// let token = bootstrap_token::Token::generate()?;
    /// assert!(bootstrap_token::Token::is_valid(&token.expose()));
    /// # Ok::<_, bootstrap_token::GenerateError>(())
    /// ```
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn generate() -> Result<Self, GenerateError> {
        Self::generate_from(&mut SysRng)
    }

    /// Draws a token from a source of the caller's.
    ///
    /// A draw that [`weakness`](Self::weakness) would complain of (about one in a million) is drawn
    /// again, so what is generated here is never called weak elsewhere.
    ///
    /// # Errors
    /// The source failed; nothing of what it gave is returned.
    pub fn generate_from<R: TryCryptoRng + ?Sized>(source: &mut R) -> Result<Self, GenerateError> {
        let mut source = Latch {
            source,
            failure: None,
            filler: 0,
        };
        loop {
            let token = Token::new(
                TokenId::from_alphabet(draw(&mut source)),
                TokenSecret::from_alphabet(draw(&mut source)),
            );
            if let Some(failure) = source.failure {
                return Err(GenerateError(failure));
            }
            if token.weakness().is_none() {
                return Ok(token);
            }
        }
    }
}

fn draw<const N: usize>(source: &mut impl rand::Rng) -> [u8; N] {
    // The range is a constant and not empty, the one thing `Uniform::new` refuses; were it ever to be,
    // characters of index 0 would come out, and the tests below fail.
    let Ok(index) = Uniform::new(0, ALPHABET.len()) else {
        return [ALPHABET[0]; N];
    };
    core::array::from_fn(|_| ALPHABET[index.sample(source)])
}

/// Lets `rand`'s samplers, which know no failure, draw from a source that may fail: the first failure is
/// kept and asked for after the draw.
struct Latch<'a, R: ?Sized> {
    source: &'a mut R,
    failure: Option<String>,
    /// What is handed out after a failure. It changes each time, since a sampler that rejects a value
    /// asks again; the draw is thrown away.
    filler: u32,
}

impl<R: TryRng + ?Sized> Latch<'_, R> {
    fn keep<T>(&mut self, drawn: Result<T, R::Error>) -> Option<T> {
        drawn
            .map_err(|error| self.failure.get_or_insert_with(|| error.to_string()))
            .ok()
    }

    fn filler(&mut self) -> u32 {
        self.filler = self.filler.wrapping_add(0x9E37_79B9); // odd, so it passes through every value
        self.filler
    }
}

impl<R: TryRng + ?Sized> TryRng for Latch<'_, R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let drawn = self.source.try_next_u32();
        Ok(self.keep(drawn).unwrap_or_else(|| self.filler()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let drawn = self.source.try_next_u64();
        Ok(self
            .keep(drawn)
            .unwrap_or_else(|| u64::from(self.filler()) << 32 | u64::from(self.filler())))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        let drawn = self.source.try_fill_bytes(to);
        if self.keep(drawn).is_none() {
            to.fill_with(|| self.filler().to_be_bytes()[0]);
        }
        Ok(())
    }
}

/// The source of randomness failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerateError(String);

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no randomness to draw a token from: {}", self.0)
    }
}

impl std::error::Error for GenerateError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails after a number of words, as an operating system might.
    struct Dry(u32);

    #[derive(Debug)]
    struct Empty;

    impl fmt::Display for Empty {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the well is dry")
        }
    }

    impl core::error::Error for Empty {}

    impl TryRng for Dry {
        type Error = Empty;
        fn try_next_u32(&mut self) -> Result<u32, Empty> {
            self.0 = self.0.checked_sub(1).ok_or(Empty)?;
            Ok(self.0.wrapping_mul(0x9E37_79B9))
        }
        fn try_next_u64(&mut self) -> Result<u64, Empty> {
            self.try_next_u32()
                .map(|word| u64::from(word) << 32 | u64::from(word))
        }
        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Empty> {
            Err(Empty)
        }
    }

    impl TryCryptoRng for Dry {}

    #[test]
    fn a_failing_source_yields_an_error_and_no_token() {
        for words in [0, 1, 5, 21] {
            let error = Token::generate_from(&mut Dry(words)).unwrap_err();
            assert_eq!(
                error.to_string(),
                "no randomness to draw a token from: the well is dry"
            );
        }
        assert!(Token::generate_from(&mut Dry(10_000)).is_ok());
    }

    #[test]
    fn every_character_is_equally_likely() {
        // Pearson's chi-squared over 36 cells (35 degrees of freedom): the 1 - 1e-9 quantile is 100.6.
        let draws = 5_000;
        let mut seen = [0_u32; 36];
        for _ in 0..draws {
            for byte in Token::generate()
                .unwrap()
                .expose()
                .bytes()
                .filter(|b| *b != b'.')
            {
                seen[ALPHABET.iter().position(|a| *a == byte).unwrap()] += 1;
            }
        }
        let expected = f64::from(draws) * 22.0 / 36.0;
        let chi: f64 = seen
            .iter()
            .map(|n| (f64::from(*n) - expected).powi(2) / expected)
            .sum();
        assert!(chi < 100.6, "chi-squared {chi} over {seen:?}");
    }
}
