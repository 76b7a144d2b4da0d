import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// The sections of a page as server-sent events, each when it has changed: its name on the first line, then its content.
struct PageStream: Sendable {
    /// Seconds between two looks at the page, at the least.
    private static let pauseMin: Double = 2
    /// Pause between two looks ÷ what one takes.
    private static let pausePerLook: Double = 10
    private static let pauseMax: Double = 30
    /// Seconds of silence after which a comment says that the coordinator is there.
    private static let heartbeat: Double = 10

    let api: API
    let call: Call
    let page: @Sendable (Call) async throws -> Page

    var response: Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-cache", .vary: "Accept, Cookie"],
            body: .init { writer in
                try await write { try await writer.write(ByteBuffer(string: $0)) }
                try await writer.finish(nil)
            })
    }

    /// Ends when nothing of the page changes any more, who asks may not see it any longer, or the coordinator stops.
    func write(_ send: (String) async throws -> Void) async throws {
        // Milliseconds after which a client asks again when the stream breaks off.
        try await send("retry: 2000\n\n")
        var last: [String: Markup] = [:]
        var lastSent = ContinuousClock.now
        while !api.stop.isSet, api.isWelcome(call.caller), let now = try? await page(call) {
            let started = ContinuousClock.now
            var text = ""
            for section in now.sections where last[section.id] != section.content {
                text += Self.event(section)
                last[section.id] = section.content
            }
            if now.isOver { text += "event: over\ndata: over\n\n" }
            if !text.isEmpty {
                try await send(text)
                lastSent = .now
            } else if Self.seconds(.now - lastSent) >= Self.heartbeat {
                try await send(": the coordinator is there\n\n")
                lastSent = .now
            }
            if now.isOver { return }
            let pause = max(Self.pauseMin, Self.pausePerLook * Self.seconds(.now - started))
            try await Task.sleep(for: .seconds(min(pause, Self.pauseMax)))
        }
    }

    private static func event(_ section: Page.Section) -> String {
        let lines = section.content.text.split(separator: "\n", omittingEmptySubsequences: false)
        return "data: \(section.id)\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
