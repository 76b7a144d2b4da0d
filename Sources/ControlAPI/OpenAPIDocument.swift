import Cluster
import HTTPTypes
import JSON

/// The OpenAPI 3.1 document of operations.
struct OpenAPIDocument {
    let operations: [Operation]

    var value: JSONValue {
        var paths: [String: JSONValue] = [:]
        for operation in operations {
            var item = paths[operation.path] ?? [:]
            item[operation.method.rawValue.lowercased()] = described(operation)
            if operation.method == .get { item["head"] = head(operation) }
            paths[operation.path] = item
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Tutti", "version": "1", "summary": "Submit fits to a coordinator, watch them, fetch results.",
                "description": .text(
                    """
                    The coordinator's version is in the field `Server` of every answer. Fields that are new may come \
                    within version 1 of the API; none changes its meaning or goes. Errors are problem+json (RFC 9457).
                    """),
            ],
            "servers": [["url": "/"]],
            "paths": .mapping(paths),
            "components": [
                "schemas": .mapping(Schemas.all),
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description": "What `tutti tokens new` printed. A coordinator without tokens needs none.",
                    ]
                ],
            ],
        ]
    }

    private func described(_ operation: Operation) -> JSONValue {
        var value: JSONValue = [
            "operationId": .text(operation.name), "summary": .text(operation.summary),
            "responses": responses(operation, hasContent: true),
        ]
        var text = operation.text
        if let role = operation.role {
            value["security"] = [["token": []]]
            text += (text.isEmpty ? "" : "\n\n") + "Role: \(role.rawValue) or more."
        } else {
            value["security"] = []
        }
        if !text.isEmpty { value["description"] = .text(text) }
        let parameters =
            operation.pathParameters.map { described($0, place: "path") }
            + operation.query.map { described($0, place: "query") }
        if !parameters.isEmpty { value["parameters"] = .list(parameters) }
        if let body = operation.body {
            value["requestBody"] = ["required": true, "content": content(body.content, encodings: body.encodings)]
        }
        return value
    }

    /// What HEAD answers: the same without a body.
    private func head(_ operation: Operation) -> JSONValue {
        var value = described(operation)
        value["operationId"] = .text("\(operation.name)Head")
        value["responses"] = responses(operation, hasContent: false)
        return value
    }

    private func responses(_ operation: Operation, hasContent: Bool) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        for answer in operation.allAnswers {
            var value: JSONValue = ["description": .text(answer.text)]
            if hasContent, !answer.content.isEmpty { value["content"] = content(answer.content, encodings: [:]) }
            if !answer.headers.isEmpty {
                value["headers"] = .mapping(
                    answer.headers.mapValues { ["description": .text($0), "schema": ["type": "string"]] })
            }
            responses[String(answer.status)] = value
        }
        return .mapping(responses)
    }

    private func content(_ content: [String: JSONValue], encodings: [String: JSONValue]) -> JSONValue {
        .mapping(
            Dictionary(
                uniqueKeysWithValues: content.map { type, schema in
                    var value: JSONValue = schema == [:] ? [:] : ["schema": schema]
                    if let encoding = encodings[type] { value["encoding"] = encoding }
                    return (type, value)
                }))
    }

    private func described(_ parameter: Operation.Parameter, place: String) -> JSONValue {
        let schema: JSONValue =
            switch parameter.values {
            case .job: ["type": "string", "pattern": "^[1-9][0-9]{0,18}$"]
            case .text: ["type": "string", "minLength": 1]
            case .whole(let range):
                ["type": "integer", "minimum": .whole(range.lowerBound), "maximum": .whole(range.upperBound)]
            case .choice(let words): ["type": "string", "enum": .list(words.map { .text($0) })]
            }
        return [
            "name": .text(parameter.name), "in": .text(place), "required": .boolean(place == "path"),
            "description": .text(parameter.text), "schema": schema,
        ]
    }
}
