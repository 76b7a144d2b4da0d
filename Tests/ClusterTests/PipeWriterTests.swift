import Cluster
import Glibc
import Testing

/// A pipe whose reader is this test.
private struct TestPipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() {
        BrokenPipe.isAnError()
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no pipe can be made")
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let taken = Glibc.read(readEnd, &bytes, count)
        return Array(bytes.prefix(max(0, taken)))
    }

    func close() {
        Glibc.close(readEnd)
        Glibc.close(writeEnd)
    }
}

@Suite("a writer to a pipe")
struct PipeWriterTests {
    /// Far more than a pipe holds.
    private let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }

    @Test("leaves nothing waiting while the pipe has room")
    func room() {
        let pipe = TestPipe()
        defer { pipe.close() }
        var writer = PipeWriter(pipe.writeEnd, waitingByteCountMax: 10)
        let taken = [[1, 2, 3], [], [4]].map { writer.write($0) }
        #expect(taken == [true, true, true])
        #expect(writer.waitingByteCount == 0)
        #expect(pipe.read(10) == [1, 2, 3, 4])
    }

    @Test("returns at once when the pipe is full, and writes the rest in order as it is read")
    func full() throws {
        let pipe = TestPipe()
        defer { pipe.close() }
        var writer = PipeWriter(pipe.writeEnd, waitingByteCountMax: 10)
        let taken = [large, [1, 2], [3]].map { writer.write($0) }
        // What is not taken would be waited for below.
        try #require(taken == [true, true, true])
        let atFirst = writer.waitingByteCount
        #expect(atFirst > 3 && atFirst < large.count)
        writer.flush()
        #expect(writer.waitingByteCount == atFirst, "nobody has read")
        var read: [UInt8] = []
        while read.count < large.count + 3 {
            read += pipe.read(10_007)
            writer.flush()
        }
        #expect(read == large + [1, 2, 3])
        #expect(writer.waitingByteCount == 0)
    }

    @Test("takes a first message of any size, and no more behind it than its bound")
    func bound() {
        let pipe = TestPipe()
        defer { pipe.close() }
        var writer = PipeWriter(pipe.writeEnd, waitingByteCountMax: 10)
        let isFirstTaken = writer.write(large)
        let atFirst = writer.waitingByteCount
        let isTooMuchTaken = writer.write([UInt8](repeating: 1, count: 11))
        #expect(isFirstTaken && !isTooMuchTaken)
        #expect(writer.waitingByteCount == atFirst, "what is not taken leaves nothing behind")
        let taken = [10, 1].map { writer.write([UInt8](repeating: 1, count: $0)) }
        #expect(taken == [true, false])
    }

    @Test("drops what waits when nobody can read any more")
    func broken() {
        let pipe = TestPipe()
        var writer = PipeWriter(pipe.writeEnd, waitingByteCountMax: 10)
        _ = writer.write(large)
        close(pipe.readEnd)
        #expect(!writer.isBroken)
        writer.flush()
        #expect(writer.isBroken && writer.waitingByteCount == 0)
        _ = writer.write([1])
        #expect(writer.waitingByteCount == 0)
        close(pipe.writeEnd)
    }
}
