import Foundation
import Glibc
import Synchronization
import Testing
import ZeroMQ

/// The keys that are let in, and who has knocked.
private final class AllowList: Sendable {
    private let state = Mutex<(allowed: Set<CurvePublicKey>, knocks: [Gatekeeper.Knock])>(([], []))
    private let knocked = DispatchSemaphore(value: 0)

    init(_ keys: CurvePublicKey...) { state.withLock { $0.allowed = Set(keys) } }

    func isAllowed(_ knock: Gatekeeper.Knock) -> Bool {
        defer { knocked.signal() }
        return state.withLock { state in
            state.knocks.append(knock)
            return state.allowed.contains(knock.key)
        }
    }

    /// Waits for a knock with this key.
    func waits(for key: CurvePublicKey) -> Bool {
        let deadline = DispatchTime.now() + patienceSeconds
        while !knocks.contains(where: { $0.key == key }) {
            guard knocked.wait(timeout: deadline) == .success else { return false }
        }
        return true
    }

    func allow(_ key: CurvePublicKey) { state.withLock { _ = $0.allowed.insert(key) } }
    func revoke(_ key: CurvePublicKey) { state.withLock { _ = $0.allowed.remove(key) } }
    var knocks: [Gatekeeper.Knock] { state.withLock { $0.knocks } }
}

/// Who was told of.
private final class Refusals: Sendable {
    private let state = Mutex<[ConnectionMonitor.Refusal]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func append(_ refusal: ConnectionMonitor.Refusal) {
        state.withLock { $0.append(refusal) }
        arrived.signal()
    }

    var all: [ConnectionMonitor.Refusal] { state.withLock { $0 } }

    /// Waits for one that is meant.
    func waits(for isMeant: (ConnectionMonitor.Refusal) -> Bool) -> Bool {
        let deadline = DispatchTime.now() + patienceSeconds
        while !all.contains(where: isMeant) {
            guard arrived.wait(timeout: deadline) == .success else { return false }
        }
        return true
    }
}

private let patienceSeconds = Double(patience.components.seconds)

@Suite struct CurveTests {
    private let serverKey: CurveSecretKey
    private let clientKey: CurveSecretKey

    init() throws {
        serverKey = try .random()
        clientKey = try .random()
    }

    private func options(_ security: SocketSecurity) -> SocketOptions {
        var options = SocketOptions()
        options.reconnectInterval = .milliseconds(5)
        options.reconnectIntervalMax = .milliseconds(20)
        options.handshakeInterval = .milliseconds(500)
        options.security = security
        return options
    }

    private func router(_ context: Context, domain: String = "test") throws -> Socket {
        let router = try Socket(
            .router, context: context, options: options(.server(secretKey: serverKey, domain: domain)))
        try router.bind("tcp://127.0.0.1:*")
        return router
    }

    private func dealer(
        _ context: Context, _ security: SocketSecurity, to router: borrowing Socket
    ) throws -> Socket {
        let dealer = try Socket(.dealer, context: context, options: options(security))
        try dealer.connect(try router.lastEndpoint())
        return dealer
    }

    /// Tries to send for a while, and expects that nothing arrives.
    private func expectSilence(from dealer: borrowing Socket, to router: borrowing Socket) throws {
        let deadline = ContinuousClock.now + .milliseconds(700)
        while ContinuousClock.now < deadline {
            #expect(try !dealer.send([[1]]), "a dealer has a connection only after the greeting")
            #expect(try !Poller.wait(for: router, timeout: .milliseconds(2)).socket)
        }
        #expect(try router.receive() == nil)
    }

