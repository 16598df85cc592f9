package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
)

// The arguments of `up`.
type options struct {
	dir                   string
	keyAlgorithm          string
	listen                string // where the API server listens
	apiServerArgs         []string
	controllerManagerArgs []string
}

func parseOptions(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	repeated := func(list *[]string) func(string) error {
		return func(value string) error {
			*list = append(*list, value)
			return nil
		}
	}
	flags.StringVar(&o.dir, "dir", "", "")
	flags.StringVar(&o.keyAlgorithm, "key-algorithm", "RSA-2048", "")
	flags.StringVar(&o.listen, "listen", loopback, "")
	flags.Func("apiserver-arg", "", repeated(&o.apiServerArgs))
	flags.Func("controller-manager-arg", "", repeated(&o.controllerManagerArgs))
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.dir == "" {
		return o, errors.New("--dir is missing")
	}
	if ip := net.ParseIP(o.listen); !ip.IsLoopback() {
		return o, fmt.Errorf("--listen %s is not a loopback address", o.listen)
	}
	var err error
	o.dir, err = filepath.Abs(o.dir)
	return o, err
}

// What `up` prints when the control plane is ready.
type ready struct {
	Kubeconfig string         `json:"kubeconfig"`
	Server     string         `json:"server"`
	CAFile     string         `json:"ca_file"`
	Dir        string         `json:"dir"`
	PIDs       map[string]int `json:"pids"`
}

// up runs a control plane until its standard input ends or a signal comes.
func up(args []string) int {
	// For the children's sake, see supervisor.
	runtime.LockOSThread()
	options, err := parseOptions(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "control-plane: up: %v\n", err)
		return 2
	}
	s := newSupervisor(options.dir)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		<-signals
		s.shutdown(0)
	}()
	commands := readCommands(os.Stdin, s)

	cluster, err := startCluster(s, options)
	if err != nil {
		if !s.goingDown() {
			fmt.Fprintf(os.Stderr, "control-plane: up: %s\n", message(err))
		}
		s.shutdown(1)
	}
	answers := json.NewEncoder(os.Stdout)
	err = answers.Encode(ready{
		Kubeconfig: cluster.layout.admin(),
		Server:     cluster.config.Host,
		CAFile:     cluster.layout.pkiFile("ca.crt"),
		Dir:        options.dir,
		PIDs:       cluster.pids(),
	})
	for command := range commands {
		if err != nil {
			break // nobody reads the answers any more
		}
		err = answers.Encode(cluster.obey(command))
	}
	s.shutdown(0)
	return 0
}

// startCluster tries again when another program has taken one of the ports.
func startCluster(s *supervisor, options options) (*cluster, error) {
	l := layout{options.dir}
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return nil, err
	}
	if _, err := os.Stat(l.etcdData()); err == nil {
		return nil, fmt.Errorf("%s holds the data of another run", l.dir)
	}
	const attempts = 5
	for attempt := 1; ; attempt++ {
		ports, err := freePorts(options.listen)
		if err != nil {
			return nil, err
		}
		cluster, err := newCluster(s, l, ports, options)
		if err == nil {
			return cluster, nil
		}
		var ended *componentError
		if attempt == attempts || !errors.As(err, &ended) || !ended.addressInUse() {
			return nil, err
		}
		s.killAll()
		if err := l.clear(); err != nil {
			return nil, err
		}
	}
}
