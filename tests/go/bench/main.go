// Command bench measures our binding against upstream's own functions, in turn and in one process, and prints for each
// job a line: name, our nanoseconds, theirs, our allocations, with tabs between.
//
//	bench [MILLISECONDS]
//
// Each side runs for so long in each of several rounds; what is told is the median of them, in processor time, the
// garbage collector's with it: what else the machine does meanwhile does not count.
package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// A job is the same work by both sides. Each returns what keeps it from being done.
type job struct {
	name         string
	ours, theirs func() error
}

const rounds = 9

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	budget := 40 * time.Millisecond
	if len(args) > 0 {
		milliseconds, err := strconv.Atoi(args[0])
		if err != nil {
			return err
		}
		budget = time.Duration(milliseconds) * time.Millisecond
	}
	for _, group := range []func() ([]job, error){tokenJobs, signatureJobs, secretJobs, listJobs} {
		jobs, err := group()
		if err != nil {
			return err
		}
		for _, job := range jobs {
			if err := compare(job, budget); err != nil {
				return fmt.Errorf("%s: %w", job.name, err)
			}
		}
	}
	return nil
}

func compare(job job, budget time.Duration) error {
	var ours, theirs []float64
	for range rounds {
		for _, side := range []struct {
			work    func() error
			samples *[]float64
		}{{job.ours, &ours}, {job.theirs, &theirs}} {
			runtime.GC()
			sample, err := perCall(side.work, budget)
			if err != nil {
				return err
			}
			*side.samples = append(*side.samples, sample)
		}
	}
	allocs, err := allocations(job.ours)
	if err != nil {
		return err
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	_, err = fmt.Printf("%s\t%.0f\t%.0f\t%.0f\n", job.name, ours[rounds/2], theirs[rounds/2], allocs)
	return err
}

// perCall is how many nanoseconds a call takes, of as many as fit into the budget.
func perCall(work func() error, budget time.Duration) (float64, error) {
	calls, batch := 0, 1
	began, err := processorTime()
	if err != nil {
		return 0, err
	}
	for {
		for range batch {
			if err := work(); err != nil {
				return 0, err
			}
		}
		calls += batch
		now, err := processorTime()
		if err != nil {
			return 0, err
		}
		spent := now - began
		if spent >= budget {
			return float64(spent.Nanoseconds()) / float64(calls), nil
		}
		// The clock is read seldom.
		batch = max(1, min(calls, int(int64(calls)*int64(budget-spent)/int64(spent+1))))
	}
}

func processorTime() (time.Duration, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), err
}

// allocations is how often Go's heap is asked in a call.
func allocations(work func() error) (float64, error) {
	const calls = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range calls {
		if err := work(); err != nil {
			return 0, err
		}
	}
	runtime.ReadMemStats(&after)
	return float64((after.Mallocs - before.Mallocs) / calls), nil
}
