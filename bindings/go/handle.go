package bootstraptoken

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// A handle owns an object of the C library. Whoever uses the object holds it meanwhile, and it is freed when it is
// closed and nobody holds it any more, so that Close may be called at any time.
type handle struct {
	object  unsafe.Pointer
	free    func(unsafe.Pointer)
	holders atomic.Int32 // and one more while it is open
	closed  atomic.Bool
	cleanup runtime.Cleanup
}

// open takes an object over. If its owner becomes unreachable without a Close, the object is freed then.
func (h *handle) open(object unsafe.Pointer, free func(unsafe.Pointer)) {
	h.object, h.free = object, free
	h.holders.Store(1)
	h.cleanup = runtime.AddCleanup(h, free, object)
}

// hold keeps the object alive until release; false once the handle is closed.
func (h *handle) hold() bool {
	if h.closed.Load() {
		return false
	}
	for {
		holders := h.holders.Load()
		if holders == 0 {
			return false
		}
		if h.holders.CompareAndSwap(holders, holders+1) {
			return true
		}
	}
}

func (h *handle) release() {
	if h.holders.Add(-1) == 0 {
		h.free(h.object)
	}
	// The cleanup must not run while C has the object.
	runtime.KeepAlive(h)
}

func (h *handle) close() {
	if h.holders.Load() == 0 || h.closed.Swap(true) {
		return
	}
	h.cleanup.Stop()
	h.release()
}
