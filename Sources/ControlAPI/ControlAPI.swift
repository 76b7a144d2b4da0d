import Cluster
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import PrometheusMetrics
import ServiceLifecycle
import Tracing

/// The coordinator's HTTP face.
package struct ControlAPI: Sendable {
    /// Seconds in which nothing comes of a request after which its connection is closed.
    private static let idleTimeout: Int64 = 30
    /// How often the folder of tokens is read.
    private static let readingInterval = Duration.seconds(1)
    /// What the server says of itself: what matters of it, ours says.
    private static let silence = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }

    private let api: API
    private let host: String
    private let port: Int
    private let onAnswering: @Sendable () -> Void

    /// - Parameters:
    ///   - tokens: who may ask; nil for whoever reaches the address.
    ///   - isLocal: whether `host` is on loopback.
    ///   - nightsFolder: the folder of a plan of recalibration, whose nights the pages show; nil for none.
    ///   - metrics: the registry that the coordinator counts in.
    ///   - tracer: makes spans of requests; nil: nobody does.
    ///   - onAnswering: told once that requests are answered from now on.
    package init(
        service: CoordinatorService, tokens: TokenBook?, host: String, port: Int, isLocal: Bool,
        nightsFolder: String? = nil, metrics: PrometheusRegistry, tracer: (any Tracer)? = nil, logger: Logger,
        onAnswering: @escaping @Sendable () -> Void = {}
    ) {
        api = API(
            service: service, tokens: tokens, isLocal: isLocal, nightsFolder: nightsFolder, metrics: metrics,
            tracer: tracer,
            logger: logger)
        self.host = host
        self.port = port
        self.onAnswering = onAnswering
    }

    /// Serves until the process is asked to leave, or the coordinator can go on no longer.
    package func run() async throws {
        let (api, onAnswering) = (api, onAnswering)
        let responder = Responder(api)
        let server = try HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(Self.idleTimeout)))
            .buildServer(
                configuration: .init(address: .hostname(host, port: port)),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Self.silence,
                responder: { request, writer, channel in
                    var response = await responder.answer(request, peer: channel.remoteAddress?.ipAddress ?? "?")
                    response.headers[.date] = Self.dateField(.now)
                    response.headers[.server] = "tutti/\(Build.version)"
                    try await writer.write(response: response.head, body: response.body)
                },
                onServerRunning: { channel in
                    let (host, port) = (channel.localAddress?.ipAddress ?? "?", channel.localAddress?.port ?? 0)
                    let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
                    api.logger.info("the HTTP API answers on \(url)")
                    onAnswering()
                })
        let services = ServiceGroup(
            configuration: .init(
                services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: Self.silence))
        // The server waits for answers that are under way, and a stream would be one for ever.
        let signals = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal)
            source.setEventHandler { api.stop.set() }
            source.resume()
            return source
        }
        defer { for source in signals { source.cancel() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
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

    /// A time as RFC 9110, section 5.6.7 wants it: Sun, 06 Nov 1994 08:49:37 GMT.
    static func dateField(_ date: Date) -> String {
        date.formatted(
            Date.VerbatimFormatStyle(
                format: """
                    \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .padded(4)) \
                    \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                    \(second: .twoDigits) GMT
                    """,
                locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    }
}
