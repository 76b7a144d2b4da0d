import Cluster
import Logging
import Traces

extension FileTracer {
    /// The tracer of a program, whose file the user has named.
    init(path: String, program: String, logger: Logger) throws {
        do {
            self = try FileTracer(
                path: path, service: "tutti-\(program)", version: Build.version, instance: WorkerService.ownName,
                onTrouble: { logger.warning("\($0)") })
        } catch {
            throw UserError.unusable("\(error)")
        }
    }
}
