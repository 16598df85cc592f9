//! Is this secret one that a stranger could guess?

use core::fmt;

use crate::alphabet::ALPHABET;
use crate::{Token, TokenSecret};

/// Secrets that stand in public documents, templates and blog posts, so everybody's first guess.
const PUBLIC_EXAMPLES: &[&str] = &[
    "0123456789abcdef", // kubeadm's own templates and generated defaults
    "f395accd246ae52d", // kubernetes.io, bootstrap tokens
    "d09sbcov8ph2amjw", // kubernetes.io, creating a cluster
    "9r9hcjoqgajrj4gi", // kubernetes.io, kubeadm join
    "3f89s0fje9f38fhf", // kubernetes.io, kubeadm init with configuration
    "c0izixklcxtmnze7", // kubeadm's sample configurations
    "1234567890abcdef",
    "1234567890123456",
    "abcdefghijklmnop",
    "abcdef0123456789",
    "abcdef1234567890",
    "0123456789012345",
];

/// Fewer kinds of characters than this are drawn once in two million.
const FEWEST_DISTINCT: usize = 7;

/// A run of neighbours this long is drawn once in two million.
const SHORTEST_WEAK_RUN: usize = 6;

/// Why a token is easy to guess.
///
/// Says nothing of a token that only looks random: a strong answer is no proof of strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Weakness {
    /// The secret stands in public documentation.
    PublicExample,
    /// The secret is one block, repeated.
    Repetition {
        /// Characters in the block.
        block: usize,
    },
    /// A long part of the secret counts up, counts down or stays the same.
    Sequence {
        /// Characters in that part.
        length: usize,
    },
    /// The secret has few different characters.
    FewCharacters {
        /// How many.
        distinct: usize,
    },
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Weakness::PublicExample => {
                f.write_str("its secret is an example from public documentation")
            }
            Weakness::Repetition { block: 1 } => {
                f.write_str("its secret is one character, repeated")
            }
            Weakness::Repetition { block } => {
                write!(f, "its secret is a block of {block} characters, repeated")
            }
            Weakness::Sequence { length } => write!(
                f,
                "{length} characters in a row of its secret are a simple sequence"
            ),
            Weakness::FewCharacters { distinct } => {
                write!(f, "its secret has only {distinct} different characters")
            }
        }
    }
}

impl Token {
    /// Why this token is easy to guess, if it is; see [`TokenSecret::weakness`].
    ///
    /// ```
    /// use bootstrap_token::{Token, Weakness};
    ///
    /// let token: Token = "abcdef.0123456789abcdef".parse()?;
    /// assert_eq!(token.weakness(), Some(Weakness::PublicExample));
    /// # Ok::<_, bootstrap_token::ParseTokenError>(())
    /// ```
    pub fn weakness(&self) -> Option<Weakness> {
        self.secret().weakness()
    }
}

impl TokenSecret {
    /// Why this secret is easy to guess, if it is: the first that holds of a public example, a repeated
    /// block, a long sequence, few different characters. A random secret is called weak about once in a
    /// million.
    pub fn weakness(&self) -> Option<Weakness> {
        let text = self.bytes();
        if PUBLIC_EXAMPLES.contains(&self.expose()) {
            return Some(Weakness::PublicExample);
        }
        if let Some(block) = (1..=Self::LEN / 2).find(|n| text[*n..] == text[..Self::LEN - n]) {
            return Some(Weakness::Repetition { block });
        }
        let length = longest_run(text);
        if length >= SHORTEST_WEAK_RUN {
            return Some(Weakness::Sequence { length });
        }
        let distinct = ALPHABET.iter().filter(|a| text.contains(a)).count();
        (distinct < FEWEST_DISTINCT).then_some(Weakness::FewCharacters { distinct })
    }
}

/// The longest part in which each character follows the one before by the same step of -1, 0 or 1, letters
/// among letters and digits among digits, `9` and `a` being neighbours as in hexadecimal.
fn longest_run(text: &[u8]) -> usize {
    let mut longest = 1;
    for step in [-1, 0, 1] {
        let mut length = 1;
        for pair in text.windows(2) {
            length = if rank(pair[1]) - rank(pair[0]) == step {
                length + 1
            } else {
                1
            };
            longest = longest.max(length);
        }
    }
    longest
}

fn rank(byte: u8) -> i16 {
    match byte {
        b'0'..=b'9' => i16::from(byte - b'0'),
        _ => 10 + i16::from(byte) - i16::from(b'a'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn judged(secret: &str, weakness: Option<Weakness>, says: &str) {
        let found = secret.parse::<TokenSecret>().unwrap().weakness();
        assert_eq!(found, weakness);
        assert_eq!(found.map(|w| w.to_string()).unwrap_or_default(), says);
    }

    #[test]
    fn each_weakness_says_why() {
        judged(
            "0123456789abcdef",
            Some(Weakness::PublicExample),
            "its secret is an example from public documentation",
        );
        judged(
            "zzzzzzzzzzzzzzzz",
            Some(Weakness::Repetition { block: 1 }),
            "its secret is one character, repeated",
        );
        judged(
            "k3s9k3s9k3s9k3s9",
            Some(Weakness::Repetition { block: 4 }),
            "its secret is a block of 4 characters, repeated",
        );
        judged(
            "k3tk3tk3tk3tk3tk",
            Some(Weakness::Repetition { block: 3 }),
            "its secret is a block of 3 characters, repeated",
        );
        judged(
            "x7fedcba9qm2w5tu",
            Some(Weakness::Sequence { length: 7 }),
            "7 characters in a row of its secret are a simple sequence",
        );
        judged(
            "q0q7m0m7q7m0q0m7",
            Some(Weakness::FewCharacters { distinct: 4 }),
            "its secret has only 4 different characters",
        );
    }

    #[test]
    fn the_edges_of_each_rule() {
        judged("ab12cd3e4f56gh78", None, "");
        // five in a row pass, six do not
        judged("x12345kq9m2w7tuz", None, "");
        judged(
            "x123456q9m2w7tuz",
            Some(Weakness::Sequence { length: 6 }),
            "6 characters in a row of its secret are a simple sequence",
        );
        // seven different characters pass, six do not
        judged("a1b2c3d1a2b3c1d2", None, "");
        judged(
            "a1b2c3a2b1c3a3b2",
            Some(Weakness::FewCharacters { distinct: 6 }),
            "its secret has only 6 different characters",
        );
        // `z` and `0` are not neighbours
        judged("vwxyz0123kqm7w5t", None, "");
    }

    #[test]
    fn every_public_example_is_a_secret() {
        for example in PUBLIC_EXAMPLES {
            example.parse::<TokenSecret>().unwrap();
        }
    }
}
