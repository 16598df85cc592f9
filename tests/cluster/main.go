// The real etcd, Kubernetes v1.37.2 control plane, kubeadm and kubectl in one
// program, with a supervisor that runs them for a test and an oracle that
// answers with upstream's own functions. See README.md.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

const usage = `control-plane: the real Kubernetes v1.37.2 components, for tests

  etcd|kube-apiserver|kube-controller-manager|kubeadm|kubectl ARGS...
          be that component (also when called by its name)
  up --dir DIR [--key-algorithm ALG] [--apiserver-arg ARG]... [--controller-manager-arg ARG]...
          run a control plane; commands on stdin, one line of JSON each on stdout
  discover [--timeout D] [--pin PIN]... HOST:PORT TOKEN
          print the kubeconfig that kubeadm's discovery trusts, or why none
  oracle  answer requests, one line of JSON each, with upstream's functions
  help    this text
`

func main() {
	if component, ok := components[filepath.Base(os.Args[0])]; ok {
		os.Args[0] = filepath.Base(os.Args[0])
		os.Exit(component())
	}
	verb := "help"
	if len(os.Args) > 1 {
		verb = os.Args[1]
	}
	if component, ok := components[verb]; ok {
		os.Args = os.Args[1:]
		os.Exit(component())
	}
	switch verb {
	case "up":
		os.Exit(up(os.Args[2:]))
	case "discover":
		os.Exit(discover(os.Args[2:]))
	case "oracle":
		os.Exit(oracle(os.Stdin, os.Stdout))
	case "help", "-h", "--help":
		fmt.Print(usage)
	default:
		fmt.Fprintf(os.Stderr, "control-plane: unknown verb %q, see control-plane help\n", verb)
		os.Exit(2)
	}
}
