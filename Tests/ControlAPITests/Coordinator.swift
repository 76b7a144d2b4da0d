import Cluster
import ControlAPI
import Coordination
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Storage
import Synchronization
import Testing
import Tracing
import Wire

/// A coordinator in this process with an API that is asked without a network.
final class TestCoordinator: Sendable {
    let folder: String
    let service: CoordinatorService
    let log = LogLines()
    let responder: Responder
    /// The document that is served.
    let document: Document

    /// - Parameters:
    ///   - tokens: names and roles of tokens to have, all of one project; none for an API without tokens.
    ///   - entries: what the ledger holds already.
    ///   - expired: jobs whose results are gone.
    init(
        tokens: [(name: String, role: TokenRole, project: String)] = [], entries: [LedgerEntry] = [],
        expired: [JobID] = [], isLocal: Bool = true, nightsFolder: String? = nil, tracer: (any Tracer)? = nil
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ledger = MemoryLedger()
        try ledger.append(entries)
        for job in expired { _ = ledger.expire(job) }
        let logger = log.logger
        let metrics = CoordinatorMetrics.registry()
        service = try CoordinatorService(
            CoordinatorConfiguration(
                state: folder + "/state", endpoint: "ipc://\(folder)/socket", metrics: metrics, tracer: tracer),
            logger: logger,
            openingLedger: { _ in ledger })
        var texts: [String: String] = [:]
        let tokenFolder = TokenFolder(folder + "/tokens")
        for token in tokens {
            texts[token.name] = try tokenFolder.make(token.name, role: token.role, project: token.project)
        }
        self.texts = texts
        book = tokens.isEmpty ? nil : try TokenBook(tokenFolder, logger: logger)
        self.tokenFolder = tokenFolder
        let api = API(
            service: service, tokens: book, isLocal: isLocal, nightsFolder: nightsFolder, metrics: metrics,
            tracer: tracer, logger: logger)
        responder = Responder(api)
        document = try Document(api.document())
    }

    /// The texts of the tokens, by their names.
    let texts: [String: String]
    let tokenFolder: TokenFolder
    let book: TokenBook?

    deinit {
        service.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Asks, and holds what comes against the document.
    func ask(
        _ method: HTTPRequest.Method = .get, _ target: String, token: String? = nil, headers: HTTPFields = [:],
        body: Data = Data(), authority: String? = "127.0.0.1:8080"
    ) async throws -> Reply {
        let reply = try await reply(method, target, token, headers, body, authority)
        try expectDocumented(reply, method, target)
        return reply
    }

    /// Asks for a page, which the document does not have.
    func show(
        _ target: String, method: HTTPRequest.Method = .get,
        headers: HTTPFields = [.accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"], token: String? = nil,
        body: Data = Data(), authority: String? = "127.0.0.1:8080", into collected: Collected = Collected()
    ) async throws -> Reply {
        try await reply(method, target, token, headers, body, authority, into: collected)
    }

    private func reply(
        _ method: HTTPRequest.Method, _ target: String, _ token: String?, _ fields: HTTPFields, _ body: Data,
        _ authority: String?, into collected: Collected = Collected()
    ) async throws -> Reply {
        var headers = fields
        if let token { headers[.authorization] = "Bearer \(texts[token] ?? token)" }
        if !body.isEmpty { headers[.contentLength] = String(body.count) }
        let head = HTTPRequest(
            method: method, scheme: "http", authority: authority, path: target, headerFields: headers)
        let response = await responder.answer(
            Request(head: head, body: .init(buffer: ByteBuffer(bytes: body))), peer: "test")
        return Reply(
            status: response.status.code, headers: response.headers,
            body: try await Self.bytes(of: response.body, into: collected))
    }

    private static func bytes(of body: ResponseBody, into collected: Collected) async throws -> Data {
        try await body.write(Collector(collected: collected))
        return collected.data
    }

    /// Status and media type stand in the document, and a body has the shape that is said there.
    private func expectDocumented(_ reply: Reply, _ method: HTTPRequest.Method, _ target: String) throws {
        if reply.status >= 400, method != .head {
            let problem = try JSONSerialization.jsonObject(with: reply.body) as? [String: Any]
            #expect(reply.headers[.contentType] == "application/problem+json")
            #expect(problem?["status"] as? Int == reply.status)
            #expect((problem?["detail"] as? String)?.isEmpty == false)
        }
        let place = "\(method) \(target) answered \(reply.status)"
        guard let operation = document.operation(method, target) else {
            // What the document does not have is not there, or strangers are not told.
            #expect([401, 403, 404, 405, 421].contains(reply.status), "\(place)")
            return
        }
        let answer = operation.answers[reply.status]
        #expect(answer != nil, "\(place), which the document does not have")
        guard let answer, !reply.body.isEmpty else { return }
        #expect(method != .head, "\(place) with a body")
        let type = String((reply.headers[.contentType] ?? "").prefix { $0 != ";" })
        let schema = answer[type]
        #expect(schema != nil, "\(place) with \(type), which the document does not have")
        if let schema, type.hasSuffix("json") {
            let value = try JSONSerialization.jsonObject(with: reply.body)
            for fault in document.faults(of: value, schema) { Issue.record("\(place): \(fault)") }
        }
    }
}

struct Reply {
    var status: Int
    var headers: HTTPFields
    var body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    var problem: String {
        (try? JSONDecoder().decode(ProblemReply.self, from: body))?.detail ?? "no problem: \(text.prefix(200))"
    }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder().decode(type, from: body) }
}

/// What has come of a body.
final class Collected: Sendable {
    private let bytes = Mutex(Data())
    private let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    var data: Data { bytes.withLock { $0 } }

    func append(_ more: some Sequence<UInt8>) {
        bytes.withLock { $0.append(contentsOf: more) }
        arrival.yield()
    }

    /// Waits until it has these words; one at a time may wait.
    func has(_ words: String) async throws {
        while !String(decoding: data, as: UTF8.self).contains(words) {
            for await _ in arrivals { break }
            try Task.checkCancellation()
        }
    }
}

struct Collector: ResponseBodyWriter {
    let collected: Collected

    mutating func write(_ buffer: ByteBuffer) async throws {
        collected.append(buffer.readableBytesView)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// What was logged, a line each.
final class LogLines: Sendable {
    private let content = Mutex<[String]>([])

    var lines: [String] { content.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let words = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            lines.content.withLock { $0.append("\(event.level) \(event.message) \(words.joined(separator: " "))") }
        }
    }
}

extension TestCoordinator {
    /// Puts small files where a finished job's results are.
    func putResults(of job: UInt64) throws {
        let folder = service.resultsFolder(of: Jobs.id(job))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let posterior = Data((0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) })
        for (name, content) in [
            ("channels.csv", Data("channel,spend\ntv,1\n".utf8)), ("report.html", Data("<html>".utf8)),
            ("run.json", Data("{}\n".utf8)), ("posterior.nc", posterior),
        ] {
            try content.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }
}
