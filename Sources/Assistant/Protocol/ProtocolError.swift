import JSON

/// An error of JSON-RPC 2.0 (section 5.1), or of the Model Context Protocol.
package struct ProtocolError: Error, Hashable, Sendable {
    /// What has gone wrong, by its number on the wire.
    package enum Code: Int, Sendable {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParameters = -32602
        case internalError = -32603
        case resourceNotFound = -32002
    }

    package var code: Code
    /// What is wrong, and after `Mend:` what to do.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    var value: JSONValue { ["code": .whole(code.rawValue), "message": .text(message)] }
}
