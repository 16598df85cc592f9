// Command check tells whether what a user typed is a token, and if not, what is wrong with it, without repeating it:
//
//	check <token-file
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"bootstraptoken"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		if errors.Is(err, bootstraptoken.ErrTokenUpperCase) {
			fmt.Fprintln(os.Stderr, "A token has small letters only; was it typed with Caps Lock on?")
		}
		os.Exit(1)
	}
}

func run() error {
	text, err := io.ReadAll(io.LimitReader(os.Stdin, 1024))
	if err != nil {
		return err
	}
	defer clear(text)
	// A terminal ends a line for the user; anything else in the way is for the user to see.
	token, err := bootstraptoken.ParseBytes(bytes.TrimRight(text, "\r\n"))
	if err != nil {
		return err
	}
	defer token.Close()
	if weakness := token.Weakness(); weakness != bootstraptoken.NoWeakness {
		return fmt.Errorf("%v is easy to guess: %v", token, weakness)
	}
	fmt.Println(token, "is a token")
	return nil
}
