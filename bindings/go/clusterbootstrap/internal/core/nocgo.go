//go:build !cgo

package core

// Where cgo is off, as in a cross-build, the compiler stops here with the reason.
var _ = this_module_needs_cgo__set_CGO_ENABLED_to_1_and_CC_to_a_compiler_for_the_target
