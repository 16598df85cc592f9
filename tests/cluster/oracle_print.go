package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"unicode/utf8"
	"unsafe"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clientset "k8s.io/client-go/kubernetes"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	outputapischeme "k8s.io/kubernetes/cmd/kubeadm/app/apis/output/scheme"
	"k8s.io/kubernetes/cmd/kubeadm/app/cmd"
	"k8s.io/kubernetes/cmd/kubeadm/app/util/output"
)

// What `kubeadm token list` prints.
var printOps = map[string]op{
	"printed": request(func(r printed) (any, error) { return r.print() }),
}

type printed struct {
	Secrets      []corev1.Secret `json:"secrets"`
	Format       string          `json:"format"`        // the argument of -o
	AllowMissing *bool           `json:"allow_missing"` // --allow-missing-template-keys
}

func (r printed) print() (any, error) {
	flags := output.NewOutputFlags(textFlags{}).WithTypeSetter(outputapischeme.Scheme).WithDefaultOutput(r.Format)
	if r.AllowMissing != nil {
		*flags.KubeTemplatePrintFlags.AllowMissingKeys = *r.AllowMissing
	}
	printer, err := flags.ToPrinter()
	if err != nil {
		return nil, err
	}
	var stdout, stderr bytes.Buffer
	if err := cmd.RunListTokens(&stdout, &stderr, secretsOnly{secrets: r.Secrets}, printer); err != nil {
		return nil, err
	}
	answer := map[string]any{"stderr": stderr.String()}
	if utf8.Valid(stdout.Bytes()) {
		answer["stdout"] = stdout.String()
	} else {
		answer["stdout"] = map[string]any{"hex": hex.EncodeToString(stdout.Bytes())}
	}
	return answer, nil
}

// textFlags are the command's own, which has no exported name for them.
type textFlags struct{}

func (textFlags) ToPrinter(format string) (output.Printer, error) {
	return textPrinter(nil, format)
}

//go:linkname textPrinter k8s.io/kubernetes/cmd/kubeadm/app/cmd.(*tokenTextPrintFlags).ToPrinter
func textPrinter(flags unsafe.Pointer, format string) (output.Printer, error)

// secretsOnly is a client that lists these Secrets and can do nothing else.
type secretsOnly struct {
	clientset.Interface
	secrets []corev1.Secret
}

func (s secretsOnly) CoreV1() corev1client.CoreV1Interface {
	return secretsOnlyCore{secrets: s.secrets}
}

type secretsOnlyCore struct {
	corev1client.CoreV1Interface
	secrets []corev1.Secret
}

func (s secretsOnlyCore) Secrets(string) corev1client.SecretInterface {
	return secretsOnlyList{secrets: s.secrets}
}

type secretsOnlyList struct {
	corev1client.SecretInterface
	secrets []corev1.Secret
}

func (s secretsOnlyList) List(context.Context, metav1.ListOptions) (*corev1.SecretList, error) {
	return &corev1.SecretList{Items: s.secrets}, nil
}
