//! Reads foreign input up to a size limit, and wipes it, since it may hold a secret.

use std::io::{self, ErrorKind, Read};

use zeroize::Zeroizing;

/// Size of the first buffer, enough for most files.
const MOSTLY: usize = 64 << 10;

/// Reads everything. `None` if it is longer than `longest`. Leaves no copy behind.
pub(crate) fn read(from: &mut dyn Read, longest: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut all = Zeroizing::new(vec![0; MOSTLY.min(longest + 1)]);
    let mut length = 0;
    loop {
        length += fill(from, &mut all[length..], usize::MAX)?;
        if length > longest {
            return Ok(None);
        }
        if length < all.len() {
            all.truncate(length);
            return Ok(Some(all));
        }
        // Growing a Vec would leave a copy of its content behind.
        let mut larger = Zeroizing::new(vec![0; (2 * length).min(longest + 1)]);
        larger[..length].copy_from_slice(&all);
        all = larger;
    }
}

/// Fills a buffer from its beginning until it is full, holds `enough`, or the input ends. Returns the length.
pub(crate) fn fill(from: &mut dyn Read, into: &mut [u8], enough: usize) -> io::Result<usize> {
    let mut length = 0;
    while length < into.len().min(enough) {
        match from.read(&mut into[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_up_to_the_longest_and_no_more() {
        for longest in [0, 1, MOSTLY - 1, MOSTLY, 5 * MOSTLY + 1] {
            for length in [0, 1, longest, longest + 1] {
                let content: Vec<u8> = (0..=255).cycle().take(length).collect();
                let read = read(&mut &content[..], longest).unwrap();
                let expected = (length <= longest).then_some(content);
                assert!(
                    read.as_deref() == expected.as_ref(),
                    "{length} of {longest}"
                );
            }
        }
        assert!(read(&mut io::repeat(7), 3 * MOSTLY).unwrap().is_none());
    }

    /// Yields one byte a call, each after a signal, and then fails.
    struct Slow(u8);

    impl Read for Slow {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 | 3 => Err(ErrorKind::Interrupted.into()),
                2 | 4 => {
                    into[0] = self.0;
                    Ok(1)
                }
                _ => Err(ErrorKind::BrokenPipe.into()),
            }
        }
    }

    #[test]
    fn no_more_is_waited_for_than_is_enough() {
        let mut buffer = [0; 9];
        // Reading a third byte would fail.
        assert_eq!(fill(&mut Slow(0), &mut buffer, 2).unwrap(), 2);
        assert_eq!(buffer[..3], [2, 4, 0]);
        assert_eq!(fill(&mut &b"abc"[..], &mut buffer, 1).unwrap(), 3);
        assert_eq!(fill(&mut io::repeat(7), &mut buffer, 100).unwrap(), 9);
    }

    #[test]
    fn a_signal_is_no_failure_and_a_failure_is_one() {
        let read_of = |count| read(&mut Slow(0).take(count), 9);
        assert_eq!(read_of(2).unwrap().unwrap()[..], [2, 4]);
        assert_eq!(read_of(3).unwrap_err().kind(), ErrorKind::BrokenPipe);
    }
}
