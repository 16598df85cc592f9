#![doc = include_str!("../README.md")]
#![allow(
    unsafe_code,
    reason = "an allocator, and calls of the operating system; every block says why it holds"
)]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod allocator;
mod arena;
mod arguments;
mod pages;
mod process;

pub use allocator::WipingAllocator;
pub use arena::use_one_arena;
pub use arguments::mask_arguments;
pub use pages::keep_in_ram;
pub use process::conceal_process;
