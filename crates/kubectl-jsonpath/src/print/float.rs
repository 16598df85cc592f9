//! Floats. Rust and Go find the same shortest digits, and differ in where they write an exponent.

/// `%v`: an exponent below 1e-4 and from 1e+06 on.
pub(super) fn shortest(float: f64) -> String {
    written(float, |exponent| !(-4..6).contains(&exponent), 2)
}

/// `encoding/json`: an exponent below 1e-6 and from 1e+21 on, without a leading zero.
pub(super) fn json(float: f64) -> String {
    written(float, |exponent| !(-6..21).contains(&exponent), 1)
}

fn written(float: f64, in_scientific: impl Fn(i32) -> bool, digits: usize) -> String {
    let scientific = format!("{float:e}");
    let parts = scientific.split_once('e');
    let parts = parts.and_then(|(mantissa, exponent)| Some((mantissa, exponent.parse().ok()?)));
    match parts {
        Some((mantissa, exponent)) if float != 0.0 && in_scientific(exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:0digits$}", exponent.unsigned_abs())
        }
        _ => float.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{json, shortest};

    #[track_caller]
    fn prints(float: f64, go: &str, in_json: &str) {
        assert_eq!(shortest(float), go);
        assert_eq!(json(float), in_json);
    }

    #[test]
    fn exponents_stand_where_go_writes_them() {
        prints(0.0, "0", "0");
        prints(-0.0, "-0", "-0");
        prints(1.5, "1.5", "1.5");
        prints(999_999.0, "999999", "999999");
        prints(1e6, "1e+06", "1000000");
        prints(1_234_567.5, "1.2345675e+06", "1234567.5");
        prints(1e-4, "0.0001", "0.0001");
        prints(1e-5, "1e-05", "0.00001");
        prints(1e-7, "1e-07", "1e-7");
        prints(1e20, "1e+20", "100000000000000000000");
        prints(1e21, "1e+21", "1e+21");
        prints(
            f64::MAX,
            "1.7976931348623157e+308",
            "1.7976931348623157e+308",
        );
        prints(5e-324, "5e-324", "5e-324");
    }
}
