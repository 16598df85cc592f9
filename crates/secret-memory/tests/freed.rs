//! Freed blocks are wiped, and so are the old places of growing ones.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use secret_memory::WipingAllocator;

#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator;

const SECRET: &[u8; 32] = b"f395accd246ae52df395accd246ae52d";

/// Reads bytes at an address, whoever owns them.
fn memory(address: usize, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let memory = File::open("/proc/self/mem").unwrap();
    memory.read_exact_at(&mut bytes, address as u64).unwrap();
    bytes
}

/// The first bytes of a free block link it to others.
fn is_wiped(address: usize, length: usize) -> bool {
    let secret = SECRET.iter().cycle().take(length);
    let kept = secret.zip(memory(address, length));
    kept.filter(|(secret, found)| *secret == found).count() == 0
}

#[test]
fn a_block_is_wiped_when_it_is_freed() {
    for times in [1, 10, 1000] {
        let block = SECRET.repeat(times);
        let (address, length) = (block.as_ptr().addr(), block.len());
        assert!(!is_wiped(address, length));
        drop(block);
        assert!(is_wiped(address, length), "{length}");
    }
}

#[test]
fn the_old_place_is_wiped_when_a_block_grows_or_shrinks() {
    for size in [64, 4096] {
        let mut block = SECRET.repeat(2);
        let (address, length) = (block.as_ptr().addr(), block.len());
        // Prevents the block from growing in place.
        let _behind = [vec![1; length], vec![1; length]];
        block.reserve_exact(size);
        assert_ne!(block.as_ptr().addr(), address);
        assert!(is_wiped(address, length), "{size}");

        let address = block.as_ptr().addr();
        block.truncate(8);
        block.shrink_to_fit();
        assert_ne!(block.as_ptr().addr(), address);
        assert!(is_wiped(address, length), "{size}");
    }
}
