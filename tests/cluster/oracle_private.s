// See oracle_private.go.
