import Coordination
import Wire

/// When a batch system ends the job that this process is part of.
package enum BatchWalltime {
    /// The environment says something that is no moment.
    package struct Problem: Error, CustomStringConvertible {
        let value: String

        package var description: String {
            "SLURM_JOB_END_TIME=\(value): not seconds since 1970. Mend: unset it, or give --walltime."
        }
    }

    /// Nanoseconds from now on; nil when no batch system says anything.
    /// - Parameter now: seconds since 1970.
    package static func remaining(
        environment: [String: String], now: Double
    ) throws(Problem) -> Nanoseconds? {
        guard let value = environment["SLURM_JOB_END_TIME"], !value.isEmpty else { return nil }
        guard let end = Double(value), end.isFinite else { throw Problem(value: value) }
        return TimeSpan(seconds: end - now).nanoseconds
    }
}
