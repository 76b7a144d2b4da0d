import Foundation
import Logging
import Synchronization
import ZeroMQ

/// Who may speak to a coordinator: those whose keys its folder allows now. The folder is read every second.
package final class Gate: Sendable {
    private struct State {
        var workers: Set<CurvePublicKey> = []
        var names: [CurvePublicKey: NamedKey] = [:]
        /// Whence each allowed key came last.
        var addresses: [CurvePublicKey: String] = [:]
        /// What has been logged already, so that who comes again and again is told of once.
        var refused: Set<CurvePublicKey> = []
        var problems: [KeyError] = []
        /// When a refusal without a key was logged last, by address and reason.
        var strangers: [ConnectionMonitor.Refusal: Double] = [:]
        /// Since when a refusal waits for its address, by reason: who comes again may be seen then.
        var unseen: [ConnectionMonitor.Refusal.Reason: Double] = [:]
    }

    /// Distinct keys whose refusal is logged: a stranger can make as many as he likes.
    private static let refusalsLoggedMax = 1000
    /// Seconds between two lines about one address: who comes without a key comes again and again.
    private static let strangerInterval: Double = 3600
    /// Seconds for which a refusal waits for its address: twice the longest interval of a worker that comes again.
    private static let unseenPatience: Double = 10
    /// Addresses and reasons that are remembered: a network has as many as it likes.
    private static let strangersMax = 1000
    private static let readingInterval: TimeInterval = 1
    private static let domain = "tutti"

    private let folder: KeyFolder
    private let secretKey: CurveSecretKey
    private let logger: Logger
    private let state = Mutex(State())
    private let hasEnded = DispatchGroup()
    private let endIsNear = DispatchSemaphore(value: 0)

    /// Refuses a folder in which anything is wrong.
    package init(_ folder: KeyFolder, logger: Logger) throws(KeyError) {
        self.folder = folder
        self.logger = logger
        secretKey = try folder.coordinatorKey()
        let (keys, problems) = try folder.allowed()
        if let problem = problems.first { throw problem }
        _ = take(keys)
    }

    var security: SocketSecurity { .server(secretKey: secretKey, domain: Self.domain) }

    /// Answers at the door of the context's sockets as long as what it returns lives.
    func gatekeeper(_ context: Context) throws(ZeroMQError) -> Gatekeeper {
        try Gatekeeper(context) { [self] knock in
            let isAllowed = state.withLock { state in
                guard state.workers.contains(knock.key) else { return false }
                state.addresses[knock.key] = knock.address
                return true
            }
            if !isAllowed { noteRefusal(of: knock) }
            return isAllowed
        }
    }

    /// Logs who leaves the socket without having shown a key, as long as what it returns lives.
    func monitor(_ socket: borrowing Socket, context: Context) throws(ZeroMQError) -> ConnectionMonitor {
        try ConnectionMonitor(socket, context: context) { [self] in note($0, at: Clock.now()) }
    }

    /// Whether a message of this key's holder may be taken.
    func admits(_ key: CurvePublicKey) -> Bool { state.withLock { $0.workers.contains(key) } }

    // MARK: Changes

    /// Reads the folder from time to time, until `stop`. `onRevoked` is told of keys that may no longer work, after
    /// `admits` knows.
    func watch(onRevoked: @escaping @Sendable (CurvePublicKey) -> Void) {
        hasEnded.enter()
        let thread = Thread { [self] in
            while endIsNear.wait(timeout: .now() + Self.readingInterval) == .timedOut {
                for key in reread() { onRevoked(key) }
                noteUnseen(at: Clock.now())
            }
            hasEnded.leave()
        }
        thread.name = "keys"
        thread.start()
    }

    func stop() {
        endIsNear.signal()
        hasEnded.wait()
    }

    /// Returns the keys that may no longer work.
    private func reread() -> [CurvePublicKey] {
        var keys: [NamedKey] = []
        var problems: [KeyError]
        do throws(KeyError) {
            (keys, problems) = try folder.allowed()
        } catch {
            // A folder that cannot be trusted lets nobody in.
            problems = [error]
        }
        let new = state.withLock { state in
            defer { state.problems = problems }
            return problems.filter { !state.problems.contains($0) }
        }
        for problem in new { logger.error("a key file lets nobody in", metadata: ["problem": "\(problem)"]) }
        return take(keys)
    }

    private func take(_ keys: [NamedKey]) -> [CurvePublicKey] {
        let workers = Set(keys.filter { $0.role == .worker }.map(\.key))
        let (revoked, lines) = state.withLock { state in
            let revoked = state.workers.subtracting(workers).sorted { $0.description < $1.description }
            let lines = revoked.map { key in
                let address = state.addresses.removeValue(forKey: key) ?? "none yet"
                return ["key": state.names[key]?.name ?? key.description, "address": address]
            }
            state.workers = workers
            state.names = Dictionary(keys.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
            state.refused.subtract(workers)
            // Told of here, and not again when it knocks.
            state.refused.formUnion(revoked)
            return (revoked, lines)
        }
        for line in lines {
            logger.warning("a key may no longer work", metadata: line.mapValues { .string($0) })
        }
        return revoked
    }

    private func noteRefusal(of knock: Gatekeeper.Knock) {
        let (isNew, count, known) = state.withLock { state in
            let isNew =
                state.refused.count < Self.refusalsLoggedMax && state.refused.insert(knock.key).inserted
            return (isNew, state.refused.count, state.names[knock.key])
        }
        guard isNew else { return }
        let reason =
            known.map { "'\($0.name)' may watch, and not work" } ?? "unknown; `tutti keys allow` lets it in"
        logger.warning(
            "a key was refused",
            metadata: ["key": "\(knock.key)", "address": "\(knock.address)", "reason": "\(reason)"])
        if count == Self.refusalsLoggedMax { logger.warning("refusals of further keys are not logged") }
    }

    /// Logs one line for an address and a reason in an hour.
    /// - Parameter now: in seconds of any clock.
    package func note(_ refusal: ConnectionMonitor.Refusal, at now: Double) {
        let isNew = state.withLock { state in
            guard refusal.address != nil else {
                // The connection was gone too soon. Whoever it was, he may be known already.
                let isKnown = state.strangers.contains {
                    $0.key.reason == refusal.reason && now < $0.value + Self.strangerInterval
                }
                if !isKnown, state.unseen[refusal.reason] == nil { state.unseen[refusal.reason] = now }
                return false
            }
            state.unseen[refusal.reason] = nil
            return Self.isNew(refusal, at: now, in: &state)
        }
        if isNew { log(refusal) }
    }

    /// Logs those whose address has not been seen for a while. Called from time to time.
    package func noteUnseen(at now: Double) {
        let refusals = state.withLock { state in
            state.unseen.filter { now >= $0.value + Self.unseenPatience }.keys.map { reason in
                state.unseen[reason] = nil
                return ConnectionMonitor.Refusal(address: nil, reason: reason)
            }.filter { Self.isNew($0, at: now, in: &state) }
        }
        for refusal in refusals { log(refusal) }
    }

    private static func isNew(_ refusal: ConnectionMonitor.Refusal, at now: Double, in state: inout State) -> Bool {
        if let last = state.strangers[refusal] {
            guard now >= last + strangerInterval else { return false }
        } else if state.strangers.count >= strangersMax {
            state.strangers = state.strangers.filter { now < $0.value + strangerInterval }
            guard state.strangers.count < strangersMax else { return false }
        }
        state.strangers[refusal] = now
        return true
    }

    private func log(_ refusal: ConnectionMonitor.Refusal) {
        let reason =
            switch refusal.reason {
            case .noKey: "it shows no key; a worker needs --key and --coordinator-key"
            case .otherServer: "it asks for another coordinator's key; coordinator.public is this one's"
            case .unfinished: "its greeting took too long"
            }
        logger.warning(
            "a peer was refused; its next tries of this hour are not logged",
            metadata: ["address": "\(refusal.address ?? "gone too soon")", "reason": "\(reason)"])
    }
}
