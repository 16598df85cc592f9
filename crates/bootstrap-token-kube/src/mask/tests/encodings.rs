//! Encodings of bytes seen in messages, and some unlikely ones.

use std::fmt::Write as _;

type Encode = fn(&[u8]) -> String;

pub(super) const ENCODINGS: &[(&str, Encode)] = &[
    ("as it is", text),
    ("in upper case", |b| text(b).to_uppercase()),
    ("backwards", |b| text(b).chars().rev().collect()),
    ("quoted", |b| format!("{:?}", text(b))),
    ("Go's %v", |b| list(b, "[", " ", "]", |b| b.to_string())),
    ("Go's %#v", |b| {
        list(b, "[]byte{", ", ", "}", |b| format!("{b:#x}"))
    }),
    ("Go's %x", |b| list(b, "", "", "", |b| format!("{b:02x}"))),
    ("Go's %X", |b| list(b, "", "", "", |b| format!("{b:02X}"))),
    ("Go's % x", |b| list(b, "", " ", "", |b| format!("{b:02x}"))),
    ("Go's %# x", |b| {
        list(b, "", " ", "", |b| format!("{b:#04x}"))
    }),
    ("Go's %c", |b| list(b, "[", " ", "]", char_of)),
    ("Go's %q", |b| {
        list(b, "[", " ", "]", |b| format!("'{}'", char::from(b)))
    }),
    ("Go's %U", |b| {
        list(b, "[", " ", "]", |b| format!("U+{b:04X}"))
    }),
    ("Go's %b", |b| list(b, "[", " ", "]", |b| format!("{b:b}"))),
    ("Go's %o", |b| list(b, "[", " ", "]", |b| format!("{b:o}"))),
    ("Rust's {:?}", |b| format!("{b:?}")),
    ("Rust's {:#?}", |b| format!("{b:#?}")),
    ("Rust's {:x?}", |b| format!("{b:x?}")),
    ("ByteString", |b| format!("ByteString({b:?})")),
    ("Python's bytes", |b| format!("b'{}'", text(b))),
    ("JavaScript's Buffer", |b| {
        format!("<Buffer {}>", list(b, "", " ", "", |b| format!("{b:02x}")))
    }),
    ("a JSON array of texts", |b| {
        list(b, "[", ",", "]", |b| format!("\"{}\"", char::from(b)))
    }),
    ("a YAML list", |b| {
        list(b, "- ", "\n- ", "", |b| b.to_string())
    }),
    ("a line each", |b| list(b, "", "\n", "", char_of)),
    ("an object by position", |b| {
        let entries = b.iter().enumerate();
        let entries = entries.map(|(at, b)| format!("\"{at}\":{b}"));
        entries.collect::<Vec<_>>().join(",")
    }),
    ("\\x", |b| list(b, "", "", "", |b| format!("\\x{b:02x}"))),
    ("\\u", |b| list(b, "", "", "", |b| format!("\\u{b:04x}"))),
    ("\\u{}", |b| {
        list(b, "", "", "", |b| format!("\\u{{{b:x}}}"))
    }),
    ("\\U", |b| list(b, "", "", "", |b| format!("\\U{b:08x}"))),
    ("octal escapes", |b| {
        list(b, "", "", "", |b| format!("\\{b:03o}"))
    }),
    ("percent", |b| list(b, "", "", "", |b| format!("%{b:02X}"))),
    ("quoted-printable", |b| {
        list(b, "", "", "", |b| format!("={b:02X}"))
    }),
    ("HTML", |b| list(b, "", "", "", |b| format!("&#{b};"))),
    ("HTML, hexadecimal", |b| {
        list(b, "", "", "", |b| format!("&#x{b:x};"))
    }),
    ("base64", |b| base64(b)),
    ("base64 in lower case", |b| base64(b).to_lowercase()),
    ("base64 without padding", |b| base64(b).replace('=', "")),
    ("base64 in lines", |b| groups(&base64(b), 4, "\n")),
    ("base64 behind a byte", |b| base64(&[b"-", b].concat())),
    ("base64 behind two", |b| base64(&[b"--", b].concat())),
    ("base32", |b| base32(b)),
    ("base32hex", |b| {
        radix_bits(b, 5, b"0123456789ABCDEFGHIJKLMNOPQRSTUV")
    }),
    ("Ascii85", ascii85),
    ("in pairs", |b| groups(&text(b), 2, " ")),
    ("in threes", |b| groups(&text(b), 3, "-")),
    ("in fours", |b| groups(&text(b), 4, " ")),
    ("spaced", |b| groups(&text(b), 1, " ")),
    ("with dots", |b| groups(&text(b), 1, ".")),
    ("zero width", |b| groups(&text(b), 1, "\u{200b}")),
    ("rot13", |b| {
        b.iter()
            .map(|&b| char::from(rot(b, b'a', 26, 13)))
            .collect()
    }),
    ("rot47", |b| {
        b.iter()
            .map(|&b| char::from(rot(b, b'!', 94, 47)))
            .collect()
    }),
    ("a number", number),
    ("words of 32 bits", |b| {
        let words = b.chunks(4).map(number);
        words.collect::<Vec<_>>().join(" ")
    }),
    ("full width", |b| {
        b.iter().map(|&b| shifted(b, 0xff00 - 0x20)).collect()
    }),
    ("bold", |b| {
        b.iter().map(|&b| shifted(b, 0x1d41a - 0x61)).collect()
    }),
    ("braille", |b| {
        b.iter().map(|&b| shifted(b, 0x2800)).collect()
    }),
    ("Morse", |b| {
        list(b, "", " ", "", |b| {
            format!("{b:08b}").replace('0', ".").replace('1', "-")
        })
    }),
    ("camel case", |b| {
        b.iter()
            .enumerate()
            .map(|(at, b)| {
                char::from(if at % 2 == 0 {
                    b.to_ascii_uppercase()
                } else {
                    *b
                })
            })
            .collect()
    }),
    ("spelled", |b| list(b, "", " ", "", spelled)),
];

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn char_of(byte: u8) -> String {
    char::from(byte).to_string()
}

