//! `make demo`. Colours are for a terminal, and for whoever sets `CLICOLOR_FORCE`.
#![forbid(unsafe_code)]

use std::env;
use std::io::{self, IsTerminal};

use conformance::demo::Demo;

fn main() -> io::Result<()> {
    let to = io::stdout();
    let colour = to.is_terminal() || env::var_os("CLICOLOR_FORCE").is_some();
    Demo::new(to, colour).tell()
}
