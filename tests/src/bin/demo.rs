//! `make demo`.
#![forbid(unsafe_code)]

use std::io::{self, IsTerminal};

use conformance::demo::Demo;

fn main() -> io::Result<()> {
    let to = io::stdout();
    let colour = to.is_terminal();
    Demo::new(to, colour).tell()
}
