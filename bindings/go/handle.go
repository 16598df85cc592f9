package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A handle owns an object of the C library, in C's memory or in its keeper. Whoever uses the object holds it meanwhile,
// and it is ended when it is closed and nobody holds it any more, so that Close may be called at any time.
type handle struct {
	self   *handle // nil in a zero value; a copy is not where it says, and holds nothing
	object unsafe.Pointer
	keeper *keeper
	state  atomic.Int32 // how many hold the object, and closed
}

// closed is the bit of a state that lets nobody hold the object any more.
const closed = 1 << 30

// A keeper is the safety net under a handle: when it becomes unreachable with an object, together with a handle that
// nobody closed, the object is freed. Without one it serves the next handle, because to register a cleanup takes longer
// than to parse a token.
type keeper struct {
	kept *kept
}

// What is kept, apart from the keeper, which the cleanup must not reach.
type kept struct {
	object unsafe.Pointer
	free   func(unsafe.Pointer) // nil for what lies in storage
	// A token lies here, so that no more than one call of C is needed to read it, and none to wipe it.
	storage [C.BOOTSTRAP_TOKEN_STORAGE_SIZE]byte
}

func (k *kept) drop() {
	if k.object == nil {
		return
	}
	clear(k.storage[:])
	if k.free != nil {
		k.free(k.object)
	}
	k.object = nil
}

var keepers = sync.Pool{New: func() any {
	keeper := &keeper{&kept{}}
	runtime.AddCleanup(keeper, (*kept).drop, keeper.kept)
	return keeper
}}

// open takes an object over.
func (h *handle) open(object unsafe.Pointer, free func(unsafe.Pointer)) {
	h.openAt(keepers.Get().(*keeper), object, free)
}

func (h *handle) openAt(keeper *keeper, object unsafe.Pointer, free func(unsafe.Pointer)) {
	h.self, h.object, h.keeper = h, object, keeper
	keeper.kept.object, keeper.kept.free = object, free
}

// hold keeps the object alive until release; false once the handle is closed.
func (h *handle) hold() bool {
	for h.self == h {
		state := h.state.Load()
		if state&closed != 0 {
			return false
		}
		if h.state.CompareAndSwap(state, state+1) {
			return true
		}
	}
	return false
}

func (h *handle) release() {
	if h.state.Add(-1) == closed {
		h.drop()
	}
	// Whoever holds refers to h until here, and so does the cleanup not run while C has the object.
	runtime.KeepAlive(h)
}

func (h *handle) close() {
	for h.self == h {
		state := h.state.Load()
		if state&closed != 0 {
			return
		}
		if h.state.CompareAndSwap(state, state|closed) {
			if state == 0 {
				h.drop()
			}
			break
		}
	}
	runtime.KeepAlive(h)
}

// drop frees the object, of which nobody knows any more.
func (h *handle) drop() {
	h.keeper.kept.drop()
	keepers.Put(h.keeper)
	h.keeper = nil
}
