import Cluster
import Foundation
import Hummingbird
import Logging

/// The coordinator's HTTP face.
package struct ControlAPI: Sendable {
    /// Seconds in which nothing comes of a request after which its connection is closed.
    private static let idleTimeout: Int64 = 30
    /// How often the folder of tokens is read.
    private static let readingInterval = Duration.seconds(1)

    private let api: API
    private let host: String
    private let port: Int
    private let onAnswering: @Sendable () -> Void

    /// - Parameters:
    ///   - tokens: who may ask; nil for whoever reaches the address.
    ///   - isLocal: whether `host` is on loopback.
    ///   - onAnswering: told once that requests are answered from now on.
    package init(
        service: CoordinatorService, tokens: TokenBook?, host: String, port: Int, isLocal: Bool, logger: Logger,
        onAnswering: @escaping @Sendable () -> Void = {}
    ) {
        api = API(service: service, tokens: tokens, isLocal: isLocal, logger: logger)
        self.host = host
        self.port = port
        self.onAnswering = onAnswering
    }

    /// Serves until the process is asked to leave, or the coordinator can go on no longer.
    package func run() async throws {
        let (api, onAnswering) = (api, onAnswering)
        let responder = Responder(api)
        let application = Application(
            responder: CallbackResponder { (request: Request, context: PeerContext) in
                await responder.answer(request, peer: context.peer)
            },
            server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleTimeout))),
            configuration: .init(address: .hostname(host, port: port), serverName: "tutti/\(Build.version)"),
            onServerRunning: { channel in
                let (host, port) = (channel.localAddress?.ipAddress ?? "?", channel.localAddress?.port ?? 0)
                let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
                api.logger.info("the HTTP API answers on \(url)")
                onAnswering()
            }, logger: Logger(label: "http") { _ in SwiftLogNoOpLogHandler() })
        // The server waits for answers that are under way, and a stream would be one for ever.
        let signals = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal)
            source.setEventHandler { api.stop.set() }
            source.resume()
            return source
        }
        defer { for source in signals { source.cancel() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService() }
            group.addTask {
                while api.service.failureText == nil { try await Task.sleep(for: .milliseconds(500)) }
            }
            if let tokens = api.tokens {
                group.addTask {
                    while true {
                        try await Task.sleep(for: Self.readingInterval)
                        tokens.reread()
                    }
                }
            }
            try await group.next()
            api.stop.set()
            group.cancelAll()
        }
    }
}

/// From where a request comes.
private struct PeerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let peer: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? "?"
    }
}
