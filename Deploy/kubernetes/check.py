"""Holds what kustomize has rendered against the schemas of its kinds, and against what must hold beside them.

usage: check.py FILE...; each file is an overlay's. Ends with 1 and says what is wrong.
"""

import copy
import glob
import json
import os
import re
import sys

import jsonschema
import kubernetes_validate
import yaml

FOLDER = os.path.dirname(os.path.abspath(__file__))
OWN = {}
for path in glob.glob(os.path.join(FOLDER, "schemas", "*.json")):
    with open(path) as file:
        schema = json.load(file)
    OWN[(schema["properties"]["apiVersion"]["const"], schema["title"])] = schema
VERSION = kubernetes_validate.latest_version()
# Seconds that a worker may take to leave: `drain_limit`.
DRAIN = 60
NAME_OF_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASSWORD", re.I)


class Loader(yaml.SafeLoader):
    """Reads as Kubernetes does: 0400 is an octal number, and a key that stands twice is an error."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.YAMLError(f"{node.start_mark}: stands twice: {', '.join(map(str, twice))}")
        return super().construct_mapping(node, deep)


def name(document):
    return f"{document.get('kind')}/{document.get('metadata', {}).get('name')}"


def jobs_of(document):
    """The Jobs of a JobSet, as documents of their own."""
    for job in document["spec"].get("replicatedJobs", []) if document.get("kind") == "JobSet" else []:
        yield {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": f"{document['metadata']['name']}-{job['name']}"},
            "spec": job["template"]["spec"],
        }


def schema_problems(document):
    own = OWN.get((document.get("apiVersion"), document.get("kind")))
    try:
        if own:
            jsonschema.validate(document, own, cls=jsonschema.Draft202012Validator)
        else:
            kubernetes_validate.validate(document, VERSION, strict=True)
    except Exception as error:
        place = "/".join(map(str, getattr(error, "path", [])))
        yield f"{name(document)}: {place}: {getattr(error, 'message', error)}"
        return
    for job in jobs_of(document):
        yield from schema_problems(job)


def pods_of(document):
    """The pod templates of a document, with the name that they are told by."""
    kind, spec = document.get("kind"), document.get("spec", {})
    if kind in ("Deployment", "StatefulSet", "Job"):
        yield name(document), spec["template"]
    elif kind == "CronJob":
        yield name(document), spec["jobTemplate"]["spec"]["template"]
    for job in jobs_of(document):
        yield from pods_of(job)


def pod_problems(where, template):
    spec = template["spec"]
    containers = spec.get("initContainers", []) + spec["containers"]
    if spec.get("terminationGracePeriodSeconds", 30) <= DRAIN:
        yield f"{where}: a grace period that is not longer than the drain of {DRAIN} s"
    user = spec.get("securityContext", {})
    if not user.get("runAsNonRoot") or not user.get("runAsUser"):
        yield f"{where}: may run as root"
    if user.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield f"{where}: no seccomp profile"
    if spec.get("automountServiceAccountToken") is not False:
        yield f"{where}: has a token of the cluster's"
    if spec.get("enableServiceLinks") is not False:
        yield f"{where}: services would set variables that begin with TUTTI_"
    for volume in spec.get("volumes", []):
        mode = volume.get("secret", {}).get("defaultMode", 0o644) if "secret" in volume else 0o400
        if mode != 0o400:
            yield f"{where}: the secret {volume['name']} has mode {mode:o}"
    secrets = {volume["name"] for volume in spec.get("volumes", []) if "secret" in volume}
    for container in containers:
        here = f"{where}/{container['name']}"
        if not re.search(r"@sha256:[0-9a-f]{64}$", container["image"]):
            yield f"{here}: an image without a digest"
        confined = container.get("securityContext", {})
        if (
            confined.get("readOnlyRootFilesystem") is not True
            or confined.get("allowPrivilegeEscalation") is not False
            or confined.get("capabilities", {}).get("drop") != ["ALL"]
        ):
            yield f"{here}: is not confined"
        resources = container.get("resources", {})
        if not {"cpu", "memory"} <= set(resources.get("requests", {})) or "memory" not in resources.get("limits", {}):
            yield f"{here}: no requests, or no bound of its memory"
        for variable in container.get("env", []):
            held = NAME_OF_SECRET.search(variable["name"]) and not str(variable.get("value", "")).startswith("/")
            if "secretKeyRef" in variable.get("valueFrom", {}) or held:
                yield f"{here}: a secret in the environment: {variable['name']}"
        if any("secretRef" in source for source in container.get("envFrom", [])):
            yield f"{here}: secrets in the environment"
        if container.get("livenessProbe", {}).get("httpGet", {}).get("path") == "/readyz":
            yield f"{here}: would be ended because its disk is full"
        for mount in container.get("volumeMounts", []):
            if mount["name"] in secrets and not mount.get("readOnly"):
                yield f"{here}: may write to the secret {mount['name']}"


def claims_of(document):
    if document.get("kind") == "PersistentVolumeClaim":
        yield document
    yield from document.get("spec", {}).get("volumeClaimTemplates", [])


def problems(documents):
    for document in documents:
        yield from schema_problems(document)
    pods = []
    for document in documents:
        for where, template in pods_of(document):
            pods.append((where, template))
            yield from pod_problems(where, template)
        for claim in claims_of(document):
            if claim["spec"].get("accessModes") != ["ReadWriteOncePod"]:
                yield f"{name(document)}: two pods could have the volume at once"
        if document.get("kind") == "StatefulSet" and document["spec"].get("replicas") != 1:
            yield f"{name(document)}: not one coordinator"
        if document.get("kind") == "Service" and document["metadata"]["name"] == "tutti-queue":
            if not document["spec"].get("publishNotReadyAddresses"):
                yield "Service/tutti-queue: a coordinator that is not ready cannot be found"
    by_kind = {}
    for document in documents:
        by_kind.setdefault(document.get("kind"), {})[document["metadata"]["name"]] = document
    # Every pod is one of a policy's that begins with nothing.
    for where, template in pods:
        labels = template.get("metadata", {}).get("labels", {})
        closed = [
            policy
            for policy in by_kind.get("NetworkPolicy", {}).values()
            if set(policy["spec"]["podSelector"].get("matchLabels", {}).items()) <= set(labels.items())
        ]
        kinds = {kind for policy in closed for kind in policy["spec"].get("policyTypes", [])}
        if kinds != {"Ingress", "Egress"}:
            yield f"{where}: its network is open: {', '.join(sorted({'Ingress', 'Egress'} - kinds))}"
    # Who is scaled must be there, by KEDA alone, and may be evicted one part at a time.
    for scaled in by_kind.get("ScaledObject", {}).values():
        target = by_kind.get("Deployment", {}).get(scaled["spec"]["scaleTargetRef"]["name"])
        if not target:
            yield f"{name(scaled)}: there is no such Deployment"
            continue
        if "replicas" in target["spec"]:
            yield f"{name(target)}: says how many there are, as KEDA does"
        labels = target["spec"]["template"]["metadata"]["labels"]
        if not any(
            set(budget["spec"]["selector"]["matchLabels"].items()) <= set(labels.items())
            for budget in by_kind.get("PodDisruptionBudget", {}).values()
        ):
            yield f"{name(target)}: no disruption budget"
        worker = target["spec"]["template"]["spec"]["containers"][0]
        settings = {variable["name"]: variable["value"] for variable in worker.get("env", [])}
        bounds = re.findall(r'memory="(\w+)"', json.dumps(scaled["spec"]["triggers"]).replace('\\"', '"'))
        if settings.get("TUTTI_MEMORY_PER_SLOT") not in bounds:
            yield f"{name(scaled)}: counts no slots of the memory of its pool"
        for trigger in scaled["spec"]["triggers"]:
            if trigger["metadata"]["targetValue"] != settings.get("TUTTI_SLOTS"):
                yield f"{name(scaled)}: counts other slots than a worker has"
            reference = trigger.get("authenticationRef", {}).get("name")
            if reference not in by_kind.get("TriggerAuthentication", {}):
                yield f"{name(scaled)}: there is no authentication {reference}"
    for jobset in by_kind.get("JobSet", {}).values():
        names = {job["name"] for job in jobset["spec"]["replicatedJobs"]}
        if not set(jobset["spec"].get("successPolicy", {}).get("targetReplicatedJobs", [])) <= names:
            yield f"{name(jobset)}: waits for a job that there is not"
        queue = jobset["metadata"].get("labels", {}).get("kueue.x-k8s.io/queue-name")
        if queue not in by_kind.get("LocalQueue", {}):
            yield f"{name(jobset)}: there is no queue {queue}"


def change(documents, kind, path, value):
    """A copy in which one place of the first document of a kind is another; None removes it."""
    documents = copy.deepcopy(documents)
    place = next(document for document in documents if document["kind"] == kind)
    *way, last = path
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return documents


POD = ("spec", "template", "spec")
# Slips that the check must see: kind, place, what stands there.
SLIPS = [
    ("Deployment", (*POD, "terminationGracePeriodSecond"), 120),
    ("Deployment", (*POD, "terminationGracePeriodSeconds"), 30),
    ("Deployment", (*POD, "securityContext", "runAsNonRoot"), False),
    ("Deployment", (*POD, "containers", 0, "image"), "registry.example.com/tutti:latest"),
    ("Deployment", (*POD, "containers", 0, "resources", "limits"), None),
    ("Deployment", (*POD, "containers", 0, "env", 0), {"name": "TUTTI_TOKEN", "value": "abc"}),
    ("Deployment", ("spec", "replicas"), 3),
    ("StatefulSet", ("spec", "replicas"), 2),
    ("StatefulSet", (*POD, "volumes", 1, "secret", "defaultMode"), 0o444),
    ("StatefulSet", (*POD, "containers", 0, "livenessProbe", "httpGet", "path"), "/readyz"),
    ("StatefulSet", ("spec", "volumeClaimTemplates", 0, "spec", "accessModes"), ["ReadWriteOnce"]),
    ("ScaledObject", ("spec", "maxReplicas"), 20),
    ("ScaledObject", ("spec", "triggers", 0, "metadata", "targetValue"), "4"),
    ("ScaledObject", ("spec", "scaleTargetRef", "name"), "tutti-workers"),
    ("JobSet", ("spec", "successPolicy", "operator"), "Each"),
    ("JobSet", ("spec", "replicatedJobs", 1, "template", "spec", "parallellism"), 4),
    ("JobSet", ("spec", "successPolicy", "targetReplicatedJobs"), ["coordinators"]),
    ("ClusterQueue", ("spec", "resourceGroups", 0, "flavors", 0, "resources", 0, "nominalQuota"), "many"),
    ("CronJob", ("spec", "concurrencyPolice"), "Forbid"),
]


def main():
    failed = False
    unseen = list(SLIPS)
    for path in sys.argv[1:]:
        with open(path) as file:
            documents = [document for document in yaml.load_all(file, Loader) if document]
        found = list(problems(documents))
        overlay = os.path.splitext(os.path.basename(path))[0]
        print(f"{overlay}: {len(documents)} objects, {len(found)} problems (Kubernetes {VERSION})")
        for problem in found:
            print(f"  {problem}", file=sys.stderr)
        failed = failed or bool(found) or not documents
        kinds = {document["kind"] for document in documents}
        unseen = [slip for slip in unseen if slip[0] not in kinds or not list(problems(change(documents, *slip)))]
    print(f"{len(SLIPS) - len(unseen)} of {len(SLIPS)} planted slips are seen")
    for slip in unseen:
        print(f"  not seen: {slip}", file=sys.stderr)
    sys.exit(1 if failed or unseen else 0)


main()
