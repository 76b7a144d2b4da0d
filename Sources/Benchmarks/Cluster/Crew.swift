import Dispatch
import Fitting
import Foundation
import Synchronization
import ZeroMQ

/// Workers in threads of this process, from `init` to `stop`.
final class Crew: Sendable {
    /// Microseconds between two rounds of a thread that has several workers.
    private static let pause: UInt32 = 300

    let observations = Observations()
    private let isStopping = Atomic(false)
    private let threads = DispatchGroup()

    /// - Parameters:
    ///   - threadCount: threads, `workerCount` workers each.
    ///   - slots: slots of a worker.
    init(
        threadCount: Int, workerCount: Int = 1, slots: Int, behaviour: IdleWorker.Behaviour, endpoint: String,
        security: SocketSecurity, settings: FitSettings
    ) {
        for thread in 0..<threadCount {
            threads.enter()
            let body = Thread { [self] in
                do {
                    let context = try Context()
                    let workers = try (0..<workerCount).map {
                        try IdleWorker(
                            thread * workerCount + $0, slots: slots, behaviour: behaviour, endpoint: endpoint,
                            security: security, context: context, settings: settings, observations: observations)
                    }
                    try run(workers)
                } catch {
                    observations.note { $0.failure = "\(error)" }
                }
                threads.leave()
            }
            body.start()
        }
    }

    func stop() {
        isStopping.store(true, ordering: .relaxed)
        threads.wait()
    }

    private func run(_ workers: [IdleWorker]) throws {
        while !isStopping.load(ordering: .relaxed) {
            if workers.count == 1 {
                let wait = Duration.seconds(min(workers[0].patience, 0.05)) + .milliseconds(1)
                _ = try Poller.wait(for: workers[0].socket, timeout: wait)
            } else {
                usleep(Self.pause)
            }
            for worker in workers { try worker.turn() }
        }
    }
}
