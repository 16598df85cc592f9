use core::alloc::{GlobalAlloc, Layout};
use std::alloc::System;

/// The system's allocator, but each block is wiped before it is freed.
///
/// A block that grows or shrinks is moved, and its old place is wiped: `realloc` is that of the trait.
#[derive(Debug, Clone, Copy, Default)]
pub struct WipingAllocator;

// SAFETY: all blocks are those of `System`, in the layout that the caller gives.
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps this function's contract, which is that of the other.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps this function's contract, which is that of the other.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's to free, so that nobody else uses it, and has the layout's size.
        unsafe {
            block.write_bytes(0, layout.size());
            // Without it the compiler may leave out what is written to memory that is then freed.
            zeroize::optimization_barrier(&*block);
            System.dealloc(block, layout);
        }
    }
}
