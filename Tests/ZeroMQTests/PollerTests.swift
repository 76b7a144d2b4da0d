import Foundation
import Testing
import ZeroMQ

@Suite struct PollerTests {
    @Test("a signal from another thread ends a wait; draining makes the next wait wait")
    func wakeUp() throws {
        let socket = try Socket(.router, context: Context())
        let wakeUp = try WakeUp()
        Thread { wakeUp.signal() }.start()
        let ready = try Poller.wait(for: socket, descriptors: [wakeUp.descriptor], timeout: patience)
        #expect(!ready.socket)
        #expect(ready.descriptors == [true])
        wakeUp.drain()
        #expect(try Poller.wait(for: socket, descriptors: [wakeUp.descriptor], timeout: .zero).descriptors == [false])
    }

    @Test("signals between two looks are one, and none is lost")
    func signalsGather() throws {
        let socket = try Socket(.router, context: Context())
        let wakeUp = try WakeUp()
        let count = 100_000
        let announced = Announcements()
        Thread {
            for _ in 0..<count {
                announced.add()
                wakeUp.signal()
            }
        }.start()
        var seen = 0
        while seen < count {
            let ready = try Poller.wait(for: socket, descriptors: [wakeUp.descriptor], timeout: patience)
            try #require(ready.descriptors == [true])
            wakeUp.drain()
            seen += announced.take()
        }
        #expect(seen == count)
    }

    @Test("each of a socket and several descriptors is told apart")
    func socketAndDescriptors() throws {
        let pair = try SocketPair("inproc://poll", context: Context())
        let pipe = Pipe()
        let wakeUp = try WakeUp()
        let descriptors = [pipe.fileHandleForReading.fileDescriptor, wakeUp.descriptor]
        let before = try Poller.wait(for: pair.router, pair.dealer, descriptors: descriptors, timeout: .zero)
        #expect(!before.first && !before.second)
        #expect(before.descriptors == [false, false])
        #expect(try pair.router.send([[1]], to: pair.identity))
        pipe.fileHandleForWriting.write(Data([1]))
        let after = try Poller.wait(for: pair.router, pair.dealer, descriptors: descriptors, timeout: patience)
        #expect(!after.first && after.second)
        #expect(after.descriptors == [true, false])
    }

    @Test("a descriptor to be written is ready when it has room, or when nobody reads it any more")
    func room() throws {
        let socket = try Socket(.router, context: Context())
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        #expect(try Poller.wait(for: socket, writable: [descriptor], timeout: patience).writable == [true])
        #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        let bytes = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, bytes, bytes.count) > 0 {}
        let full = try Poller.wait(for: socket, descriptors: [descriptor], writable: [descriptor], timeout: .zero)
        #expect(full.descriptors == [false] && full.writable == [false])
        try pipe.fileHandleForReading.close()
        #expect(try Poller.wait(for: socket, writable: [descriptor], timeout: patience).writable == [true])
    }

    @Test("a pipe whose writer has gone is ready")
    func hangUp() throws {
        let socket = try Socket(.router, context: Context())
        let pipe = Pipe()
        try pipe.fileHandleForWriting.close()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        #expect(try Poller.wait(for: socket, descriptors: [descriptor], timeout: patience).descriptors == [true])
    }

    @Test("a wait without events ends at its timeout, not before", arguments: [0, 1, 20])
    func timeout(milliseconds: Int) throws {
        let socket = try Socket(.router, context: Context())
        let start = ContinuousClock.now
        let timeout = Duration.milliseconds(milliseconds) + .nanoseconds(milliseconds > 0 ? 1 : 0)
        #expect(try !Poller.wait(for: socket, timeout: timeout).socket)
        // The library counts whole milliseconds of its own clock.
        #expect(ContinuousClock.now - start >= .milliseconds(milliseconds))
    }
}
