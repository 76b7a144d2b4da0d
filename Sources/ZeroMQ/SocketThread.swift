import Glibc

/// A thread that owns a socket and takes what comes to it, until this is gone.
final class SocketThread {
    /// What the thread needs, handed over at its start.
    private final class Post {
        let socket: Socket
        let end: WakeUp
        let take: ([[UInt8]], borrowing Socket) -> Void

        init(socket: consuming Socket, end: WakeUp, take: @escaping ([[UInt8]], borrowing Socket) -> Void) {
            self.socket = socket
            self.end = end
            self.take = take
        }
    }

    private let thread: pthread_t
    private let end: WakeUp

    /// - Parameter take: called on the thread with the frames of each message, and the socket to answer by. What it
    ///   holds is the thread's alone from here on.
    init(_ socket: consuming Socket, take: @escaping ([[UInt8]], borrowing Socket) -> Void) throws(ZeroMQError) {
        end = try WakeUp()
        let post = Unmanaged.passRetained(Post(socket: socket, end: end, take: take))
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { SocketThread.serve($0) }, post.toOpaque())
        guard code == 0 else {
            post.release()
            throw ZeroMQError(code: code, attempt: "start a thread", reason: String(cString: strerror(code)))
        }
        self.thread = thread
    }

    deinit {
        end.signal()
        pthread_join(thread, nil)
    }

    private static func serve(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let pointer else { return nil }
        let post = Unmanaged<Post>.fromOpaque(pointer).takeRetainedValue()
        var hasEnded = false
        while !hasEnded {
            // The descriptor is sound and the context lives as long as the socket: waiting cannot fail.
            let ready = try? Poller.wait(for: post.socket, descriptors: [post.end.descriptor], timeout: nil)
            hasEnded = ready?.descriptors[0] ?? true
            while let frames = try? post.socket.receive() { post.take(frames, post.socket) }
        }
        return nil
    }
}
