package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

const loopback = "127.0.0.1"

// The ports of one control plane.
type ports struct {
	etcdClient, etcdPeer, apiServer, controllerManager int
}

// freePorts picks them, that of the API server on the address where it listens.
func freePorts(listen string) (ports, error) {
	var p ports
	for _, port := range []*int{&p.etcdClient, &p.etcdPeer, &p.controllerManager} {
		var err error
		if *port, err = freePort(loopback); err != nil {
			return ports{}, err
		}
	}
	var err error
	p.apiServer, err = freePort(listen)
	return p, err
}

// freePort picks from below the range that Linux gives to outgoing
// connections (from 32768): a component that was killed must find its own port
// free when it is started again. Another `up` may take the port before the
// component does; then up tries again with new ones.
func freePort(host string) (int, error) {
	const low, high = 20000, 32000
	for range 200 {
		port := low + rand.IntN(high-low)
		listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil {
			continue
		}
		return port, listener.Close()
	}
	return 0, fmt.Errorf("no free port on %s from %d to %d", host, low, high)
}

func address(port int) string {
	return net.JoinHostPort(loopback, strconv.Itoa(port))
}
