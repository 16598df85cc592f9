//! How long it takes to sign a kubeconfig, to verify the signature, and to get from a CA certificate in PEM to its
//! pin, in nanoseconds a call: `per_call KUBECONFIG CA`.
//!
//! An example so that `make bench` gets it built as what is shipped, and without the tests' dependencies.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::Instant;

use bootstrap_token_discovery::{Certificate, DetachedJws, Pin};

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = std::env::args_os().skip(1);
    let (Some(kubeconfig), Some(ca)) = (files.next(), files.next()) else {
        return Err("usage: per_call KUBECONFIG CA".into());
    };
    let (content, pem) = (fs::read(kubeconfig)?, fs::read(ca)?);
    let token = "07401b.f395accd246ae52d".parse()?;
    let signed = DetachedJws::sign(&content, &token);
    DetachedJws::verify(signed.as_str(), &content, &token)?;
    Certificate::bundle_from_pem(&pem)?;

    let sign = per_call(|| DetachedJws::sign(black_box(&content), &token));
    let verify = per_call(|| DetachedJws::verify(signed.as_str(), black_box(&content), &token));
    let pin = per_call(|| {
        let bundle = Certificate::bundle_from_pem(black_box(&pem));
        bundle.map(|bundle| bundle.iter().map(Pin::of).collect::<Vec<_>>())
    });
    writeln!(
        io::stdout(),
        r#"{{"sign":{sign},"verify":{verify},"pin":{pin}}}"#
    )?;
    Ok(())
}

/// The median of several batches; the first one is not counted.
fn per_call<T>(call: impl Fn() -> T) -> f64 {
    const BATCHES: usize = 15;
    const CALLS: u32 = 1000;

    let mut samples = Vec::with_capacity(BATCHES);
    for batch in 0..=BATCHES {
        let began = Instant::now();
        for _ in 0..CALLS {
            black_box(call());
        }
        if batch > 0 {
            samples.push(began.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
        }
    }
    samples.sort_by(f64::total_cmp);
    samples[BATCHES / 2]
}
