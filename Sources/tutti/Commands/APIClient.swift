import Cluster
import Foundation
import FoundationNetworking

/// Speaks to a coordinator's HTTP API.
struct APIClient {
    let base: URL
    /// Shown with every request; never in an error or a log.
    let token: String?

    // MARK: What it asks

    func submit(_ submission: SubmissionRequest) async throws -> JobReference {
        var request = try request("v1/jobs", method: "POST")
        request.httpBody = try JSONEncoder().encode(submission)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        return try await decode(request)
    }

    func jobs(limit: Int, after: String?, state: String?, portfolio: String? = nil) async throws -> JobPage {
        var query = [URLQueryItem(name: "limit", value: String(limit))]
        if let after { query.append(URLQueryItem(name: "after", value: after)) }
        if let portfolio { query.append(URLQueryItem(name: "portfolio", value: portfolio)) }
        if let state { query.append(URLQueryItem(name: "state", value: state)) }
        return try await decode(request("v1/jobs", query: query))
    }

    func job(_ id: String) async throws -> JobDetail { try await decode(request("v1/jobs/\(Self.escaped(id))")) }

    /// Cancels, pauses, resumes, pins or unpins, by the operation's name.
    func change(_ id: String, _ operation: String) async throws -> JobSummary {
        try await decode(request("v1/jobs/\(Self.escaped(id))/\(operation)", method: "POST"))
    }

    func prioritise(_ id: String, _ priority: String) async throws -> JobSummary {
        var request = try request("v1/jobs/\(Self.escaped(id))/priority", method: "POST")
        request.httpBody = try JSONEncoder().encode(PriorityRequest(priority: priority))
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        return try await decode(request)
    }

    func reason(of id: String) async throws -> WaitReply {
        try await decode(request("v1/jobs/\(Self.escaped(id))/why"))
    }

    func overview() async throws -> ClusterOverview { try await decode(request("v1/overview")) }

    func live(_ id: String) async throws -> JobLive { try await decode(request("v1/jobs/\(Self.escaped(id))/live")) }

    func workers() async throws -> WorkerList { try await decode(request("v1/workers")) }

    func caller() async throws -> CallerReply { try await decode(request("v1/caller")) }

    /// An answer's bytes as they come.
    /// - Parameter parts: of the path, after `v1`.
    func document(_ parts: [String], query: [(name: String, value: String)] = []) async throws -> Data {
        let path = (["v1"] + parts.map(Self.escaped)).joined(separator: "/")
        return try await send(request(path, query: query.map { URLQueryItem(name: $0.name, value: $0.value) }))
    }

    func results(of id: String) async throws -> ResultList {
        try await decode(request("v1/jobs/\(Self.escaped(id))/results"))
    }

    func result(_ name: String, of id: String) async throws -> Data {
        try await send(request("v1/jobs/\(Self.escaped(id))/results/\(Self.escaped(name))"))
    }

    /// Fetches a file of the results to a new file, and checks it.
    func fetch(_ entry: ResultEntry, of id: String, to path: String) async throws {
        let request = try request("v1/jobs/\(Self.escaped(id))/results/\(Self.escaped(entry.name))")
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // The file is gone when this handler returns.
            let task = URLSession.shared.downloadTask(with: request) { [base] file, response, error in
                continuation.resume(
                    with: Result {
                        if let error { throw Self.silence(base, error) }
                        guard let file else { throw UserError.failed("\(base) gave no file.") }
                        if let code = (response as? HTTPURLResponse)?.statusCode, code >= 300 {
                            throw Self.refusal(code, (try? Data(contentsOf: file)) ?? Data())
                        }
                        guard try entry.isContent(of: file.path) else {
                            throw UserError.failed("\(entry.name) came damaged. Mend: fetch it again.")
                        }
                        try Self.storing(at: path) {
                            try FileManager.default.moveItem(at: file, to: URL(fileURLWithPath: path))
                        }
                    })
            }
            task.resume()
        }
    }

    /// Fetches all files of the results into a folder, which is there whole or not at all; an older one of its name gives
    /// way.
    func fetch(_ files: [ResultEntry], of id: String, into folder: String) async throws {
        let manager = FileManager.default
        let partial = folder + ".part"
        if manager.fileExists(atPath: partial) { try manager.removeItem(atPath: partial) }
        try Self.storing(at: partial) {
            try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
        }
        for file in files where !file.name.contains("/") {
            try await fetch(file, of: id, to: "\(partial)/\(file.name)")
        }
        if manager.fileExists(atPath: folder) { try manager.removeItem(atPath: folder) }
        try manager.moveItem(atPath: partial, toPath: folder)
    }

    /// Says of a disk that is full what there is to do.
    private static func storing(at path: String, _ store: () throws -> Void) throws {
        do {
            try store()
        } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
            throw UserError.failed(
                "\(path) cannot be written: the disk is full. Mend: free some space on it, and run the same command again."
            )
        }
    }

    // MARK: How it asks

    private func request(
        _ path: String, query: [URLQueryItem] = [], method: String = "GET"
    ) throws -> URLRequest {
        var text = base.absoluteString
        if !text.hasSuffix("/") { text += "/" }
        var components = URLComponents(string: text + path)
        if !query.isEmpty { components?.queryItems = query }
        guard let url = components?.url else { throw UserError.unusable("'\(path)' is no path of the API.") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        return request
    }

    /// As one part of a path.
    private static func escaped(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    private func decode<Value: Decodable>(_ request: URLRequest) async throws -> Value {
        let data = try await send(request)
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            throw UserError.failed("\(base) gave an answer that this version does not understand.")
        }
    }

    private func send(_ request: URLRequest) async throws -> Data {
        let data: Data
        let response: URLResponse
        do {
            (data, response) = try await URLSession.shared.data(for: request)
        } catch {
            throw Self.silence(base, error)
        }
        guard let code = (response as? HTTPURLResponse)?.statusCode, code >= 300 else { return data }
        throw Self.refusal(code, data)
    }

    private static func silence(_ base: URL, _ error: any Error) -> UserError {
        UserError(
            text: "\(base) does not answer (\(error.localizedDescription)). Is the coordinator running?", code: 1,
            isPassing: true)
    }

    private static func refusal(_ code: Int, _ body: Data) -> UserError {
        let text = (try? JSONDecoder().decode(ProblemReply.self, from: body))?.detail ?? "HTTP status \(code)"
        return switch code {
        case 400, 401, 403, 404, 409, 413, 422: .unusable(text)
        // The coordinator's own, and what a proxy says while the coordinator restarts.
        case 502, 503, 504: UserError(text: text, code: 1, isPassing: true)
        default: .failed(text)
        }
    }
}
