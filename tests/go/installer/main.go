// Command installer is what an installer does with a token: it mints one, writes its Secret with client-go, reads it
// back, and prints the token for the machine that is to join.
//
//	installer KUBECONFIG [DESCRIPTION]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"bootstraptoken"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "installer:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 || len(args) > 2 {
		return errors.New("usage: installer KUBECONFIG [DESCRIPTION]")
	}
	description := "by an installer in Go"
	if len(args) == 2 {
		description = args[1]
	}
	config, err := clientcmd.BuildConfigFromFlags("", args[0])
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()

	token, err := bootstraptoken.Generate()
	if err != nil {
		return err
	}
	defer token.Close()
	if err := write(ctx, client, token, description); err != nil {
		return err
	}
	if err := readBack(ctx, client, token); err != nil {
		return err
	}
	text, err := token.Expose()
	if err != nil {
		return err
	}
	defer clear(text)
	_, err = os.Stdout.Write(append(text, '\n'))
	return err
}

// write makes the Secret, which must not exist yet.
func write(ctx context.Context, client kubernetes.Interface, token *bootstraptoken.Token, description string) error {
	record, err := bootstraptoken.NewRecord(token, time.Now(),
		bootstraptoken.WithTTL(time.Hour), bootstraptoken.WithDescription(description))
	if err != nil {
		return err
	}
	defer record.Close()
	text, err := record.ExposeSecretJSON()
	if err != nil {
		return err
	}
	defer clear(text)
	var secret corev1.Secret
	if err := json.Unmarshal(text, &secret); err != nil {
		return err
	}
	_, err = client.CoreV1().Secrets(secret.Namespace).Create(ctx, &secret, metav1.CreateOptions{})
	return err
}

// readBack makes sure that what the cluster has is the token that was minted, and alive.
func readBack(ctx context.Context, client kubernetes.Interface, token *bootstraptoken.Token) error {
	secret, err := client.CoreV1().Secrets(bootstraptoken.Namespace).Get(ctx, token.SecretName(), metav1.GetOptions{})
	if err != nil {
		return err
	}
	text, err := json.Marshal(secret)
	if err != nil {
		return err
	}
	defer clear(text)
	record, err := bootstraptoken.ParseSecretJSON(text)
	if err != nil {
		return err
	}
	defer record.Close()
	stored, err := record.Token()
	if err != nil {
		return err
	}
	defer stored.Close()
	if !stored.Equal(token) || record.IsExpired(time.Now()) {
		return fmt.Errorf("the cluster has something else than was written: %v", record)
	}
	return nil
}
