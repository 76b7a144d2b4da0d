import Foundation
import HTTPTypes
import Testing

/// An OpenAPI document as a reader of it sees it, with as much of JSON Schema as it uses.
struct Document: @unchecked Sendable {
    typealias Mapping = [String: Any]

    struct Operation {
        var method: String
        var path: String
        /// Schemas by media type, by status.
        var answers: [Int: [String: Mapping]]
    }

    let operations: [Operation]
    private let schemas: [String: Mapping]

    init(_ bytes: Data) throws {
        let root = try #require(JSONSerialization.jsonObject(with: bytes) as? Mapping)
        #expect(root["openapi"] as? String == "3.1.0")
        let paths = try #require(root["paths"] as? [String: [String: Mapping]])
        schemas = try #require((root["components"] as? Mapping)?["schemas"] as? [String: Mapping])
        operations = paths.flatMap { path, item in
            item.map { method, operation in
                let responses = operation["responses"] as? [String: Mapping] ?? [:]
                let answers = responses.map { status, response in
                    (
                        Int(status) ?? 0,
                        (response["content"] as? [String: Mapping] ?? [:]).mapValues { $0["schema"] as? Mapping ?? [:] }
                    )
                }
                return Operation(
                    method: method.uppercased(), path: path, answers: Dictionary(uniqueKeysWithValues: answers))
            }
        }
    }

    func operation(_ method: HTTPRequest.Method, _ target: String) -> Operation? {
        let path = target.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
        let fitting = operations.filter { operation in
            let template = operation.path.split(separator: "/", omittingEmptySubsequences: false)
            return operation.method == method.rawValue && template.count == path.count
                && zip(template, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return fitting.first
    }

    /// In what a value is not of a schema.
    func faults(of value: Any, _ schema: Mapping, at place: String = "$") -> [String] {
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last {
            guard let target = schemas[String(name)] else { return ["\(place): the schema \(name) is not there"] }
            return faults(of: value, target, at: place)
        }
        let kinds = (schema["type"] as? String).map { [$0] } ?? schema["type"] as? [String] ?? []
        guard kinds.isEmpty || kinds.contains(where: { Self.isOf($0, value) }) else {
            return ["\(place): \(value) is none of \(kinds)"]
        }
        var faults: [String] = []
        if let mapping = value as? Mapping {
            let properties = schema["properties"] as? [String: Mapping] ?? [:]
            for name in schema["required"] as? [String] ?? [] where mapping[name] == nil {
                faults.append("\(place): no \(name)")
            }
            for (key, entry) in mapping {
                if let property = properties[key] {
                    faults += self.faults(of: entry, property, at: "\(place).\(key)")
                } else if schema["additionalProperties"] as? Bool == false {
                    faults.append("\(place): \(key) is not in the document")
                }
            }
        }
        if let list = value as? [Any], let items = schema["items"] as? Mapping {
            for (index, entry) in list.enumerated() {
                faults += self.faults(of: entry, items, at: "\(place)[\(index)]")
            }
        }
        if let text = value as? String {
            if let words = schema["enum"] as? [String], !words.contains(text) {
                faults.append("\(place): '\(text)' is none of its words")
            }
            if let pattern = schema["pattern"] as? String, text.range(of: pattern, options: .regularExpression) == nil {
                faults.append("\(place): '\(text)' is not of \(pattern)")
            }
        }
        if let number = value as? Int, let minimum = schema["minimum"] as? Int, number < minimum {
            faults.append("\(place): \(number) is below \(minimum)")
        }
        return faults
    }

    private static func isOf(_ kind: String, _ value: Any) -> Bool {
        switch kind {
        case "object": value is Mapping
        case "array": value is [Any]
        case "string": value is String
        case "null": value is NSNull
        case "boolean": value is Bool
        case "integer": (value as? Double).map { $0 == $0.rounded() } ?? (value is Int)
        case "number": value is Double || value is Int
        default: false
        }
    }
}
