//! Output with a length limit.

use crate::error::{ExecuteError, Fault};

pub(super) struct Output {
    bytes: Vec<u8>,
    limit: usize,
}

impl Output {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            limit,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), ExecuteError> {
        if bytes.len() > self.limit - self.bytes.len() {
            return Err(Fault::TooMuchOutput.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.bytes.truncate(length);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
