import ArgumentParser
import Storage

/// How long a coordinator keeps what is finished.
struct RetentionOptions: ParsableArguments {
    @Option(help: "Days for which results and blobs of finished jobs are kept (default: for ever).")
    var keepDays: Double?

    @Option(help: "Bytes of results and blobs of finished jobs; beyond them the oldest go (default: no bound).")
    var keepBytes: Int?

    func validate() throws {
        if let keepDays, !(keepDays >= 0 && keepDays.isFinite) {
            throw ValidationError(
                "--keep-days \(keepDays): a number of days from 0 on. Mend: give one, or leave it out.")
        }
        if let keepBytes, keepBytes < 0 {
            throw ValidationError(
                "--keep-bytes \(keepBytes): a number of bytes from 0 on. Mend: give one, or leave it out.")
        }
    }

    var rule: RetentionRule { RetentionRule(days: keepDays, bytes: keepBytes) }
}
