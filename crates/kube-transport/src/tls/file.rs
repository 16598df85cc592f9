//! Reads files of certificates and keys.

use std::fs::File;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use crate::read_limited;

/// The longest file that is read.
const LONGEST: usize = 8 << 20;

/// Reads a file up to the limit. It may hold a key.
pub(super) fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    read_limited::read(&mut File::open(path)?, LONGEST)
}
