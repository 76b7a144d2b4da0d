import Testing
import ZeroMQ

/// A router and a dealer that is connected to it, both of the calling thread.
struct SocketPair: ~Copyable {
    let router: Socket
    let dealer: Socket
    /// The dealer, as the router knows it.
    let identity: [UInt8]

    /// The dealer's first message, `hello`, has been received.
    init(_ endpoint: String, context: Context, options: SocketOptions = SocketOptions()) throws {
        let router = try Socket(.router, context: context, options: options)
        try router.bind(endpoint)
        let dealer = try Socket(.dealer, context: context, options: options)
        try dealer.connect(try router.lastEndpoint())
        let greeting = try roundTrip([Array("hello".utf8)], from: dealer, to: router)
        #expect(greeting.count == 2)
        #expect(greeting.last == Array("hello".utf8))
        identity = greeting[0]
        self.router = router
        self.dealer = dealer
    }
}

/// More than any message on the same host needs; a wait of this length is a failed test.
let patience = Duration.seconds(30)

/// Sends as soon as the connection takes it, and receives.
func roundTrip(
    _ frames: [[UInt8]], from sender: borrowing Socket, to receiver: borrowing Socket
) throws -> [[UInt8]] {
    let deadline = ContinuousClock.now + patience
    while try !sender.send(frames) {
        // A dealer takes nothing before its connection is up; that makes no event to wait for.
        _ = try Poller.wait(for: receiver, timeout: .milliseconds(1))
        try #require(ContinuousClock.now < deadline)
    }
    return try nextMessage(receiver)
}

func nextMessage(_ socket: borrowing Socket) throws -> [[UInt8]] {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if let message = try socket.receive() { return message }
        _ = try Poller.wait(for: socket, timeout: deadline - ContinuousClock.now)
    }
    throw Silence()
}

struct Silence: Error {}
