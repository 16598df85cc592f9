//! A token to its Secret and back, per call.
#![allow(
    clippy::unwrap_used,
    clippy::semicolon_if_nothing_returned,
    missing_docs,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use bootstrap_token_secret::{
    BootstrapToken, Expiration, ExtraGroup, StoredToken, Usages, defects,
};
use criterion::{Criterion, criterion_group, criterion_main};

fn secret(c: &mut Criterion) {
    let now = SystemTime::now();
    let token = BootstrapToken::new("07401b.f395accd246ae52d".parse().unwrap())
        .with_description("rack 7")
        .with_usages(Usages::ALL)
        .with_groups(
            [ExtraGroup::DEFAULT_NODE_TOKEN.parse().unwrap()]
                .into_iter()
                .collect(),
        )
        .with_expiration(Expiration::after(now, Duration::from_secs(3600)).unwrap());
    let secret = token.expose_secret();
    c.bench_function("token to Secret", |b| {
        b.iter(|| black_box(&token).expose_secret())
    });
    c.bench_function("Secret to token", |b| {
        b.iter(|| StoredToken::from_secret(black_box(&secret)).unwrap());
    });
    c.bench_function("all defects of a Secret", |b| {
        b.iter(|| defects(black_box(&secret), now))
    });
}

criterion_group!(benches, secret);
criterion_main!(benches);
