package main

import (
	"flag"
	"os"
	_ "time/tzdata" // as the shipped binaries, which link it for CronJobs

	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // kubectl: auth plugins
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"          // --logging-format=json
	_ "k8s.io/component-base/metrics/prometheus/clientgo" // client metrics
	_ "k8s.io/component-base/metrics/prometheus/version"  // version metric
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app"
	kubeadmerrors "k8s.io/kubernetes/cmd/kubeadm/app/util/errors"
)

// The names of the long-running components, in the order of their start.
const (
	nameEtcd              = "etcd"
	nameAPIServer         = "kube-apiserver"
	nameControllerManager = "kube-controller-manager"
)

// Each component reads os.Args and owns the flags, metrics and feature gates
// of its process, so a process is one of them and nothing else.
var components = map[string]func() int{
	nameEtcd: func() int {
		etcdmain.Main(os.Args)
		return 0
	},
	nameAPIServer: func() int {
		return cli.Run(apiserver.NewAPIServerCommand())
	},
	nameControllerManager: func() int {
		return cli.Run(controllermanager.NewControllerManagerCommand())
	},
	"kubeadm": func() int {
		forgetFlags()
		// HandleError prints the error and exits; without it the message is lost.
		kubeadmerrors.HandleError(kubeadm.Run())
		return 0
	},
	"kubectl": func() int {
		forgetFlags()
		// As kubectl itself does, before the flags are parsed; its errors are reported later.
		_, _ = logs.GlogSetter(kubectl.GetLogVerbosity(os.Args))
		if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
			kubectlutil.CheckErr(err)
		}
		return 0
	},
}

// forgetFlags removes the global flags that the packages of the other
// components have registered: kubeadm and kubectl offer all of them as theirs.
func forgetFlags() {
	flag.CommandLine = flag.NewFlagSet(os.Args[0], flag.ExitOnError)
	pflag.CommandLine = pflag.NewFlagSet(os.Args[0], pflag.ExitOnError)
}
