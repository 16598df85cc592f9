//go:build !static_build

package bootstraptoken

// #cgo pkg-config: bootstrap_token
import "C"
