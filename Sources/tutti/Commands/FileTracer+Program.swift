import Cluster
import Traces

extension FileTracer {
    /// The tracer of a program, whose file the user has named.
    init(
        path: String, program: String, onTrouble: @escaping @Sendable (String) -> Void,
        onDrop: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws {
        do {
            self = try FileTracer(
                path: path, service: "tutti-\(program)", version: Build.version, instance: WorkerService.ownName,
                onTrouble: onTrouble, onDrop: onDrop)
        } catch {
            throw UserError.unusable("\(error)")
        }
    }
}
