import Cluster
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Why a request is not done: an answer in the fields of RFC 9457.
struct Problem: Error {
    var status: HTTPResponse.Status
    var detail: String
    var headers: HTTPFields = [:]

    static let mediaType = "application/problem+json"

    init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }

    static func notFound(_ detail: String) -> Problem { Problem(.notFound, detail) }

    static func bad(_ detail: String) -> Problem { Problem(.badRequest, detail) }

    var response: Response {
        let reply = ProblemReply(title: status.reasonPhrase, status: status.code, detail: detail)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var headers = headers
        headers[.contentType] = Self.mediaType
        // A body of two texts and a number can always be written.
        let body = (try? encoder.encode(reply)) ?? Data()
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
