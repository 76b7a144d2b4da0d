import Assistant
import JSON
import Testing

/// The protocol as a value: lines in, replies out.
@Suite("a conversation of the Model Context Protocol")
struct ProtocolSessionTests {
    private static let tool = Tool(
        "weather", title: "Weather", "What the weather is.",
        parameters: [
            ToolParameter("city", .text, "Where.", isRequired: true),
            ToolParameter("days", .whole(1...9), "How many."),
            ToolParameter("unit", .choice(["celsius", "kelvin"]), "In what."),
            ToolParameter("money", .amounts, "By name."), ToolParameter("names", .texts, "Some."),
            ToolParameter("loud", .boolean, "Whether."), ToolParameter("share", .number(0...1), "A part."),
        ])

    private static func initialize(_ version: String) -> String {
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(version)","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#
    }

    private static func session(_ version: ProtocolVersion? = .june2025) -> ProtocolSession {
        var session = ProtocolSession(serverVersion: "1", instructions: "Ask.", tools: [tool])
        if let version { _ = session.receive(Array(initialize(version.rawValue).utf8)) }
        return session
    }

    /// The only reply to a line.
    private static func reply(
        _ line: String, _ version: ProtocolVersion? = .june2025, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSONValue {
        var session = session(version)
        let steps = session.receive(Array(line.utf8)).steps
        guard steps.count == 1, case .reply(let reply) = steps[0] else {
            Issue.record("\(steps)", sourceLocation: sourceLocation)
            return .null
        }
        return reply
    }

    private static func call(_ arguments: String) -> String {
        #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"weather","arguments":\#(arguments)}}"#
    }

    @Test("a revision that both know is agreed on, and the newest is offered in place of one that is not known")
    func revisions() throws {
        for version in ProtocolVersion.allCases {
            let result = try Self.reply(Self.initialize(version.rawValue), nil)["result"]
            #expect(result?["protocolVersion"]?.text == version.rawValue)
            #expect(result?["serverInfo"]?["name"] == "tutti" && result?["instructions"] == "Ask.")
            #expect(result?["capabilities"]?["tools"] != nil && result?["capabilities"]?["resources"] != nil)
        }
        #expect(
            try Self.reply(Self.initialize("1999-01-01"), nil)["result"]?["protocolVersion"]?.text
                == ProtocolVersion.newest.rawValue)
    }

