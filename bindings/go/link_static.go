//go:build static_build

package bootstraptoken

// #cgo pkg-config: bootstrap_token-static
import "C"
