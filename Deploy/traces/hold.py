"""Reads files of spans by the official messages of OTLP (ExportTraceServiceRequest), in which every field has to be known,
and holds the spans together: names, parents, times, kinds and outcomes.

    hold.py CALLER FILE...

CALLER is the one span that the files do not have: that of somebody who asked the coordinator something.
"""
import base64
import collections
import json
import re
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

# Bytes of a name. OTLP writes them in hexadecimal, which is not how Protocol Buffers write bytes as JSON.
NAMES = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
KINDS = {
    "job": Span.SPAN_KIND_INTERNAL, "assembly": Span.SPAN_KIND_INTERNAL, "attempt": Span.SPAN_KIND_CLIENT,
    "run": Span.SPAN_KIND_SERVER, "night": Span.SPAN_KIND_INTERNAL, "fit": Span.SPAN_KIND_INTERNAL,
}
PARENTS = {"assembly": {"job"}, "attempt": {"job"}, "run": {"attempt"}, "fit": {"night"}}


def in_base64(value):
    """What a line says, with names as Protocol Buffers write them and without lists of nothing, which they leave out."""
    if isinstance(value, list):
        return [in_base64(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for key, item in value.items():
        if key in NAMES:
            assert re.fullmatch(f"[0-9a-f]{{{2 * NAMES[key]}}}", item) and set(item) != {"0"}, f"{key} is {item!r}"
            item = base64.b64encode(bytes.fromhex(item)).decode()
        if item != []:
            result[key] = in_base64(item)
    return result


def read(path):
    """By name, what the file has of each span, and the service that it is of."""
    spans = []
    with open(path) as file:
        for number, line in enumerate(file, 1):
            assert len(line) < 1 << 20, f"{path}:{number} is longer than the collector reads"
            said = in_base64(json.loads(line))
            request = json_format.Parse(json.dumps(said), ExportTraceServiceRequest(), ignore_unknown_fields=False)
            # Names of fields in the form of JSON, enumerations as numbers, nothing said twice or not heard.
            heard = json_format.MessageToDict(request, use_integers_for_enums=True)
            assert heard == said, f"{path}:{number} is written {said} and read {heard}"
            for resource in request.resource_spans:
                facts = {item.key: item.value.string_value for item in resource.resource.attributes}
                assert all(facts[f"service.{fact}"] for fact in ("name", "version", "instance.id")), facts
                for scope in resource.scope_spans:
                    assert scope.scope.name == "tutti" and len(scope.spans) > 0, path
                    spans += [(facts["service.name"], span) for span in scope.spans]
    assert spans, f"{path} has no span"
    return spans


def hold(caller, paths):
    spans = [entry for path in paths for entry in read(path)]
    by_id = {span.span_id: (service, span) for service, span in spans}
    assert len(by_id) == len(spans), "two spans have one name"
    counts = collections.Counter()
    for service, span in spans:
        told = f"{service}: {span.name} {span.span_id.hex()}"
        counts[service, span.name if span.name in KINDS else "request"] += 1
        assert 1_600_000_000e9 < span.start_time_unix_nano <= span.end_time_unix_nano < 4_000_000_000e9, told
        assert span.kind == KINDS.get(span.name, Span.SPAN_KIND_SERVER), f"{told} is of kind {span.kind}"
        assert span.status.code in (Status.STATUS_CODE_UNSET, Status.STATUS_CODE_OK, Status.STATUS_CODE_ERROR), told
        assert span.status.code == Status.STATUS_CODE_ERROR or span.status.message == "", told
        keys = [attribute.key for attribute in span.attributes]
        assert len(set(keys)) == len(keys) and all(item.value.WhichOneof("value") for item in span.attributes), told
        for event in span.events:
            assert span.start_time_unix_nano <= event.time_unix_nano <= span.end_time_unix_nano and event.name, told
        if span.parent_span_id.hex() == caller:
            assert span.name not in KINDS, f"{told} is below one who asked"
            counts["asked"] += 1
            continue
        if not span.parent_span_id:
            assert span.name not in PARENTS, f"{told} has no parent"
            continue
        assert span.parent_span_id in by_id, f"{told} has a parent that nobody wrote"
        _, parent = by_id[span.parent_span_id]
        assert parent.trace_id == span.trace_id, f"{told} is of another trace than its parent"
        assert parent.name in PARENTS.get(span.name, set()), f"{told} is below {parent.name}"
        assert parent.start_time_unix_nano <= span.start_time_unix_nano, f"{told} begins before {parent.name}"
    # The worker's runs are the coordinator's attempts; what becomes of one both say.
    for wanted in [
        ("tutti-coordinator", "job"), ("tutti-coordinator", "attempt"), ("tutti-coordinator", "assembly"),
        ("tutti-coordinator", "request"), ("tutti-worker", "run"), ("tutti-recalibrate", "night"),
        ("tutti-recalibrate", "fit"), "asked",
    ]:
        assert counts[wanted], f"there is no {wanted}: {counts}"
    states = sorted(
        item.value.string_value for _, span in spans if span.name == "job" for item in span.attributes
        if item.key == "tutti.job.state")
    assert states == ["cancelled", "succeeded"], states
    print(f"OpenTelemetry's schema has every field of {len(spans)} spans, and every parent is there.")


hold(sys.argv[1], sys.argv[2:])
