package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// An op answers one request, given as the whole line.
type op func(line []byte) (any, error)

// Every op by its name. What they take and return stands in README.md.
var ops = merge(tokenOps, secretOps, signatureOps, speedOps, timeOps, discoveryOps, jsonpathOps, printOps, kubeconfigOps, proxyOps, tlsOps, yamlOps, addressOps)

func merge(families ...map[string]op) map[string]op {
	all := map[string]op{}
	for _, family := range families {
		for name, op := range family {
			all[name] = op
		}
	}
	return all
}

// A badRequest is the caller's mistake, never an answer of upstream's.
type badRequest struct{ error }

// request makes an op of a function that takes its fields as a struct.
func request[T any](answer func(T) (any, error)) op {
	return func(line []byte) (any, error) {
		var fields T
		if err := json.Unmarshal(line, &fields); err != nil {
			return nil, badRequest{err}
		}
		return answer(fields)
	}
}

// The commonest request.
type input struct {
	Input string `json:"input"`
}

// oracle answers requests until they end.
func oracle(requests io.Reader, answers io.Writer) int {
	in := bufio.NewReaderSize(requests, 1<<16)
	out := bufio.NewWriterSize(answers, 1<<16)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, readErr := in.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := encoder.Encode(consult(line)); err != nil {
				fmt.Fprintf(os.Stderr, "control-plane: oracle: %v\n", err)
				return 1
			}
		}
		// Whoever waits for this answer has not sent another whole request.
		waiting, _ := in.Peek(in.Buffered())
		if readErr != nil || bytes.IndexByte(waiting, '\n') < 0 {
			if err := out.Flush(); err != nil {
				return 1
			}
		}
		if readErr == io.EOF {
			return 0
		}
		if readErr != nil {
			fmt.Fprintf(os.Stderr, "control-plane: oracle: %v\n", readErr)
			return 1
		}
	}
}

// consult answers one request.
func consult(line []byte) map[string]any {
	var header struct {
		Op string `json:"op"`
	}
	if err := json.Unmarshal(line, &header); err != nil {
		return map[string]any{"bad_request": err.Error()}
	}
	op, ok := ops[header.Op]
	if !ok {
		return map[string]any{"bad_request": fmt.Sprintf("no op %q", header.Op)}
	}
	return settle(func() (any, error) { return op(line) })
}

// settle makes an answer of whatever upstream does; its panics are answers too.
func settle(ask func() (any, error)) (answer map[string]any) {
	defer func() {
		if reason := recover(); reason != nil {
			answer = map[string]any{"panic": fmt.Sprint(reason)}
		}
	}()
	value, err := ask()
	if bad, ok := err.(badRequest); ok {
		return map[string]any{"bad_request": bad.Error()}
	}
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return map[string]any{"ok": value}
}
