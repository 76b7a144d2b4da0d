import Cluster
import Traces

extension FileTracer {
    /// The tracer of a program, whose file the user has named.
    init(path: String, program: String, onTrouble: @escaping @Sendable (String) -> Void) throws {
        do {
            self = try FileTracer(
                path: path, service: "tutti-\(program)", version: Build.version, instance: WorkerService.ownName,
                onTrouble: onTrouble)
        } catch {
            throw UserError.unusable("\(error)")
        }
    }
}
