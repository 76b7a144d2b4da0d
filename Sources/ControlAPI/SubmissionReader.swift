import Cluster
import Foundation

/// Reads the body of a submission: JSON, or a form.
struct SubmissionReader {
    private enum Kind {
        case json
        case form(boundary: String)
    }

    private let kind: Kind

    /// - Throws: `Problem` for a media type that submissions do not come in.
    init(contentType field: String?) throws(Problem) {
        let words = (field ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        switch words.first?.lowercased() {
        case "application/json": kind = .json
        case "multipart/form-data":
            guard let boundary = words.dropFirst().first(where: { $0.lowercased().hasPrefix("boundary=") }) else {
                throw .bad("the form's Content-Type has no boundary")
            }
            let text = boundary.dropFirst("boundary=".count).trimmingCharacters(in: ["\""])
            // RFC 2046, section 5.1.1.
            guard (1...70).contains(text.utf8.count) else {
                throw .bad("the form's boundary has not 1 to 70 characters")
            }
            kind = .form(boundary: text)
        default:
            throw Problem(
                .unsupportedMediaType, "a submission is application/json or multipart/form-data",
                headers: [.accept: "application/json, multipart/form-data"])
        }
    }

    static func tooLarge(_ byteCountMax: Int) -> Problem {
        Problem(.contentTooLarge, "a submission has at most \(byteCountMax) bytes")
    }

    func read(_ body: Data) throws(Problem) -> SubmissionRequest {
        switch kind {
        case .json: try decode(SubmissionRequest.self, from: body, place: "the body")
        case .form(let boundary): try Self.form(try FormReader.parts(of: body, boundary: boundary))
        }
    }

    private static func form(_ parts: [FormReader.Part]) throws(Problem) -> SubmissionRequest {
        var model: (name: String, text: String)?
        var data: [String: Data] = [:]
        var settings: SubmissionSettings?
        var again: Bool?
        var queue: QueueRequest?
        func once(_ isFirst: Bool, _ name: String) throws(Problem) {
            guard isFirst else { throw .bad("the form has the part '\(name)' twice") }
        }
        for part in parts {
            switch part.name {
            case "model":
                try once(model == nil, "model")
                guard let text = String(data: part.content, encoding: .utf8) else {
                    throw .bad("the part 'model' is not UTF-8")
                }
                model = (part.fileName ?? "model.yaml", text)
            case "data":
                guard let path = part.fileName, !path.isEmpty else {
                    throw .bad(
                        "a part 'data' has no file name. Mend: give the path that the model file names the file by")
                }
                try once(data.updateValue(part.content, forKey: path) == nil, "data' of the file '\(path)")
            case "settings":
                try once(settings == nil, "settings")
                settings = try decode(SubmissionSettings.self, from: part.content, place: "the part 'settings'")
            case "again":
                try once(again == nil, "again")
                again = try decode(Bool.self, from: part.content, place: "the part 'again'")
            case "queue":
                try once(queue == nil, "queue")
                queue = try decode(QueueRequest.self, from: part.content, place: "the part 'queue'")
            default:
                throw .bad(
                    """
                    the form's part '\(part.name)' is unknown. Mend: the parts are model, data, settings, again, queue
                    """)
            }
        }
        guard let model else { throw .bad("the form has no part 'model'") }
        return SubmissionRequest(
            archive: BundleArchive(name: model.name, model: model.text, data: data), settings: settings, again: again,
            queue: queue)
    }
}

/// - Parameter place: what is decoded, for the problem.
func decode<Value: Decodable>(_ type: Value.Type, from data: Data, place: String) throws(Problem) -> Value {
    do {
        return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
        func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            let keys = (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue)
            return keys.isEmpty ? place : "'\(keys.joined(separator: "."))' in \(place)"
        }
        switch error {
        case .keyNotFound(let key, let context): throw .bad("\(path(context, key)) is missing")
        case .valueNotFound(_, let context): throw .bad("\(path(context)) is null")
        case .typeMismatch(_, let context): throw .bad("\(path(context)) is of another type")
        case .dataCorrupted(let context):
            throw .bad("\(path(context)) cannot be read: \(context.debugDescription)")
        @unknown default: throw .bad("\(place) cannot be read")
        }
    } catch {
        throw .bad("\(place) cannot be read")
    }
}
