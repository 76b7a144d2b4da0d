import Foundation
import FoundationNetworking
import Synchronization

/// The events of a job as a coordinator sends them.
final class JobEvents: NSObject, URLSessionDataDelegate, Sendable {
    private let text: String
    private let received = Mutex(Data())
    private let answer = Mutex<String?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    private init(until text: String) {
        self.text = text
    }

    /// The data of the first event that contains `text`; nil when the stream ends before.
    static func first(of url: URL, containing text: String) -> String? {
        let events = JobEvents(until: text)
        let session = URLSession(configuration: .ephemeral, delegate: events, delegateQueue: nil)
        var request = URLRequest(url: url)
        request.setValue("text/event-stream", forHTTPHeaderField: "Accept")
        session.dataTask(with: request).resume()
        events.ended.wait()
        session.invalidateAndCancel()
        return events.answer.withLock { $0 }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let lines = received.withLock { received in
            received += data
            return String(decoding: received, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        }
        // The last line may not be whole yet.
        guard let line = lines.dropLast().first(where: { $0.hasPrefix("data: ") && $0.contains(text) }) else { return }
        answer.withLock { $0 = String(line.dropFirst("data: ".count)) }
        ended.signal()
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        ended.signal()
    }
}
