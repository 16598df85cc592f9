//! The text of a public key pin.
#![no_main]

use bootstrap_token_discovery::Pin;
use fuzz::{TOKEN, tells_no_secret};
use libfuzzer_sys::fuzz_target;

const OF_NOTHING: &str = include_str!("../seeds/pin/of-nothing");

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    pin(&text);
    // A token, or a pin with one behind it, where a pin should be.
    pin(&format!("{text}{TOKEN}"));
});

/// What is read prints the same, in lower case, and is read again.
fn pin(text: &str) {
    match text.parse::<Pin>() {
        Ok(pin) => {
            let printed = pin.to_string();
            assert_eq!(printed, text.to_ascii_lowercase());
            assert_eq!(printed.parse(), Ok(pin));
            assert_eq!(pin.is_of_nothing(), printed == OF_NOTHING);
        }
        Err(error) => tells_no_secret(&error),
    }
}
