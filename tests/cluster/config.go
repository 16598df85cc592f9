package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"

	bootstraputil "k8s.io/cluster-bootstrap/token/util"
)

const (
	kubernetesVersion = "v1.37.2"
	serviceSubnet     = "10.96.0.0/16"

	// kubeadm refuses a loopback address here. This one is reserved for
	// documentation (RFC 5737) and nothing is ever sent to it.
	advertiseAddress = "192.0.2.1"

	// An address of the API server's certificate by which a proxy can be asked
	// for it: no proxy is asked for a loopback address. It is reserved for
	// documentation (RFC 3849).
	proxiedAddress = "2001:db8::7"
)

// Where an `up` keeps its files.
type layout struct {
	dir string
}

func (l layout) kubeadmConfig() string      { return filepath.Join(l.dir, "kubeadm.yaml") }
func (l layout) pki() string                { return filepath.Join(l.dir, "pki") }
func (l layout) pkiFile(n string) string    { return filepath.Join(l.pki(), n) }
func (l layout) kubeconfigs() string        { return filepath.Join(l.dir, "kubeconfig") }
func (l layout) kubeconfig(n string) string { return filepath.Join(l.kubeconfigs(), n+".conf") }
func (l layout) etcdData() string           { return filepath.Join(l.dir, "etcd") }
func (l layout) run() string                { return filepath.Join(l.dir, "run") }

// admin is kubeadm's super-admin.conf: the rights of its admin.conf depend on
// a binding that can be deleted, these do not.
func (l layout) admin() string { return filepath.Join(l.dir, "admin.conf") }

// clear removes what an attempt with other ports has left.
func (l layout) clear() error {
	paths, err := filepath.Glob(filepath.Join(l.dir, "*.log"))
	if err != nil {
		return err
	}
	paths = append(paths, l.kubeadmConfig(), l.pki(), l.kubeconfigs(), l.etcdData(), l.run(), l.admin())
	for _, path := range paths {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// kubeadm's bootstrap-token phase always creates a token. This one may not
// sign, so that it leaves no trace in cluster-info before up deletes it.
var kubeadmConfig = template.Must(template.New("kubeadm.yaml").Parse(`apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
bootstrapTokens:
- token: {{.Token}}
  usages: [authentication]
localAPIEndpoint:
  advertiseAddress: {{.AdvertiseAddress}}
  bindPort: {{.Port}}
nodeRegistration:
  name: control-plane
  criSocket: unix:///run/none.sock
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: {{.Version}}
certificatesDir: {{.CertificatesDir}}
encryptionAlgorithm: {{.KeyAlgorithm}}
controlPlaneEndpoint: "{{.Endpoint}}"
apiServer:
  certSANs: [localhost, 127.0.0.1, "::1", "{{.ProxiedAddress}}"]
networking:
  serviceSubnet: {{.ServiceSubnet}}
`))

// writeKubeadmConfig returns the ID of the token that kubeadm is told to create.
func writeKubeadmConfig(l layout, p ports, o options) (tokenID string, err error) {
	token, err := bootstraputil.GenerateBootstrapToken()
	if err != nil {
		return "", err
	}
	var rendered bytes.Buffer
	err = kubeadmConfig.Execute(&rendered, map[string]any{
		"Token":            token,
		"AdvertiseAddress": advertiseAddress,
		"ProxiedAddress":   proxiedAddress,
		"Port":             p.apiServer,
		"Version":          kubernetesVersion,
		"CertificatesDir":  strconv.Quote(l.pki()),
		"KeyAlgorithm":     o.keyAlgorithm,
		"Endpoint":         net.JoinHostPort(o.listen, strconv.Itoa(p.apiServer)),
		"ServiceSubnet":    serviceSubnet,
	})
	if err != nil {
		return "", err
	}
	id, _, _ := bytes.Cut([]byte(token), []byte("."))
	return string(id), os.WriteFile(l.kubeadmConfig(), rendered.Bytes(), 0o600)
}

// useLoopback puts the address where the API server really listens into the
// kubeconfigs that name the advertised one.
func useLoopback(l layout, o options) error {
	paths, err := filepath.Glob(l.kubeconfig("*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		// In brackets where it is an IPv6 address.
		listening := strings.TrimSuffix(net.JoinHostPort(o.listen, ""), ":")
		text = bytes.ReplaceAll(text, []byte("https://"+advertiseAddress+":"), []byte("https://"+listening+":"))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return err
		}
	}
	return os.Rename(l.kubeconfig("super-admin"), l.admin())
}

func etcdArgs(l layout, p ports) []string {
	client, peer := "http://"+address(p.etcdClient), "http://"+address(p.etcdPeer)
	return []string{
		"--name=etcd",
		"--data-dir=" + l.etcdData(),
		"--listen-client-urls=" + client,
		"--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer,
		"--initial-advertise-peer-urls=" + peer,
		"--initial-cluster=etcd=" + peer,
		"--unsafe-no-fsync", // the data need not survive the machine
		// A lone member need not wait long for votes.
		"--heartbeat-interval=10",
		"--election-timeout=100",
	}
}

func apiServerArgs(l layout, p ports, o options) []string {
	return []string{
		"--etcd-servers=http://" + address(p.etcdClient),
		"--bind-address=" + o.listen,
		fmt.Sprintf("--secure-port=%d", p.apiServer),
		"--endpoint-reconciler-type=none", // the others refuse a loopback address
		"--advertise-address=" + advertiseAddress,
		"--cert-dir=" + l.run(),
		"--tls-cert-file=" + l.pkiFile("apiserver.crt"),
		"--tls-private-key-file=" + l.pkiFile("apiserver.key"),
		"--client-ca-file=" + l.pkiFile("ca.crt"),
		// As kubeadm has it; the controller manager complains when it is missing.
		"--requestheader-client-ca-file=" + l.pkiFile("front-proxy-ca.crt"),
		"--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + l.pkiFile("front-proxy-client.crt"),
		"--proxy-client-key-file=" + l.pkiFile("front-proxy-client.key"),
		"--enable-bootstrap-token-auth=true",
		"--authorization-mode=Node,RBAC",
		"--service-cluster-ip-range=" + serviceSubnet,
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + l.pkiFile("sa.pub"),
		"--service-account-signing-key-file=" + l.pkiFile("sa.key"),
	}
}

// The controllers that have to do with tokens and the certificates they are
// used for, and those without which a cluster has no service accounts.
const controllers = "bootstrap-signer-controller," +
	"token-cleaner-controller," +
	"certificatesigningrequest-approving-controller," +
	"certificatesigningrequest-signing-controller," +
	"certificatesigningrequest-cleaner-controller," +
	"serviceaccount-controller," +
	"clusterrole-aggregation-controller," +
	"root-ca-certificate-publisher-controller"

func controllerManagerArgs(l layout, p ports) []string {
	kubeconfig := l.kubeconfig("controller-manager")
	return []string{
		"--kubeconfig=" + kubeconfig,
		"--authentication-kubeconfig=" + kubeconfig,
		"--authorization-kubeconfig=" + kubeconfig,
		"--bind-address=" + loopback,
		fmt.Sprintf("--secure-port=%d", p.controllerManager),
		"--use-service-account-credentials=true",
		"--leader-elect=false", // there is no other, and a lease delays a restart
		"--controllers=" + controllers,
		"--cluster-signing-cert-file=" + l.pkiFile("ca.crt"),
		"--cluster-signing-key-file=" + l.pkiFile("ca.key"),
		"--root-ca-file=" + l.pkiFile("ca.crt"),
		"--service-account-private-key-file=" + l.pkiFile("sa.key"),
	}
}
