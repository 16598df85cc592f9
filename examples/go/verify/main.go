// Command verify tells whether a cluster is the right one before a machine joins it, and prints where its API server
// is:
//
//	curl -k https://10.0.0.1:6443/api/v1/namespaces/kube-public/configmaps/cluster-info >cluster-info.json
//	verify cluster-info.json token-file sha256:<hex> [sha256:<hex>...]
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"bootstraptoken"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "verify:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 3 {
		return errors.New("usage: verify CLUSTER-INFO TOKEN-FILE PIN...")
	}
	info, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	text, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	defer clear(text)
	token, err := bootstraptoken.ParseBytes(bytes.TrimRight(text, "\r\n"))
	if err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	defer token.Close()

	var pins []bootstraptoken.Pin
	for _, pin := range args[2:] {
		pins = append(pins, bootstraptoken.Pin(pin))
	}
	cluster, err := bootstraptoken.ClusterInfo(info).Verify(token, pins, time.Now())
	if err != nil {
		return fmt.Errorf("do not join: %w", err)
	}
	defer cluster.Close()
	fmt.Println(cluster.Server())
	return nil
}
