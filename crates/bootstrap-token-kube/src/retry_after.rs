use core::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use k8s_openapi::jiff::Timestamp;
use k8s_openapi::jiff::fmt::rfc2822::DateTimeParser;

/// Parses `Retry-After`: seconds, or an HTTP date (RFC 9110, 10.2.3). A date is measured from the reply's own `Date`,
/// so clock differences do not matter; without `Date` it is ignored.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(value)?;
    let now = http_date(headers.get(DATE)?.to_str().ok()?)?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

fn http_date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asks(after: &str, date: Option<&str>, expected: Option<u64>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        assert_eq!(retry_after(&headers), expected.map(Duration::from_secs));
    }

    #[test]
    fn seconds_and_dates() {
        let now = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        asks("0", None, Some(0));
        asks("120", None, Some(120));
        asks("Sun, 06 Nov 1994 08:49:40 GMT", now, Some(3));
        asks("Sun, 06 Nov 1994 08:49:30 GMT", now, Some(0)); // past
        asks("Sun, 06 Nov 1994 08:49:40 GMT", None, None);
        asks("Sun, 06 Nov 1994 08:49:40 GMT", Some("yesterday"), None);
        asks("soon", now, None);
        asks("-1", now, None);
        asks("18446744073709551616", now, None);
        asks("18446744073709551615", now, Some(u64::MAX));
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
