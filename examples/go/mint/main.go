// Command mint mints a token and prints its Secret, ready for the cluster:
//
//	mint | kubectl apply -f -
//
// It asks no cluster. The token itself stands in the Secret, so whoever may read the output can join.
package main

import (
	"fmt"
	"os"
	"time"

	"bootstraptoken"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "mint:", err)
		os.Exit(1)
	}
}

func run() error {
	token, err := bootstraptoken.Generate()
	if err != nil {
		return err
	}
	defer token.Close()

	// As kubeadm token create has it, but for the description.
	record, err := bootstraptoken.NewRecord(token, time.Now(), bootstraptoken.WithDescription("minted offline"))
	if err != nil {
		return err
	}
	defer record.Close()

	json, err := record.ExposeSecretJSON()
	if err != nil {
		return err
	}
	defer clear(json)
	// Printed as it is, the token is hidden: this is fit for a log.
	expiration, _ := record.Expiration()
	fmt.Fprintf(os.Stderr, "minted %v, until %s\n", token, expiration.Format(time.RFC3339))
	_, err = os.Stdout.Write(json)
	return err
}
