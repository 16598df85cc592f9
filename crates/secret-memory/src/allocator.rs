use core::alloc::{GlobalAlloc, Layout};
use std::alloc::System;

/// The system's allocator, with each block wiped before it is freed.
///
/// A block that grows or shrinks is moved and its old place is wiped, by the trait's default `realloc`.
#[derive(Debug, Clone, Copy, Default)]
pub struct WipingAllocator;

// SAFETY: all blocks come from `System`, with the caller's layout.
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller fulfills this function's contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller fulfills this function's contract, which is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller owns the block and frees it, so nobody else uses it. It has the layout's size.
        unsafe {
            block.write_bytes(0, layout.size());
            // Otherwise the compiler may drop writes to memory that is then freed.
            zeroize::optimization_barrier(&*block);
            System.dealloc(block, layout);
        }
    }
}
