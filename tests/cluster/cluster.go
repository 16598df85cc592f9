package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	bootstraputil "k8s.io/cluster-bootstrap/token/util"
)

// A component of a cluster, running or not.
type component struct {
	name    string
	args    []string
	probe   probe
	process *process // the last one started
}

// A cluster is one control plane.
type cluster struct {
	supervisor *supervisor
	layout     layout
	config     *rest.Config // of the administrator
	components []*component
}

// newCluster makes a control plane on the given ports and starts it.
func newCluster(s *supervisor, l layout, p ports, options options) (*cluster, error) {
	for _, dir := range []string{l.run(), l.etcdData()} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return nil, err
		}
	}
	etcd := &component{name: nameEtcd, args: etcdArgs(l, p), probe: etcdProbe(p)}
	c := &cluster{supervisor: s, layout: l, components: []*component{etcd}}
	// etcd needs no certificate and comes up while these are made.
	if err := c.launch(etcd, nil); err != nil {
		return nil, err
	}
	tokenID, err := writeKubeadmConfig(l, p, options)
	if err != nil {
		return nil, err
	}
	if err := c.kubeadm("certs", "all"); err != nil {
		return nil, err
	}
	if err := c.await(etcd); err != nil {
		return nil, err
	}
	// The API server needs no kubeconfig and comes up while these are made.
	apiServer := &component{name: nameAPIServer, args: append(apiServerArgs(l, p, options), options.apiServerArgs...)}
	if err := c.launch(apiServer, nil); err != nil {
		return nil, err
	}
	if err := c.kubeadm("kubeconfig", "all", "--kubeconfig-dir="+l.kubeconfigs()); err != nil {
		return nil, err
	}
	if err := useLoopback(l, options); err != nil {
		return nil, err
	}
	if c.config, err = clientcmd.BuildConfigFromFlags("", l.admin()); err != nil {
		return nil, err
	}
	c.config.QPS = -1 // no throttling
	if apiServer.probe, err = apiServerProbe(c.config); err != nil {
		return nil, err
	}
	manager := &component{
		name:  nameControllerManager,
		args:  append(controllerManagerArgs(l, p), options.controllerManagerArgs...),
		probe: controllerManagerProbe(p),
	}
	c.components = append(c.components, apiServer, manager)
	if err := c.await(apiServer); err != nil {
		return nil, err
	}
	if err := c.launch(manager, nil); err != nil {
		return nil, err
	}
	if err := c.bootstrap(tokenID); err != nil {
		return nil, err
	}
	return c, c.await(manager)
}

// bootstrap has kubeadm put into the cluster what a joining node looks for,
// and leaves it without any token.
func (c *cluster) bootstrap(tokenID string) error {
	client, err := kubernetes.NewForConfig(c.config)
	if err != nil {
		return err
	}
	// The API server creates these on its own, some time after it is ready.
	for _, namespace := range []string{metav1.NamespaceSystem, metav1.NamespacePublic} {
		err := poll("namespace "+namespace, func() (bool, error) {
			_, err := client.CoreV1().Namespaces().Get(context.Background(), namespace, metav1.GetOptions{})
			if apierrors.IsNotFound(err) {
				return false, nil
			}
			return err == nil, err
		})
		if err != nil {
			return err
		}
	}
	kubeconfig := "--kubeconfig=" + c.layout.admin()
	if err := c.kubeadm("upload-config", "kubeadm", kubeconfig); err != nil {
		return err
	}
	if err := c.kubeadm("bootstrap-token", "--skip-token-print", kubeconfig); err != nil {
		return err
	}
	secret := bootstraputil.BootstrapTokenSecretName(tokenID)
	return client.CoreV1().Secrets(metav1.NamespaceSystem).Delete(context.Background(), secret, metav1.DeleteOptions{})
}

// kubeadm runs one phase of `kubeadm init`.
func (c *cluster) kubeadm(phase ...string) error {
	args := append([]string{"init", "phase"}, phase...)
	return c.supervisor.run("kubeadm", append(args, "--config="+c.layout.kubeadmConfig())...)
}

func (c *cluster) component(name string) (*component, error) {
	for _, component := range c.components {
		if component.name == name {
			return component, nil
		}
	}
	return nil, fmt.Errorf("no component %q, there are %s, %s and %s", name, nameEtcd, nameAPIServer, nameControllerManager)
}

func (p *component) running() bool {
	return p.process != nil && !p.process.ended()
}

// launch starts a component and does not wait for it.
func (c *cluster) launch(p *component, extraArgs []string) error {
	if p.running() {
		return fmt.Errorf("%s is running", p.name)
	}
	process, err := c.supervisor.spawn(p.name, overridden(p.args, extraArgs))
	if err != nil {
		return err
	}
	p.process = process
	return nil
}

// overridden has further arguments take the place of those of the same name: a
// flag that takes a list would be given both. A new slice each time, since the
// arguments of one start are not those of the next.
func overridden(args, extraArgs []string) []string {
	given := map[string]bool{}
	for _, arg := range extraArgs {
		name, _, _ := strings.Cut(arg, "=")
		given[name] = true
	}
	var all []string
	for _, arg := range args {
		if name, _, _ := strings.Cut(arg, "="); !given[name] {
			all = append(all, arg)
		}
	}
	return append(all, extraArgs...)
}

// await waits until a component that was launched is ready.
func (c *cluster) await(p *component) error {
	return poll(p.name+" ready", func() (bool, error) {
		if p.process.ended() {
			return false, c.supervisor.failure(p.process, "at its start")
		}
		return p.probe.healthy(), nil
	})
}

func (c *cluster) start(p *component, extraArgs []string) error {
	if err := c.launch(p, extraArgs); err != nil {
		return err
	}
	return c.await(p)
}

func (c *cluster) kill(p *component) error {
	if !p.running() {
		return fmt.Errorf("%s is not running", p.name)
	}
	c.supervisor.kill(p.process)
	return nil
}

// stop returns when the kernel says that the component is stopped: a signal is
// delivered to its threads one by one.
func (c *cluster) stop(p *component) error {
	if err := c.signal(p, syscall.SIGSTOP); err != nil {
		return err
	}
	return poll(p.name+" stopped", func() (bool, error) {
		if p.process.ended() {
			return false, fmt.Errorf("%s is not running", p.name)
		}
		return stopped(p.process.pid())
	})
}

func (c *cluster) signal(p *component, signal syscall.Signal) error {
	if !p.running() {
		return fmt.Errorf("%s is not running", p.name)
	}
	return p.process.cmd.Process.Signal(signal)
}

// stopped reads the state of a process and all its threads.
func stopped(pid int) (bool, error) {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return false, err
	}
	for _, task := range tasks {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/stat", pid, task.Name()))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return false, err
		}
		// proc(5): the state is the first field after the name in parentheses.
		_, fields, _ := strings.Cut(string(stat), ") ")
		if !strings.HasPrefix(fields, "T") {
			return false, nil
		}
	}
	return true, nil
}

// pids are those of the components that run.
func (c *cluster) pids() map[string]int {
	pids := map[string]int{}
	for _, component := range c.components {
		if component.running() {
			pids[component.name] = component.process.pid()
		}
	}
	return pids
}