fn list(bytes: &[u8], open: &str, between: &str, close: &str, one: fn(u8) -> String) -> String {
    let each: Vec<_> = bytes.iter().map(|&byte| one(byte)).collect();
    format!("{open}{}{close}", each.join(between))
}

fn groups(text: &str, of: usize, between: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let each: Vec<String> = chars
        .chunks(of)
        .map(|group| group.iter().collect())
        .collect();
    each.join(between)
}

fn radix_bits(bytes: &[u8], width: usize, alphabet: &[u8]) -> String {
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1))
        .collect();
    let digit =
        |bits: &[u8]| (0..width).fold(0, |n, at| n << 1 | usize::from(*bits.get(at).unwrap_or(&0)));
    bits.chunks(width)
        .map(|bits| char::from(alphabet[digit(bits)]))
        .collect()
}

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base64(bytes: &[u8]) -> String {
    let padding = &"=="[..(3 - bytes.len() % 3) % 3];
    radix_bits(bytes, 6, BASE64) + padding
}

fn base32(bytes: &[u8]) -> String {
    radix_bits(bytes, 5, BASE32)
}

fn from_bits(text: &str, width: usize, alphabet: &[u8]) -> Vec<u8> {
    let digits = text
        .bytes()
        .map_while(|b| alphabet.iter().position(|&letter| letter == b));
    let bits: Vec<usize> = digits
        .flat_map(|digit| (0..width).rev().map(move |at| digit >> at & 1))
        .collect();
    bits.chunks_exact(8)
        .map(|bits| {
            bits.iter()
                .fold(0, |byte, &bit| byte << 1 | u8::from(bit == 1))
        })
        .collect()
}

pub(super) fn from_base64(text: &str) -> Vec<u8> {
    from_bits(text, 6, BASE64)
}

pub(super) fn from_base32(text: &str) -> Vec<u8> {
    from_bits(&text.to_ascii_uppercase(), 5, BASE32)
}

fn ascii85(bytes: &[u8]) -> String {
    let five = |four: &[u8]| {
        let number = four.iter().fold(0_u32, |n, &b| n << 8 | u32::from(b));
        [85_u32.pow(4), 85_u32.pow(3), 85_u32.pow(2), 85, 1]
            .map(|of| char::from(u8::try_from(number / of % 85).unwrap() + b'!'))
    };
    bytes.chunks(4).flat_map(five).collect()
}

fn rot(byte: u8, first: u8, count: u8, by: u8) -> u8 {
    match byte.checked_sub(first) {
        Some(at) if at < count => first + (at + by) % count,
        _ => byte,
    }
}

/// Converts base 256 to base 10.
fn number(bytes: &[u8]) -> String {
    let mut digits = vec![0_u32];
    for &byte in bytes {
        let mut carry = u32::from(byte);
        for digit in &mut digits {
            carry += *digit * 256;
            *digit = carry % 10;
            carry /= 10;
        }
        while carry > 0 {
            digits.push(carry % 10);
            carry /= 10;
        }
    }
    digits.iter().rev().fold(String::new(), |mut text, digit| {
        let _ = write!(text, "{digit}");
        text
    })
}

fn shifted(byte: u8, by: u32) -> char {
    char::from_u32(u32::from(byte) + by).unwrap_or('?')
}

fn spelled(byte: u8) -> String {
    const LETTERS: [&str; 26] = [
        "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India",
        "Juliett", "Kilo", "Lima", "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo",
        "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "Xray", "Yankee", "Zulu",
    ];
    let at = usize::from(byte.wrapping_sub(b'a'));
    LETTERS
        .get(at)
        .map_or_else(|| char_of(byte), |&word| word.to_owned())
}
