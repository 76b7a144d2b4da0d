import Glibc

/// How long the disk takes to make a write durable.
enum DiskBenchmark {
    private static let turns = 300

    static func rows(folder: String) throws -> [Row] {
        let path = folder + "/fsync"
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BenchmarkError(description: "\(path) cannot be written") }
        defer {
            close(file)
            unlink(path)
        }
        let bytes = [UInt8](repeating: 7, count: 4096)
        var milliseconds: [Double] = []
        for turn in 0..<turns {
            let begin = Moment.now()
            guard pwrite(file, bytes, bytes.count, turn * bytes.count) == bytes.count, fsync(file) == 0 else {
                throw BenchmarkError(description: "\(path) cannot be made durable")
            }
            milliseconds.append((Moment.now() - begin) * 1e3)
        }
        milliseconds.sort()
        return [
            Row("the disk: write and fsync of 4 KiB, median", milliseconds[turns / 2], "ms"),
            Row("the disk: write and fsync of 4 KiB, 99th of 100", milliseconds[turns * 99 / 100], "ms"),
        ]
    }
}
