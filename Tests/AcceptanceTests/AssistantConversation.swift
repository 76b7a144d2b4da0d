import Foundation
import JSON
import Testing

/// `tutti mcp` and an assistant that speaks with it over pipes.
struct AssistantConversation {
    private let process: TuttiProcess
    private let input = Pipe()

    init(_ arguments: [String], environment: [String: String] = [:], directory: URL) throws {
        process = try TuttiProcess(["mcp"] + arguments, environment: environment, directory: directory, input: input)
        send(
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
            "clientInfo":{"name":"test","version":"1"}}}
            """)
        send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    }

    func send(_ line: String) {
        try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    func send(_ id: Int, _ method: String, _ parameters: JSONValue = [:]) {
        send((["jsonrpc": "2.0", "id": .whole(id), "method": .text(method), "params": parameters] as JSONValue).line)
    }

    func call(_ id: Int, _ tool: String, _ arguments: JSONValue = [:]) {
        send(id, "tools/call", ["name": .text(tool), "arguments": arguments])
    }

    /// The answer to a question that was sent.
    func reply(_ id: Int) throws -> JSONValue {
        let line = try #require(process.waitForLine { $0.contains("\"id\":\(id),") })
        return try #require(JSONValue(parsing: line.utf8))
    }

    /// Nothing more is asked; all lines that have come, and how the program has ended.
    func end() throws -> (replies: [JSONValue], outcome: TuttiProcess.Outcome) {
        try input.fileHandleForWriting.close()
        let outcome = process.wait()
        let replies = try outcome.output.split(separator: "\n").map { try #require(JSONValue(parsing: $0.utf8)) }
        return (replies, outcome)
    }
}
