#!/usr/bin/env bash
# Install torch by the first route that works; write "<route> <lock>" to STAMP.
#
#   usage: torch.sh VENV STAMP auto|cpu|cuda
#
#   A  the index named by TORCH_INDEX, skipped when that is not set     -> lock cpu
#   B  pip's configured package index or find-links, the same CPU file  -> lock cpu
#   C  pip's configured package index, the CUDA build (2.8 GB of wheels,
#      fetched with the other packages of the lock)                     -> lock cuda
#
# A and B accept only the file whose sha256 stands in torch-cpu.txt, so the index
# behind TORCH_INDEX need not be trusted.
set -euo pipefail

venv=$1 stamp=$2 wanted=$3
here=$(dirname "$0")
log=$venv/torch.log
: >"$log"

say() { printf -- '--> torch: %s\n' "$*"; }

try() {
    "$venv/bin/pip" install --no-deps --require-hashes --no-compile \
        --retries 0 --timeout 5 "$@" -r "$here/torch-cpu.txt" >>"$log" 2>&1
}

finish() {
    printf '%s %s\n' "$1" "$2" >"$stamp"
    exit 0
}

case $wanted in
auto | cpu) ;;
cuda) finish C cuda ;;
*) say "TORCH=$wanted is unknown, choose auto, cpu or cuda" && exit 1 ;;
esac

if [ -n "${TORCH_INDEX:-}" ]; then
    say "CPU build (190 MB) from TORCH_INDEX"
    try --index-url "$TORCH_INDEX" && finish A cpu
    say "not found there, trying the configured package index"
else
    say "CPU build (190 MB) from the configured package index"
fi
try && finish B cpu

say "the configured package index does not serve the CPU build (details: $log)"
say "set TORCH_INDEX to the CPU index named on PyTorch's installation page to get it"
[ "$wanted" = cpu ] && exit 1
say "going on with the CUDA build instead: 2.8 GB of downloads"
finish C cuda