    @Test("a known key gets through in both directions, and every message says whose it is")
    func knownKey() throws {
        let list = AllowList(try clientKey.publicKey)
        let context = try Context()
        let gatekeeper = try Gatekeeper(context) { list.isAllowed($0) }
        let router = try router(context)
        let dealer = try dealer(
            context, .client(secretKey: clientKey, server: try serverKey.publicKey), to: router)
        var identity: [UInt8] = []
        for frames in [[[1]], [[2], [], [UInt8](repeating: 3, count: 200_000)]] as [[[UInt8]]] {
            let deadline = ContinuousClock.now + patience
            while try !dealer.send(frames) {
                _ = try Poller.wait(for: router, timeout: .milliseconds(1))
                try #require(ContinuousClock.now < deadline)
            }
            try #require(try Poller.wait(for: router, timeout: patience).socket)
            let message = try #require(try router.receiveMessage())
            #expect(try message.key == clientKey.publicKey)
            #expect(Array(message.frames.dropFirst()) == frames)
            identity = message.frames[0]
            #expect(try router.send(frames, to: identity))
            #expect(try nextMessage(dealer) == frames)
        }
        let knock = try #require(list.knocks.first)
        #expect(try knock.key == clientKey.publicKey)
        #expect(knock.domain == "test")
        #expect(knock.address == "127.0.0.1")
        withExtendedLifetime(gatekeeper) {}
    }

    @Test("of an unknown key nothing reaches the router; allowed later, it comes in by itself")
    func unknownKey() throws {
        let list = AllowList()
        let context = try Context()
        let gatekeeper = try Gatekeeper(context) { list.isAllowed($0) }
        let router = try router(context)
        let dealer = try dealer(
            context, .client(secretKey: clientKey, server: try serverKey.publicKey), to: router)
        try expectSilence(from: dealer, to: router)
        #expect(try Set(list.knocks.map(\.key)) == [clientKey.publicKey])
        list.allow(try clientKey.publicKey)
        #expect(try roundTrip([[1]], from: dealer, to: router).last == [1])
        withExtendedLifetime(gatekeeper) {}
    }

    @Test("who has no key, or looks for another server, does not even get to knock")
    func noKeyOrWrongServer() throws {
        let list = AllowList(try clientKey.publicKey)
        let context = try Context()
        let gatekeeper = try Gatekeeper(context) { list.isAllowed($0) }
        let router = try router(context)
        let other = try CurveSecretKey.random().publicKey
        for security in [.plain, .client(secretKey: clientKey, server: other)] as [SocketSecurity] {
            let dealer = try dealer(context, security, to: router)
            try expectSilence(from: dealer, to: router)
        }
        #expect(list.knocks.isEmpty)
        // The door is sound: who is allowed still comes in.
        let dealer = try dealer(
            context, .client(secretKey: clientKey, server: try serverKey.publicKey), to: router)
        #expect(try roundTrip([[1]], from: dealer, to: router).last == [1])
        withExtendedLifetime(gatekeeper) {}
    }

