use core::convert::Infallible;
use core::fmt;

use rand::distr::{Distribution, Uniform};
use rand::rngs::SysRng;
use rand::{TryCryptoRng, TryRng};
use zeroize::{Zeroize, Zeroizing};

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
    /// The source failed, or gives the same again and again; nothing of what it gave is returned.
    pub fn generate_from<R: TryCryptoRng + ?Sized>(source: &mut R) -> Result<Self, GenerateError> {
        let mut pool = Pool::new(source);
        for _ in 0..MOST_DRAWS {
            let words = Zeroizing::new([half(&mut pool), half(&mut pool)]);
            if let Some(failure) = pool.failure.take() {
                return Err(GenerateError(failure));
            }
            let token = spelled(&words);
            // That both halves are the same happens once in 10^17 draws, or in each of a source that is stuck.
            if words[0] != words[1] && token.weakness().is_none() {
                return Ok(token);
            }
        }
        Err(GenerateError(STUCK.to_owned()))
    }
}

/// So many weak tokens in a row come of a source that is none: one in a million is.
const MOST_DRAWS: usize = 8;

/// So often is more asked of the source: that many words rejected come of a source that is none.
const MOST_REFILLS: usize = 32;

const STUCK: &str = "the source gives the same again and again";

/// As many as there are characters in the alphabet.
const BASE: u64 = 36;

/// Characters that one number spells: half of a token's.
const HALF: usize = 11;

/// As many numbers as spell so many characters: below the largest power of 36 that a `u64` holds, so that the sampler
/// rejects one word in 900.
const HALVES: u64 = BASE.pow(11);

const _: () = assert!(ALPHABET.len() == 36 && 2 * HALF == TokenId::LEN + TokenSecret::LEN);

/// Half a token, as a number.
fn half(pool: &mut impl rand::Rng) -> u64 {
    // The range is a constant and not empty, the one thing `Uniform::new` refuses; were it ever to be, the same number
    // would come out each time, and nothing would be generated.
    Uniform::new(0, HALVES).map_or(0, |numbers| numbers.sample(pool))
}

/// The token that two numbers spell, each character being a digit to the base of 36.
fn spelled(halves: &[u64; 2]) -> Token {
    let mut text = Zeroizing::new([0; 2 * HALF]);
    for (half, mut number) in text.chunks_exact_mut(HALF).zip(*halves) {
        for character in half {
            // A digit below 36 is a u8.
            *character = ALPHABET[u8::try_from(number % BASE).map_or(0, usize::from)];
            number /= BASE;
        }
    }
    let (id, secret) = text.split_at(TokenId::LEN);
    let mut token = ([0; TokenId::LEN], Zeroizing::new([0; TokenSecret::LEN]));
    token.0.copy_from_slice(id);
    token.1.copy_from_slice(secret);
    Token::new(
        TokenId::from_alphabet(token.0),
        TokenSecret::from_alphabet(*token.1),
    )
}

/// Two words, and two for those that the sampler rejects.
const POOL_LEN: usize = 4 * 8;

/// Bytes for `rand`'s samplers, which know no failure, from a source that may fail and is slow to ask: one
/// request serves a whole token. The first failure is kept and asked for after the draw. Wiped on drop.
struct Pool<'a, R: ?Sized> {
    source: &'a mut R,
    failure: Option<String>,
    words: [u8; POOL_LEN],
    used: usize,
    refills: usize,
}

impl<'a, R: ?Sized> Pool<'a, R> {
    fn new(source: &'a mut R) -> Self {
        Self {
            source,
            failure: None,
            words: [0; POOL_LEN],
            used: POOL_LEN,
            refills: 0,
        }
    }
}

impl<R: TryRng + ?Sized> TryRng for Pool<'_, R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut word = [0; 4];
        self.try_fill_bytes(&mut word)?;
        Ok(u32::from_le_bytes(word))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut word = [0; 8];
        self.try_fill_bytes(&mut word)?;
        Ok(u64::from_le_bytes(word))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        for byte in to {
            if self.used == POOL_LEN {
                self.refill();
            }
            *byte = self.words[self.used];
            self.used += 1;
        }
        Ok(())
    }
}

impl<R: TryRng + ?Sized> Pool<'_, R> {
    fn refill(&mut self) {
        self.used = 0;
        self.refills += 1;
        let failure = if self.refills > MOST_REFILLS {
            Some(STUCK.to_owned())
        } else {
            let filled = self.source.try_fill_bytes(&mut self.words);
            filled.err().map(|error| error.to_string())
        };
        if let Some(failure) = failure {
            self.failure.get_or_insert(failure);
            // The draw is thrown away, but it has to end: a sampler that rejects one value asks for the
            // next, so the values must differ.
            for (word, byte) in self.words.iter_mut().zip(0..) {
                *word = byte;
            }
        }
    }
}

impl<R: ?Sized> Drop for Pool<'_, R> {
    fn drop(&mut self) {
        self.words.zeroize();
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

    /// Fails after a number of requests, as an operating system might.
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
            Err(Empty)
        }

        fn try_next_u64(&mut self) -> Result<u64, Empty> {
            Err(Empty)
        }

        /// Zeros, which the sampler rejects, so that it asks until the source fails.
        fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Empty> {
            self.0 = self.0.checked_sub(1).ok_or(Empty)?;
            to.fill(0);
            Ok(())
        }
    }

    impl TryCryptoRng for Dry {}

    #[test]
    fn a_failing_source_yields_an_error_and_no_token() {
        for requests in [0, 1, 5] {
            let error = Token::generate_from(&mut Dry(requests)).unwrap_err();
            assert_eq!(
                error.to_string(),
                "no randomness to draw a token from: the well is dry"
            );
        }
    }

    /// Gives this byte for ever.
    struct Stuck(u8);

    impl TryRng for Stuck {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(u32::from_ne_bytes([self.0; 4]))
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(u64::from_ne_bytes([self.0; 8]))
        }

        fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
            to.fill(self.0);
            Ok(())
        }
    }

    impl TryCryptoRng for Stuck {}

    #[test]
    fn a_source_that_is_stuck_yields_an_error_in_the_end() {
        for byte in [0, 1, 0x7f, 0xff] {
            let error = Token::generate_from(&mut Stuck(byte)).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("no randomness to draw a token from: {STUCK}"),
                "{byte}"
            );
        }
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
