//! Encodes host names with non-ASCII letters for DNS: `xn--` and Punycode (RFC 3492).
//!
//! Go first maps such a name by UTS #46. Here only capitals are mapped, and a name with any letter that UTS #46 may
//! replace is left unchanged: the tables would be larger than the rest of this crate.

const BASE: u32 = 36;
const SMALLEST: u32 = 1;
const LARGEST: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST: u32 = 128;

/// Returns a host name in ASCII, or `None` if it has no such form or one that is not supported.
///
/// Supports the letters of Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Devanagari, Thai, Chinese,
/// Japanese and Korean that have one spelling.
///
/// ```
/// use kube_transport::ascii_name;
///
/// assert_eq!(ascii_name("Bücher.example").as_deref(), Some("xn--bcher-kva.example"));
/// assert_eq!(ascii_name("b\u{200b}cher.example"), None);
/// ```
pub fn ascii_name(name: &str) -> Option<String> {
    if name.is_ascii() {
        return Some(name.to_owned());
    }
    // Go maps it to "ss", Rust to a single small letter.
    if name.contains('\u{1e9e}') {
        return None;
    }
    // Letter by letter: a final sigma is like any other.
    let name: String = name.chars().flat_map(char::to_lowercase).collect();
    let labels: Option<Vec<_>> = name.split('.').map(label).collect();
    Some(labels?.join("."))
}

fn label(label: &str) -> Option<String> {
    if !label.chars().all(|c| c == '-' || is_known(c))
        || label.starts_with('-')
        || label.ends_with('-')
    {
        return None;
    }
    if label.is_ascii() {
        return Some(label.to_owned());
    }
    Some(format!("xn--{}", punycode(label)?))
}

/// Returns whether this is a small letter or digit that UTS #46 keeps, alone and next to the others here.
fn is_known(c: char) -> bool {
    let is_of_a_script = matches!(c,
        '\0'..='\x7f'
        // Latin, without ligatures, digraphs and long s
        | '\u{df}'..='\u{132}' | '\u{134}'..='\u{13e}' | '\u{141}'..='\u{148}' | '\u{14a}'..='\u{17e}'
        | '\u{180}'..='\u{1c3}' | '\u{1cd}'..='\u{1f0}' | '\u{1f4}'..='\u{2af}'
        | '\u{1e00}'..='\u{1e99}' | '\u{1ea0}'..='\u{1eff}'
        // Greek, Cyrillic, Armenian, Georgian
        | '\u{3ac}'..='\u{3ce}' | '\u{430}'..='\u{52f}' | '\u{561}'..='\u{586}' | '\u{10d0}'..='\u{10fa}'
        // Hebrew, Arabic
        | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}'
        | '\u{671}'..='\u{674}' | '\u{679}'..='\u{6d3}'
        // Devanagari, Thai
        | '\u{904}'..='\u{957}' | '\u{960}'..='\u{96f}' | '\u{e01}'..='\u{e32}' | '\u{e40}'..='\u{e46}'
        // Kana, Han, Hangul
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fe}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ebe0}'
        | '\u{ac00}'..='\u{d7a3}'
    );
    is_of_a_script && c.is_alphanumeric()
}

/// RFC 3492, section 6.3.
fn punycode(label: &str) -> Option<String> {
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(output.len()).ok()?;
    if basic > 0 {
        output.push('-');
    }
    let (mut next, mut delta, mut bias, mut done) = (FIRST, 0_u32, FIRST_BIAS, basic);
    let all = u32::try_from(label.chars().count()).ok()?;
    while done < all {
        let points = || label.chars().map(u32::from);
        let smallest = points().filter(|&point| point >= next).min()?;
        delta = delta.checked_add((smallest - next).checked_mul(done + 1)?)?;
        next = smallest;
        for point in points() {
            if point < next {
                delta = delta.checked_add(1)?;
            } else if point == next {
                write_number(delta, bias, &mut output)?;
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        next += 1;
    }
    Some(output)
}

/// Writes a number with variable-length digits, weighted by the bias.
fn write_number(mut number: u32, bias: u32, output: &mut String) -> Option<()> {
    let mut place = BASE;
    loop {
        let threshold = place.saturating_sub(bias).clamp(SMALLEST, LARGEST);
        if number < threshold {
            output.push(digit(number)?);
            return Some(());
        }
        let rest = number - threshold;
        output.push(digit(threshold + rest % (BASE - threshold))?);
        number = rest / (BASE - threshold);
        place += BASE;
    }
}

/// `a` to `z`, then `0` to `9`.
fn digit(value: u32) -> Option<char> {
    b"abcdefghijklmnopqrstuvwxyz0123456789"
        .get(usize::try_from(value).ok()?)
        .map(|&byte| char::from(byte))
}

/// RFC 3492, section 6.1.
fn adapt(delta: u32, points: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut places = 0;
    while delta > (BASE - SMALLEST) * LARGEST / 2 {
        delta /= BASE - SMALLEST;
        places += BASE;
    }
    places + (BASE - SMALLEST + 1) * delta / (delta + SKEW)
}
