import JSON

/// The server's side of one conversation of the Model Context Protocol, as a value: a line in, and what follows from it.
///
/// It reads no file and waits for nobody. What needs work is handed out as a step; whoever does the work brings back its
/// outcome, and `reply` has the line.
package struct ProtocolSession: Sendable {
    /// What a valid request asks for.
    package enum Work: Hashable, Sendable {
        case listTools
        case call(String, ToolArguments)
        case listResources
        /// By its address.
        case readResource(String)
    }

    package enum Step: Hashable, Sendable {
        /// An answer that needs no work.
        case reply(JSONValue)
        case work(id: JSONValue, Work)
    }

    /// What follows from a line; no steps, and no answer, where it held notifications alone.
    package struct Reaction: Hashable, Sendable {
        package var steps: [Step]
        /// Whether all replies are one line, a list.
        package var isBatch = false
    }

    /// What became of some work.
    package enum Outcome: Sendable {
        /// A result as the protocol has it.
        case result(JSONValue)
        /// What a tool says.
        case answer(JSONValue)
        /// Why a tool cannot say it, and what to do.
        case refusal(String)
        case error(ProtocolError)
    }

    private enum State: Sendable {
        /// Nothing but `initialize` and `ping` is answered. Can transition to `open`.
        case new
        /// The revision is agreed on.
        case open(ProtocolVersion)
    }

    private let serverVersion: String
    private let instructions: String
    private let tools: [String: Tool]
    private var state = State.new

    /// Bytes of a line that are read; no message of an assistant comes near it.
    package static let lineByteCountMax = 4 << 20

    /// - Parameters:
    ///   - serverVersion: of the program.
    ///   - instructions: what an assistant should know before it asks.
    ///   - tools: all that may be called, offered or not.
    package init(serverVersion: String, instructions: String, tools: [Tool]) {
        self.serverVersion = serverVersion
        self.instructions = instructions
        self.tools = Dictionary(uniqueKeysWithValues: tools.map { ($0.name, $0) })
    }

    // MARK: In

    /// - Parameter line: without its line break.
    package mutating func receive(_ line: [UInt8]) -> Reaction {
        guard !line.allSatisfy({ Self.blanks.contains($0) }) else { return Reaction(steps: []) }
        guard line.count <= Self.lineByteCountMax else {
            return Self.refused(
                ProtocolError(.parseError, "The line has more than \(Self.lineByteCountMax) bytes. Mend: ask for less.")
            )
        }
        guard let message = JSONValue(parsing: line) else {
            return Self.refused(
                ProtocolError(.parseError, "The line is no JSON in UTF-8. Mend: send one JSON document a line."))
        }
        guard case .list(let messages) = message else { return Reaction(steps: step(message, isInBatch: false)) }
        guard case .open(let version) = state, version.hasBatches else {
            return Self.refused(
                ProtocolError(
                    .invalidRequest,
                    "A list of messages is for the revision \(ProtocolVersion.march2025.rawValue) alone. Mend: send one "
                        + "message a line."))
        }
        guard !messages.isEmpty else {
            return Self.refused(ProtocolError(.invalidRequest, "The list of messages is empty."))
        }
        var steps: [Step] = []
        for message in messages { steps += step(message, isInBatch: true) }
        return Reaction(steps: steps, isBatch: true)
    }

    private static let blanks = Set(" \t\r\n".utf8)

    private static func refused(_ error: ProtocolError, id: JSONValue = .null) -> Reaction {
        Reaction(steps: [.reply(reply(to: id, error))])
    }

    /// No step follows from a notification, nor from a response, since nothing is ever asked of the client.
    private mutating func step(_ message: JSONValue, isInBatch: Bool) -> [Step] {
        guard case .mapping(let fields) = message else {
            return [.reply(Self.reply(to: .null, ProtocolError(.invalidRequest, "A message is a JSON object.")))]
        }
        let id = Self.identifier(fields["id"])
        func refuse(_ text: String) -> [Step] {
            [.reply(Self.reply(to: id ?? .null, ProtocolError(.invalidRequest, text)))]
        }
        guard fields["jsonrpc"] == "2.0" else { return refuse("'jsonrpc' must be \"2.0\".") }
        guard let methodField = fields["method"] else {
            return fields["result"] != nil || fields["error"] != nil ? [] : refuse("'method' is missing.")
        }
        guard let method = methodField.text else { return refuse("'method' must be a text.") }
        guard fields["id"] != nil else { return [] }
        guard let id else { return refuse("'id' must be a text or a whole number.") }
        if isInBatch, method == "initialize" { return refuse("'initialize' may not be in a list of messages.") }
        do throws(ProtocolError) {
            return [try step(method, parameters: Self.mapping(fields["params"], of: "params"), id: id)]
        } catch {
            return [.reply(Self.reply(to: id, error))]
        }
    }

    private static func identifier(_ value: JSONValue?) -> JSONValue? {
        switch value {
        case .text, .whole: value
        default: nil
        }
    }

    private mutating func step(
        _ method: String, parameters: [String: JSONValue], id: JSONValue
    ) throws(ProtocolError) -> Step {
        if method == "ping" { return .reply(Self.reply(to: id, result: [:])) }
        if method == "initialize" { return .reply(Self.reply(to: id, result: try initialize(parameters))) }
        guard case .open(let version) = state else {
            throw ProtocolError(.invalidRequest, "'\(method)' came before 'initialize'. Mend: initialize first.")
        }
        switch method {
        case "tools/list":
            try Self.refuseCursor(parameters)
            return .work(id: id, .listTools)
        case "tools/call":
            return try call(parameters, id: id, version: version)
        case "resources/list":
            try Self.refuseCursor(parameters)
            return .work(id: id, .listResources)
        case "resources/templates/list":
            try Self.refuseCursor(parameters)
            return .reply(Self.reply(to: id, result: ["resourceTemplates": []]))
        case "resources/read":
            return .work(id: id, .readResource(try Self.text(parameters, "uri")))
        default:
            throw ProtocolError(.methodNotFound, "There is no method '\(method)'.")
        }
    }

    private mutating func initialize(_ parameters: [String: JSONValue]) throws(ProtocolError) -> JSONValue {
        guard case .new = state else { throw ProtocolError(.invalidRequest, "'initialize' came before.") }
        let asked = try Self.text(parameters, "protocolVersion")
        for name in ["capabilities", "clientInfo"] {
            guard parameters[name]?.mapping != nil else {
                throw ProtocolError(.invalidParameters, "'\(name)' must be an object.")
            }
        }
        // A revision that is not known is answered by the newest that is; the client may leave.
        let version = ProtocolVersion(rawValue: asked) ?? .newest
        state = .open(version)
        return [
            "protocolVersion": .text(version.rawValue),
            "capabilities": [
                "tools": ["listChanged": false], "resources": ["listChanged": false, "subscribe": false],
            ],
            "serverInfo": ["name": "tutti", "title": "Tutti", "version": .text(serverVersion)],
            "instructions": .text(instructions),
        ]
    }

    private func call(
        _ parameters: [String: JSONValue], id: JSONValue, version: ProtocolVersion
    ) throws(ProtocolError) -> Step {
        let name = try Self.text(parameters, "name")
        guard let tool = tools[name] else {
            throw ProtocolError(
                .invalidParameters, "Unknown tool: '\(name)'. Mend: \(Tool.mend(for: name, among: Array(tools.keys)))")
        }
        let given = try Self.mapping(parameters["arguments"], of: "arguments")
        do throws(ToolRefusal) {
            return .work(id: id, .call(name, try tool.arguments(given)))
        } catch {
            guard version.tellsModelOfArguments else { throw ProtocolError(.invalidParameters, error.text) }
            return .reply(reply(to: id, with: .refusal(error.text)))
        }
    }

    // MARK: Parameters

    /// Empty where it is absent.
    private static func mapping(
        _ value: JSONValue?, of name: String
    ) throws(ProtocolError) -> [String: JSONValue] {
        guard let value else { return [:] }
        guard case .mapping(let fields) = value else {
            throw ProtocolError(.invalidParameters, "'\(name)' must be an object.")
        }
        return fields
    }

    private static func text(_ parameters: [String: JSONValue], _ name: String) throws(ProtocolError) -> String {
        guard let text = parameters[name]?.text else {
            throw ProtocolError(.invalidParameters, "'\(name)' is missing, or is no text.")
        }
        return text
    }

    /// All lists have one page.
    private static func refuseCursor(_ parameters: [String: JSONValue]) throws(ProtocolError) {
        guard parameters["cursor"] == nil else {
            throw ProtocolError(.invalidParameters, "'cursor' is none that was given out: the list has one page.")
        }
    }

    // MARK: Out

    /// The answer to a request whose work is done.
    package func reply(to id: JSONValue, with outcome: Outcome) -> JSONValue {
        switch outcome {
        case .result(let result): Self.reply(to: id, result: result)
        case .error(let error): Self.reply(to: id, error)
        case .refusal(let text):
            Self.reply(to: id, result: ["content": [["type": "text", "text": .text(text)]], "isError": true])
        case .answer(let answer): Self.reply(to: id, result: result(of: answer))
        }
    }

    /// A tool's answer as text, and as data where the revision has that.
    private func result(of answer: JSONValue) -> JSONValue {
        var result: JSONValue = ["content": [["type": "text", "text": .text(answer.line)]], "isError": false]
        if case .open(let version) = state, version.hasStructuredContent { result["structuredContent"] = answer }
        return result
    }

    private static func reply(to id: JSONValue, result: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "result": result]
    }

    private static func reply(to id: JSONValue, _ error: ProtocolError) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "error": error.value]
    }
}
