package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	kubeadmapi "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm"
	"k8s.io/kubernetes/cmd/kubeadm/app/discovery/token"
)

// discover is what `kubeadm join` does first: it looks for the cluster by a
// token, and prints the kubeconfig that it trusts.
func discover(args []string) int {
	flags := flag.NewFlagSet("discover", flag.ExitOnError)
	timeout := flags.Duration("timeout", 10*time.Second, "how long to look")
	var pins []string
	flags.Func("pin", "a public key pin; without any, the CA is not pinned", func(pin string) error {
		pins = append(pins, pin)
		return nil
	})
	_ = flags.Parse(args)
	if flags.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "control-plane: discover wants HOST:PORT and TOKEN behind its flags")
		return 2
	}
	kubeconfig, err := token.RetrieveValidatedConfigInfo(nil, &kubeadmapi.Discovery{
		BootstrapToken: &kubeadmapi.BootstrapTokenDiscovery{
			APIServerEndpoint: flags.Arg(0),
			Token:             flags.Arg(1),
			CACertHashes:      pins,
		},
	}, *timeout)
	var text []byte
	if err == nil {
		text, err = clientcmd.Write(*kubeconfig)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	os.Stdout.Write(text)
	return 0
}
