import Cluster
import Logging
import Synchronization

/// Says of each request that was refused who asked for what, by the token's name and never its text.
///
/// Whoever can reach the port can be refused as often as he likes: beyond so many lines a minute they are only counted.
final class RefusalLog: Sendable {
    enum Reason: String {
        case noToken = "no token"
        case wrongToken = "a token that is not taken"
        case role = "the token's role"
        case project = "a job of another project"
    }

    private struct Minute {
        var start = ContinuousClock.now
        var lines = 0
        var unsaid = 0
    }

    private static let linesMax = 120

    private let logger: Logger
    private let minute = Mutex(Minute())

    init(logger: Logger) {
        self.logger = logger
    }

    func note(_ reason: Reason, token: NamedToken?, method: String, path: String, peer: String) {
        let (isSaid, unsaid) = minute.withLock { minute -> (Bool, Int) in
            var unsaid = 0
            if ContinuousClock.now - minute.start > .seconds(60) {
                unsaid = minute.unsaid
                minute = Minute()
            }
            minute.lines += 1
            if minute.lines > Self.linesMax { minute.unsaid += 1 }
            return (minute.lines <= Self.linesMax, unsaid)
        }
        if unsaid > 0 { logger.warning("more requests were refused", metadata: ["count": "\(unsaid)"]) }
        guard isSaid else { return }
        var metadata: Logger.Metadata = [
            "reason": "\(reason.rawValue)", "request": "\(method) \(path)", "address": "\(peer)",
        ]
        if let token { metadata["token"] = "\(token.name)" }
        logger.warning("a request was refused", metadata: metadata)
    }
}
