//go:build static_build

package bootstraptoken

// The archive comes first, so that nothing is left for the shared library that pkg-config names.

// #cgo LDFLAGS: -l:libbootstrap_token.a -Wl,--as-needed
// #cgo pkg-config: --static bootstrap_token
import "C"
