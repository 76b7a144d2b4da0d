import Foundation
import FoundationNetworking
import Synchronization

/// One server-sent event.
struct ServerEvent: Hashable, Sendable {
    var name: String
    var data: String
}

/// Puts events together from the bytes of a stream (the HTML standard, section 9.2.6).
struct EventParser {
    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var lastWasReturn = false

    /// The events that these bytes complete.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [ServerEvent] {
        var events: [ServerEvent] = []
        for byte in bytes {
            defer { lastWasReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            // A return before it has ended the line already.
            case UInt8(ascii: "\n") where lastWasReturn: continue
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if let event = endLine() { events.append(event) }
            default: line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() -> ServerEvent? {
        let text = String(decoding: line, as: UTF8.self)
        line = []
        guard !text.isEmpty else {
            defer { (name, data) = ("", []) }
            return data.isEmpty
                ? nil : ServerEvent(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
        }
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = halves.count > 1 ? halves[1] : ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch halves[0] {
        case "event": name = String(value)
        case "data": data.append(String(value))
        // Comments, and fields that mean nothing here.
        default: break
        }
        return nil
    }
}

/// Receives a stream of events.
final class EventSource: NSObject, URLSessionDataDelegate, Sendable {
    private struct State {
        var parser = EventParser()
        /// Of an answer that is no stream.
        var refusal: (code: Int, body: Data)?
    }

    private let state = Mutex(State())
    private let continuation: AsyncThrowingStream<ServerEvent, any Error>.Continuation
    private let onRefusal: @Sendable (Int, Data) -> any Error
    private let onSilence: @Sendable (any Error) -> any Error

    private init(
        _ continuation: AsyncThrowingStream<ServerEvent, any Error>.Continuation,
        onRefusal: @escaping @Sendable (Int, Data) -> any Error,
        onSilence: @escaping @Sendable (any Error) -> any Error
    ) {
        self.continuation = continuation
        self.onRefusal = onRefusal
        self.onSilence = onSilence
    }

    /// - Parameters:
    ///   - refusal: the error of an answer that is no success.
    ///   - silence: the error of a connection that failed.
    static func events(
        _ request: URLRequest, refusal: @escaping @Sendable (Int, Data) -> any Error,
        silence: @escaping @Sendable (any Error) -> any Error
    ) -> AsyncThrowingStream<ServerEvent, any Error> {
        AsyncThrowingStream { continuation in
            let source = EventSource(continuation, onRefusal: refusal, onSilence: silence)
            let session = URLSession(configuration: .ephemeral, delegate: source, delegateQueue: nil)
            let task = session.dataTask(with: request)
            continuation.onTermination = { _ in
                task.cancel()
                session.finishTasksAndInvalidate()
            }
            task.resume()
        }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let code = (response as? HTTPURLResponse)?.statusCode ?? 0
        if code != 200 { state.withLock { $0.refusal = (code, Data()) } }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let events = state.withLock { state -> [ServerEvent] in
            if state.refusal != nil {
                state.refusal?.body += data
                return []
            }
            return state.parser.take(data)
        }
        for event in events { continuation.yield(event) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let refusal = state.withLock({ $0.refusal }) {
            continuation.finish(throwing: onRefusal(refusal.code, refusal.body))
        } else if let error {
            continuation.finish(throwing: onSilence(error))
        } else {
            continuation.finish()
        }
    }
}
