import Cluster
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// For who keeps the coordinator running.
extension API {
    var healthOperations: [Operation] {
        [
            Operation(
                name: "getHealth", path: "/healthz", summary: "Is the coordinator alive?", role: nil,
                answers: [Operation.Answer(status: 200, text: "Yes.", content: ["text/plain": ["type": "string"]])],
                handler: { _ in plain("ok\n") }),
            Operation(
                name: "getReadiness", path: "/readyz", summary: "Can work be submitted?", role: nil,
                answers: [
                    Operation.Answer(status: 200, text: "Yes.", content: ["text/plain": ["type": "string"]]),
                    .problem(503, "No: nothing can be stored."),
                ],
                handler: { _ in
                    guard service.isReady else {
                        throw Problem(
                            .serviceUnavailable, "nothing can be stored: the disk is full, or the ledger failed")
                    }
                    return plain("ready\n")
                }),
            Operation(
                name: "getMetrics", path: "/metrics", summary: "Get metrics for Prometheus",
                text: "Of all projects together.",
                answers: [
                    Operation.Answer(
                        status: 200, text: "Metrics in Prometheus' text format.",
                        content: ["text/plain": ["type": "string"]])
                ],
                handler: { _ in
                    CoordinatorMetrics.measure(service, into: metrics)
                    var response = plain(metrics.text)
                    response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
                    return response
                }),
        ]
    }

    private func plain(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
