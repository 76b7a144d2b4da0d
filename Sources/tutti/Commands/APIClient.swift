import Cluster
import Foundation
import FoundationNetworking

/// Speaks to a coordinator's HTTP API.
struct APIClient {
    let base: URL

    func submit(_ request: SubmissionRequest) async throws -> JobReference {
        var message = URLRequest(url: base.appendingPathComponent("v1/jobs"))
        message.httpMethod = "POST"
        message.httpBody = try JSONEncoder().encode(request)
        message.setValue("application/json", forHTTPHeaderField: "Content-Type")
        return try await decode(message)
    }

    func jobs() async throws -> [JobProgress] {
        try await decode(URLRequest(url: base.appendingPathComponent("v1/jobs")))
    }

    func job(_ id: String) async throws -> JobProgress {
        try await decode(URLRequest(url: base.appendingPathComponent("v1/jobs/\(id)")))
    }

    func resultNames(of id: String) async throws -> [String] {
        try await decode(URLRequest(url: base.appendingPathComponent("v1/jobs/\(id)/results")))
    }

    func result(_ name: String, of id: String) async throws -> Data {
        try await send(URLRequest(url: base.appendingPathComponent("v1/jobs/\(id)/results/\(name)")))
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
            throw UserError(
                text: "\(base) does not answer (\(error.localizedDescription)). Is the coordinator running?", code: 1,
                isPassing: true)
        }
        guard let code = (response as? HTTPURLResponse)?.statusCode, code >= 300 else { return data }
        let text = (try? JSONDecoder().decode(ProblemReply.self, from: data))?.detail ?? "HTTP status \(code)"
        switch code {
        case 400, 404, 409, 422: throw UserError.unusable(text)
        // The coordinator's own, and what a proxy says while the coordinator restarts.
        case 502, 503, 504: throw UserError(text: text, code: 1, isPassing: true)
        default: throw UserError.failed(text)
        }
    }
}