    /// Lines that a client should not send, the revision in which they come, and the error's number.
    private static let refused: [(String, ProtocolVersion?, Int)] = [
        ("{", .june2025, -32700), ("nonsense", .june2025, -32700), (#"{"a":1}x"#, .june2025, -32700),
        (#"{"jsonrpc":"2.0","id":1,"method":"ping""#, .june2025, -32700),
        ("1", .june2025, -32600), (#""text""#, .june2025, -32600), ("null", .june2025, -32600),
        ("{}", .june2025, -32600), (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, .june2025, -32600),
        (#"{"id":1,"method":"ping"}"#, .june2025, -32600), (#"{"jsonrpc":"2.0","id":1}"#, .june2025, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":5}"#, .june2025, -32600),
        (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, .june2025, -32600),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, .june2025, -32600),
        (#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, .june2025, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, nil, -32600),
        (initialize("2025-06-18"), .june2025, -32600),
        (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, .june2025, -32600), ("[]", .march2025, -32600),
        (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, nil, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/lists"}"#, .june2025, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"prompts/list"}"#, .june2025, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":""}"#, .june2025, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}"#, .june2025, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#, .june2025, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, .june2025, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}"#, .june2025, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wether"}}"#, .june2025, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wether"}}"#, .november2025, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{}}"#, .june2025, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#, nil, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#, nil, -32602),
        (call("[]"), .june2025, -32602), (call("{}"), .june2025, -32602), (call(#"{"city":7}"#), .june2025, -32602),
        (call(#"{"city":"x","days":0}"#), .june2025, -32602), (call(#"{"city":"x","days":1.5}"#), .june2025, -32602),
        (call(#"{"city":"x","unit":"rankine"}"#), .march2025, -32602),
        (call(#"{"city":"x","money":{"tv":-1}}"#), .june2025, -32602),
        (call(#"{"city":"x","names":[1]}"#), .june2025, -32602), (call(#"{"city":"x","loud":1}"#), .june2025, -32602),
        (call(#"{"city":"x","share":2}"#), .november2024, -32602),
    ]

    @Test("what a client should not send is answered by the protocol's errors", arguments: refused.indices)
    func refusals(index: Int) throws {
        let (line, version, code) = Self.refused[index]
        let reply = try Self.reply(line, version)
        #expect(reply["error"]?["code"] == .whole(code), "\(line): \(reply.line)")
        #expect(reply["error"]?["message"]?.text?.isEmpty == false && reply["result"] == nil)
        #expect(reply["jsonrpc"] == "2.0" && reply["id"] != nil)
    }

    @Test("errors have the request's id where it has one")
    func identifiers() throws {
        for id in ["1", #""a""#, "-3"] {
            let line = #"{"jsonrpc":"2.0","id":\#(id),"method":"nothing"}"#
            #expect(try Self.reply(line)["id"] == JSONValue(parsing: id.utf8))
        }
        #expect(try Self.reply("{")["id"] == .null)
    }

    @Test("bytes that are no UTF-8, and lines that are too long, are no JSON")
    func bytes() {
        var session = Self.session()
        for line in [
            Array(#"{"jsonrpc":"2.0","id":1,"method":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8),
            [UInt8](repeating: UInt8(ascii: "["), count: 100_000),
            Array(Self.call(#"{"city":""#.appending(String(repeating: "x", count: 5 << 20)).appending(#""}"#)).utf8),
        ] {
            guard case .reply(let reply)? = session.receive(line).steps.first else {
                Issue.record("nothing came back")
                continue
            }
            #expect(reply["error"]?["code"] == -32700)
        }
    }

    @Test("notifications, responses and empty lines are heard in silence")
    func silence() {
        for line in [
            "", "  ", "\r", #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
            #"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"weather"}}"#,
            #"{"jsonrpc":"2.0","id":1,"result":{}}"#, #"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}"#,
        ] {
            var session = Self.session()
            #expect(session.receive(Array(line.utf8)).steps.isEmpty, "\(line)")
        }
    }

    @Test("valid requests become work, each with its arguments")
    func work() {
        var session = Self.session()
        #expect(
            session.receive(Array(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{}}}"#.utf8)).steps
                == [.work(id: 1, .listTools)])
        #expect(
            session.receive(
                Array(#"{"jsonrpc":"2.0","id":"r","method":"resources/read","params":{"uri":"tutti://x"}}"#.utf8)
            ).steps == [.work(id: "r", .readResource("tutti://x"))])
        let line = Self.call(#"{"city":"Oslo","days":3,"names":"a","money":{"b":2.5,"a":1},"loud":null}"#)
        guard case .work(_, .call("weather", let arguments))? = session.receive(Array(line.utf8)).steps.first else {
            Issue.record("no work")
            return
        }
        #expect(arguments.text("city") == "Oslo" && arguments.whole("days") == 3 && arguments.texts("names") == ["a"])
        #expect(arguments.amounts("money").map(\.name) == ["a", "b"] && !arguments.isTrue("loud"))
        #expect(arguments.text("unit") == nil)
    }

    @Test("an argument that there is not is told with the nearest that there is")
    func nearest() throws {
        let reply = try Self.reply(Self.call(#"{"city":"x","dayz":1}"#))
        #expect(reply["error"]?["message"]?.text == "weather takes no argument 'dayz'. Mend: write 'days'.")
        let unknown = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wether"}}"#
        #expect(try Self.reply(unknown)["error"]?["message"]?.text == "Unknown tool: 'wether'. Mend: write 'weather'.")
    }

    @Test("from 2025-11-25 on it is the model that is told of arguments it may not give")
    func argumentsOfModels() throws {
        let result = try Self.reply(Self.call(#"{"city":"x","dayz":1}"#), .november2025)["result"]
        #expect(result?["isError"] == true)
        #expect(result?["content"]?.list?.first?["text"]?.text?.contains("write 'days'") == true)
    }

    @Test("lists of messages are answered by lists in the one revision that has them")
    func batches() {
        var session = Self.session(.march2025)
        let line =
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"},7,{"jsonrpc":"2.0","id":2,"method":"tools/list"},\#(Self.initialize("2025-03-26"))]"#
        let reaction = session.receive(Array(line.utf8))
        #expect(reaction.isBatch && reaction.steps.count == 4)
        #expect(reaction.steps[0] == .reply(["jsonrpc": "2.0", "id": 1, "result": [:]]))
        #expect(reaction.steps[2] == .work(id: 2, .listTools))
        for place in [1, 3] {
            guard case .reply(let reply) = reaction.steps[place] else {
                Issue.record("no reply")
                continue
            }
            #expect(reply["error"]?["code"] == -32600)
        }
    }

    @Test("what a tool says comes as text, and as data where the revision has that")
    func answers() {
        let answer: JSONValue = ["x": 1, "a": "ü/\n"]
        for version in ProtocolVersion.allCases {
            let result = Self.session(version).reply(to: 3, with: .answer(answer))["result"]
            let text = result?["content"]?.list?.first?["text"]?.text ?? ""
            #expect(JSONValue(parsing: text.utf8) == answer && !text.contains("\n"))
            #expect(result?["structuredContent"] == (version >= .june2025 ? answer : nil))
            #expect(result?["isError"] == false)
        }
        let refused = Self.session().reply(to: 3, with: .refusal("No. Mend: yes."))
        #expect(refused["result"]?["isError"] == true && refused["error"] == nil)
        let failed = Self.session().reply(to: 3, with: .error(ProtocolError(.internalError, "Broken.")))
        #expect(failed["error"]?["code"] == -32603)
    }

    /// Deterministic choices (SplitMix64).
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }

    @Test("whatever comes, each line has one answer at the most, and it is one of the protocol's", arguments: 0..<8)
    func anything(seed: UInt64) {
        var dice = Dice(state: seed)
        let lines = [
            Self.initialize("2025-06-18"), Self.call(#"{"city":"Oslo","days":3,"money":{"b":2.5}}"#),
            #"{"jsonrpc":"2.0","id":"r","method":"resources/read","params":{"uri":"tutti://x"}}"#,
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"}]"#,
        ].map { Array($0.utf8) }
        let pieces = ["{", "}", "[", "]", ",", ":", "\"", "null", "-1", "1e999", "true", "\\u0000", "\u{FEFF}", "é"]
        var session = Self.session(ProtocolVersion.allCases.randomElement(using: &dice))
        for _ in 0..<1500 {
            var line = lines.randomElement(using: &dice) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                let place = Int.random(in: 0..<line.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: line[place] = UInt8.random(in: 0...255, using: &dice)
                case 1: line.removeSubrange(place..<min(line.count, place + 9))
                case 2: line.insert(contentsOf: Array((pieces.randomElement(using: &dice) ?? "").utf8), at: place)
                default: line = Array(line[..<place])
                }
                if line.isEmpty { line = [UInt8(ascii: "{")] }
            }
            let reaction = session.receive(line)
            #expect(reaction.isBatch || reaction.steps.count <= 1)
            for case .reply(let reply) in reaction.steps {
                #expect(reply["jsonrpc"] == "2.0" && reply["id"] != nil)
                #expect((reply["result"] == nil) != (reply["error"] == nil))
                if let error = reply["error"] {
                    #expect([-32700, -32600, -32601, -32602].contains(error["code"]), "\(error.line)")
                }
            }
        }
    }
}
