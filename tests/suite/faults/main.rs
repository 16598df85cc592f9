//! On a real control plane.
fn main() {}
