module examples

go 1.26

require bootstraptoken v0.0.0

replace bootstraptoken => ../../bindings/go
