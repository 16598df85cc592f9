package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"syscall"
)

// An answer to a command.
type answer struct {
	OK    bool           `json:"ok"`
	PIDs  map[string]int `json:"pids,omitempty"`
	Error string         `json:"error,omitempty"`
}

// readCommands hands on the lines of the input until it ends. If it ends
// without any, whoever wanted the control plane is gone, ready or not.
func readCommands(input io.Reader, s *supervisor) <-chan string {
	commands := make(chan string, 1024)
	go func() {
		lines := bufio.NewScanner(input)
		lines.Buffer(nil, 1<<20)
		some := false
		for lines.Scan() {
			if line := strings.TrimSpace(lines.Text()); line != "" {
				some = true
				commands <- line
			}
		}
		if !some {
			s.shutdown(0)
		}
		close(commands)
	}()
	return commands
}

// obey does what a line says.
func (c *cluster) obey(line string) answer {
	if err := c.command(strings.Fields(line)); err != nil {
		return answer{Error: message(err)}
	}
	return answer{OK: true, PIDs: c.pids()}
}

func (c *cluster) command(words []string) error {
	if words[0] == "pids" && len(words) == 1 {
		return nil
	}
	if len(words) < 2 {
		return errUnknownCommand
	}
	component, err := c.component(words[1])
	if err != nil {
		return err
	}
	if words[0] == "start" {
		return c.start(component, words[2:])
	}
	if len(words) > 2 {
		return errUnknownCommand
	}
	switch words[0] {
	case "kill":
		return c.kill(component)
	case "stop":
		return c.stop(component)
	case "cont":
		return c.signal(component, syscall.SIGCONT)
	}
	return errUnknownCommand
}

var errUnknownCommand = errors.New("unknown command, want pids, or kill, stop, cont or start and a component")

// message is the text of an error, with the log of the component if one has failed.
func message(err error) string {
	var ended *componentError
	if errors.As(err, &ended) && ended.log != "" {
		return err.Error() + "; the end of its log:\n" + ended.log
	}
	return err.Error()
}
