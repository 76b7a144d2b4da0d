import Cluster
import Coordination
import Foundation
import HummingbirdCore
import NIOCore

/// A job's progress as server-sent events (the HTML standard, section 9.2), until it is over.
struct EventStream: Sendable {
    /// Seconds between two looks at the job, at the least.
    private static let pauseMin: Double = 0.25
    /// Pause between two looks ÷ what an event takes to write: one of many tasks is long.
    private static let pausePerEvent: Double = 10
    private static let pauseMax: Double = 5
    /// Seconds of silence after which a comment says that the coordinator is there.
    private static let heartbeat: Double = 10

    let api: API
    let job: UInt64
    let caller: Caller
    /// Whether events have the job's tasks.
    let hasTasks: Bool

    var response: Response {
        // Buffering between here and the client would keep events back.
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
            body: .init { writer in
                try await write { try await writer.write(ByteBuffer(string: $0)) }
                try await writer.finish(nil)
            })
    }

    /// Ends when the job is over or gone, the caller's token is taken no longer, or the coordinator stops.
    func write(_ send: (String) async throws -> Void) async throws {
        // Milliseconds after which a client asks again when the stream breaks off.
        try await send("retry: 1000\n\n")
        var last: JobSnapshot?
        var lastSent = ContinuousClock.now
        while !api.stop.isSet, api.isWelcome(caller),
            let now = api.service.jobs.first(where: { $0.id.number == job })
        {
            var pause = Self.pauseMin
            let started = ContinuousClock.now
            if now.state.isOver || now != last {
                try await send(try event(now))
                if now.state.isOver { return }
                last = now
                lastSent = .now
                pause = min(max(Self.pausePerEvent * Self.seconds(lastSent - started), pause), Self.pauseMax)
            } else if Self.seconds(started - lastSent) >= Self.heartbeat {
                try await send(": the coordinator is there\n\n")
                lastSent = .now
            }
            try await Task.sleep(for: .seconds(pause))
        }
    }

    private func event(_ job: JobSnapshot) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = hasTasks ? try encoder.encode(api.detail(job)) : try encoder.encode(api.summary(job))
        return "event: \(job.state.isOver ? "over" : "progress")\ndata: \(String(decoding: data, as: UTF8.self))\n\n"
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
