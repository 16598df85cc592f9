package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// selfExe is this very program even after its file was replaced by a new build.
const selfExe = "/proc/self/exe"

// A process is a child that runs one component.
type process struct {
	name     string
	cmd      *exec.Cmd
	logStart int64         // where its own lines begin in the log
	done     chan struct{} // closed when the child was reaped
	err      error         // how it ended; valid once done is closed
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// A supervisor owns all children of an `up`.
//
// Children are killed by the kernel when the thread that forked them ends, so
// spawn must only be called from the goroutine that up has locked to its thread.
type supervisor struct {
	dir string

	mu      sync.Mutex
	closing bool
	alive   map[*process]struct{}
}

func newSupervisor(dir string) *supervisor {
	return &supervisor{dir: dir, alive: map[*process]struct{}{}}
}

func (s *supervisor) logFile(name string) string {
	return filepath.Join(s.dir, name+".log")
}

// spawn starts a component; what it prints is appended to its log.
func (s *supervisor) spawn(name string, args []string) (*process, error) {
	log, err := os.OpenFile(s.logFile(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	logStart, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	cmd := &exec.Cmd{
		Path:   selfExe,
		Args:   append([]string{name}, args...),
		Dir:    s.dir,
		Env:    s.environment(),
		Stdout: log,
		Stderr: log,
		SysProcAttr: &syscall.SysProcAttr{
			Pdeathsig: syscall.SIGKILL,
			// A terminal's ^C is for the supervisor, which ends its children itself.
			Setpgid: true,
		},
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return nil, errors.New("going down")
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &process{name: name, cmd: cmd, logStart: logStart, done: make(chan struct{})}
	s.alive[p] = struct{}{}
	go func() {
		p.err = cmd.Wait()
		s.mu.Lock()
		delete(s.alive, p)
		s.mu.Unlock()
		close(p.done)
	}()
	return p, nil
}

// environment keeps the user's own configuration and home out of the children.
func (s *supervisor) environment() []string {
	return []string{
		"HOME=" + s.dir,
		"TMPDIR=" + s.dir,
		"PATH=" + os.Getenv("PATH"),
	}
}

// run runs a component to its end.
func (s *supervisor) run(name string, args ...string) error {
	p, err := s.spawn(name, args)
	if err != nil {
		return err
	}
	<-p.done
	if p.err != nil {
		return s.failure(p, strings.Join(args, " "))
	}
	return nil
}

// failure says how a child ended, with the last lines of its log.
func (s *supervisor) failure(p *process, doing string) error {
	err := &componentError{name: p.name, doing: doing, state: "ended without an error"}
	if p.err != nil {
		err.state = p.err.Error()
	}
	if log, readErr := os.ReadFile(s.logFile(p.name)); readErr == nil {
		err.log = lastLines(string(log[p.logStart:]), 15)
	}
	return err
}

// kill ends a child and waits until it was reaped; SIGKILL also ends a stopped one.
func (s *supervisor) kill(p *process) {
	_ = p.cmd.Process.Kill() // fails only if it has already ended
	<-p.done
}

// killAll ends every child.
func (s *supervisor) killAll() {
	for _, p := range s.children() {
		_ = p.cmd.Process.Kill()
	}
	for _, p := range s.children() {
		<-p.done
	}
}

// shutdown ends every child and this process. Only the first call counts:
// what fails after it fails because of it.
func (s *supervisor) shutdown(code int) {
	s.mu.Lock()
	first := !s.closing
	s.closing = true
	s.mu.Unlock()
	if !first {
		select {}
	}
	s.killAll()
	os.Exit(code)
}

func (s *supervisor) goingDown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

func (s *supervisor) children() []*process {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*process, 0, len(s.alive))
	for p := range s.alive {
		all = append(all, p)
	}
	return all
}

// A componentError is a component that ended when it should not have.
type componentError struct {
	name, doing, state, log string
}

func (e *componentError) Error() string {
	return fmt.Sprintf("%s %s: %s", e.name, e.doing, e.state)
}

// addressInUse tells a port taken by someone else from all other ends.
func (e *componentError) addressInUse() bool {
	return strings.Contains(e.log, "address already in use")
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, "\n")
}
