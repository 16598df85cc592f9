#!/bin/sh
# Every verb of `kubeadm token`, as scripts around clusters use it. It is run unchanged with kubeadm and with ours on
# the PATH under the name kubeadm, and says the same each time.
set -eu

token=$(kubeadm token generate)
id=${token%%.*}
secret=${token#*.}
masked() { sed -e "s/$token/TOKEN/g" -e "s/$id/ID/g" -e "s/$secret/SECRET/g"; }

echo "generated: $(printf %s "$token" | sed 's/[a-z0-9]/x/g')"
kubeadm token create "$token" --ttl 3h --description "made by a script" | masked
kubeadm token list | masked | grep '^TOKEN' | sed 's/  *[0-9TZ:-]*Z  */ TIME /'
kubeadm token list -o json | masked | grep '"token"'
kubeadm token list --output=yaml | masked | grep '^token:'
[ "$(kubeadm token list -o json | grep -c "\"token\": \"$token\"")" = 1 ]

if kubeadm token create "$token" 2>error; then
	echo "an ID was given twice" >&2
	exit 1
fi
masked <error | head -n 1

kubeadm token create "$(kubeadm token generate)" --dry-run >/dev/null
# Both streams in one, used whole: a warning among the words would be run as part of the command.
join=$(kubeadm token create --ttl 0 --print-join-command 2>&1)
# shellcheck disable=SC2086 # it is to be split
set -- $join
echo "to run: $1 $2 ADDRESS $4 $(echo "$5" | sed 's/[a-z0-9]/x/g') and $(($# - 5)) more"
kubeadm token delete "$5" >/dev/null
another=$(kubeadm token create --usages authentication --groups system:bootstrappers:scripts)
kubeadm token delete "$id" "$another" | masked | sed "s/${another%%.*}/ANOTHER/"

if kubeadm token delete "$id" 2>error; then
	echo "a token was deleted twice" >&2
	exit 1
fi
masked <error | head -n 1

kubeadm token list | wc -l | tr -d ' '
kubeadm token --help | grep -c '^  create '
kubeadm token delete nonsense 2>/dev/null || echo "exit code $?"
