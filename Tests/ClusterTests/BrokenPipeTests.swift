import Cluster
import Glibc
import Testing

@Suite("a pipe that nobody reads any more")
struct BrokenPipeTests {
    @Test("fails the write, and does not end the process that writes")
    func write() {
        BrokenPipe.isAnError()
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { close(ends[1]) }
        close(ends[0])
        #expect(Glibc.write(ends[1], [1], 1) == -1 && errno == EPIPE)
    }

    @Test("ends a child process as it ends any program")
    func child() throws {
        BrokenPipe.isAnError()
        let child = try ChildProcess.start(
            path: "/bin/sh", arguments: ["-c", "kill -PIPE $$; exit 7"], pipes: false)
        #expect(child.waitForExit().signal == SIGPIPE)
    }
}
