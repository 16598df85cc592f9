//! Reads others' input, which may hold a secret and may never end.

use std::io::{self, ErrorKind, Read};

use zeroize::Zeroizing;

/// Size of the first buffer: enough for most files.
const MOSTLY: usize = 64 << 10;

/// Reads everything. Leaves no copy behind, even if it fails.
///
/// # Errors
/// `FileTooLarge` if the input is longer than `longest`.
pub(crate) fn read(from: &mut dyn Read, longest: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut all = Zeroizing::new(vec![0; MOSTLY.min(longest + 1)]);
    let mut length = 0;
    loop {
        match from.read(&mut all[length..]) {
            Ok(0) => {
                all.truncate(length);
                return Ok(all);
            }
            Ok(count) => length += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length > longest {
            return Err(ErrorKind::FileTooLarge.into());
        }
        if length == all.len() {
            // A growing Vec would leave its old content in memory.
            let mut larger = Zeroizing::new(vec![0; (2 * length).min(longest + 1)]);
            larger[..length].copy_from_slice(&all);
            all = larger;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_up_to_the_limit() {
        for longest in [0, 1, MOSTLY - 1, MOSTLY, 5 * MOSTLY + 1] {
            for length in [0, 1, longest, longest + 1] {
                let content: Vec<u8> = (0..=255).cycle().take(length).collect();
                let read = read(&mut &content[..], longest).map_err(|error| error.kind());
                let read = read.map(|read| read.to_vec());
                let expected = if length <= longest {
                    Ok(content)
                } else {
                    Err(ErrorKind::FileTooLarge)
                };
                assert!(read == expected, "{length} of {longest}");
            }
        }
    }
}
