import Glibc
import Testing
import ZeroMQ

@Suite struct SocketTests {
    /// The library chooses port and path, and removes the path.
    static let endpoints = ["inproc://pair", "ipc://*", "tcp://127.0.0.1:*"]

    @Test("a message of several frames, empty ones included, arrives whole in both directions", arguments: endpoints)
    func multipart(endpoint: String) throws {
        let pair = try SocketPair(endpoint, context: Context())
        let frames: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 7, count: 100_000), []]
        #expect(try roundTrip(frames, from: pair.dealer, to: pair.router) == [pair.identity] + frames)
        #expect(try pair.router.send(frames, to: pair.identity))
        #expect(try nextMessage(pair.dealer) == frames)
        #expect(try pair.dealer.receive() == nil)
    }

    @Test("10,000 messages arrive in order, none is lost and none is doubled", arguments: endpoints)
    func manyMessages(endpoint: String) throws {
        let pair = try SocketPair(endpoint, context: Context())
        var sent: UInt32 = 0
        var received: UInt32 = 0
        let deadline = ContinuousClock.now + patience
        while received < 10_000 {
            try #require(ContinuousClock.now < deadline)
            while sent < 10_000, try pair.dealer.send([withUnsafeBytes(of: sent) { Array($0) }]) { sent += 1 }
            while let message = try pair.router.receive() {
                #expect(message == [pair.identity, withUnsafeBytes(of: received) { Array($0) }])
                received += 1
            }
        }
        #expect(sent == 10_000)
    }

    @Test("the bound address names the port that the system chose")
    func lastEndpoint() throws {
        let router = try Socket(.router, context: Context())
        try router.bind("tcp://127.0.0.1:*")
        let endpoint = try router.lastEndpoint()
        let port = try #require(endpoint.split(separator: ":").last.flatMap { UInt16($0) })
        #expect(endpoint == "tcp://127.0.0.1:\(port)")
        #expect(port > 0)
    }

    @Test("a router refuses a message for a peer that it does not know")
    func unknownPeer() throws {
        let router = try Socket(.router, context: Context())
        try router.bind("tcp://127.0.0.1:*")
        #expect(try router.send([[1]], to: [0, 1, 2, 3, 4]) == false)
    }

    @Test("a router refuses a message for a peer that has gone")
    func departedPeer() throws {
        let context = try Context()
        let router = try Socket(.router, context: context)
        try router.bind("inproc://departed")
        let identity = try {
            let dealer = try Socket(.dealer, context: context)
            try dealer.connect("inproc://departed")
            return try roundTrip([[1]], from: dealer, to: router)[0]
        }()
        let deadline = ContinuousClock.now + patience
        // Closing is asynchronous: the router learns of it while it works.
        while try router.send([[2]], to: identity) { try #require(ContinuousClock.now < deadline) }
    }

    @Test("a dealer without a connection takes nothing")
    func unconnectedDealer() throws {
        let dealer = try Socket(.dealer, context: Context())
        // Port 1 of the loopback device: nobody listens there.
        try dealer.connect("tcp://127.0.0.1:1")
        #expect(try dealer.send([[1]]) == false)
    }

    @Test("a full queue refuses whole messages and keeps what it has taken")
    func fullQueue() throws {
        var options = SocketOptions()
        options.highWaterMark = 10
        let pair = try SocketPair("inproc://full", context: Context(), options: options)
        var taken: UInt8 = 0
        while taken < 100, try pair.dealer.send([[taken], [taken]]) { taken += 1 }
        // Sending and receiving mark together bound an inproc connection.
        #expect((10...20).contains(taken))
        for number in 0..<taken { #expect(try nextMessage(pair.router) == [pair.identity, [number], [number]]) }
        #expect(try pair.router.receive() == nil)
    }

    @Test("a frame beyond the size limit never arrives, and its connection is made anew")
    func oversizeFrame() throws {
        var options = SocketOptions()
        options.frameByteCountMax = 1000
        options.reconnectInterval = .milliseconds(1)
        let pair = try SocketPair("tcp://127.0.0.1:*", context: Context(), options: options)
        #expect(try roundTrip([[UInt8](repeating: 1, count: 1000)], from: pair.dealer, to: pair.router).count == 2)
        #expect(try pair.dealer.send([[UInt8](repeating: 2, count: 1001)]))
        // The library says nothing about the drop; what arrives next comes from a new connection.
        let deadline = ContinuousClock.now + patience
        var next: [[UInt8]]?
        while next == nil {
            try #require(ContinuousClock.now < deadline)
            _ = try pair.dealer.send([[3]])
            _ = try Poller.wait(for: pair.router, timeout: .milliseconds(5))
            next = try pair.router.receive()
        }
        #expect(next?.last == [3])
        #expect(next?.first != pair.identity)
    }

    @Test("a message of too many frames is dropped whole and counted; the one behind it arrives")
    func tooManyFrames() throws {
        var options = SocketOptions()
        options.frameCountMax = 3
        let context = try Context()
        let router = try Socket(.router, context: context, options: options)
        try router.bind("inproc://frames")
        let dealer = try Socket(.dealer, context: context)
        try dealer.connect("inproc://frames")
        #expect(try dealer.send([[1], [2], [3], [4]]))
        #expect(try dealer.send([[1], [2], [3]]))
        #expect(try nextMessage(router).dropFirst() == [[1], [2], [3]])
        #expect(router.droppedMessageCount == 1)
        #expect(try router.receive() == nil)
    }

    @Test("no message is cut in two when connections are lost at any moment")
    func wholeMessagesUnderReconnection() throws {
        let context = try Context()
        var options = SocketOptions()
        options.reconnectInterval = .milliseconds(1)
        // The router closes the connection at every frame of more than 1,000 bytes.
        var strict = options
        strict.frameByteCountMax = 1000
        let router = try Socket(.router, context: context, options: strict)
        try router.bind("tcp://127.0.0.1:*")
        let dealer = try Socket(.dealer, context: context, options: options)
        try dealer.connect(try router.lastEndpoint())
        let message = (0..<20).map { [UInt8($0)] }
        var identities = Set<[UInt8]>()
        var sent = 0
        let deadline = ContinuousClock.now + patience
        while identities.count < 50 {
            try #require(ContinuousClock.now < deadline)
            if try dealer.send(message) {
                sent += 1
                if sent.isMultiple(of: 50) { _ = try dealer.send([[UInt8](repeating: 0, count: 1001)]) }
            }
            while let received = try router.receive() {
                identities.insert(received[0])
                #expect(Array(received.dropFirst()) == message)
            }
        }
        #expect(router.droppedMessageCount == 0)
    }

    @Test("an address that is taken or makes no sense is an error that names it")
    func addressErrors() throws {
        let context = try Context()
        let first = try Socket(.router, context: context)
        try first.bind("tcp://127.0.0.1:*")
        let endpoint = try first.lastEndpoint()
        let second = try Socket(.router, context: context)
        func bind(_ socket: borrowing Socket, _ endpoint: String) throws -> ZeroMQError {
            do { try socket.bind(endpoint) } catch { return error }
            throw Silence()
        }
        let taken = try bind(second, endpoint)
        #expect(taken.code == EADDRINUSE)
        #expect(taken.description == "cannot bind \(endpoint): Address already in use")
        #expect(try bind(second, "nonsense").code == EINVAL)
    }

    @Test("an option out of range is an error that names it")
    func optionErrors() throws {
        var options = SocketOptions()
        options.heartbeatTimeToLive = .seconds(10_000)
        do {
            _ = try Socket(.dealer, context: Context(), options: options)
            Issue.record("the library takes at most 6,553,599 ms")
        } catch {
            #expect("\(error)" == "cannot set the heartbeat time to live of a socket to 10000000: Invalid argument")
        }
    }

    @Test("a context ends when its sockets have, also with messages unsent and with no peer")
    func closing() throws {
        for _ in 0..<20 {
            let context = try Context()
            let pair = try SocketPair("tcp://127.0.0.1:*", context: context)
            for _ in 0..<100 { _ = try pair.dealer.send([[UInt8](repeating: 0, count: 10_000)]) }
            let lonely = try Socket(.dealer, context: context)
            try lonely.connect("tcp://127.0.0.1:1")
        }
    }

    @Test(
        "libzmq before 4.3.3 is refused",
        arguments: [
            (4, 3, 2, false), (4, 2, 9, false), (3, 9, 9, false), (4, 3, 3, true), (4, 3, 4, true), (5, 0, 0, true),
        ] as [(Int32, Int32, Int32, Bool)])
    func versions(major: Int32, minor: Int32, patch: Int32, isSupported: Bool) {
        #expect(Context.isSupported(major, minor, patch) == isSupported)
    }
}
