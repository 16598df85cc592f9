// Command mint mints a token and prints its Secret, without a cluster:
//
//	mint "rack 7" | kubectl apply -f -
//
// The token itself goes to standard error, for whoever hands it over.
package main

import (
	"fmt"
	"os"
	"time"

	"bootstraptoken"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mint:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	description := ""
	if len(args) > 0 {
		description = args[0]
	}
	record, err := bootstraptoken.Mint(time.Now(), bootstraptoken.WithTTL(2*time.Hour), bootstraptoken.WithDescription(description))
	if err != nil {
		return err
	}
	defer record.Close()
	token, err := record.Token()
	if err != nil {
		return err
	}
	defer token.Close()

	json, err := record.ExposeSecretJSON()
	if err != nil {
		return err
	}
	defer clear(json)
	text, err := token.Expose()
	if err != nil {
		return err
	}
	defer clear(text)
	if _, err := fmt.Printf("%s\n", json); err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stderr, "%s\n", text)
	return err
}
