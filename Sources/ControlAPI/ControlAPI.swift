import Cluster
import Coordination
import Foundation
import Hummingbird
import Logging

/// The coordinator's HTTP face: submit, list, watch, cancel, results, workers, health.
package struct ControlAPI: Sendable {
    /// Longest submission: a bundle of model and data, as base64.
    private static let bodyByteCountMax = 512 << 20

    /// Of a submission that does not say how long it is.
    private static let unknownByteCount = 64 << 20
    /// Seconds in which nothing comes of a request after which its connection is closed.
    private static let idleTimeout: Int64 = 30

    private let service: CoordinatorService
    private let bodies = BodyBudget(byteCount: ControlAPI.bodyByteCountMax)
    private let host: String
    private let port: Int
    private let logger: Logger

    package init(service: CoordinatorService, host: String, port: Int, logger: Logger) {
        self.service = service
        self.host = host
        self.port = port
        self.logger = logger
    }

    /// Serves until the process is asked to leave, or the coordinator can go on no longer.
    package func run() async throws {
        let logger = logger
        let application = Application(
            router: router(), server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleTimeout))),
            configuration: .init(address: .hostname(host, port: port), serverName: "tutti"),
            onServerRunning: { channel in
                logger.info("the HTTP API answers on \(channel.localAddress?.description ?? "?")")
            }, logger: Logger(label: "http") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService() }
            group.addTask {
                while service.failureText == nil { try await Task.sleep(for: .milliseconds(500)) }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: LoopbackGuard())
        router.get("healthz") { _, _ in "ok\n" }
        router.get("readyz") { _, _ -> Response in
            service.isReady
                ? Response(status: .ok, body: .init(byteBuffer: .init(string: "ready\n")))
                : Response(status: .serviceUnavailable, body: .init(byteBuffer: .init(string: "not ready\n")))
        }
        let jobs = router.group("v1/jobs")
        jobs.post { request, _ in try await submit(request) }
        jobs.get { _, _ in try reply(service.jobs.map(JobProgress.init)) }
        jobs.get(":job") { _, context in
            guard let job = job(context) else { return try problem(.notFound, "there is no such job") }
            return try reply(JobProgress(job))
        }
        jobs.delete(":job") { _, context in
            guard let job = job(context) else { return try problem(.notFound, "there is no such job") }
            do {
                if let text = try await service.cancel(job.id) { return try problem(.conflict, text) }
                return try reply(JobReference(id: String(job.id.number), existed: true))
            } catch let error as CoordinatorError {
                return try problem(.serviceUnavailable, error.description)
            }
        }
        jobs.get(":job/results") { _, context in
            guard let folder = try results(context) else { return try notReady(context) }
            return try reply(try FileManager.default.contentsOfDirectory(atPath: folder).sorted())
        }
        jobs.get(":job/results/:file") { _, context in
            guard let folder = try results(context) else { return try notReady(context) }
            // A name from the folder's own listing, so no path leads elsewhere.
            let name = context.parameters.get("file") ?? ""
            guard try FileManager.default.contentsOfDirectory(atPath: folder).contains(name),
                let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
            else { return try problem(.notFound, "there is no such file") }
            return Response(
                status: .ok, headers: [.contentType: "application/octet-stream"],
                body: .init(byteBuffer: ByteBuffer(bytes: data)))
        }
        router.get("v1/workers") { _, _ in
            try reply(service.workers.map { WorkerReply(name: $0.name, slots: $0.slots, tasks: $0.attempts) })
        }
        return router
    }

    private func submit(_ request: Request) async throws -> Response {
        let declared = request.headers[.contentLength].flatMap(Int.init)
        guard declared ?? 0 <= Self.bodyByteCountMax else { return try tooLarge(Self.bodyByteCountMax) }
        let byteCount = declared ?? Self.unknownByteCount
        if let response = try await bodies.with(byteCount, { try await submit(request, byteCountMax: byteCount) }) {
            return response
        }
        var response = try problem(.serviceUnavailable, "other submissions are being read; ask again in a moment")
        response.headers[.retryAfter] = "1"
        return response
    }

    private func tooLarge(_ byteCountMax: Int) throws -> Response {
        try problem(.contentTooLarge, "a submission has at most \(byteCountMax) bytes")
    }

    private func submit(_ request: Request, byteCountMax: Int) async throws -> Response {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: byteCountMax)
        } catch {
            return try tooLarge(byteCountMax)
        }
        guard
            let submission = try? JSONDecoder().decode(
                SubmissionRequest.self, from: Data(buffer.readableBytesView))
        else {
            return try problem(
                .badRequest,
                "the body must be {\"archive\": {\"name\", \"model\", \"data\": {path: base64}}, \"settings\"}")
        }
        switch FitSubmission.checked(submission) {
        case .failure(let refusal):
            return try problem(.unprocessableContent, refusal.description)
        case .success(let fit):
            do {
                let receipt = try await service.submit(fit, again: submission.again ?? false)
                return try reply(
                    JobReference(id: String(receipt.job.number), existed: receipt.existed),
                    status: receipt.existed ? .ok : .created)
            } catch let refusal as SubmissionRefusal {
                return try problem(.unprocessableContent, refusal.description)
            } catch let error as CoordinatorError {
                return try problem(.serviceUnavailable, error.description)
            }
        }
    }

    private func job(_ context: BasicRequestContext) -> JobSnapshot? {
        guard let number = context.parameters.get("job").flatMap(UInt64.init) else { return nil }
        return service.jobs.first { $0.id.number == number }
    }

    /// The folder of the job's results, once it has succeeded.
    private func results(_ context: BasicRequestContext) throws -> String? {
        guard let job = job(context), job.state == .succeeded else { return nil }
        return service.resultsFolder(of: job.id)
    }

    private func notReady(_ context: BasicRequestContext) throws -> Response {
        guard let job = job(context) else { return try problem(.notFound, "there is no such job") }
        return try problem(.conflict, "the job has no results: it is \(job.state.rawValue)")
    }

    private func reply(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }

    private func problem(_ status: HTTPResponse.Status, _ detail: String) throws -> Response {
        try Self.problem(status, detail)
    }

    /// An answer in the fields of RFC 9457.
    static func problem(_ status: HTTPResponse.Status, _ detail: String) throws -> Response {
        let body = ProblemReply(title: status.reasonPhrase, status: status.code, detail: detail)
        return Response(
            status: status, headers: [.contentType: "application/problem+json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(body))))
    }
}

private struct WorkerReply: Encodable {
    var name: String
    var slots: Int
    var tasks: Int
}
