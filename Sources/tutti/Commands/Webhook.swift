import Cluster
import Foundation
import FoundationNetworking

/// An address that is told what a night has come to, by POST of one JSON object.
struct Webhook {
    private let url: URL
    private let token: String?

    private static let tries = 3

    /// - Parameter tokenFile: the file of a bearer token.
    init(_ text: String, tokenFile: String?) throws {
        guard let url = URL(string: text), url.host != nil, url.scheme == "http" || url.scheme == "https" else {
            throw UserError.unusable("'\(text)' is no HTTP address. Mend: write https://HOST/PATH.")
        }
        self.url = url
        token = try tokenFile.map { file in
            guard let data = FileManager.default.contents(atPath: file) else {
                throw UserError.unusable("\(file): the webhook's token cannot be read.")
            }
            return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    func post(_ body: some Encodable) async throws {
        var request = URLRequest(url: url, timeoutInterval: 10)
        request.httpMethod = "POST"
        request.httpBody = try JSONEncoder().encode(body)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        for attempt in 1... {
            do {
                let (_, response) = try await URLSession.shared.data(for: request)
                let code = (response as? HTTPURLResponse)?.statusCode ?? 0
                guard code < 300 else { throw UserError.failed("HTTP status \(code)") }
                return
            } catch {
                guard attempt < Self.tries else {
                    throw UserError.failed(
                        "\(url.host ?? "") after \(attempt) tries: "
                            + ((error as? UserError)?.text ?? error.localizedDescription))
                }
                try await Task.sleep(for: .seconds(attempt))
            }
        }
    }
}
