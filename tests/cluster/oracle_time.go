package main

import (
	"bytes"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/util/duration"
)

// Durations and times, as Go and Kubernetes read and print them.
var timeOps = map[string]op{
	"duration_parse": request(func(r input) (any, error) {
		parsed, err := time.ParseDuration(r.Input)
		return nanoseconds(parsed), err
	}),
	"duration_string": request(func(r durationRequest) (any, error) {
		return time.Duration(r.Duration).String(), nil
	}),
	"human_duration": request(func(r durationRequest) (any, error) {
		return map[string]any{
			"human": duration.HumanDuration(time.Duration(r.Duration)),
			"short": duration.ShortHumanDuration(time.Duration(r.Duration)),
		}, nil
	}),
	"time_parse_rfc3339": request(func(r input) (any, error) {
		parsed, err := time.Parse(time.RFC3339, r.Input)
		if err != nil {
			return nil, err
		}
		return map[string]any{
			"unix":  parsed.Unix(),
			"nanos": parsed.Nanosecond(),
			"utc":   parsed.UTC().Format(time.RFC3339),
		}, nil
	}),
	"time_format_rfc3339": request(func(r struct {
		Unix  int64 `json:"unix"`
		Nanos int64 `json:"nanos"`
	}) (any, error) {
		return time.Unix(r.Unix, r.Nanos).UTC().Format(time.RFC3339), nil
	}),
}

type durationRequest struct {
	Duration nanoseconds `json:"ns"`
}

// nanoseconds are a string in JSON, as they do not fit into a double; a
// number is accepted as well.
type nanoseconds int64

func (n nanoseconds) MarshalJSON() ([]byte, error) {
	return []byte(strconv.Quote(strconv.FormatInt(int64(n), 10))), nil
}

func (n *nanoseconds) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	parsed, err := strconv.ParseInt(string(bytes.Trim(text, `"`)), 10, 64)
	*n = nanoseconds(parsed)
	return err
}
