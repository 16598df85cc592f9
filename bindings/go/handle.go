package bootstraptoken

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A handle owns an object of the C library. Whoever uses the object holds it meanwhile, and it is freed when it is
// closed and nobody holds it any more, so that Close may be called at any time.
type handle struct {
	object  unsafe.Pointer
	keeper  *keeper
	holders atomic.Int32 // and one more while it is open
	closed  atomic.Bool
}

// A keeper is the safety net under a handle: when it becomes unreachable with an object, together with a handle that
// nobody closed, the object is freed. Without one it serves the next handle, because to register a cleanup takes longer
// than to parse a token.
type keeper struct {
	kept *kept
}

// What is kept, apart from the keeper, which the cleanup must not reach.
type kept struct {
	object unsafe.Pointer
	free   func(unsafe.Pointer)
}

func (k *kept) drop() {
	if k.object != nil {
		k.free(k.object)
		k.object = nil
	}
}

var keepers = sync.Pool{New: func() any {
	keeper := &keeper{&kept{}}
	runtime.AddCleanup(keeper, (*kept).drop, keeper.kept)
	return keeper
}}

// open takes an object over.
func (h *handle) open(object unsafe.Pointer, free func(unsafe.Pointer)) {
	h.object = object
	h.keeper = keepers.Get().(*keeper)
	h.keeper.kept.object, h.keeper.kept.free = object, free
	h.holders.Store(1)
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
		h.keeper.kept.drop()
		keepers.Put(h.keeper)
		h.object, h.keeper = nil, nil
	}
	// The cleanup must not run while C has the object.
	runtime.KeepAlive(h)
}

func (h *handle) close() {
	if h.holders.Load() == 0 || h.closed.Swap(true) {
		return
	}
	h.release()
}