    @Test("who is refused without having shown a key is told of, with address and reason; who is let in is not")
    func refusals() throws {
        let list = AllowList(try clientKey.publicKey)
        let context = try Context()
        let gatekeeper = try Gatekeeper(context) { list.isAllowed($0) }
        let refusals = Refusals()
        let router = try Socket(
            .router, context: context, options: options(.server(secretKey: serverKey, domain: "test")))
        let monitor = try ConnectionMonitor(router, context: context) { refusals.append($0) }
        try router.bind("tcp://127.0.0.1:*")
        let allowed = try dealer(
            context, .client(secretKey: clientKey, server: try serverKey.publicKey), to: router)
        #expect(try roundTrip([[1]], from: allowed, to: router).last == [1])
        do {
            // The gatekeeper hears of this one.
            let stranger = try CurveSecretKey.random()
            let unknown = try dealer(
                context, .client(secretKey: stranger, server: try serverKey.publicKey), to: router)
            try #require(list.waits(for: stranger.publicKey))
            withExtendedLifetime(unknown) {}
        }
        #expect(refusals.all.isEmpty)
        let other = try CurveSecretKey.random().publicKey
        for (security, reason) in [
            (.plain, .noKey), (.client(secretKey: clientKey, server: other), .otherServer),
        ] as [(SocketSecurity, ConnectionMonitor.Refusal.Reason)] {
            let dealer = try dealer(context, security, to: router)
            // Who speaks without keys is gone at once: on a busy machine nobody could ask for its address any more.
            let addresses: Set<String?> = reason == .noKey ? ["127.0.0.1", nil] : ["127.0.0.1"]
            try #require(
                refusals.waits { $0.reason == reason && addresses.contains($0.address) }, "\(Set(refusals.all))")
            withExtendedLifetime(dealer) {}
        }
        #expect(Set(refusals.all.map(\.reason)) == [.noKey, .otherServer])
        withExtendedLifetime((gatekeeper, monitor)) {}
    }

    @Test("without a gatekeeper nobody's messages are taken")
    func noGatekeeper() throws {
        let context = try Context()
        let router = try router(context)
        let dealer = try dealer(
            context, .client(secretKey: clientKey, server: try serverKey.publicKey), to: router)
        let deadline = ContinuousClock.now + patience
        while router.droppedMessageCount < 3 {
            try #require(ContinuousClock.now < deadline)
            _ = try dealer.send([[1]])
            _ = try Poller.wait(for: router, timeout: .milliseconds(2))
            #expect(try router.receiveMessage() == nil)
        }
    }

    @Test("what a connection brings after its key was revoked still names the key, and it cannot come again")
    func revocation() throws {
        let list = AllowList(try clientKey.publicKey)
        let context = try Context()
        let gatekeeper = try Gatekeeper(context) { list.isAllowed($0) }
        let router = try router(context)
        do {
            let dealer = try dealer(
                context, .client(secretKey: clientKey, server: try serverKey.publicKey), to: router)
            #expect(try roundTrip([[1]], from: dealer, to: router).last == [1])
            list.revoke(try clientKey.publicKey)
            #expect(try dealer.send([[2]]))
            try #require(try Poller.wait(for: router, timeout: patience).socket)
            #expect(try router.receiveMessage()?.key == clientKey.publicKey)
        }
        let again = try dealer(
            context, .client(secretKey: clientKey, server: try serverKey.publicKey), to: router)
        try expectSilence(from: again, to: router)
        withExtendedLifetime(gatekeeper) {}
    }

    @Test("what crosses the wire is not what was sent")
    func encryption() throws {
        // A recorder between dealer and router, on plain sockets of the system.
        let list = AllowList(try clientKey.publicKey)
        let context = try Context()
        let gatekeeper = try Gatekeeper(context) { list.isAllowed($0) }
        let secret = Array("the revenue of week 7 was 1,234,567".utf8)
        for isEncrypted in [false, true] {
            let router = try Socket(
                .router, context: context,
                options: options(isEncrypted ? .server(secretKey: serverKey, domain: "test") : .plain))
            try router.bind("tcp://127.0.0.1:*")
            let port = try #require(try router.lastEndpoint().split(separator: ":").last.flatMap { UInt16($0) })
            let recorder = try Recorder(to: port)
            let dealer = try Socket(
                .dealer, context: context,
                options: options(
                    isEncrypted ? .client(secretKey: clientKey, server: try serverKey.publicKey) : .plain))
            try dealer.connect("tcp://127.0.0.1:\(recorder.port)")
            #expect(try roundTrip([secret], from: dealer, to: router).last == secret)
            #expect(recorder.hasSeen(secret) == !isEncrypted)
        }
        withExtendedLifetime(gatekeeper) {}
    }

    @Test("a public key follows from the secret one")
    func publicKey() throws {
        // The client's keys of RFC 26's and libzmq's examples (zmq_curve(7)).
        let secret = try #require(CurveSecretKey("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"))
        #expect(try secret.publicKey == CurvePublicKey("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"))
        #expect(try CurveSecretKey.random() != CurveSecretKey.random())
    }

    @Test(
        "text that is no key is refused",
        arguments: [
            "", "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI", "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hIDD",
            "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI\"", "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI ",
            "####################################\u{0}###", "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hé",
        ])
    func noKey(text: String) {
        #expect(CurvePublicKey(text) == nil)
        #expect(CurveSecretKey(text) == nil)
    }

    @Test("a secret key is shown by nothing that shows values")
    func secrecy() throws {
        let security = SocketSecurity.client(secretKey: clientKey, server: try serverKey.publicKey)
        var dumped = ""
        dump(security, to: &dumped)
        let shown = ["\(clientKey)", String(reflecting: clientKey), "\(security)", String(reflecting: security)]
        for text in shown + [dumped] { #expect(!text.contains(clientKey.text)) }
    }
}
