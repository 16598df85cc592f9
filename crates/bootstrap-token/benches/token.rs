//! The token format, per call.
#![allow(
    clippy::unwrap_used,
    clippy::semicolon_if_nothing_returned,
    missing_docs,
    reason = "a benchmark"
)]

use std::hint::black_box;

use bootstrap_token::Token;
use criterion::{Criterion, criterion_group, criterion_main};

fn token(c: &mut Criterion) {
    let text = "07401b.f395accd246ae52d";
    let token: Token = text.parse().unwrap();
    c.bench_function("check a token", |b| {
        b.iter(|| Token::is_valid(black_box(text)))
    });
    c.bench_function("parse a token", |b| {
        b.iter(|| black_box(text).parse::<Token>().unwrap())
    });
    c.bench_function("generate a token", |b| {
        b.iter(|| Token::generate().unwrap())
    });
    c.bench_function("compare two tokens", |b| {
        b.iter(|| black_box(&token) == black_box(&token))
    });
    c.bench_function("judge a token's strength", |b| {
        b.iter(|| black_box(&token).weakness())
    });
}

criterion_group!(benches, token);
criterion_main!(benches);
