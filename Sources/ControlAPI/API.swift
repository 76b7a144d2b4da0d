import Cluster
import Coordination
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import PrometheusMetrics
import Tracing

/// What the API's operations work with.
package struct API: Sendable {
    let service: CoordinatorService
    /// Who may ask; nil for whoever reaches the address.
    let tokens: TokenBook?
    /// Whether the address is on loopback.
    let isLocal: Bool
    /// The folder of the plan whose nights the pages show; nil for none.
    let nightsFolder: String?
    /// Makes spans of requests; nil: nobody does.
    let tracer: (any Tracer)?
    let logger: Logger
    let bodies = BodyBudget(byteCount: API.bodyByteCountMax)
    let metrics: PrometheusRegistry
    let refusals: RefusalLog
    let sessions = SessionBook()
    /// Set when streams have to come to their end.
    let stop = StopFlag()

    /// Longest submission: a bundle of model and data, as base64.
    static let bodyByteCountMax = 512 << 20

    /// - Parameter metrics: what is counted and measured, and shown to Prometheus.
    package init(
        service: CoordinatorService, tokens: TokenBook?, isLocal: Bool, nightsFolder: String? = nil,
        metrics: PrometheusRegistry,
        tracer: (any Tracer)? = nil, logger: Logger
    ) {
        self.service = service
        self.tokens = tokens
        self.isLocal = isLocal
        self.nightsFolder = nightsFolder
        self.metrics = metrics
        self.tracer = tracer
        self.logger = logger
        refusals = RefusalLog(logger: logger)
    }

    /// Everything that programs can ask.
    var operations: [Operation] {
        jobOperations + changeOperations + resultOperations + clusterOperations + healthOperations
    }

    /// The document that describes it.
    package func document() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(OpenAPIDocument(operations: operations).value)
    }

    func summary(_ job: JobSnapshot) -> JobSummary { JobSummary(job, isPinned: service.isPinned(job.id)) }

    func detail(_ job: JobSnapshot) -> JobDetail { JobDetail(job, isPinned: service.isPinned(job.id)) }

    func json(_ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) throws -> Response
    {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }
}
