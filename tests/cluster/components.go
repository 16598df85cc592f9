package main

import (
	"os"
	_ "time/tzdata" // as the shipped binaries, which link it for CronJobs

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
		// HandleError prints the error and exits; without it the message is lost.
		kubeadmerrors.HandleError(kubeadm.Run())
		return 0
	},
	"kubectl": func() int {
		// As kubectl itself does, before the flags are parsed; its errors are reported later.
		_, _ = logs.GlogSetter(kubectl.GetLogVerbosity(os.Args))
		if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
			kubectlutil.CheckErr(err)
		}
		return 0
	},
}
